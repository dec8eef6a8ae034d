//! Who gets the next offer, and why: one pure look at the whole world, with an explanation beside each choice.

mod choose;
#[cfg(test)]
mod tests;

pub(crate) use choose::verdict;
pub use choose::{Outlook, next};

use crate::config::UserRef;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Why an agent was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The rule that chose.
    pub strategy: Strategy,
    /// The members that were looked at, the chosen one first; at most [`Explanation::MOST`].
    pub considered: Vec<Considered>,
}

impl Explanation {
    /// The most members an explanation names; a longer list says nothing more to a reader.
    pub const MOST: usize = 20;
}

/// A rule that chooses among those who can take an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Whoever has been idle longest in that queue.
    LongestIdle,
}

/// What was found about one member of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// Who.
    pub agent: UserRef,
    /// What was found.
    pub verdict: Verdict,
}

/// Whether a member can take an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They can.
    Free {
        /// When they last worked in the queue; none = never, which counts as longest.
        idle_since: Option<Timestamp>,
        /// How many offers ring at them already; whom fewer ring at is asked first, for who answers is no longer idle.
        #[serde(default)]
        ringing: u32,
    },
    /// They are deactivated.
    Inactive,
    /// They logged out of the queue.
    LoggedOut,
    /// No desk of theirs is connected.
    Unreachable,
    /// They are on a pause.
    Paused,
    /// They have as much work as they may.
    Busy,
    /// They were asked a moment ago.
    Asleep {
        /// Until when.
        until: Timestamp,
    },
    /// They are in this interaction already.
    Inside,
}
