//! How the connection stands, in honest words. It never says "connected" while anything is still missing.

use super::Desk;
use crate::language::keys::{connection as words, message};
use crate::language::{count, fill, t};
use crate::outbox::{Pile, Stage, Wish};
use crate::reading::Reading;
use crate::sentences;
use crate::store::{Held, Keeping, Link, Part};

/// How the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All is well: show nothing.
    Good,
    /// The first connection is being made: show nothing loud.
    Starting,
    /// It is being made again.
    Connecting,
    /// The next attempt comes in so many seconds.
    Retrying(u64),
    /// The device has no network.
    Offline,
    /// The page must be reloaded: the relay is of another version.
    Outdated,
    /// Nobody is logged in any more.
    LoggedOut,
}

/// The connection and what waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// How it stands.
    pub standing: Standing,
    /// How many messages wait to be sent.
    pub unsent: usize,
}

impl Connection {
    /// What to show; nothing when all is well.
    #[must_use]
    pub fn sentence(self) -> Option<String> {
        let first = match self.standing {
            Standing::Good | Standing::Starting => return None,
            Standing::Connecting => t(words::CONNECTING).to_owned(),
            Standing::Retrying(seconds) => fill(words::RETRYING, &[("s", &seconds.to_string())]),
            Standing::Offline => t(words::OFFLINE).to_owned(),
            Standing::Outdated => t(words::OUTDATED).to_owned(),
            Standing::LoggedOut => t(words::LOGGED_OUT).to_owned(),
        };
        let unsent = self.waiting();
        Some(unsent.map_or_else(|| first.clone(), |unsent| [first.as_str(), " ", &unsent].concat()))
    }

    /// What this page lacks or has still to tell; nothing while it and the relay are in sync.
    #[must_use]
    pub fn lacks(self) -> Option<String> {
        let begins = || (self.standing == Standing::Starting).then(|| t(words::CONNECTING).to_owned());
        self.sentence().or_else(begins).or_else(|| self.waiting())
    }

    /// How many messages wait, in words; nothing when none does.
    fn waiting(self) -> Option<String> {
        let number = i64::try_from(self.unsent).unwrap_or(i64::MAX);
        (number > 0).then(|| count(words::UNSENT, number, &[]))
    }
}

impl Desk {
    /// What is wrong with accounts this person works with or looks after, in sentences; empty while all is well.
    #[must_use]
    pub fn account_troubles(self) -> Reading<String> {
        Reading::of(move || {
            let said = |held: &Held| held.lists().accounts.iter().map(sentences::trouble).collect::<Vec<_>>();
            self.store.read(Part::Accounts, said).join(" ")
        })
    }

    /// How the connection stands, counting down each second.
    #[must_use]
    pub fn connection(self) -> Reading<Connection> {
        Reading::of(move || {
            let standing = match self.store.link.get() {
                Link::Starting => Standing::Starting,
                Link::Live => Standing::Good,
                Link::Connecting => Standing::Connecting,
                Link::Retrying(at) => {
                    let left = at.since(self.store.now.get()).0.max(0);
                    Standing::Retrying(u64::try_from(left).unwrap_or_default().div_ceil(1_000))
                }
                Link::Offline => Standing::Offline,
                Link::Outdated => Standing::Outdated,
                Link::LoggedOut => Standing::LoggedOut,
            };
            let unsent = self
                .outbox
                .read(|pile| pile.rows().filter(|one| one.is_open() && one.message().is_some()).count());
            Connection { standing, unsent }
        })
    }

    /// How the connection stands, without its countdown: what a page shows does not change with every second.
    #[must_use]
    pub fn standing(self) -> Reading<Standing> {
        let connection = self.connection();
        Reading::of(move || match connection.get().standing {
            Standing::Retrying(_) => Standing::Connecting,
            other => other,
        })
    }

    /// Whether a logout would lose what somebody wrote: messages that are not with the relay, whatever became of them,
    /// and words begun while it could not be told of them.
    #[must_use]
    pub fn would_lose(self) -> bool {
        let unsent = |pile: &Pile| {
            pile.rows().any(|one| one.message().is_some() && !matches!(one.stage, Stage::Settled { .. }))
        };
        self.outbox.peek(unsent) || self.store.link.get_untracked() != Link::Live && self.outbox.has_drafts()
    }

    /// Why a message cannot be sent now although the chat allows it, as a sentence: it would be kept nowhere, neither by
    /// the device nor with the relay; or there has been no connection for so long that it would come too late.
    #[must_use]
    pub fn holds_back(self) -> Reading<Option<&'static str>> {
        Reading::of(move || {
            let since = self.store.cut_off_at.get()?;
            if self.store.keeping.with(|kept| matches!(kept, Keeping::Nothing(_))) {
                return Some(t(message::NOT_KEPT));
            }
            let limit = self.workspace().outbox_limit?;
            (self.store.now.get().since(since) >= limit).then(|| t(message::OFFLINE_TOO_LONG))
        })
    }

    /// Tries to connect now instead of waiting.
    pub fn reconnect(self) {
        self.outbox.wishes.add(Wish::Reconnect);
    }
}
