//! What the agent still hopes for: commands not yet settled, texts not yet sent, notices not yet read. It sends nothing.
//!
//! [`Pile`] is the plain state of all commands; [`Outbox`] lends it out, says when it changes and queues what is asked of
//! the connection ([`Wish`]). A reader never writes and a writer tells nobody before it has let go.

mod pending;
mod pile;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
mod wish;

pub use pending::{Asked, Pending, Stage};
pub use pile::{Answered, Pile, Write};
pub use wish::{Wish, Wishes};

use crate::reading::Slot;
use leptos::prelude::*;
use shared::command::Command;
use shared::flat::FlatMap;
use shared::id::{CommandId, InteractionId};
use shared::refusal::Refusal;
use shared::time::Timestamp;
use std::sync::{Mutex, PoisonError, RwLock};

/// Notices kept at most; the oldest gives way.
const NOTICES: usize = 6;

/// Something the agent should read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number, for dismissing it.
    pub number: u64,
    /// When it came up, by the relay's clock.
    pub at: Timestamp,
    /// The conversation it is about.
    pub about: Option<InteractionId>,
    /// What was asked for, when it is the answer to something.
    pub asked: Option<Asked>,
    /// The refusal behind it, when it is one.
    pub refusal: Option<Refusal>,
    /// What to read.
    pub sentence: String,
}

/// What the agent still hopes for. One per page; lives as long as the page.
#[derive(Default)]
pub struct Outbox {
    pile: RwLock<Pile>,
    changed: ArcTrigger,
    drafts: Mutex<FlatMap<InteractionId, Slot<String>>>,
    notices: Slot<Vec<Notice>>,
    /// What is asked of the connection.
    pub wishes: Wishes,
}

impl Outbox {
    /// Lends the commands out; the caller's view is told of every change. The closure must not write.
    pub fn read<T>(&self, look: impl FnOnce(&Pile) -> T) -> T {
        self.changed.track();
        self.peek(look)
    }

    /// Lends the commands out once. The closure must not write.
    pub fn peek<T>(&self, look: impl FnOnce(&Pile) -> T) -> T {
        look(&self.pile.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the commands.
    pub fn change<T>(&self, write: impl FnOnce(&mut Pile) -> T) -> T {
        let result = write(&mut self.pile.write().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify();
        result
    }

    /// Takes up a command and has it sent.
    pub fn ask(&self, id: CommandId, command: Command, now: Timestamp) {
        self.change(|pile| pile.ask(id, command, now));
        self.wishes.add(Wish::Drain);
    }

    /// The text being written in a conversation.
    pub fn draft(&self, id: InteractionId) -> Slot<String> {
        self.drafts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .or_insert_with(id, Default::default)
            .clone()
    }

    /// Whether anything is being written anywhere.
    #[must_use]
    pub fn has_drafts(&self) -> bool {
        let drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.values().any(|draft| draft.with_untracked(|text| !text.trim().is_empty()))
    }

    /// Adds a notice; the same sentence about the same thing is shown once.
    pub fn tell(&self, notice: Notice) {
        self.notices.update(|notices| {
            notices.retain(|one| one.sentence != notice.sentence || one.about != notice.about);
            let number = notices.last().map_or(0, |last| last.number) + 1;
            let surplus = (notices.len() + 1).saturating_sub(NOTICES);
            notices.drain(..surplus);
            notices.push(Notice { number, ..notice });
        });
    }

    /// The notices, oldest first.
    #[must_use]
    pub fn notices(&self) -> Slot<Vec<Notice>> {
        self.notices.clone()
    }

    /// Forgets everything.
    pub fn forget_all(&self) {
        self.change(Pile::clear);
        let drafts = std::mem::take(&mut *self.drafts.lock().unwrap_or_else(PoisonError::into_inner));
        for draft in drafts.values() {
            draft.set(String::new());
        }
        self.notices.set(Vec::new());
    }
}
