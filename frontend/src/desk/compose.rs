//! Working in a conversation: drafts, sending, status, close; and why not. The rules themselves are the domain's.

use super::Desk;
use crate::outbox::{Pending, Pile, Wish};
use crate::reading::Reading;
use crate::store::{Held, Part};
use shared::channel::Limit;
use shared::command::Command;
use shared::config::Role;
use shared::id::{ActivityId, CommandId, DispositionId, InteractionId, MessageId};
use shared::permit;
use shared::refusal::Refusal;
use shared::split::split;

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

    /// As how many messages a draft can be sent that is too long for one; none when it is not, or may not be cut.
    #[must_use]
    pub fn pieces(self, id: InteractionId) -> Reading<Option<usize>> {
        let may_send = self.may_send(id);
        let (draft, held_back) = (self.outbox.draft(id), self.holds_back());
        Reading::of(move || {
            let too_long = matches!(may_send.get(), Err(Refusal::TooLong { .. }));
            if !too_long || !self.workspace().split || held_back.get().is_some() {
                return None;
            }
            draft.with(|text| Some(split(text, self.limit(id)?).len()))
        })
    }

    /// Sends a draft that is too long as several messages, and empties it.
    pub fn send_pieces(self, id: InteractionId) {
        let text = self.outbox.draft(id).get_untracked();
        let Some(limit) = self.limit(id) else { return };
        // A piece that may not go leaves itself and all behind it in the field.
        let pieces = split(&text, limit);
        let sent = pieces.iter().take_while(|piece| self.send(id, piece).is_ok()).count();
        self.set_draft(id, pieces.into_iter().skip(sent).collect::<Vec<_>>().join("\n"));
    }

    /// How long a message of this conversation may be.
    fn limit(self, id: InteractionId) -> Option<Limit> {
        self.store.peek(|held| Some(held.conversation(id)?.interaction.channel.capabilities().text))
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

    /// Chooses these statuses in the place of those that were; several only where the queue allows it, none takes the
    /// choice back.
    pub fn choose_statuses(self, id: InteractionId, all: &[DispositionId]) {
        let Ok(activity) = self.store.peek(|held| mine(held, id)) else { return };
        let (disposition, also) = (all.first().copied(), all.iter().skip(1).copied().collect());
        self.ask(Command::ChooseDisposition { interaction: id, activity, disposition, also });
    }

    /// Chooses a status: beside those that were chosen where the queue allows it, else in their place.
    pub fn choose_status(self, id: InteractionId, status: DispositionId) {
        let Some(chat) = self.chat(id).get_untracked() else { return };
        let mut all = if chat.several { self.statuses_after(&chat) } else { Vec::new() };
        all.retain(|one| *one != status);
        all.push(status);
        self.choose_statuses(id, &all);
    }
}

/// This agent's piece of work in a conversation.
pub(super) fn mine(held: &Held, id: InteractionId) -> Result<ActivityId, Refusal> {
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

/// The statuses that were chosen last and that the relay has not told back yet; none while nothing is under way. Wishes of
/// one conversation go out in order, so who chooses and closes at once need not wait for it.
pub(super) fn chosen(pile: &Pile, id: InteractionId) -> Option<Vec<DispositionId>> {
    let chosen = |one: &Pending| match &one.command {
        Command::ChooseDisposition { interaction, disposition, also, .. } if *interaction == id => {
            Some(disposition.iter().chain(also).copied().collect())
        }
        _ => None,
    };
    pile.rows().rev().find_map(chosen)
}
