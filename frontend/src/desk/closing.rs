//! Closing a conversation: whether it may be, what stands in the way, and taking it back for a moment where the workspace lets one.

use super::compose::{chosen, mine};
use super::conversation::{configured, requires};
use super::{Asked, Chat, Desk, Notice};
use crate::reading::Reading;
use crate::sentences;
use crate::store::{Held, Part};
use shared::command::Command;
use shared::config::Role;
use shared::flat::FlatMap;
use shared::id::{ActivityId, DispositionId, InteractionId};
use shared::permit;
use shared::refusal::Refusal;
use shared::time::{Span, Timestamp};

/// How long closing can be taken back.
const UNDO: Span = Span::seconds(5);

impl Desk {
    /// Whether the conversation may be closed. `DispositionRequired` outlines and focuses the status field;
    /// `NewMessage` asks, and [`Desk::close_anyway`] answers.
    #[must_use]
    pub fn may_close(self, id: InteractionId) -> Reading<Result<(), Refusal>> {
        Reading::of(move || {
            self.store.track(Part::Session);
            self.store.track(Part::Config);
            let chosen = self.outbox.read(|pile| chosen(pile, id).is_some_and(|all| !all.is_empty()));
            self.store.read(Part::Conversation(id), |held| may_close(held, id, None, chosen).map(|_| ()))
        })
    }

    /// Has the chat closed as if its button were pressed, with the questions that stand before that. One that has no such
    /// button, because it is only looked at, forgets the wish: nobody closes it unawares when it is theirs.
    pub fn wish_close(self, id: InteractionId) {
        if self.store.peek(|held| held.is_open(id)) {
            self.store.close_wished.set(Some(id));
        }
    }

    /// Whether that was asked of this chat; whoever does it says so with [`Self::close_heard`].
    #[must_use]
    pub fn close_wished(self, id: InteractionId) -> Reading<bool> {
        Reading::of(move || self.store.close_wished.get() == Some(id))
    }

    /// The wish to close was heard.
    pub fn close_heard(self) {
        self.store.close_wished.set(None);
    }

    /// The statuses a chat will have when what was asked for is done.
    #[must_use]
    pub fn statuses_after(self, chat: &Chat) -> Vec<DispositionId> {
        let asked = self.outbox.read(|pile| chosen(pile, chat.id));
        asked.unwrap_or_else(|| chat.chosen.iter().map(|one| one.id).collect())
    }

    /// Closes the conversation as far as it was looked at; a moment later, where that can be taken back.
    ///
    /// # Errors
    /// Why it may not be closed; nothing happened then.
    pub fn close(self, id: InteractionId) -> Result<(), Refusal> {
        if !self.workspace().undo_close {
            return self.close_with(id, None);
        }
        self.closable(id, None)?;
        let at = self.instant().plus(UNDO);
        self.store.closing.update(|closing| {
            closing.insert(id, at);
        });
        Ok(())
    }

    /// In how many seconds a conversation is closed; none when it is not about to be.
    #[must_use]
    pub fn closes_in(self, id: InteractionId) -> Reading<Option<i64>> {
        Reading::of(move || {
            let at = self.store.closing.with(|closing| closing.get(&id).copied())?;
            Some((at.since(self.store.now.get()).0.max(0) + 999) / 1_000)
        })
    }

    /// Takes closing back.
    pub fn stay_open(self, id: InteractionId) {
        self.store.closing.update(|closing| {
            closing.remove(&id);
        });
    }

    /// Closes what is due by now; call it whenever the clock moves. A page that is left meanwhile closes nothing.
    pub fn close_due(self, now: Timestamp) {
        let due = |closing: &FlatMap<InteractionId, Timestamp>| {
            let due = closing.iter().filter(|(_, at)| **at <= now);
            due.map(|(id, _)| *id).collect::<Vec<_>>()
        };
        for id in self.store.closing.with(due) {
            self.stay_open(id);
            // What came in between is asked about as after a refusal of the relay.
            if let Err(refusal) = self.close_with(id, None) {
                let sentence = sentences::refusal(&refusal);
                let (about, asked, refusal) = (Some(id), Some(Asked::Close), Some(refusal));
                self.outbox.tell(Notice { number: 0, at: now, about, asked, refusal, sentence });
            }
        }
    }

    /// Closes the conversation although the customer wrote again; what they wrote counts as seen.
    ///
    /// # Errors
    /// Why it may not be closed; nothing happened then.
    pub fn close_anyway(self, id: InteractionId) -> Result<(), Refusal> {
        // The newest number may have come with the refusal, before its event.
        let told = self.outbox.notices().with_untracked(|notices| {
            let seq = |one: &super::Notice| match one.refusal {
                Some(Refusal::NewMessage { seq }) if one.about == Some(id) => Some(seq),
                _ => None,
            };
            notices.iter().rev().find_map(seq)
        });
        let held = self.store.peek(|held| held.conversation(id).map(|one| one.interaction.last_customer_seq));
        self.close_with(id, told.max(held))
    }

    /// What a close would be about, if it may be now.
    fn closable(self, id: InteractionId, seen: Option<u64>) -> Result<(ActivityId, u64), Refusal> {
        let chosen = self.outbox.peek(|pile| chosen(pile, id).is_some_and(|all| !all.is_empty()));
        self.store.peek(|held| may_close(held, id, seen, chosen))
    }

    fn close_with(self, id: InteractionId, seen: Option<u64>) -> Result<(), Refusal> {
        if self.outbox.peek(|pile| {
            pile.rows().any(|one| one.asked() == Some(Asked::Close) && one.command.interaction() == Some(id))
        }) {
            return Ok(());
        }
        let (activity, seen) = self.closable(id, seen)?;
        self.outbox.notices().update(|notices| notices.retain(|one| one.about != Some(id)));
        self.ask(Command::Close { interaction: id, activity, seen });
        Ok(())
    }
}

fn may_close(
    held: &Held,
    id: InteractionId,
    seen: Option<u64>,
    chosen: bool,
) -> Result<(ActivityId, u64), Refusal> {
    let activity = mine(held, id)?;
    let session = held.session().ok_or(Refusal::NotOpen)?;
    let one = held.conversation(id).ok_or(Refusal::NotOpen)?;
    let piece = one.interaction.activity(activity).ok_or(Refusal::NotOpen)?;
    let required = !chosen && configured(held, piece.queue.id).is_some_and(requires);
    let seen = seen.unwrap_or(one.viewed);
    let supervises = session.role != Role::Agent;
    permit::close(&one.interaction, piece, session.user.id, supervises, required, seen)?;
    Ok((activity, seen))
}
