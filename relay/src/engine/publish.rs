//! Puts words beside committed events and tells whoever listens, in the order of commits; never delays a decision.

use super::State;
use crate::log::Published;
use shared::event::Event;
use shared::thread::Content;
use std::sync::Arc;
use tokio::sync::mpsc;

/// The events of one commit, with the words that were written with them.
pub(super) type Committed = (Vec<Event>, Vec<Content>);

/// The task: ends when the arbiter does.
pub(super) async fn run(state: Arc<State>, mut commits: mpsc::Receiver<Committed>) {
    while let Some((events, own)) = commits.recv().await {
        if state.events.receiver_count() == 0 {
            continue;
        }
        let published = match state.log.with_words(events.clone(), &own).await {
            Ok(published) => published,
            Err(error) => {
                tracing::error!(%error, "events go out without the words beside them");
                events.into_iter().map(|event| Published { event, content: Vec::new() }).collect()
            }
        };
        for one in published {
            // An error means that nobody listens any more.
            let _ = state.events.send(Arc::new(one));
        }
    }
}
