//! How ids, streams and numbers are spelt in columns; reads and writes nothing.

use super::LogError;
use shared::event::Stream;
use shared::id::{IdentityId, MessageId};
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

/// A value read back from JSON; what it holds is not repeated in the error.
pub(super) fn parse<T: serde::de::DeserializeOwned>(text: &str, what: &'static str) -> Result<T, LogError> {
    serde_json::from_str(text).map_err(|_| LogError::Unreadable(what))
}
