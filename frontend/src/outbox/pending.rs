//! One wish on its way to the relay, and how long it may be late. It sends nothing by itself.

use serde::{Deserialize, Serialize};
use shared::command::Command;
use shared::id::{ActivityId, CommandId, InteractionId, MessageId};
use shared::refusal::Refusal;
use shared::time::{Span, Timestamp};
use shared::wire::Position;

/// How long a message may wait for a connection before a person has to look at it again.
const MESSAGE_PATIENCE: Span = Span::hours(12);
/// How long anything else may wait: after this the agent has gone on, and a late effect would be a surprise.
const OTHER_PATIENCE: Span = Span::minutes(2);

/// How far a wish has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// It waits to be sent.
    Waiting,
    /// It was sent and not answered; after a broken connection it is sent again under the same id.
    Sent,
    /// It is done; its events stand at these places.
    Settled {
        /// The streams it moved.
        moved: Vec<Position>,
    },
    /// It was refused and changed nothing.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// Nobody can say whether it was done; a person has to look.
    Unknown,
}

/// One wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its id: the relay does the same id once.
    pub id: CommandId,
    /// Its place among the wishes of this device.
    pub order: u64,
    /// What is wished.
    pub command: Command,
    /// When it was asked for, by the relay's clock.
    pub asked_at: Timestamp,
    /// How far it has come.
    pub stage: Stage,
}

/// What a wish that was not a message is about, so that the control in question shows that it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A waiting activity was to be taken.
    Accept,
    /// An offer was to be refused.
    Reject,
    /// A status was to be chosen.
    Status,
    /// An activity was to be closed.
    Close,
    /// A pause was to begin or end.
    Presence,
    /// A queue was to be joined or left.
    Queue,
    /// A chat was to be started.
    Start,
}

impl Pending {
    /// Whether it still waits for the relay's answer.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Waiting | Stage::Sent)
    }

    /// Whether it has waited too long to be sent without a person looking at it.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        let patience = if self.message().is_some() { MESSAGE_PATIENCE } else { OTHER_PATIENCE };
        now.since(self.asked_at) > patience
    }

    /// The message it sends, if it sends one into a running chat.
    #[must_use]
    pub const fn message(&self) -> Option<(InteractionId, MessageId)> {
        match self.command {
            Command::Send { interaction, message, .. } => Some((interaction, message)),
            _ => None,
        }
    }

    /// The words of the message it sends.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.command {
            Command::Send { text, .. } => Some(text),
            _ => None,
        }
    }

    /// What it asks for, when it is not a message.
    #[must_use]
    pub const fn asked(&self) -> Option<Asked> {
        Some(match self.command {
            Command::Accept { .. } => Asked::Accept,
            Command::Reject { .. } => Asked::Reject,
            Command::ChooseDisposition { .. } => Asked::Status,
            Command::Close { .. } => Asked::Close,
            Command::Pause { .. } | Command::Resume => Asked::Presence,
            Command::JoinQueue { .. } | Command::LeaveQueue { .. } => Asked::Queue,
            Command::StartChat { .. } | Command::SendOnce { .. } => Asked::Start,
            Command::Send { .. } | Command::Resend { .. } | Command::Dismiss { .. } | Command::Unknown => {
                return None;
            }
        })
    }

    /// The activity it is about, where it names one.
    #[must_use]
    pub const fn activity(&self) -> Option<ActivityId> {
        match self.command {
            Command::Accept { activity, .. }
            | Command::ChooseDisposition { activity, .. }
            | Command::Close { activity, .. }
            | Command::StartChat { activity, .. }
            | Command::SendOnce { activity, .. } => Some(activity),
            _ => None,
        }
    }
}
