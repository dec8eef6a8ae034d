//! The state of one agent: what rings, what is open, whether they are ready; reachability is not here, it is a lease of the relay.

mod change;
#[cfg(test)]
mod tests;

pub use change::{AgentChange, PauseCause, ResumeCause, Ringing, Undelivered};

use crate::config::PauseRef;
use crate::flat::{FlatMap, FlatSet};
use crate::id::{ActivityId, InteractionId, MessageId, OfferId, PauseId, QueueId, UserId};
use crate::interaction::LostBecause;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// Lost chats that are remembered; more than anybody talks in at a time.
const LOST: usize = 50;

/// How long a lost chat is remembered: who returns later knows that they were gone.
const LOST_FOR: Span = Span::hours(24);

/// Messages that did not arrive and are remembered; whoever has more of them needs no list but help.
const UNDELIVERED: usize = 50;

/// Stays on pauses that are remembered; more than anybody takes in a day.
const RESTS: usize = 50;

/// How far back stays on a pause count towards the longest it may last.
pub const RESTS_COUNT: Span = Span::hours(24);

/// One agent's own stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Whose it is.
    pub user: UserId,
    /// Number of changes applied so far.
    pub version: u64,
    /// Queues they have rights to but logged out of; distribution leaves them alone there.
    pub logged_out: FlatSet<QueueId>,
    /// When they last took or finished work of a queue; who is missing has been idle longest.
    pub last_worked: FlatMap<QueueId, Timestamp>,
    /// The pause they are on.
    pub pause: Option<Paused>,
    /// When they came back from their last pause; none before their first one.
    #[serde(default)]
    pub resumed_at: Option<Timestamp>,
    /// What rings at them, oldest first: all that an offer card shows but the names.
    pub ringing: Vec<Ringing>,
    /// What they have open, oldest first: their tabs.
    pub open: Vec<Held>,
    /// What went back to its queue because they were lost, oldest first, for whoever returns: the last few of a day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<LostChat>,
    /// What they wrote and what did not arrive, known only after they had let go of the chat, oldest first: the last few
    /// that nobody took care of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undelivered: Vec<Undelivered>,
    /// Their stays, in the last 24 hours, on pauses that may last only so long, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests: Vec<Rest>,
}

/// A running pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// Which.
    pub pause: PauseRef,
    /// Since when.
    pub since: Timestamp,
    /// What put them on it.
    pub cause: PauseCause,
    /// When it ends by itself; none when it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// A stay on a pause that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rest {
    /// Which pause.
    pub pause: PauseId,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

/// An activity somebody has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Its interaction.
    pub interaction: InteractionId,
    /// The activity.
    pub activity: ActivityId,
    /// Its queue.
    pub queue: QueueId,
    /// Since when.
    pub since: Timestamp,
}

/// A chat that went back to its queue because its owner was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostChat {
    /// Its interaction.
    pub interaction: InteractionId,
    /// When.
    pub at: Timestamp,
    /// Why they were lost.
    pub because: LostBecause,
}

impl Agent {
    /// An agent of whom nothing has happened yet: ready, logged in wherever they have rights.
    #[must_use]
    pub fn new(user: UserId) -> Self {
        Self {
            user,
            version: 0,
            logged_out: FlatSet::new(),
            last_worked: FlatMap::new(),
            pause: None,
            resumed_at: None,
            ringing: Vec::new(),
            open: Vec::new(),
            lost: Vec::new(),
            undelivered: Vec::new(),
            rests: Vec::new(),
        }
    }

    /// Open and ringing work together, as capacity counts it.
    #[must_use]
    pub fn load(&self) -> usize {
        self.open.len() + self.ringing.len()
    }

    /// Whether this offer rings at them.
    #[must_use]
    pub fn rings(&self, offer: OfferId) -> bool {
        self.ringing.iter().any(|one| one.offer == offer)
    }

    /// Whether this message of theirs stands among those that did not arrive.
    #[must_use]
    pub fn misses(&self, message: MessageId) -> bool {
        self.undelivered.iter().any(|one| one.message == message)
    }

    /// How long they were on a pause in the last 24 hours, but for a stay that goes on.
    #[must_use]
    pub fn rested_on(&self, pause: PauseId, now: Timestamp) -> Span {
        let begin = Timestamp(now.0.saturating_sub(RESTS_COUNT.0));
        let stays = self.rests.iter().filter(|one| one.pause == pause);
        Span(stays.map(|one| one.to.since(one.from.max(begin)).0.max(0)).sum())
    }

    /// The pause they were on is over; its time counts when it was their choice and may last only so long.
    fn rested(&mut self, at: Timestamp) {
        let Some(on) = self.pause.take() else { return };
        if on.cause == PauseCause::Chosen && on.until.is_some() {
            self.rests.retain(|one| at.since(one.to) < RESTS_COUNT);
            let surplus = (self.rests.len() + 1).saturating_sub(RESTS);
            self.rests.drain(..surplus);
            self.rests.push(Rest { pause: on.pause.id, from: on.since, to: at });
        }
    }

    /// Applies one change that happened at `at`; never fails.
    pub fn apply(&mut self, at: Timestamp, change: &AgentChange) {
        self.version += 1;
        match change {
            AgentChange::JoinedQueue { queue } => drop(self.logged_out.remove(queue)),
            AgentChange::LeftQueue { queue } => drop(self.logged_out.insert(*queue)),
            AgentChange::Paused { pause, cause, until } => {
                self.rested(at);
                let (pause, cause, until) = (pause.clone(), *cause, *until);
                self.pause = Some(Paused { pause, since: at, cause, until });
            }
            AgentChange::Resumed { .. } => {
                self.rested(at);
                self.pause = None;
                self.resumed_at = Some(at);
            }
            AgentChange::Rang(ringing) => {
                self.ringing.retain(|one| one.offer != ringing.offer);
                self.ringing.push(ringing.clone());
            }
            AgentChange::RingEnded { offer, .. } => self.ringing.retain(|one| one.offer != *offer),
            AgentChange::Took { interaction, activity, queue } => {
                self.open.retain(|held| held.activity != *activity);
                self.open.push(Held {
                    interaction: *interaction,
                    activity: *activity,
                    queue: *queue,
                    since: at,
                });
                self.last_worked.insert(*queue, at);
            }
            AgentChange::Released { interaction, activity, queue, lost } => {
                self.open.retain(|held| held.activity != *activity);
                self.last_worked.insert(*queue, at);
                if let Some(because) = *lost {
                    self.lost.retain(|one| at.since(one.at) < LOST_FOR);
                    let surplus = (self.lost.len() + 1).saturating_sub(LOST);
                    self.lost.drain(..surplus);
                    self.lost.push(LostChat { interaction: *interaction, at, because });
                }
            }
            AgentChange::Undelivered(one) => {
                self.arrived(one.message);
                let surplus = (self.undelivered.len() + 1).saturating_sub(UNDELIVERED);
                self.undelivered.drain(..surplus);
                self.undelivered.push(*one);
            }
            AgentChange::UndeliveredEnded(message) => self.arrived(*message),
        }
    }

    fn arrived(&mut self, message: MessageId) {
        self.undelivered.retain(|one| one.message != message);
    }
}
