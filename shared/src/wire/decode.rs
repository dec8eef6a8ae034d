//! Reading frames that another version may have written: what cannot be understood in full still says what it makes stale.

use super::frame::{DeskFrame, Outcome, RelayFrame};
use super::tree::Tree;
use crate::event::Stream;
use crate::id::CommandId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// What a desk makes of one text of the relay's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A frame, understood in full.
    Frame(RelayFrame),
    /// An event whose change this desk does not know: the stream must be fetched anew before it goes on.
    Stale {
        /// The stream.
        stream: Stream,
        /// The version the unknown event brought it to.
        version: u64,
    },
}

/// A text that is not what it should be; the words of it are not kept, they may be a customer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// No JSON.
    Broken {
        /// Where reading stopped: line and column, from 1.
        at: (usize, usize),
    },
    /// JSON of another shape.
    Misshapen,
}

/// The outermost layer of an event frame and of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Envelope {
    Event { event: Place },
    Answer { id: CommandId },
}

/// Where an event belongs; its change is left unread.
#[derive(Deserialize)]
struct Place {
    stream: Stream,
    version: u64,
}

/// Reads one text of the relay's. An unknown frame is [`RelayFrame::Unknown`], an answer that cannot be understood
/// keeps its command's id with [`Outcome::Unknown`], and an unknown change is [`Heard::Stale`].
///
/// # Errors
/// [`Unreadable`] for what is none of these; a desk then comes back and fetches everything anew.
pub fn decode_relay(text: &str) -> Result<Heard, Unreadable> {
    match read(text) {
        Err(Unreadable::Misshapen) => {}
        other => return other.map(Heard::Frame),
    }
    match read(text)? {
        Envelope::Event { event: Place { stream, version } } => Ok(Heard::Stale { stream, version }),
        Envelope::Answer { id } => Ok(Heard::Frame(RelayFrame::Answer { id, outcome: Outcome::Unknown })),
    }
}

/// Reads one text of a desk's. An unknown frame is [`DeskFrame::Unknown`], an unknown wish
/// [`crate::command::Command::Unknown`].
///
/// # Errors
/// [`Unreadable`] for what is no frame.
pub fn decode_desk(text: &str) -> Result<DeskFrame, Unreadable> {
    read(text)
}

/// Reads a text this crate's types were written to, by this version or another one: unknown fields are passed over.
///
/// # Errors
/// [`Unreadable`] for anything else.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    T::deserialize(parse(text)?).map_err(|_| Unreadable::Misshapen)
}

/// Takes the items of a list out of an object, each as a text of its own; what is left has an empty list there. Other
/// forms than this crate writes may come out differently, never with another meaning.
///
/// # Errors
/// [`Unreadable`] for what is no object or has no such list.
pub fn apart(text: &str, list: &str) -> Result<(String, Vec<String>), Unreadable> {
    let mut tree = parse(text)?;
    let items = tree.take(list).ok_or(Unreadable::Misshapen)?;
    Ok((tree.to_text(), items.iter().map(Tree::to_text).collect()))
}

fn parse(text: &str) -> Result<Tree, Unreadable> {
    serde_json::from_str(text).map_err(|error| Unreadable::Broken { at: (error.line(), error.column()) })
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { at: (line, column) } => {
                write!(f, "not JSON: reading stopped at line {line}, column {column}")
            }
            Self::Misshapen => f.write_str("JSON of another shape"),
        }
    }
}

impl std::error::Error for Unreadable {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_taken_out_of_an_object_and_nothing_else_changes() {
        let text = r#"{"a":[{"b":-1,"c":[true,null,"x\"\n\u0001ř"]},2.5,"y"],"d":{"a":[7]},"e":18446744073709551615}"#;
        let (rest, items) = apart(text, "a").unwrap();
        assert_eq!(rest, r#"{"a":[],"d":{"a":[7]},"e":18446744073709551615}"#);
        assert_eq!(items, [r#"{"b":-1,"c":[true,null,"x\"\n\u0001ř"]}"#, "2.5", r#""y""#]);
        assert_eq!(apart("[]", "a"), Err(Unreadable::Misshapen));
        assert_eq!(apart(r#"{"a":1}"#, "a"), Err(Unreadable::Misshapen));
    }
}
