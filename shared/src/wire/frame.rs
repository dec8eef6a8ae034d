//! The frames of the desk's socket, one closed enum per direction.

use super::list::ListUpdate;
use crate::command::Command;
use crate::config::UserRef;
use crate::event::{Event, Stream};
use crate::id::{CommandId, InteractionId};
use crate::refusal::Refusal;
use crate::thread::Content;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// What a desk says. `Hello` comes first, within ten seconds; anything before it closes the socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskFrame {
    /// Who is there and what they hold in full.
    Hello {
        /// [`super::PROTOCOL`].
        protocol: u16,
        /// The epoch of the held streams; none on the first visit.
        epoch: Option<String>,
        /// What is held, with the version up to which it is held.
        resume: Vec<Position>,
    },
    /// A wish; answered exactly once per id.
    Command {
        /// Its id, made by the desk.
        id: CommandId,
        /// The wish.
        command: Command,
    },
    /// From now on, every event of this interaction after this version.
    Watch {
        /// The interaction.
        interaction: InteractionId,
        /// The version of the snapshot the desk holds.
        version: u64,
    },
    /// No more events of this interaction.
    Unwatch {
        /// The interaction.
        interaction: InteractionId,
    },
    /// The person looks at this desk, or types in it: whoever has several hears this one ring. Said at most once in
    /// five seconds; what is said more often is passed over.
    Attention,
    /// What is written in a chat that is open at the person and not sent, for their other desks; an empty text removes
    /// it. At most 16,384 bytes; a longer one is passed over, as one of a chat that is not open at them.
    Draft {
        /// The chat.
        interaction: InteractionId,
        /// The words.
        text: String,
    },
    /// Is anybody there?
    Ping,
    /// A frame this relay does not know; ignored.
    #[serde(other)]
    Unknown,
}

/// What the relay says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelayFrame {
    /// The answer to `Hello`; the events of resumed streams follow it.
    Welcome {
        /// [`super::PROTOCOL`].
        protocol: u16,
        /// Changes when the log was restored: nothing held before is valid then.
        epoch: String,
        /// The relay's clock, for the measured offset.
        now: Timestamp,
        /// Who is logged in.
        user: UserRef,
        /// For every stream of the hello, and the agent's own: resumed, or to be fetched anew.
        streams: Vec<Resumed>,
    },
    /// Something happened in a stream the desk holds in full.
    Event {
        /// What.
        event: Box<Event>,
        /// The words that belong to it.
        content: Vec<Content>,
    },
    /// Rows of a list changed.
    List {
        /// Which and how.
        update: ListUpdate,
    },
    /// The one answer to a command.
    Answer {
        /// The command.
        id: CommandId,
        /// What came of it.
        outcome: Outcome,
    },
    /// The desk may see this stream from now on: fetch it, then watch it.
    Reveal {
        /// Which.
        stream: Stream,
    },
    /// The desk may not see this stream any more: drop it.
    Forget {
        /// Which.
        stream: Stream,
    },
    /// The configuration changed: fetch the desk's snapshot of it.
    ConfigChanged {
        /// Its new version.
        version: u64,
    },
    /// Whether this is the one desk of its person that makes sounds and notifications: told after the welcome, and
    /// whenever it changes.
    Sounds {
        /// Here, or at another one.
        here: bool,
    },
    /// Another desk of the same person says what is written in a chat and not sent; an empty text removes it.
    Draft {
        /// The chat.
        interaction: InteractionId,
        /// The words.
        text: String,
        /// When, by the relay's clock.
        at: Timestamp,
    },
    /// Somebody is there.
    Pong {
        /// The relay's clock.
        now: Timestamp,
    },
    /// The socket is about to close.
    Bye {
        /// Why.
        reason: Bye,
        /// When to come back at the earliest; none = do not.
        retry_after: Option<Span>,
    },
    /// A frame this desk does not know; it reloads what it holds.
    #[serde(other)]
    Unknown,
}

/// A place in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The stream.
    pub stream: Stream,
    /// The version of the newest event held.
    pub version: u64,
}

/// What became of a stream named in a hello.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {
    /// The stream.
    pub stream: Stream,
    /// Whether it goes on.
    pub how: Resume,
}

/// Whether a stream goes on where the desk left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Resume {
    /// Every missed event follows.
    Resumed,
    /// It must be fetched anew.
    Anew,
    /// The desk may not see it any more.
    Forget,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is done and durable; these are the streams it moved.
    Done {
        /// Where they stand now.
        moved: Vec<Position>,
    },
    /// It was refused and changed nothing.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// An outcome this version does not know.
    #[serde(other)]
    Unknown,
}

/// Why the relay closes a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bye {
    /// The session ended: log in again.
    LoggedOut,
    /// The desk speaks another version of the protocol: reload the page.
    Protocol,
    /// The desk did not read fast enough: come back and resume.
    TooSlow,
    /// The relay stops: come back and resume.
    Restarting,
    /// The desk said something no desk says.
    Malformed,
    /// A reason this version does not know.
    #[serde(other)]
    Unknown,
}
