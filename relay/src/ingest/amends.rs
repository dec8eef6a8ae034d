//! Reactions, edits and unsends: finds the message they are about, or parks them until it is there; starts no chat.

use super::Inner;
use super::effect::done;
use super::worker::Fault;
use crate::channels::{Amends, How};
use crate::log::{AwaitedMessage, Beside, JournalItem};
use shared::command::Occurrence;
use shared::config::Connector;
use shared::interaction::Amendment;
use shared::thread::Content;

/// Lets something happen to a message.
pub(super) async fn take(
    inner: &Inner,
    connector: &Connector,
    row: &JournalItem,
    amends: Amends,
) -> Result<(), Fault> {
    let log = inner.engine.log();
    let known = loop {
        if let Some(known) = log.amendable(connector.id, &amends.about).await? {
            break known;
        }
        let awaited = AwaitedMessage::External(connector.id, amends.about.clone());
        if log.park_item(row.id, awaited).await? {
            return Ok(());
        }
        // It came meanwhile.
    };
    let (amendment, text) = match amends.how {
        How::Reacted(emoji) => (Amendment::Reacted { by: amends.by, emoji }, None),
        How::Edited(text) => (Amendment::Edited, Some(text)),
        How::Unsent => (Amendment::Unsent, None),
    };
    let message = known.facts(&amendment);
    let content = text.map(|text| Content::Text { message: known.id, text });
    let occurrence =
        Occurrence::Amended { interaction: known.interaction, message, amendment, at: amends.at };
    let beside = Beside { content: content.into_iter().collect(), ..done(row, None) };
    inner.engine.occur(occurrence, beside).await?;
    Ok(())
}
