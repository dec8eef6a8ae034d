//! Messages that come in, from customers and from elsewhere, with their words, files and cards; decides nothing.

use super::Inner;
use super::effect::{done, identify};
use super::worker::Fault;
use crate::channels::{Elsewhere, Said, Wrote};
use crate::engine::Engine;
use crate::log::{AwaitedMessage, Beside, ItemEnd, JournalItem, MediaRow};
use shared::card::FileName;
use shared::channel::Channel;
use shared::command::Occurrence;
use shared::config::Connector;
use shared::fault;
use shared::id::{ConnectorId, MessageId};
use shared::interaction::{Attachment, AttachmentState, ReplyTo};
use shared::thread::Content;
use shared::time::Span;

/// A message older than this joins a chat and begins none: whoever wrote it has long gone elsewhere. Longer than any
/// provider repeats what it could not deliver, which is seven days.
const STALE: Span = Span::hours(8 * 24);

/// A message in parts: what the event says, what lies beside it.
struct Parts {
    attachments: Vec<Attachment>,
    content: Vec<Content>,
    media: Vec<MediaRow>,
}

/// A customer wrote: their message, its words, files and their name go into one append.
pub(super) async fn wrote(
    inner: &Inner,
    connector: &Connector,
    row: &JournalItem,
    wrote: Wrote,
) -> Result<(), Fault> {
    let engine = &inner.engine;
    let identity = identify(inner, connector, &wrote.from).await?;
    let name = inner.names.told(connector, identity, &wrote.from, wrote.name.as_ref()).await?;
    let message = engine.fresh_message();
    let reply_to = reply_to(engine, connector.id, wrote.said.reply_to.as_deref()).await?;
    let kind = wrote.said.kind;
    let parts = parts(engine, message, wrote.said);
    let welcomes = match connector.channel {
        Channel::Viber => engine.log().welcomes(connector.id, &wrote.from.all).await?,
        Channel::Messenger | Channel::Instagram | Channel::WhatsApp => Vec::new(),
    };
    let greeted: Vec<String> = welcomes.iter().map(|one| one.external_id.clone()).collect();
    let stale = wrote.sent_at.plus(STALE) < row.received_at;
    let fresh = (!wrote.aside && !stale).then(|| (engine.fresh_interaction(), engine.fresh_activity()));
    let occurrence = Occurrence::CustomerWrote {
        connector: connector.id,
        identity,
        message,
        kind,
        sent_at: wrote.sent_at,
        attachments: parts.attachments,
        reply_to,
        known: false,
        welcomes,
        fresh,
    };
    let beside = Beside {
        content: parts.content.into_iter().chain(name).collect(),
        external_id: Some(wrote.external_id.clone()).filter(|_| !fault!("provider-id-forgotten")),
        media: parts.media,
        ..done(row, Some(message))
    };
    engine.occur(occurrence, beside).await?;
    for external_id in greeted.into_iter().chain([wrote.external_id]) {
        released(inner, connector.id, external_id).await;
    }
    inner.names.ask(connector, identity, &wrote.from).await;
    inner.names.picture(connector, identity, &wrote.from, wrote.avatar);
    Ok(())
}

/// Somebody wrote to a customer from elsewhere. A message of ours is told back in the same way, and may be so before the
/// call that sent it has ended: then it is looked at again when that has.
pub(super) async fn elsewhere(
    inner: &Inner,
    connector: &Connector,
    row: &JournalItem,
    elsewhere: Elsewhere,
) -> Result<(), Fault> {
    let engine = &inner.engine;
    let log = engine.log();
    let Some(identity) = log.identity_of(connector.id, &elsewhere.to.all).await? else {
        return Ok(log.end_item(row.id, ItemEnd::Done, None).await?);
    };
    if let Some(calling) = log.calling(identity).await?
        && !log.knows(connector.id, &elsewhere.external_id).await?
        && log.park_item(row.id, AwaitedMessage::Call(connector.id, calling)).await?
    {
        return Ok(());
    }
    let message = engine.fresh_message();
    let kind = elsewhere.said.kind;
    let parts = parts(engine, message, elsewhere.said);
    let occurrence = Occurrence::SentElsewhere {
        connector: connector.id,
        identity,
        message,
        kind,
        sent_at: elsewhere.sent_at,
        attachments: parts.attachments,
        known: log.knows(connector.id, &elsewhere.external_id).await?,
    };
    let beside = Beside {
        content: parts.content,
        external_id: Some(elsewhere.external_id.clone()),
        media: parts.media,
        ..done(row, Some(message))
    };
    engine.occur(occurrence, beside).await?;
    released(inner, connector.id, elsewhere.external_id).await;
    Ok(())
}

/// What came before the message it is about may go on now. A failure costs a reaction until the next start.
async fn released(inner: &Inner, connector: ConnectorId, external_id: String) {
    match inner.engine.log().release_items(&[AwaitedMessage::External(connector, external_id)]).await {
        Ok(0) => {}
        Ok(_) => inner.kept.notify_one(),
        Err(error) => tracing::error!(%error, "parked items could not be released"),
    }
}

async fn reply_to(
    engine: &Engine,
    connector: ConnectorId,
    external_id: Option<&str>,
) -> Result<Option<ReplyTo>, Fault> {
    let Some(external_id) = external_id else { return Ok(None) };
    let found = engine.log().amendable(connector, external_id).await?;
    Ok(Some(found.map_or(ReplyTo::Elsewhere, |found| ReplyTo::Message(found.id))))
}

fn parts(engine: &Engine, message: MessageId, said: Said) -> Parts {
    let mut parts = Parts { attachments: Vec::new(), content: Vec::new(), media: Vec::new() };
    let mut names = Vec::new();
    for media in said.media {
        // What cannot be spelt as JSON does not exist: a source is two strings.
        let Ok(source) = serde_json::to_string(&media.source) else { continue };
        let id = engine.fresh_attachment();
        names.extend(media.name.map(|name| FileName { attachment: id, name }));
        parts.attachments.push(Attachment { id, kind: media.kind, state: AttachmentState::Pending });
        parts.media.push(MediaRow { id, message, kind: media.kind, source });
    }
    parts.content.extend(said.text.map(|text| Content::Text { message, text }));
    if !said.cards.is_empty() || !names.is_empty() {
        parts.content.push(Content::Cards { message, cards: said.cards, names });
    }
    parts
}
