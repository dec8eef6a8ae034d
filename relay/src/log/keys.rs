//! How ids, streams and numbers are spelt in columns; reads and writes nothing.

use super::LogError;
use serde::{Deserialize, Serialize};
use shared::card::{Card, FileName};
use shared::event::Stream;
use shared::id::{IdentityId, MessageId};
use shared::interaction::MessageKind;
use shared::thread::Content;
use std::borrow::Cow;
use std::str::FromStr;

/// The key of a stream: `interaction:<id>`, `agent:<id>` or `config`.
pub(super) fn stream(stream: Stream) -> String {
    match stream {
        Stream::Interaction(id) => format!("interaction:{id}"),
        Stream::Agent(id) => format!("agent:{id}"),
        Stream::Config => "config".into(),
    }
}

/// The owner of the words of a message.
pub(super) fn message(id: MessageId) -> String {
    format!("message:{id}")
}

/// The owner of what stands beside the words of a message.
pub(super) fn beside(id: MessageId) -> String {
    format!("cards:{id}")
}

/// What stands beside the words of a message, as it is stored.
#[derive(Serialize, Deserialize)]
struct StoredCards<'a> {
    cards: Cow<'a, [Card]>,
    names: Cow<'a, [FileName]>,
}

/// Cards and file names as a content row.
pub(super) fn cards_json(cards: &[Card], names: &[FileName]) -> Result<String, LogError> {
    json(&StoredCards { cards: cards.into(), names: names.into() }, "cards")
}

/// Cards and file names read back from a content row.
pub(super) fn cards(message: MessageId, body: &str) -> Result<Content, LogError> {
    let StoredCards { cards, names } = parse(body, "cards")?;
    Ok(Content::Cards { message, cards: cards.into_owned(), names: names.into_owned() })
}

/// The owner of what a message says, where that is more than words.
pub(super) fn outgoing(id: MessageId) -> String {
    format!("outgoing:{id}")
}

/// The owner of a customer's name.
pub(super) fn identity(id: IdentityId) -> String {
    format!("identity:{id}")
}

/// An id read back from a column.
pub(super) fn id<T: FromStr>(text: &str, what: &'static str) -> Result<T, LogError> {
    text.parse().map_err(|_| LogError::Unreadable(what))
}

/// A count as databases hold it.
pub(super) fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count read back from a column.
pub(super) fn count(int: i64) -> u64 {
    u64::try_from(int).unwrap_or_default()
}

/// A value as JSON; the domain's types cannot fail to be written.
pub(super) fn json<T: serde::Serialize>(value: &T, what: &'static str) -> Result<String, LogError> {
    serde_json::to_string(value).map_err(|_| LogError::Unreadable(what))
}

/// The word of a variant that holds nothing, as JSON spells it but without quotes.
pub(super) fn word<T: Serialize>(value: &T, what: &'static str) -> Result<String, LogError> {
    Ok(json(value, what)?.trim_matches('"').to_owned())
}

/// The words of a message for a list: its own, or what it is.
pub(super) fn words(text: Option<String>, kind: &str) -> Result<String, LogError> {
    let of_kind = || parse::<MessageKind>(&format!("\"{kind}\""), "message kind");
    text.map_or_else(|| Ok(of_kind()?.word().to_owned()), Ok)
}

/// A value read back from JSON; what it holds is not repeated in the error.
pub(super) fn parse<T: serde::de::DeserializeOwned>(text: &str, what: &'static str) -> Result<T, LogError> {
    serde_json::from_str(text).map_err(|_| LogError::Unreadable(what))
}
