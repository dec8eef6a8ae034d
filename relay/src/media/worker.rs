//! Works off the files that are due: fetched a few at a time, put off when a provider has them later, given up in the end.

use super::fetch::FetchError;
use super::guard::Guard;
use super::{Means, blob, preview, sort};
use crate::channels::Source;
use crate::config;
use crate::log::{LogError, MediaDue, Published};
use crate::seal::Secret;
use shared::channel::Channel;
use shared::command::Occurrence;
use shared::event::Change;
use shared::id::AttachmentId;
use shared::interaction::{
    Amended, Amendment, AttachmentKind, AttachmentState, InteractionChange, MediaFault, Pixels,
};
use shared::time::{Span, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Files under way at a time: enough for an album, few enough that a slow provider does not fill the memory.
const AT_ONCE: usize = 8;

/// Due files looked at together.
const LOOK: u32 = 64;

/// How long to wait after the log or the store failed.
const STILL: Span = Span::seconds(1);

/// Pauses between tries, in seconds: most addresses live an hour, WhatsApp's ids a week; after half an hour a person
/// decides whether to try again.
const PAUSES: [i64; 5] = [2, 10, 60, 300, 1_500];

/// The task.
pub(super) async fn run(means: Arc<Means>, mut events: Receiver<Arc<Published>>, stop: CancellationToken) {
    let mut worker = Worker { means, busy: BTreeSet::new(), calls: JoinSet::new() };
    let mut look = true;
    let mut next = None;
    while !stop.is_cancelled() {
        if look {
            next = worker.begin().await.unwrap_or_else(|error| {
                tracing::error!(%error, "the files that are due could not be read");
                Some(worker.means.engine.clock().now().plus(STILL))
            });
            look = false;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            Some(ended) = worker.calls.join_next() => {
                match ended {
                    Ok(id) => { worker.busy.remove(&id); }
                    // Not reached without a fault of ours; no file may be held by it for good.
                    Err(error) => {
                        tracing::error!(%error, "fetching a file ended in a fault");
                        worker.busy.clear();
                    }
                }
                look = true;
            }
            event = events.recv() => look = match event {
                Ok(event) => concerns(&event.event.change),
                Err(RecvError::Lagged(_)) => true,
                Err(RecvError::Closed) => break,
            },
            () = wait(&worker.means, next) => look = true,
        }
    }
    worker.calls.shutdown().await;
}

struct Worker {
    means: Arc<Means>,
    busy: BTreeSet<AttachmentId>,
    calls: JoinSet<AttachmentId>,
}

impl Worker {
    /// Removes what was taken back and begins what is due and has a place; returns when the next falls due.
    async fn begin(&mut self) -> Result<Option<Timestamp>, LogError> {
        let log = self.means.engine.log();
        for id in log.media_to_remove(LOOK).await? {
            match self.means.blobs.remove(id).await {
                Ok(()) => log.media_removed(id).await?,
                Err(error) => {
                    tracing::error!(%id, %error, "a file that was taken back could not be removed");
                    return Ok(Some(self.means.engine.clock().now().plus(STILL)));
                }
            }
        }
        let now = self.means.engine.clock().now();
        for due in log.media_due(LOOK).await? {
            if self.busy.contains(&due.id) {
                continue;
            }
            if due.next_at > now {
                return Ok(Some(due.next_at));
            }
            if self.busy.len() >= AT_ONCE {
                return Ok(None);
            }
            self.busy.insert(due.id);
            let means = Arc::clone(&self.means);
            self.calls.spawn(async move {
                let id = due.id;
                if let Err(error) = one(&means, due).await {
                    tracing::error!(%id, %error, "where a file stands could not be saved");
                    let later = means.engine.clock().now().plus(STILL);
                    means.engine.clock().sleep_until(later).await;
                }
                id
            });
        }
        Ok(None)
    }
}

/// Whether an event brings something to do.
const fn concerns(change: &Change) -> bool {
    match change {
        Change::Interaction(
            InteractionChange::CustomerWrote { attachments, .. }
            | InteractionChange::SentElsewhere { attachments, .. },
        ) => !attachments.is_empty(),
        Change::Interaction(InteractionChange::Amended { amendment, .. }) => {
            matches!(
                amendment,
                Amendment::Unsent | Amendment::Attached { state: AttachmentState::Pending, .. }
            )
        }
        _ => false,
    }
}

async fn wait(means: &Means, until: Option<Timestamp>) {
    match until {
        Some(at) => means.engine.clock().sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Fetches one file and writes down what came of it.
async fn one(means: &Means, due: MediaDue) -> Result<(), LogError> {
    let state = match fetched(means, &due).await {
        Ok(state) => state,
        Err(FetchError::Later(why)) => {
            let attempt = usize::try_from(due.attempts).unwrap_or(usize::MAX);
            if let Some(pause) = PAUSES.get(attempt) {
                tracing::debug!(id = %due.id, why, "a file is tried again");
                let at = means.engine.clock().now().plus(Span::seconds(*pause));
                return means.engine.log().media_later(due.id, at).await;
            }
            AttachmentState::Failed { why: MediaFault::Unreachable }
        }
        Err(FetchError::Store(error)) => {
            tracing::error!(id = %due.id, %error, "a file could not be stored");
            let at = means.engine.clock().now().plus(STILL);
            return means.engine.log().media_later(due.id, at).await;
        }
        Err(FetchError::Gone(_)) => AttachmentState::Failed { why: MediaFault::Gone },
        Err(FetchError::TooLarge) => AttachmentState::Failed { why: MediaFault::TooLarge },
        Err(FetchError::Forbidden) => AttachmentState::Failed { why: MediaFault::Forbidden },
    };
    if let AttachmentState::Failed { why } = &state {
        tracing::info!(id = %due.id, ?why, "a file could not be had");
    }
    let amendment = Amendment::Attached { attachment: due.id, state };
    let message = Amended {
        id: due.message,
        edited_at: None,
        reacted: None,
        unsent: false,
        attachment: Some(AttachmentState::Pending),
    };
    let at = means.engine.clock().now();
    let occurrence = Occurrence::Amended { interaction: due.interaction, message, amendment, at };
    match means.engine.occur(occurrence, crate::log::Beside::default()).await {
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::error!(id = %due.id, %error, "a file is here and could not be told");
            means.engine.log().media_later(due.id, at.plus(STILL)).await
        }
    }
}

/// Brings a file here and says what it is.
async fn fetched(means: &Means, due: &MediaDue) -> Result<AttachmentState, FetchError> {
    let connector = means.engine.look(|world| world.config.connectors.get(&due.connector).cloned());
    let Some(connector) = connector else { return Err(FetchError::Forbidden) };
    let Ok(source) = serde_json::from_str(&due.source) else { return Err(FetchError::Forbidden) };
    let token = means.engine.log().token(connector.id).await;
    let token = token.map_err(|_| FetchError::Later("the token could not be read"))?;
    let guard = Guard::new(connector.channel, connector.base_url.as_deref());
    let url = match source {
        Source::Url(url) => url,
        // The address lives five minutes, so it is asked for now, whatever the webhook may have said.
        Source::Id(id) => {
            let token = token.as_ref().ok_or(FetchError::Later("the account has no token"))?;
            means.providers.media_url(&connector, token.expose(), &id).await?
        }
    };
    // WhatsApp hands files out against the token alone; nobody else is shown one.
    let token = token.as_ref().filter(|_| connector.channel == Channel::WhatsApp).map(Secret::expose);
    let mut writing = means.blobs.write(due.id);
    match means.fetcher.fetch(&guard, &url, token, config::MEDIA_LIMIT, &mut writing).await {
        Ok(fetched) => {
            let Some(media_type) = sort::media_type(due.kind, &fetched.head) else {
                writing.abandon().await;
                return Err(FetchError::Forbidden);
            };
            writing.finish().await?;
            let pixels = pixels(means, due, media_type, fetched.size).await?;
            Ok(AttachmentState::Ready { media_type: media_type.to_owned(), size: fetched.size, pixels })
        }
        Err(error) => {
            writing.abandon().await;
            Err(error)
        }
    }
}

/// Makes the preview of a picture; none for what is no picture, or is made to do harm, which is handed out as a file.
async fn pixels(
    means: &Means,
    due: &MediaDue,
    media_type: &str,
    size: u64,
) -> Result<Option<Pixels>, FetchError> {
    let drawn = matches!(due.kind, AttachmentKind::Image | AttachmentKind::Sticker | AttachmentKind::File);
    if !drawn || !sort::is_picture(media_type) || size > config::PICTURE_LIMIT {
        return Ok(None);
    }
    let reading = means.blobs.read(due.id, blob::Part::Original, None).await?;
    let bytes = reading.whole().await?;
    let made = tokio::task::spawn_blocking(move || preview::preview(&bytes)).await;
    // An error means that the decoder panicked on what somebody sent.
    let Ok(Some((bytes, pixels))) = made else { return Ok(None) };
    means.blobs.put(due.id, blob::Part::Preview, bytes).await?;
    Ok(Some(pixels))
}
