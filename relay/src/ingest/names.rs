//! Customers' names: told with a message, or asked for in the background; never delays a message.

use crate::channels::{Aliases, Profile, Providers};
use crate::engine::Engine;
use crate::log::{Beside, LogError};
use shared::channel::Channel;
use shared::command::Occurrence;
use shared::config::Connector;
use shared::id::IdentityId;
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
    providers: Providers,
    asked: Mutex<BTreeMap<IdentityId, Timestamp>>,
    places: Arc<Semaphore>,
}

impl Names {
    pub(super) fn new(engine: Engine, providers: Providers) -> Self {
        Self { engine, providers, asked: Mutex::default(), places: Arc::new(Semaphore::new(AT_ONCE)) }
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
        let content = || Content::Name { identity, name: name.cloned(), handle: from.handle.clone() };
        match stored {
            None => Ok(Some(content())),
            Some(stored) if name.is_some() && stored.name.as_ref() != name => {
                named(&self.engine, connector, identity, content()).await;
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
        let secret = self.engine.log().secret(&format!("connector:{}:token", connector.id)).await;
        let Ok(Some(token)) = secret else { return };
        let (engine, providers, places) =
            (self.engine.clone(), self.providers.clone(), Arc::clone(&self.places));
        let (connector, from) = (connector.clone(), from.clone());
        tokio::spawn(async move {
            // The semaphore is never closed.
            let Ok(_place) = places.acquire_owned().await else { return };
            if let Some(profile) = providers.profile(&connector, token.expose(), &from.address).await {
                learned(&engine, &connector, identity, &from, profile).await;
            }
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
    engine: &Engine,
    connector: &Connector,
    identity: IdentityId,
    from: &Aliases,
    profile: Profile,
) {
    let Ok(stored) = engine.log().stored_name(identity).await else { return };
    let (old_name, old_handle) = stored.map_or((None, None), |stored| (stored.name, Some(stored.handle)));
    let name = profile.name.or_else(|| old_name.clone());
    let handle = profile.handle.or_else(|| old_handle.clone()).unwrap_or_else(|| from.handle.clone());
    if name != old_name || Some(&handle) != old_handle.as_ref() {
        named(engine, connector, identity, Content::Name { identity, name, handle }).await;
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
