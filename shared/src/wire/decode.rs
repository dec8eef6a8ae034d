//! Reading frames that another version may have written: what cannot be understood in full still says what it makes stale.

use super::frame::{DeskFrame, Outcome, RelayFrame};
use crate::event::Stream;
use crate::id::CommandId;
use serde::Deserialize;
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

/// A text that is no frame at all; the words of it are not kept, they may be a customer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where reading stopped: line and column, from 1.
    pub at: (usize, usize),
}

/// The outermost layer of an event frame.
#[derive(Deserialize)]
#[serde(tag = "frame", rename_all = "snake_case")]
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
    let error = match serde_json::from_str(text) {
        Ok(frame) => return Ok(Heard::Frame(frame)),
        Err(error) => error,
    };
    match serde_json::from_str(text) {
        Ok(Envelope::Event { event: Place { stream, version } }) => Ok(Heard::Stale { stream, version }),
        Ok(Envelope::Answer { id }) => Ok(Heard::Frame(RelayFrame::Answer { id, outcome: Outcome::Unknown })),
        Err(_) => Err(Unreadable::of(&error)),
    }
}

/// Reads one text of a desk's. An unknown frame is [`DeskFrame::Unknown`], an unknown wish
/// [`crate::command::Command::Unknown`].
///
/// # Errors
/// [`Unreadable`] for what is no frame.
pub fn decode_desk(text: &str) -> Result<DeskFrame, Unreadable> {
    serde_json::from_str(text).map_err(|error| Unreadable::of(&error))
}

impl Unreadable {
    fn of(error: &serde_json::Error) -> Self {
        Self { at: (error.line(), error.column()) }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.at;
        write!(f, "not a frame: reading stopped at line {line}, column {column}")
    }
}

impl std::error::Error for Unreadable {}
