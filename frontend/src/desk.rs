//! All a widget is given: what the relay told, what the agent hopes for, and what may be asked. It knows no socket.
//!
//! [`Desk`] is a small handle, copied freely and handed down by context ([`Desk::here`]). Its methods are of two kinds:
//!
//! * **Readings** return a `Signal`. Call them in the body of a component (they live as long as it does), not inside a
//!   closure that runs often. They change only when what they show has changed.
//! * **Intents** do something when called, from an event handler. Whether they may be used is told by a reading of the
//!   same name with `may_`, whose `Err` carries the sentence to show: the relay refuses with the very same.
//!
//! Messages are drawn at once, everything else shows [`Asked`] until the relay's event or answer has come.

mod activities;
mod closing;
mod compose;
mod connection;
mod conversation;
mod day;
mod lines;
mod manner;
mod notices;
mod offers;
mod older;
mod presence;
mod session;
mod tabs;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
mod waiting;

pub use crate::outbox::{Asked, Notice};
pub use crate::store::{Activities, Day, DemoLogin, Filter, Keeping, Login};
pub use connection::{Connection, Standing};
pub use conversation::{Chat, Look};
pub use lines::{Line, LineBody, LineKey, Lines, Progress, Said};
pub use offers::{OfferCard, Over};
pub use older::Earlier;
pub use presence::{Availability, MyQueue};
pub use session::{Me, Phones};
pub use tabs::Tab;
pub use waiting::WaitingItem;

use crate::outbox::{Outbox, Pending};
use crate::store::{Part, Store};
use leptos::prelude::*;
use shared::command::Command;
use shared::id::{CommandId, InteractionId, UserId};
use shared::time::Timestamp;
use uuid::Uuid;

/// All a widget is given. A copy is as good as the original.
#[derive(Clone, Copy)]
pub struct Desk {
    store: &'static Store,
    outbox: &'static Outbox,
    fresh: fn() -> Uuid,
}

impl Desk {
    /// A desk over a store and an outbox that live as long as the page; `fresh` makes new ids.
    #[must_use]
    pub const fn new(store: &'static Store, outbox: &'static Outbox, fresh: fn() -> Uuid) -> Self {
        Self { store, outbox, fresh }
    }

    /// The desk of this page, from context; nothing outside of one.
    #[must_use]
    pub fn here() -> Option<Self> {
        use_context::<Self>()
    }

    /// Hands the desk down to everything below the current component.
    pub fn provide(self) {
        provide_context(self);
    }

    /// The relay's time; moves once a second. Counting clocks read this and never the device's clock.
    #[must_use]
    pub fn now(self) -> Signal<Timestamp> {
        self.store.now.clone().into()
    }

    fn instant(self) -> Timestamp {
        self.store.now.get_untracked()
    }

    fn ask(self, command: Command) {
        self.outbox.ask(CommandId((self.fresh)()), command, self.instant());
    }

    /// Who is logged in; tells of changes.
    fn user(self) -> Option<UserId> {
        self.store.read(Part::Session, |held| held.session().map(|session| session.user.id))
    }

    /// Whether a wish that is no message is under way; tells of changes.
    fn is_asked(self, matches: impl Fn(&Pending) -> bool) -> bool {
        self.outbox.read(|pile| pile.rows().any(|one| one.asked().is_some() && matches(one)))
    }

    /// Whether this was asked of a conversation and is under way; tells of changes.
    fn asked_of(self, id: InteractionId, what: Asked) -> bool {
        self.is_asked(|one| one.asked() == Some(what) && one.command.interaction() == Some(id))
    }
}
