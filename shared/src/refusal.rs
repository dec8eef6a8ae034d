//! Every "no" a person can get, each with a sentence; the same value disables the control and refuses the command.

use crate::channel::Unit;
use crate::config::UserRef;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Why something may not be, or cannot be any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Somebody else took it first.
    Taken {
        /// Who.
        by: Option<UserRef>,
    },
    /// The customer left, or waited too long, before it could be taken.
    CustomerGone,
    /// The offer no longer rings.
    OfferOver,
    /// The interaction has ended.
    Ended,
    /// It is not this person's activity.
    NotYours,
    /// The activity is not open.
    NotOpen,
    /// The activity went back to its queue, because its owner was lost, and waits there.
    Requeued,
    /// Offers of this queue cannot be rejected.
    NoReject,
    /// One of the queue's reasons must be chosen to reject its offer.
    ReasonRequired,
    /// Nothing is left of the time this pause may last.
    PauseUsedUp,
    /// What waits in a queue can be taken only by who is logged in to it.
    NotLoggedIn,
    /// A status must be chosen first.
    DispositionRequired,
    /// This status cannot be chosen here.
    DispositionUnknown,
    /// The customer wrote meanwhile.
    NewMessage {
        /// The history number of the newest message; repeat with it to go on all the same.
        seq: u64,
    },
    /// There is nothing to send but blanks.
    Empty,
    /// The text is longer than the channel allows.
    TooLong {
        /// What is counted.
        unit: Unit,
        /// How much it is.
        size: u64,
        /// How much it may be.
        max: u64,
    },
    /// The messaging window is closed.
    WindowClosed {
        /// Since when; none when the customer never wrote.
        since: Option<Timestamp>,
    },
    /// The customer has unsubscribed or blocked us.
    Unsubscribed,
    /// The customer has never written to this account.
    NeverWrote,
    /// The customer has a live interaction already.
    AlreadyLive {
        /// Who works on it, if somebody does whom the person may know of.
        with: Option<UserRef>,
    },
    /// This person has no rights to the queue.
    NoRights,
    /// The queue, account, pause, person or interaction does not exist or is switched off.
    NotFound {
        /// What is missing, as a word in a sentence.
        what: String,
    },
    /// The queue belongs to another channel.
    OtherChannel,
    /// A field of the configuration is not right.
    Invalid {
        /// The field.
        field: String,
        /// What is wrong with it, as a clause.
        problem: String,
    },
    /// The same command id was used for another wish.
    KeyReused,
    /// The message is on its way, has arrived, or somebody took care of it already.
    Settled,
    /// The relay could not save it; nothing happened and it may be tried again.
    NotSaved,
    /// The relay does not know this wish; the desk is newer or older than the relay.
    NotUnderstood,
    /// A reason this version does not know.
    #[serde(other)]
    Unknown,
}

impl Refusal {
    /// The sentence a person reads.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Taken { by: Some(by) } => format!("{} answered first.", by.name),
            Self::Taken { by: None } => "Somebody else answered first.".into(),
            Self::CustomerGone => "The customer is no longer waiting.".into(),
            Self::OfferOver => "This offer is over.".into(),
            Self::Ended => "This chat has ended. The customer's next message starts a new one.".into(),
            Self::NotYours => "Only the agent who has this chat open can do that.".into(),
            Self::NotOpen => "This chat is not open.".into(),
            Self::Requeued => "This chat went back to the queue. Accept it again to go on.".into(),
            Self::NoReject => "Offers of this queue cannot be rejected.".into(),
            Self::ReasonRequired => "Choose a reason for rejecting.".into(),
            Self::PauseUsedUp => "Nothing is left of this pause for today.".into(),
            Self::NotLoggedIn => "Log in to this queue first.".into(),
            Self::DispositionRequired => "Choose a status before closing.".into(),
            Self::DispositionUnknown => "This status cannot be chosen in this queue.".into(),
            Self::NewMessage { .. } => "The customer wrote again. Close anyway?".into(),
            Self::Empty => "Write something first.".into(),
            Self::TooLong { unit, size, max } => {
                let unit = match unit {
                    Unit::Bytes => "bytes",
                    Unit::Characters => "characters",
                };
                format!("The text has {size} {unit}; this channel takes at most {max}.")
            }
            Self::WindowClosed { since: Some(_) } => {
                "The time for a free reply is over. The customer has to write first.".into()
            }
            Self::WindowClosed { since: None } | Self::NeverWrote => {
                "This customer has not written to this account yet.".into()
            }
            Self::Unsubscribed => "The customer no longer receives messages from this account.".into(),
            Self::AlreadyLive { with: Some(with) } => {
                format!("{} is already in a chat with this customer.", with.name)
            }
            Self::AlreadyLive { with: None } => {
                "This customer is already waiting, or in a chat with somebody.".into()
            }
            Self::NoRights => "You have no rights to this queue.".into(),
            Self::NotFound { what } => format!("This {what} does not exist or is switched off."),
            Self::OtherChannel => "This queue belongs to another channel.".into(),
            Self::Invalid { field, problem } => format!("{field} {problem}."),
            Self::KeyReused => "This key was already used for something else.".into(),
            Self::Settled => "There is nothing left to do about this message.".into(),
            Self::NotSaved => "The server could not save this. Try again.".into(),
            Self::NotUnderstood => "The server does not understand this. Reload the page.".into(),
            Self::Unknown => "The server refused this. Reload the page to see why.".into(),
        }
    }
}
