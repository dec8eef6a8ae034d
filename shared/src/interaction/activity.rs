//! One agent's piece of work in an interaction.

use crate::config::{DispositionRef, QueueRef};
use crate::id::{ActivityId, UserId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One agent's piece of work in an interaction; it waits, is open, and is closed for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// The queue it came through, with its titles at that time.
    pub queue: QueueRef,
    /// How it came about.
    pub kind: ActivityKind,
    /// Where it stands.
    pub state: ActivityState,
    /// Who works on it, or did last; none while it waits.
    pub owner: Option<UserId>,
    /// When it began to wait.
    pub wait_at: Option<Timestamp>,
    /// When it was opened.
    pub open_at: Option<Timestamp>,
    /// When it was closed.
    pub close_at: Option<Timestamp>,
    /// When waiting is over at the latest.
    pub max_wait_until: Option<Timestamp>,
    /// The chosen outcome.
    pub disposition: Option<DispositionRef>,
    /// Further chosen outcomes, in the order of choosing; none without a first one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<DispositionRef>,
    /// Why it was closed.
    pub close_reason: Option<CloseReason>,
    /// Why nobody can be offered it now; recorded so that a waiting customer is never forgotten.
    pub withheld: Option<Withheld>,
    /// Why and when it goes back to its queue unless its owner returns. No desk shows it, so nothing that reads it
    /// travels to browsers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    pub lost: Option<Lost>,
    /// When it last went back to its queue; it is served before all others there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requeued_at: Option<Timestamp>,
}

impl Activity {
    /// All chosen outcomes, in the order of choosing.
    pub fn outcomes(&self) -> impl Iterator<Item = &DispositionRef> {
        self.disposition.iter().chain(&self.also)
    }

    /// Somebody takes it.
    pub(super) fn open(&mut self, at: Timestamp, owner: UserId) {
        self.state = ActivityState::Open;
        self.owner = Some(owner);
        self.open_at = Some(at);
        self.withheld = None;
    }

    /// It waits again.
    pub(super) fn requeue(&mut self, at: Timestamp, max_wait_until: Option<Timestamp>) {
        self.state = ActivityState::Wait;
        self.owner = None;
        self.open_at = None;
        self.lost = None;
        self.wait_at.get_or_insert(at);
        self.max_wait_until = max_wait_until;
        self.requeued_at = Some(at);
    }
}

/// That the owner of an open activity is lost unless they return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// Why.
    pub because: LostBecause,
    /// When it goes back to its queue.
    pub until: Timestamp,
}

/// Why an owner is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LostBecause {
    /// No desk of theirs is connected.
    Away,
    /// They logged out.
    LoggedOut,
    /// They were deactivated.
    Deactivated,
    /// They lost the rights to the queue.
    NoRights,
}

/// How an activity came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// The customer wrote.
    Inbound,
    /// An agent started a chat.
    Outbound,
    /// An agent sent a single message.
    OneShot,
}

/// Where an activity stands. Ringing and sleeping are properties of offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ActivityState {
    /// Waits for an agent.
    Wait,
    /// An agent works on it.
    Open,
    /// Done; nothing leads out.
    Close,
}

/// Why an activity was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// Its owner, or a supervisor, closed it.
    Closed,
    /// A single message was sent and nothing is left to do.
    Sent,
    /// It ended while waiting.
    Missed,
}

/// Why nobody can be offered a waiting activity now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// Nobody has rights to the queue.
    NoMembers,
    /// Nobody is logged in to the queue and connected.
    NobodyThere,
    /// All who are there are on a pause.
    AllPaused,
    /// All who are ready have as much work as they may.
    AllBusy,
    /// All who could take it let it ring or refused it a moment ago; the first may be asked again at `until`.
    AllAsked {
        /// The end of the first sleep.
        until: Timestamp,
    },
}
