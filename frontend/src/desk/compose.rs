//! Working in a conversation: drafts, sending, status, close; and why not. The rules themselves are the domain's.

use super::conversation::{configured, requires};
use super::{Asked, Desk};
use crate::outbox::{Pending, Pile, Wish};
use crate::reading::Reading;
use crate::store::{Held, Part};
use leptos::prelude::*;
use shared::command::Command;
use shared::config::Role;
use shared::id::{ActivityId, CommandId, DispositionId, InteractionId, MessageId};
use shared::permit;
use shared::refusal::Refusal;

impl Desk {
    /// The text being written in a conversation. Change it with [`Desk::set_draft`] alone.
    #[must_use]
    pub fn draft(self, id: InteractionId) -> Reading<String> {
        self.outbox.draft(id).into()
    }

    /// The agent typed; the text survives a reload.
    pub fn set_draft(self, id: InteractionId, text: String) {
        let draft = self.outbox.draft(id);
        if draft.with_untracked(|held| *held != text) {
            draft.set(text);
            self.outbox.wishes.add(Wish::KeepDraft(id));
        }
    }

    /// Whether anything may be written in this conversation now: disables the composer.
    #[must_use]
    pub fn may_write(self, id: InteractionId) -> Reading<Result<(), Refusal>> {
        Reading::of(move || {
            let user = self.user();
            let now = self.store.now.get();
            self.store.read(Part::Conversation(id), |held| {
                let (Some(one), Some(user)) = (held.conversation(id), user) else {
                    return Err(Refusal::NotOpen);
                };
                permit::write(&one.interaction, user, now)
            })
        })
    }

    /// Whether the draft may be sent now: disables the send button.
    #[must_use]
    pub fn may_send(self, id: InteractionId) -> Reading<Result<(), Refusal>> {
        let may_write = self.may_write(id);
        let draft = self.outbox.draft(id);
        Reading::of(move || {
            may_write.get()?;
            let channel = self.store.read(Part::Conversation(id), |held| {
                held.conversation(id).map(|one| one.interaction.channel)
            });
            let channel = channel.ok_or(Refusal::NotOpen)?;
            draft.with(|text| permit::text(channel, text))
        })
    }

    /// Sends a text. It is drawn at once, and sent when there is a connection.
    ///
    /// # Errors
    /// Why it may not be sent; nothing happened then and the draft stays.
    pub fn send(self, id: InteractionId, text: &str) -> Result<(), Refusal> {
        let now = self.instant();
        let seen = self.store.peek(|held| {
            let user = held.session().map(|session| session.user.id).ok_or(Refusal::NotOpen)?;
            let one = held.conversation(id).ok_or(Refusal::NotOpen)?;
            permit::send(&one.interaction, user, text, now)?;
            Ok(one.viewed.min(one.interaction.last_customer_seq))
        })?;
        let message = MessageId((self.fresh)());
        self.ask(Command::Send { interaction: id, message, text: text.to_owned(), seen });
        Ok(())
    }

    /// Sends the draft and empties it.
    ///
    /// # Errors
    /// Why it may not be sent; the draft stays.
    pub fn send_draft(self, id: InteractionId) -> Result<(), Refusal> {
        let text = self.outbox.draft(id).get_untracked();
        self.send(id, &text)?;
        self.set_draft(id, String::new());
        Ok(())
    }

    /// Sends a refused or unclear message again.
    pub fn retry(self, message: MessageId) {
        let now = self.instant();
        self.outbox.change(|pile| pile.retry(message, CommandId((self.fresh)()), now));
        self.outbox.wishes.add(Wish::Drain);
    }

    /// Sends the words of a message that failed, or may have, once more as a new message.
    pub fn resend(self, id: InteractionId, message: MessageId) {
        let again = MessageId((self.fresh)());
        let seen = self.store.peek(|held| held.conversation(id).map(|one| one.viewed)).unwrap_or_default();
        self.ask(Command::Resend { interaction: id, message, again, seen });
    }

    /// Lets a message be that failed, or may have.
    pub fn dismiss_message(self, id: InteractionId, message: MessageId) {
        self.ask(Command::Dismiss { interaction: id, message });
    }

    /// Gives up a refused, unclear or waiting message.
    pub fn discard(self, message: MessageId) {
        self.outbox.change(|pile| pile.discard(message));
        self.outbox.wishes.add(Wish::Drain);
    }

    /// Gives up a refused, unclear or waiting message and puts its words before what is being written.
    pub fn restore(self, message: MessageId) {
        let Some((id, text)) = self.outbox.change(|pile| pile.discard(message)) else { return };
        self.outbox.wishes.add(Wish::Drain);
        let draft = self.outbox.draft(id).get_untracked();
        self.set_draft(id, if draft.is_empty() { text } else { [text.as_str(), "\n", &draft].concat() });
    }

    /// Whether a status may be chosen; also after the end, to correct it.
    #[must_use]
    pub fn may_choose_status(self, id: InteractionId) -> Reading<Result<(), Refusal>> {
        Reading::of(move || {
            self.store.track(Part::Session);
            self.store.read(Part::Conversation(id), |held| mine(held, id).map(|_| ()))
        })
    }

    /// Chooses a status, or takes the choice back.
    pub fn choose_status(self, id: InteractionId, disposition: Option<DispositionId>) {
        let Ok(activity) = self.store.peek(|held| mine(held, id)) else { return };
        self.ask(Command::ChooseDisposition { interaction: id, activity, disposition });
    }

    /// Whether the conversation may be closed. `DispositionRequired` outlines and focuses the status field;
    /// `NewMessage` asks, and [`Desk::close_anyway`] answers.
    #[must_use]
    pub fn may_close(self, id: InteractionId) -> Reading<Result<(), Refusal>> {
        Reading::of(move || {
            self.store.track(Part::Session);
            self.store.track(Part::Config);
            let chosen = self.outbox.read(|pile| chosen(pile, id, None).is_some());
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

    /// The status a chat will have when what was asked for is done; `is` is the one it has.
    #[must_use]
    pub fn status_after(self, id: InteractionId, is: Option<DispositionId>) -> Option<DispositionId> {
        self.outbox.read(|pile| chosen(pile, id, is))
    }

    /// Closes the conversation as far as it was looked at.
    ///
    /// # Errors
    /// Why it may not be closed; nothing happened then.
    pub fn close(self, id: InteractionId) -> Result<(), Refusal> {
        self.close_with(id, None)
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

    fn close_with(self, id: InteractionId, seen: Option<u64>) -> Result<(), Refusal> {
        if self.outbox.peek(|pile| {
            pile.rows().any(|one| one.asked() == Some(Asked::Close) && one.command.interaction() == Some(id))
        }) {
            return Ok(());
        }
        let chosen = self.outbox.peek(|pile| chosen(pile, id, None).is_some());
        let (activity, seen) = self.store.peek(|held| may_close(held, id, seen, chosen))?;
        self.outbox.notices().update(|notices| notices.retain(|one| one.about != Some(id)));
        self.ask(Command::Close { interaction: id, activity, seen });
        Ok(())
    }
}

/// This agent's piece of work in a conversation.
fn mine(held: &Held, id: InteractionId) -> Result<ActivityId, Refusal> {
    let session = held.session().ok_or(Refusal::NotOpen)?;
    let one = held.conversation(id).ok_or(Refusal::NotOpen)?;
    let activity = one.activity_of(session.user.id).or_else(|| {
        // Who supervises may correct what others did.
        one.interaction.activities.iter().rev().find(|_| session.role != Role::Agent)
    });
    let activity = activity.ok_or(Refusal::NotYours)?;
    permit::work(activity, session.user.id, session.role != Role::Agent)?;
    Ok(activity.id)
}

/// The status that was chosen last and that the relay has not told back yet, else the one that `is`. Wishes of one
/// conversation go out in order, so who chooses and closes at once need not wait for it.
fn chosen(pile: &Pile, id: InteractionId, is: Option<DispositionId>) -> Option<DispositionId> {
    let chosen = |one: &Pending| match one.command {
        Command::ChooseDisposition { interaction, disposition, .. } if interaction == id => Some(disposition),
        _ => None,
    };
    pile.rows().rev().find_map(chosen).unwrap_or(is)
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
