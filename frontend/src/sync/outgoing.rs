//! Commands on their way out: written down, sent by one tab, answered in all. A command is never sent before it is kept.

use super::driver::{Driver, set_if_other};
use super::machine::State;
use super::note::Hint;
use super::steady;
use crate::browser::locks::Guard;
use crate::language::keys::connection;
use crate::language::{fill, t};
use crate::outbox::{Answered, Asked, Notice, Pending};
use crate::sentences;
use crate::store::Keeping;
use shared::command::Command;
use shared::id::{CommandId, InteractionId};
use shared::refusal::Refusal;
use shared::wire::{DeskFrame, Outcome};

impl Driver {
    /// Writes down what is new, and sends what may be sent.
    pub(super) fn drain(&mut self) {
        let writes = if self.outbox.peek(crate::outbox::Pile::has_writes) {
            self.outbox.change(crate::outbox::Pile::take_writes)
        } else {
            Vec::new()
        };
        if !writes.is_empty() {
            match &self.keeper {
                Some(keeper) => keeper.commands(writes),
                None => self.outbox.change(|pile| {
                    for write in writes {
                        if let crate::outbox::Write::Put(pending) = write {
                            pile.saved(pending.id);
                        }
                    }
                }),
            }
        }
        if !self.drains || !self.sure || self.machine.state() != State::Live {
            return;
        }
        for pending in self.outbox.peek(crate::outbox::Pile::sendable) {
            self.outbox.change(|pile| pile.sent(pending.id));
            self.send(&DeskFrame::Command { id: pending.id, command: pending.command });
        }
    }

    /// Commands are on disk: they may go out, here or in the tab that sends for all.
    pub(super) fn saved(&mut self, ids: &[CommandId]) {
        self.outbox.change(|pile| {
            for id in ids {
                pile.saved(*id);
            }
        });
        self.hint(&Hint::Outbox);
        self.drain();
    }

    /// The disk failed: go on without it, and say so.
    pub(super) fn not_saved(&mut self, ids: &[CommandId], why: String) {
        set_if_other(&self.store.keeping, Keeping::Nothing(why));
        // What it holds already is still to be wiped at the end.
        self.full = self.keeper.take().or(self.full.take());
        self.lead = None;
        self.drains = true;
        self.saved(ids);
    }

    /// Reads what other tabs have written down.
    pub(super) fn read_rows(&self) {
        if let Some(keeper) = &self.keeper {
            keeper.read_rows();
        }
    }

    /// The commands of all tabs came from the disk.
    pub(super) fn rows(&mut self, rows: Vec<Pending>) {
        self.outbox.change(|pile| pile.reconcile(rows));
        self.drain();
    }

    /// This tab's turn to send has come; without locks every tab sends its own.
    pub(super) fn leads(&mut self, guard: Option<Guard>) {
        self.lead = guard;
        self.drains = true;
        self.read_rows();
        self.drain();
    }

    /// The relay answered; `told` when it told this tab, so that the others must be told.
    pub(super) fn answer(&mut self, id: CommandId, outcome: &Outcome, told: bool) {
        if told {
            self.hint(&Hint::Answer { id, outcome: outcome.clone() });
        }
        match self.outbox.change(|pile| pile.answered(id, outcome)) {
            Answered::Known | Answered::Done => {}
            Answered::Refused(pending, refusal) => self.refused(&pending, refusal),
            Answered::Unclear(pending) => {
                let sentence = t(connection::MALFORMED).to_owned();
                self.notice(pending.command.interaction(), pending.asked(), None, sentence);
            }
        }
        self.after_events();
        self.drain();
    }

    /// Tells of a refusal, unless it is told where it belongs: on the message, or on the card that somebody else took.
    fn refused(&self, pending: &Pending, refusal: Refusal) {
        let sentence = sentences::refusal(&refusal);
        if let Some((id, _)) = pending.message() {
            return self.unsent(id, &sentence);
        }
        let on_card = match (&pending.command, &refusal) {
            (Command::Accept { activity, .. }, Refusal::Taken { .. } | Refusal::CustomerGone) => {
                self.store.peek(|held| {
                    let rings = held
                        .agent()
                        .is_some_and(|agent| agent.ringing.iter().any(|one| one.activity == *activity));
                    rings || held.ended().iter().any(|one| one.ringing.activity == *activity)
                })
            }
            // It is over either way.
            (Command::Reject { .. }, Refusal::OfferOver) => true,
            _ => false,
        };
        if !on_card {
            self.notice(pending.command.interaction(), pending.asked(), Some(refusal), sentence);
        }
    }

    /// A message was refused. Who pressed Close behind it closes no chat in which it is missing. The bubble says why; where
    /// the chat is no longer open here, its writer does not look there and is told.
    fn unsent(&self, id: InteractionId, why: &str) {
        if self.outbox.change(|pile| pile.stay_open(id)) {
            self.notice(Some(id), Some(Asked::Close), None, t(connection::NOT_CLOSED).to_owned());
        }
        if !self.store.peek(|held| held.is_open(id)) {
            self.notice(Some(id), None, None, fill(connection::NOT_SENT, &[("why", why)]));
        }
    }

    /// Gives up what has waited too long to be done without anybody looking.
    pub(super) fn expire(&mut self) {
        let now = self.clock.now(steady());
        if !self.outbox.peek(|pile| pile.has_overdue(now)) {
            return;
        }
        for pending in self.outbox.change(|pile| pile.expire(now)) {
            let sentence = t(connection::NOT_DONE).to_owned();
            self.notice(pending.command.interaction(), pending.asked(), None, sentence);
        }
        self.drain();
    }

    /// Tells the agent.
    pub(super) fn notice(
        &self,
        about: Option<InteractionId>,
        asked: Option<Asked>,
        refusal: Option<Refusal>,
        sentence: String,
    ) {
        let at = self.clock.now(steady());
        self.outbox.tell(Notice { number: 0, at, about, asked, refusal, sentence });
    }

    /// Tells the other tabs.
    pub(super) fn hint(&self, hint: &Hint) {
        if let (Some(tabs), Ok(text)) = (&self.tabs, serde_json::to_string(hint)) {
            tabs.post(&text);
        }
    }

    /// Another tab told.
    pub(super) fn heard(&mut self, hint: Hint) {
        match hint {
            Hint::Outbox => self.read_rows(),
            Hint::Answer { id, outcome } => self.answer(id, &outcome, false),
            Hint::Draft { interaction, text } => self.draft_came(interaction, text),
            Hint::Viewed { interaction, seq } => self.store.view(interaction, seq),
            // Whoever it is now: begin anew with what is true.
            Hint::Session => crate::browser::location::reload(),
        }
    }
}
