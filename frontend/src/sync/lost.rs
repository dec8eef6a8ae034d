//! Tells what went wrong behind one's back: chats that went back to the queue, each once on this device, and messages that did not arrive.

use super::driver::Driver;
use super::steady;
use crate::browser::keep;
use crate::language::keys::workspace;
use crate::language::{fill, t};
use shared::agent::Undelivered;
use shared::interaction::LostBecause;
use shared::time::Span;

/// Under which name it is kept how far was told.
const TOLD: &str = "signalbox-lost";
/// What went back earlier is no news.
const NEWS: Span = Span::hours(24);

impl Driver {
    /// Tells what went back to the queue and was not told yet.
    pub(super) fn tell_lost(&self) {
        let told = keep::recall(TOLD).and_then(|at| at.parse().ok()).unwrap_or(0);
        let now = self.clock.now(steady());
        let fresh: Vec<_> = self.store.peek(|held| {
            let all = held.agent().into_iter().flat_map(|agent| &agent.lost);
            let fresh = all.filter(|one| one.at.0 > told && now.since(one.at) < NEWS);
            let named = fresh.map(|one| {
                let name = held.conversation(one.interaction).map(|one| one.customer.title().to_owned());
                (*one, name.unwrap_or_else(|| t(workspace::SOMEBODY).to_owned()))
            });
            named.collect()
        });
        for (one, name) in fresh {
            keep::remember(TOLD, &one.at.0.to_string());
            let key = match one.because {
                LostBecause::Away | LostBecause::LoggedOut => workspace::LOST_AWAY,
                LostBecause::Deactivated | LostBecause::NoRights => workspace::LOST_RIGHTS,
            };
            self.notice(Some(one.interaction), None, None, fill(key, &[("name", &name)]));
        }
    }

    /// Tells that a message did not arrive whose chat is no longer open here.
    pub(super) fn tell_undelivered(&self, one: &Undelivered) {
        let name = self.store.peek(|held| held.named(one.identity));
        let name = name.as_deref().unwrap_or(t(workspace::SOMEBODY));
        self.notice(Some(one.interaction), None, None, fill(workspace::UNDELIVERED, &[("name", name)]));
    }
}
