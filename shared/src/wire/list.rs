//! Lists a desk sees as rows: coalesced, at most one update a second each, never resumed but sent whole after a hello.

use crate::channel::Channel;
use crate::config::{QueueRef, UserRef};
use crate::id::{ActivityId, InteractionId, QueueId, UserId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Changed rows of one list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListUpdate {
    /// Activities this person could take.
    Waiting {
        /// Whether all rows held before are void.
        reset: bool,
        /// New and changed rows.
        upsert: Vec<WaitingRow>,
        /// Rows that are gone.
        remove: Vec<ActivityId>,
    },
    /// Queues this person has rights to.
    Queues {
        /// Whether all rows held before are void.
        reset: bool,
        /// New and changed rows.
        upsert: Vec<QueueRow>,
        /// Rows that are gone.
        remove: Vec<QueueId>,
    },
    /// Colleagues who share a queue with this person.
    Colleagues {
        /// Whether all rows held before are void.
        reset: bool,
        /// New and changed rows.
        upsert: Vec<ColleagueRow>,
        /// Rows that are gone.
        remove: Vec<UserId>,
    },
    /// What is wrong with accounts this person works with or looks after; always whole.
    Accounts {
        /// One for each account.
        #[serde(default)]
        troubles: Vec<AccountTrouble>,
        /// What desks of an earlier version show instead: the same as sentences, in English.
        #[serde(default)]
        sentences: Vec<String>,
    },
    /// A list this version does not know.
    #[serde(other)]
    Unknown,
}

/// What a person is told of an account that does not work as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountTrouble {
    /// What the account is called.
    pub title: String,
    /// What is wrong.
    pub wrong: AccountWrong,
}

/// What is wrong with an account, as far as a desk says it; an admin's page says more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountWrong {
    /// Its access token ends soon.
    Ending,
    /// It cannot send: a limit of the provider is reached.
    Limit,
    /// Its customers complain, and the provider rates it low.
    Quality,
    /// It cannot send: the provider refuses it.
    Refused,
    /// Its access token lacks rights.
    Rights,
    /// Nothing came for unusually long.
    Silent,
    /// It cannot send: its access token does not work, or there is none.
    Token,
    /// It receives nothing: its webhooks are not subscribed.
    Unsubscribed,
    /// It cannot send, and messages wait: all that agents have to know.
    Waiting,
    /// What this version does not know.
    #[serde(other)]
    Unknown,
}

/// An activity that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingRow {
    /// The activity.
    pub activity: ActivityId,
    /// Its interaction.
    pub interaction: InteractionId,
    /// The channel.
    pub channel: Channel,
    /// The customer's name, or what stands in for it.
    pub customer: String,
    /// The queue.
    pub queue: QueueRef,
    /// Since when the customer waits there.
    pub queued_at: Timestamp,
    /// Whether it rings, and where.
    pub state: WaitingState,
    /// The customer's last message, cut to 120 characters.
    pub preview: Option<String>,
}

/// Whether a waiting activity rings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WaitingState {
    /// Nowhere.
    Waiting,
    /// At somebody.
    Ringing {
        /// Whom.
        at: UserRef,
    },
}

/// A queue now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRow {
    /// The queue.
    pub queue: QueueRef,
    /// Its channel.
    pub channel: Channel,
    /// How many wait.
    pub waiting: u32,
    /// Since when the first of them waits.
    pub oldest: Option<Timestamp>,
    /// How many agents are logged in, connected and not on a pause.
    pub ready: u32,
}

/// A colleague now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColleagueRow {
    /// Who.
    pub user: UserRef,
    /// Whether they can take work.
    pub presence: Presence,
    /// How many activities they have open.
    pub open: u32,
}

/// Whether somebody can take work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Connected and ready.
    Ready,
    /// Connected and on a pause.
    Paused {
        /// Its name.
        title: String,
        /// Since when.
        since: Timestamp,
    },
    /// Not connected.
    Away,
}
