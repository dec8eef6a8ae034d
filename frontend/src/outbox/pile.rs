//! All wishes of this device in their order, as plain data: what to send next, what came of it, what to write to disk.

use super::pending::{Pending, Stage};
use shared::command::Command;
use shared::flat::{FlatMap, FlatSet};
use shared::id::{CommandId, InteractionId, MessageId};
use shared::refusal::Refusal;
use shared::time::Timestamp;
use shared::wire::Outcome;

/// What has to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// This wish as it stands now.
    Put(Pending),
    /// Nothing is left of this one.
    Delete(CommandId),
}

/// What an answer came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Nobody asked, or it was answered before.
    Known,
    /// It is done.
    Done,
    /// It was refused: this wish, with this reason. Messages stay in the pile, other wishes leave it.
    Refused(Pending, Refusal),
    /// The answer says nothing this version understands.
    Unclear(Pending),
}

/// All wishes of this device.
#[derive(Debug, Default)]
pub struct Pile {
    rows: FlatMap<u64, Pending>,
    saved: FlatSet<CommandId>,
    writes: Vec<Write>,
}

impl Pile {
    /// Takes up a wish. It is not sent before it is written down.
    pub fn ask(&mut self, id: CommandId, command: Command, now: Timestamp) {
        // Later wishes sort behind earlier ones even when they were made in different tabs.
        let after = self.rows.keys().next_back().map_or(0, |last| last + 1);
        let order = u64::try_from(now.0).unwrap_or_default().saturating_mul(1_000).max(after);
        let pending = Pending { id, order, command, asked_at: now, stage: Stage::Waiting };
        self.writes.push(Write::Put(pending.clone()));
        self.rows.insert(order, pending);
    }

    /// What has to be written down since the last call, in order.
    pub fn take_writes(&mut self) -> Vec<Write> {
        std::mem::take(&mut self.writes)
    }

    /// Whether there is anything to write down.
    #[must_use]
    pub const fn has_writes(&self) -> bool {
        !self.writes.is_empty()
    }

    /// Whether anything has waited too long.
    #[must_use]
    pub fn has_overdue(&self, now: Timestamp) -> bool {
        self.rows.values().any(|one| one.stage == Stage::Waiting && one.is_overdue(now))
    }

    /// Takes back the wish to close a conversation, if it has not been sent; whether there was one.
    pub fn stay_open(&mut self, interaction: InteractionId) -> bool {
        let closes = |one: &&Pending| {
            one.stage == Stage::Waiting
                && matches!(one.command, Command::Close { .. })
                && one.command.interaction() == Some(interaction)
        };
        let found = self.rows.values().find(closes).map(|one| one.id);
        if let Some(id) = found {
            self.remove(id);
        }
        found.is_some()
    }

    /// This wish is on disk, or there is no disk: it may be sent.
    pub fn saved(&mut self, id: CommandId) {
        if self.find(id).is_some() {
            self.saved.insert(id);
        }
    }

    /// What may be sent now, in order: one wish at a time for each interaction, and for all that is about none.
    #[must_use]
    pub fn sendable(&self) -> Vec<Pending> {
        let mut busy: FlatSet<Option<InteractionId>> = FlatSet::new();
        let mut found = Vec::new();
        for pending in self.rows.values().filter(|pending| pending.is_open()) {
            let first = busy.insert(pending.command.interaction());
            if first && pending.stage == Stage::Waiting && self.saved.contains(&pending.id) {
                found.push(pending.clone());
            }
        }
        found
    }

    /// This wish went out.
    pub fn sent(&mut self, id: CommandId) {
        if let Some(pending) = self.find_mut(id)
            && pending.stage == Stage::Waiting
        {
            pending.stage = Stage::Sent;
        }
    }

    /// The connection broke: what was sent and not answered is sent again, under the same ids.
    pub fn disconnected(&mut self) {
        for pending in self.rows.values_mut().filter(|pending| pending.stage == Stage::Sent) {
            pending.stage = Stage::Waiting;
        }
    }

    /// What has waited too long: messages turn to "unknown" and wait for a person, other wishes leave and are returned.
    pub fn expire(&mut self, now: Timestamp) -> Vec<Pending> {
        let overdue = self.rows.values().filter(|one| one.stage == Stage::Waiting && one.is_overdue(now));
        let overdue: Vec<Pending> = overdue.cloned().collect();
        let mut dropped = Vec::new();
        for pending in overdue {
            if pending.message().is_some() {
                self.turn(pending.id, Stage::Unknown);
            } else {
                self.remove(pending.id);
                dropped.push(pending);
            }
        }
        dropped
    }

    /// The relay's answer.
    pub fn answered(&mut self, id: CommandId, outcome: &Outcome) -> Answered {
        let Some(pending) = self.find(id).filter(|pending| pending.is_open()).cloned() else {
            return Answered::Known;
        };
        match outcome {
            Outcome::Done { moved } => {
                self.turn(id, Stage::Settled { moved: moved.clone() });
                Answered::Done
            }
            Outcome::Refused { refusal } => {
                if pending.message().is_some() {
                    self.turn(id, Stage::Refused { refusal: refusal.clone() });
                } else {
                    self.remove(id);
                }
                Answered::Refused(pending, refusal.clone())
            }
            Outcome::Unknown => {
                if pending.message().is_some() {
                    self.turn(id, Stage::Unknown);
                } else {
                    self.remove(id);
                }
                Answered::Unclear(pending)
            }
        }
    }

    /// Lets go of what is drawn from the store by now. What still waits for its answer stays whatever has come.
    pub fn prune(&mut self, arrived: impl Fn(&Pending) -> bool) {
        let done = self.rows.values().filter(|one| !one.is_open() && arrived(one));
        let done: Vec<CommandId> = done.map(|one| one.id).collect();
        for id in done {
            self.remove(id);
        }
    }

    /// Sends a message again that was refused or is unclear. An unclear one keeps its id, so that it is never done twice.
    pub fn retry(&mut self, message: MessageId, fresh: CommandId, now: Timestamp) {
        let Some(pending) = self.of_message(message).cloned() else { return };
        match pending.stage {
            Stage::Refused { .. } => {
                self.remove(pending.id);
                self.ask(fresh, pending.command, now);
            }
            Stage::Unknown => {
                if let Some(held) = self.find_mut(pending.id) {
                    held.asked_at = now;
                }
                self.turn(pending.id, Stage::Waiting);
            }
            Stage::Waiting | Stage::Sent | Stage::Settled { .. } => {}
        }
    }

    /// Gives up a message that was refused, is unclear or was never sent; returns its words.
    pub fn discard(&mut self, message: MessageId) -> Option<(InteractionId, String)> {
        let pending = self.of_message(message)?;
        if matches!(pending.stage, Stage::Sent | Stage::Settled { .. }) {
            return None;
        }
        let (id, interaction) = (pending.id, pending.message()?.0);
        let text = pending.text()?.to_owned();
        self.remove(id);
        Some((interaction, text))
    }

    /// Takes in what lies on disk: wishes of other tabs and of earlier visits join, what other tabs have settled leaves.
    pub fn reconcile(&mut self, disk: Vec<Pending>) {
        let there: FlatSet<CommandId> = disk.iter().map(|pending| pending.id).collect();
        let gone =
            |one: &Pending| self.saved.contains(&one.id) && !there.contains(&one.id) && !is_settled(one);
        let gone: Vec<(u64, CommandId)> =
            self.rows.values().filter(|one| gone(one)).map(|one| (one.order, one.id)).collect();
        for (order, id) in gone {
            self.rows.remove(&order);
            self.saved.remove(&id);
        }
        for mut pending in disk {
            // A copy of what this tab is about to change or delete is older than what it knows.
            let changing = self.writes.iter().any(|write| match write {
                Write::Put(one) => one.id == pending.id,
                Write::Delete(id) => *id == pending.id,
            });
            if changing {
                continue;
            }
            if pending.stage == Stage::Sent {
                pending.stage = Stage::Waiting;
            }
            if let Some(held) = self.find_mut(pending.id) {
                // Another tab had it sent again, or learned what came of it.
                if !matches!(held.stage, Stage::Sent | Stage::Settled { .. }) {
                    held.stage = pending.stage;
                    held.asked_at = pending.asked_at;
                }
                continue;
            }
            while self.rows.contains_key(&pending.order) {
                pending.order += 1;
            }
            self.saved.insert(pending.id);
            self.rows.insert(pending.order, pending);
        }
    }

    /// Every wish, in order.
    #[must_use]
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &Pending> {
        self.rows.values()
    }

    /// Drops everything without a trace on disk.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    fn find(&self, id: CommandId) -> Option<&Pending> {
        self.rows.values().find(|pending| pending.id == id)
    }

    fn find_mut(&mut self, id: CommandId) -> Option<&mut Pending> {
        self.rows.values_mut().find(|pending| pending.id == id)
    }

    fn of_message(&self, message: MessageId) -> Option<&Pending> {
        self.rows.values().find(|pending| pending.message().is_some_and(|(_, id)| id == message))
    }

    /// Changes a stage that must survive a crash.
    fn turn(&mut self, id: CommandId, stage: Stage) {
        let Some(pending) = self.find_mut(id) else { return };
        pending.stage = stage;
        let pending = pending.clone();
        // Done is done: nothing of it has to come back after a reload.
        self.writes.push(match pending.stage {
            Stage::Settled { .. } => Write::Delete(id),
            _ => Write::Put(pending),
        });
    }

    fn remove(&mut self, id: CommandId) {
        let before = self.rows.len();
        let settled = self.find(id).is_some_and(is_settled);
        self.rows.retain(|_, pending| pending.id != id);
        self.saved.remove(&id);
        if self.rows.len() < before && !settled {
            self.writes.push(Write::Delete(id));
        }
    }
}

const fn is_settled(pending: &Pending) -> bool {
    matches!(pending.stage, Stage::Settled { .. })
}
