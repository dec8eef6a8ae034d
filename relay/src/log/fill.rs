//! Messages of a history as they are now: words, files, reactions, how far they came; says nothing of what came when.

use super::db::{Row, Snapshot, query, with_list};
use super::{LogError, keys};
use shared::id::{AttachmentId, MessageId};
use shared::interaction::{AttachmentState, Direction};
use shared::thread::{Body, Content, Entry, Message, Reaction};
use shared::time::Timestamp;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Brings the messages among these lines to where they stand.
pub(super) async fn fill(on: &mut Snapshot, entries: &mut [Entry]) -> Result<(), LogError> {
    let mut messages: BTreeMap<MessageId, &mut Message> = BTreeMap::new();
    for entry in entries {
        if let Body::Message(message) = &mut entry.body {
            messages.insert(message.id, message);
        }
    }
    let ids: Vec<String> = messages.keys().map(ToString::to_string).collect();
    let with_files = messages.values().any(|message| !message.attachments.is_empty());
    let states = if with_files { states(on, &ids).await? } else { BTreeMap::new() };
    let rows = query(with_list!(
        "SELECT messages.id, messages.delivery, words.body, cards.body, edited_at, unsent_at, reacted_in, \
         reacted_out, pricing FROM messages \
         LEFT JOIN contents AS words ON words.owner = 'message:' || messages.id \
         LEFT JOIN contents AS cards ON cards.owner = 'cards:' || messages.id WHERE messages.id IN ",
        "$1",
        ""
    ))
    .bind(ids.as_slice())
    .fetch_all(on)
    .await?;
    for row in rows {
        let id: MessageId = keys::id(&row.text(0)?, "message id")?;
        if let Some(message) = messages.get_mut(&id) {
            stands(message, &row)?;
            for file in &mut message.attachments {
                if let Some(state) = states.get(&file.id) {
                    file.state = state.clone();
                }
            }
        }
    }
    Ok(())
}

/// Takes over what a row says.
fn stands(message: &mut Message, row: &Row) -> Result<(), LogError> {
    let json = |column| row.try_get::<Option<Cow<'_, str>>>(column);
    let at = |column| Ok::<_, LogError>(row.try_get::<Option<i64>>(column)?.map(Timestamp));
    if message.delivery.is_some() {
        message.delivery = json(1)?.map(|json| keys::parse(&json, "delivery")).transpose()?;
    }
    message.text = row.try_get(2)?;
    if let Some(body) = json(3)?
        && let Content::Cards { cards, names, .. } = keys::cards(message.id, &body)?
    {
        (message.cards, message.names) = (cards, names);
    }
    message.edited_at = at(4)?;
    message.unsent_at = at(5)?;
    for (column, by) in [(6, Direction::In), (7, Direction::Out)] {
        let emoji: Option<String> = row.try_get(column)?;
        message.reactions.extend(emoji.map(|emoji| Reaction { by, emoji }));
    }
    message.pricing = json(8)?.map(|json| keys::parse(&json, "pricing")).transpose()?;
    if message.unsent_at.is_some() {
        message.attachments.clear();
    }
    Ok(())
}

/// Where the files of these messages stand.
async fn states(
    on: &mut Snapshot,
    messages: &[String],
) -> Result<BTreeMap<AttachmentId, AttachmentState>, LogError> {
    let rows = query(with_list!("SELECT id, state FROM media WHERE message IN ", "$1", ""))
        .bind(messages)
        .fetch_all(on)
        .await?;
    let one = |row: &Row| {
        Ok((keys::id(&row.text(0)?, "attachment id")?, keys::parse(&row.text(1)?, "attachment state")?))
    };
    rows.iter().map(one).collect()
}
