//! Customers' names: told with a message, or asked for in the background; never delays a message.

use crate::channels::{Aliases, Profile};
use crate::engine::Engine;
use crate::log::{Beside, LogError, StoredName};
use crate::media::{self, Guard, Means};
use shared::channel::Channel;
use shared::command::Occurrence;
use shared::config::Connector;
use shared::id::{AttachmentId, IdentityId};
use shared::thread::Content;
use shared::time::{Span, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// How long a name that was asked for is believed.
const BELIEVED: Span = Span::hours(24);

/// Questions under way at a time; names are the least urgent of all calls.
const AT_ONCE: usize = 4;

/// Customers whose last question is remembered; then all are forgotten and asked about once more.
const REMEMBERED: usize = 50_000;

/// The way to customers' names.
pub(super) struct Names {
    engine: Engine,
    means: Means,
    asked: Mutex<BTreeMap<IdentityId, Timestamp>>,
    places: Arc<Semaphore>,
}

impl Names {
    pub(super) fn new(means: Means) -> Self {
        let (asked, places) = (Mutex::default(), Arc::new(Semaphore::new(AT_ONCE)));
        Self { engine: means.engine.clone(), means, asked, places }
    }

    /// The name row that a first message brings; none when one is stored. A name that changed is told at once.
    pub(super) async fn told(
        &self,
        connector: &Connector,
        identity: IdentityId,
        from: &Aliases,
        name: Option<&String>,
    ) -> Result<Option<Content>, LogError> {
        let stored = self.engine.log().stored_name(identity).await?;
        let content =
            |avatar| Content::Name { identity, name: name.cloned(), handle: from.handle.clone(), avatar };
        match stored {
            None => Ok(Some(content(None))),
            Some(stored) if name.is_some() && stored.name.as_ref() != name => {
                named(&self.engine, connector, identity, content(stored.avatar)).await;
                Ok(None)
            }
            Some(_) => Ok(None),
        }
    }

    /// Asks for the name in the background where the channel does not tell it, unless that was done lately.
    pub(super) async fn ask(&self, connector: &Connector, identity: IdentityId, from: &Aliases) {
        if !matches!(connector.channel, Channel::Messenger | Channel::Instagram) || !self.is_due(identity) {
            return;
        }
        let Ok(Some(token)) = self.engine.log().token(connector.id).await else { return };
        let (means, places) = (self.means.clone(), Arc::clone(&self.places));
        let (connector, from) = (connector.clone(), from.clone());
        tokio::spawn(async move {
            // The semaphore is never closed.
            let Ok(_place) = places.acquire_owned().await else { return };
            if let Some(profile) = means.providers.profile(&connector, token.expose(), &from.address).await {
                learned(&means, &connector, identity, &from, profile).await;
            }
        });
    }

    /// Fetches the picture that a message told of in the background, unless that was done lately.
    pub(super) fn picture(
        &self,
        connector: &Connector,
        identity: IdentityId,
        from: &Aliases,
        url: Option<String>,
    ) {
        let Some(url) = url.filter(|_| self.is_due(identity)) else { return };
        let (means, places) = (self.means.clone(), Arc::clone(&self.places));
        let (connector, from) = (connector.clone(), from.clone());
        tokio::spawn(async move {
            // The semaphore is never closed.
            let Ok(_place) = places.acquire_owned().await else { return };
            let profile = Profile { picture: Some(url), ..Profile::default() };
            learned(&means, &connector, identity, &from, profile).await;
        });
    }

    fn is_due(&self, identity: IdentityId) -> bool {
        let now = self.engine.clock().now();
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.get(&identity).is_some_and(|at| now < at.plus(BELIEVED)) {
            return false;
        }
        if asked.len() >= REMEMBERED {
            asked.clear();
        }
        asked.insert(identity, now);
        true
    }
}

/// Takes in a profile; what it does not tell stays as it was.
async fn learned(
    means: &Means,
    connector: &Connector,
    identity: IdentityId,
    from: &Aliases,
    profile: Profile,
) {
    let log = means.engine.log();
    let avatar = match profile.picture {
        Some(url) => pictured(means, connector, &url).await,
        None => None,
    };
    let Ok(stored) = log.stored_name(identity).await else { return };
    let stored =
        stored.unwrap_or_else(|| StoredName { name: None, handle: from.handle.clone(), avatar: None });
    let new = StoredName {
        name: profile.name.or_else(|| stored.name.clone()),
        handle: profile.handle.unwrap_or_else(|| stored.handle.clone()),
        avatar: avatar.or(stored.avatar),
    };
    if new == stored {
        return;
    }
    let old = stored.avatar.filter(|old| new.avatar != Some(*old));
    let StoredName { name, handle, avatar } = new;
    named(&means.engine, connector, identity, Content::Name { identity, name, handle, avatar }).await;
    if let Some(old) = old
        && let Err(error) = means.blobs.remove(old).await
    {
        tracing::warn!(%old, %error, "a customer's former picture was not removed");
    }
}

/// Fetches a customer's picture. A failure costs a picture, never a name.
async fn pictured(means: &Means, connector: &Connector, url: &str) -> Option<AttachmentId> {
    let guard = Guard::new(connector.channel, connector.base_url.as_deref());
    let id = means.engine.fresh_attachment();
    match media::picture(&means.fetcher, &means.blobs, &guard, url, id).await {
        Ok(()) => Some(id),
        Err(error) => {
            tracing::debug!(connector = %connector.id, %error, "a customer's picture was not fetched");
            None
        }
    }
}

/// Stores a name and tells whoever holds the chat. A failure costs a name, never a message.
async fn named(engine: &Engine, connector: &Connector, identity: IdentityId, content: Content) {
    let occurrence = Occurrence::CustomerNamed { connector: connector.id, identity };
    let beside = Beside { content: vec![content], ..Beside::default() };
    if let Err(error) = engine.occur(occurrence, beside).await {
        tracing::warn!(%identity, %error, "a customer's name was not stored");
    }
}
