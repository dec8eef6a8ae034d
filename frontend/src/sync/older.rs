//! What stands before all that is shown of a conversation, a page at a time: its own lines first, then the customer's earlier chats.

use super::driver::{Driver, drop_from};
use super::fetch;
use super::note::Wanted;
use crate::browser::net::NetError;
use crate::sentences;
use shared::id::InteractionId;
use shared::wire::{HistoryPage, InteractionSnapshot};

/// So many lines are a page, as the relay has it; short chats come together until there are as many.
const PAGE: usize = 50;

impl Driver {
    /// Fetches what is older than everything that is shown above and of this conversation.
    pub(super) fn fetch_older(&self, home: InteractionId) {
        let top = self.store.peek(|held| {
            let top = *held.chain(home).first()?;
            let before = top.thread.first().filter(|_| top.has_older);
            Some((top.interaction.id, before, top.earlier))
        });
        let notes = self.notes.clone();
        match top {
            Some((top, Some(before), _)) => fetch::older(notes, home, top, before),
            Some((top, None, Some(earlier))) => {
                fetch::earlier(notes, Wanted { home, top, earlier, lines: PAGE });
            }
            _ => self.done(home),
        }
    }

    /// An older page came.
    pub(super) fn older(
        &self,
        home: InteractionId,
        id: InteractionId,
        answer: Result<HistoryPage, NetError>,
    ) {
        match answer {
            Ok(page) => self.store.prepend(id, page),
            Err(error) => self.notice(Some(home), None, None, sentences::network(&error)),
        }
        self.done(home);
    }

    /// An earlier chat came.
    pub(super) fn earlier(&mut self, wanted: Wanted, answer: Result<InteractionSnapshot, NetError>) {
        let Wanted { home, top, earlier, lines } = wanted;
        match answer {
            Ok(snapshot) => {
                let version = snapshot.interaction.version;
                let whole = snapshot.entries.first().is_none_or(|first| first.seq == 1);
                let lines = lines.saturating_sub(snapshot.entries.len().max(1));
                let next = snapshot.earlier.filter(|_| whole && lines > 0);
                if self.store.unroll(top, snapshot) {
                    // Receipts may still come, and rights to it may go.
                    self.watch(earlier, version);
                    self.unwatch_resting();
                    self.after_events();
                    if let Some(next) = next {
                        let wanted = Wanted { home, top: earlier, earlier: next, lines };
                        return fetch::earlier(self.notes.clone(), wanted);
                    }
                }
            }
            // Rights to it went meanwhile: which one it is now, the chat on top says when it is fetched anew.
            Err(error) if matches!(error.status(), Some(403 | 404)) => self.fetch_interaction(top),
            Err(error) => self.notice(Some(home), None, None, sentences::network(&error)),
        }
        self.done(home);
    }

    fn done(&self, home: InteractionId) {
        self.store.fetching_older.update(|all| drop_from(all, home));
    }
}
