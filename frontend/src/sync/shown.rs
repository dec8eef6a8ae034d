//! How the connection stands, told to the desk. It changes nothing about it.

use super::driver::{Driver, set_if_other};
use super::machine::{State, Stop};
use super::steady;
use crate::store::Link;

impl Driver {
    /// Tells how the connection stands, and since when there is none.
    pub(super) fn show_link(&self) {
        let link = match self.machine.state() {
            State::Stopped(Stop::NotStarted) => Link::Starting,
            State::Stopped(Stop::LoggedOut) => Link::LoggedOut,
            State::Stopped(Stop::Outdated) => Link::Outdated,
            State::Offline => Link::Offline,
            State::Connecting | State::Greeting => Link::Connecting,
            State::Live => Link::Live,
            State::Backoff { until } => Link::Retrying(self.clock.at(until)),
        };
        let cut_off_at = match link {
            Link::Live => None,
            _ => self.store.cut_off_at.get_untracked().or_else(|| Some(self.clock.now(steady()))),
        };
        set_if_other(&self.store.cut_off_at, cut_off_at);
        set_if_other(&self.store.link, link);
    }
}
