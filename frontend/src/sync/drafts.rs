//! Drafts: kept on this device, and told to the person's other tabs and devices. A message that was sent never comes back as one.

use super::driver::Driver;
use super::machine::State;
use super::note::Hint;
use super::steady;
use crate::outbox::Pending;

use shared::id::InteractionId;
use shared::wire::{DeskFrame, Draft};

impl Driver {
    /// Another tab of this device, or another device, says what is written in a chat.
    pub(super) fn draft_came(&self, id: InteractionId, text: String) {
        // What is being typed here is newer than what was typed elsewhere.
        if !self.drafts.contains(&id) && !self.untold.contains(&id) {
            self.outbox.draft(id).set(text);
        }
    }

    /// The same from another device, which does not write to this one's storage.
    pub(super) fn draft_told(&self, id: InteractionId, text: String) {
        if self.drafts.contains(&id) || self.untold.contains(&id) {
            return;
        }
        if let Some(keeper) = &self.keeper {
            keeper.draft(id, &text);
        }
        self.outbox.draft(id).set(text);
    }

    /// Writes down and tells what was typed since the last time.
    pub(super) fn flush_drafts(&mut self) {
        for id in std::mem::take(&mut self.drafts) {
            let text = self.outbox.draft(id).get_untracked();
            if let Some(keeper) = &self.keeper {
                keeper.draft(id, &text);
            }
            self.hint(&Hint::Draft { interaction: id, text });
            self.untold.insert(id);
        }
        self.tell_drafts();
    }

    /// Tells the relay what it has not heard yet, as soon as it listens.
    pub(super) fn tell_drafts(&mut self) {
        if self.machine.state() != State::Live {
            return;
        }
        let now = self.clock.now(steady()).0;
        for interaction in std::mem::take(&mut self.untold) {
            self.told.insert(interaction, now);
            let text = self.outbox.draft(interaction).get_untracked();
            self.send(&DeskFrame::Draft { interaction, text });
        }
    }

    /// Takes up what was written on other devices while this one was away.
    pub(super) fn take_drafts(&mut self, drafts: Vec<Draft>) {
        for Draft { interaction, text, at } in drafts {
            let own = self.outbox.draft(interaction);
            // The relay may have put its answer together before it heard of what was sent from here meanwhile.
            let known = self.told.get(&interaction).is_some_and(|told| at.0 <= *told);
            if known || !own.with_untracked(String::is_empty) {
                continue;
            }
            // It was sent from here, and the relay has not heard of that.
            let sent = self.outbox.peek(|pile| {
                let of = |one: &Pending| one.command.interaction() == Some(interaction);
                pile.rows().any(|one| of(one) && one.text() == Some(text.as_str()))
            });
            if sent {
                self.untold.insert(interaction);
            } else {
                self.draft_told(interaction, text);
            }
        }
        self.tell_drafts();
    }
}
