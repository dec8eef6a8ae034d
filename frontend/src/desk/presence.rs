//! Being there: pauses, queues, colleagues. Distribution is the relay's matter.

use super::{Asked, Desk};
use crate::reading::Reading;
use crate::store::{Link, Part};
use shared::agent::{PauseCause, Paused};
use shared::command::Command;
use shared::config::PauseRef;
use shared::flat::FlatMap;
use shared::id::{PauseId, QueueId};
use shared::permit;
use shared::refusal::Refusal;
use shared::time::{Span, Timestamp};
use shared::wire::{ColleagueRow, DeskQueue, QueueRow};

/// Whether the agent can be given work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// Connected and ready.
    Ready {
        /// Since the login, or since a pause that ended later.
        since: Timestamp,
    },
    /// On a pause.
    Paused {
        /// Which, and whether it is paid.
        pause: PauseRef,
        /// Since when.
        since: Timestamp,
        /// What put them on it.
        cause: PauseCause,
    },
    /// Not connected: nothing is offered.
    NotConnected,
}

/// A queue as this agent has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyQueue {
    /// The queue with its statuses.
    pub queue: DeskQueue,
    /// Whether the agent is logged in to it.
    pub joined: bool,
    /// Whether a change of that was asked for.
    pub asked: bool,
    /// How it stands now, when the relay tells.
    pub row: Option<QueueRow>,
}

impl Desk {
    /// Whether the agent can be given work. A pause shows also while not connected.
    #[must_use]
    pub fn availability(self) -> Reading<Availability> {
        Reading::of(move || {
            let live = self.store.link.get() == Link::Live;
            self.store.track(Part::Session);
            self.store.read(Part::Agent, |held| {
                let pause = held.agent().and_then(|agent| agent.pause.clone());
                match (pause, held.session()) {
                    (Some(on), _) => {
                        Availability::Paused { pause: on.pause, since: on.since, cause: on.cause }
                    }
                    (None, Some(session)) if live => {
                        let resumed_at = held.agent().and_then(|agent| agent.resumed_at);
                        let since =
                            resumed_at.map_or(session.logged_in_at, |at| at.max(session.logged_in_at));
                        Availability::Ready { since }
                    }
                    (None, _) => Availability::NotConnected,
                }
            })
        })
    }

    /// Whether going on a pause or back was asked for and not yet answered.
    #[must_use]
    pub fn presence_asked(self) -> Reading<bool> {
        Reading::of(move || self.is_asked(|one| one.asked() == Some(Asked::Presence)))
    }

    /// The pauses the agent may choose.
    #[must_use]
    pub fn pauses(self) -> Reading<Vec<PauseRef>> {
        Reading::of(move || self.store.read(Part::Config, |held| held.config().pauses.clone()))
    }

    /// How long a pause could last if it began now, or goes on if it runs; none without a limit.
    ///
    /// # Errors
    /// When nothing of it is left.
    #[must_use]
    pub fn pause_left(self, pause: PauseId) -> Reading<Result<Option<Span>, Refusal>> {
        Reading::of(move || {
            self.store.track(Part::Agent);
            let now = self.store.now.get();
            self.store.read(Part::Config, |held| {
                let Some(longest) = held.config().longest.get(&pause) else { return Ok(None) };
                let agent = held.agent().ok_or(Refusal::Unknown)?;
                match &agent.pause {
                    Some(Paused { pause: on, until: Some(until), .. }) if on.id == pause => {
                        Ok(Some(Span(until.since(now).0.max(0))))
                    }
                    _ => permit::pause(agent, pause, *longest, now).map(|until| Some(until.since(now))),
                }
            })
        })
    }

    /// The agent's queues.
    #[must_use]
    pub fn my_queues(self) -> Reading<Vec<MyQueue>> {
        Reading::of(move || {
            self.store.track(Part::Agent);
            self.store.track(Part::Queues);
            let mut queues = self.store.read(Part::Config, |held| {
                let out = held.agent().map(|agent| agent.logged_out.clone()).unwrap_or_default();
                let mine = |queue: &DeskQueue| MyQueue {
                    joined: !out.contains(&queue.queue.id),
                    asked: false,
                    row: held.lists().queues.get(&queue.queue.id).cloned(),
                    queue: queue.clone(),
                };
                held.config().queues.iter().map(mine).collect::<Vec<_>>()
            });
            for one in &mut queues {
                let id = one.queue.queue.id;
                one.asked = self.is_asked(|pending| {
                    matches!(pending.command, Command::JoinQueue { queue } | Command::LeaveQueue { queue } if queue == id)
                });
            }
            queues
        })
    }

    /// Colleagues who share a queue, by name.
    #[must_use]
    pub fn colleagues(self) -> Reading<Vec<ColleagueRow>> {
        Reading::of(move || {
            let rows: FlatMap<_, _> = self.store.read(Part::Colleagues, |held| {
                let rows = held.lists().colleagues.values();
                rows.map(|row| ((row.user.name.clone(), row.user.id), row.clone())).collect()
            });
            rows.into_values().collect()
        })
    }

    /// Goes on a pause.
    pub fn pause(self, pause: PauseId) {
        self.ask(Command::Pause { pause });
    }

    /// Goes back to work.
    pub fn resume(self) {
        self.ask(Command::Resume);
    }

    /// Logs in to a queue.
    pub fn join_queue(self, queue: QueueId) {
        self.ask(Command::JoinQueue { queue });
    }

    /// Logs out of a queue.
    pub fn leave_queue(self, queue: QueueId) {
        self.ask(Command::LeaveQueue { queue });
    }
}
