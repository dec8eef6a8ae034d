//! Logging in and out, and who is there. The password is handed on and never kept.

use super::Desk;
use crate::outbox::Wish;
use crate::reading::Reading;
use crate::store::{DemoLogin, Keeping, Login, Part};
use shared::config::{Role, UserRef};

/// Who is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// The person.
    pub user: UserRef,
    /// What they may do in general.
    pub role: Role,
}

/// The demo's customers' phones: the address of their page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phones(pub String);

impl Desk {
    /// The agent has turned to this tab: of all they have, it is the one to make sounds.
    pub fn attend(self) {
        self.outbox.wishes.add(Wish::Attend);
    }

    /// Whether somebody is logged in: draw a skeleton for `Unknown`, the login page for `Out` and `Asking`.
    #[must_use]
    pub fn login_state(self) -> Reading<Login> {
        let login = self.store.login.clone();
        Reading::of(move || login.get())
    }

    /// Why the last login was refused, as a sentence.
    #[must_use]
    pub fn login_refused(self) -> Reading<Option<String>> {
        self.store.login_refused.clone().into()
    }

    /// Who is logged in; nothing before that is known.
    #[must_use]
    pub fn me(self) -> Reading<Option<Me>> {
        Reading::of(move || {
            self.store.read(Part::Session, |held| {
                held.session().map(|session| Me { user: session.user.clone(), role: session.role })
            })
        })
    }

    /// The people of the demo for a login with one click; empty when the relay is no demo.
    #[must_use]
    pub fn demo_logins(self) -> Reading<Vec<DemoLogin>> {
        let demo = self.store.demo.clone();
        Reading::of(move || demo.with(|demo| demo.as_ref().map_or_else(Vec::new, |demo| demo.logins.clone())))
    }

    /// Where the demo's customers' phones are; nothing when the relay is no demo.
    #[must_use]
    pub fn phones(self) -> Reading<Option<Phones>> {
        let demo = self.store.demo.clone();
        Reading::of(move || demo.with(|demo| demo.as_ref().and_then(|demo| demo.phones.clone()).map(Phones)))
    }

    /// What the device keeps over a reload; a sentence when it is nothing.
    #[must_use]
    pub fn storage_state(self) -> Reading<Keeping> {
        self.store.keeping.clone().into()
    }

    /// Logs in.
    pub fn log_in(self, login: &str, password: &str) {
        if self.store.login.get_untracked() == Login::Asking {
            return;
        }
        self.store.login_refused.set(None);
        self.store.login.set(Login::Asking);
        self.outbox.wishes.add(Wish::LogIn { login: login.to_owned(), password: password.to_owned() });
    }

    /// Logs out and forgets everything on this device. Messages that were not sent are lost: ask before, when
    /// [`super::Connection::unsent`] is not zero.
    pub fn log_out(self) {
        self.outbox.wishes.add(Wish::LogOut);
    }
}
