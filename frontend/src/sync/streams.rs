//! What is fetched, watched and kept of streams: only what is missing is asked for, only what moved is written down.

use super::driver::Driver;
use super::fetch;
use super::machine::{Input, State};
use super::note::{Hint, Note};
use super::past::Told;
use super::steady;
use crate::browser::clock as device;
use crate::browser::net::NetError;
use crate::outbox::Wish;
use crate::sentences;
use crate::store::{Day, Held, Part};
use shared::event::Stream;
use shared::flat::FlatSet;
use shared::id::InteractionId;
use shared::wire::{DayBody, DeskFrame, InteractionPage, InteractionSnapshot};
use wasm_bindgen_futures::spawn_local;

/// The least time between two fetches of the same thing, in milliseconds, so that a fault is not asked for in circles.
const FETCH_AGAIN_MS: i64 = 2_000;
/// Rows of a page of activities.
const PAGE: usize = 50;
/// The most of them that the relay hands out at once.
const PAGES_AT_ONCE: usize = 200;
/// How much longer it takes after a failure, in milliseconds.
const FAILED_AGAIN_MS: i64 = 10_000;
/// How long typing may go on before a draft is written down, in milliseconds; with the write itself below 300.
const DRAFT_MS: i32 = 250;

impl Driver {
    /// The desk asks for something.
    pub(super) fn wish(&mut self, wish: Wish) {
        match wish {
            Wish::Drain => self.drain(),
            Wish::Attend => self.attend(),
            Wish::KeepDraft(id) => {
                if self.drafts.is_empty() {
                    let notes = self.notes.clone();
                    spawn_local(async move {
                        device::sleep(DRAFT_MS).await;
                        notes.put(Note::FlushDrafts);
                    });
                }
                self.drafts.insert(id);
                // What was sent or thrown away is no draft any more, here and elsewhere, even if this page ends now.
                if self.outbox.draft(id).with_untracked(String::is_empty) {
                    self.flush_drafts();
                }
            }
            Wish::KeepViewed(id) => {
                self.dirty.insert(Part::Conversation(id));
                let seq = self.store.peek(|held| held.conversation(id).map(|one| one.viewed));
                if let Some(seq) = seq {
                    self.hint(&Hint::Viewed { interaction: id, seq });
                }
            }
            Wish::Older(id) => self.fetch_older(id),
            Wish::FetchAgain(id) => fetch::file_again(id),
            Wish::Open(id) => self.fetch_interaction(id),
            Wish::Activities(before) => self.fetch_activities(before),
            Wish::Day => fetch::day(self.notes.clone()),
            Wish::LogIn { login, password } => fetch::log_in(self.notes.clone(), login, password),
            Wish::LogOut => fetch::log_out(self.notes.clone()),
            Wish::Reconnect => self.step(Input::Shown),
        }
    }

    /// Fetches the whole start, unless it is on its way.
    pub(super) fn fetch_desk(&mut self) {
        if !self.desk_coming {
            self.desk_coming = true;
            if fetch::has_left() {
                fetch::leave(self.notes.clone());
            } else {
                fetch::desk(self.notes.clone());
            }
        }
    }

    /// Fetches an interaction, unless it is on its way.
    pub(super) fn fetch_interaction(&mut self, id: InteractionId) {
        if self.coming.insert(id) {
            self.fetched.insert(id, steady());
            fetch::interaction(self.notes.clone(), id);
        }
    }

    /// Fetches what the tabs need and is not here, and what has holes; not again and again within a moment.
    pub(super) fn fetch_wanted(&mut self) {
        if self.machine.state() != State::Live {
            return;
        }
        let now = steady();
        let again = |at: Option<&i64>| at.is_none_or(|at| now.saturating_sub(*at) >= FETCH_AGAIN_MS);
        let mut wanted = self.store.peek(Held::wanted);
        wanted.retain(|id| again(self.fetched.get(id)));
        for id in wanted {
            self.fetch_interaction(id);
        }
        if self.store.peek(Held::agent_is_stale) && again(self.desk_at.as_ref()) {
            self.fetch_desk();
        }
    }

    pub(super) fn interaction(
        &mut self,
        id: InteractionId,
        answer: Result<(InteractionSnapshot, String), NetError>,
    ) {
        self.coming.remove(&id);
        match answer {
            Ok((snapshot, text)) => {
                let version = snapshot.interaction.version;
                self.past.start(Stream::Interaction(id), version, text);
                self.store.unreachable.update(|all| drop(all.remove(&id)));
                // What follows its events needs no snapshot but to begin with next time: a long history is not put
                // together anew for that.
                let whole = self.store.peek(|held| held.conversation(id).is_some_and(|one| !one.stale));
                if !whole || !self.watched.contains(&id) {
                    self.store.adopt(snapshot, None);
                    self.watch(id, version);
                }
                self.dirty.insert(Part::Conversation(id));
                self.unwatch_resting();
                self.after_events();
                // A chat that has just opened is on the device at once, and not only with the next tick.
                self.flush_streams();
            }
            Err(error) => {
                if matches!(error.status(), Some(403 | 404)) {
                    self.store.forget(Stream::Interaction(id));
                    self.past.forget(Stream::Interaction(id));
                }
                self.fetched.insert(id, steady().saturating_add(FAILED_AGAIN_MS));
                self.store.unreachable.update(|all| {
                    all.insert(id, sentences::network(&error));
                });
            }
        }
    }

    /// From now on, every event of an interaction.
    pub(super) fn watch(&mut self, interaction: InteractionId, version: u64) {
        if self.machine.state() == State::Live {
            self.watched.insert(interaction);
            self.send(&DeskFrame::Watch { interaction, version });
        }
    }

    /// Lets go of conversations that rest, beyond a handful.
    pub(super) fn unwatch_resting(&mut self) {
        for interaction in self.store.thin_out() {
            self.watched.remove(&interaction);
            self.past.forget(Stream::Interaction(interaction));
            self.send(&DeskFrame::Unwatch { interaction });
        }
    }

    fn fetch_activities(&self, before: Option<String>) {
        let asked = self.store.activities.with_untracked(|list| list.asked);
        let filter = self.store.activities_filter.get_untracked();
        // Who comes back to a long list, scrolled down, finds it as long as it was.
        let shown = self.store.activities.with_untracked(|list| list.rows.len());
        let limit = if before.is_some() { PAGE } else { shown.clamp(PAGE, PAGES_AT_ONCE) };
        fetch::activities(self.notes.clone(), asked, &filter, before, limit);
    }

    pub(super) fn activities(&mut self, asked: u32, first: bool, answer: Result<InteractionPage, NetError>) {
        if self.store.activities.with_untracked(|list| list.asked != asked) {
            return;
        }
        // The relay looks through so many at a time and may have found nothing among these: on, then.
        let on = match &answer {
            Ok(page) if page.interactions.is_empty() => page.next.clone(),
            _ => None,
        };
        self.store.activities.update(|list| {
            list.loading = on.is_some();
            match answer {
                Ok(page) => {
                    if first {
                        list.rows.clear();
                    }
                    list.rows.extend(page.interactions);
                    (list.next, list.failed) = (page.next, None);
                    list.loaded |= on.is_none();
                }
                Err(error) => list.failed = Some(sentences::network(&error)),
            }
        });
        if on.is_some() {
            self.fetch_activities(on);
        }
    }

    pub(super) fn day(&mut self, answer: Result<DayBody, NetError>) {
        self.store.day.update(|day| match answer {
            Ok(numbers) => *day = Day { numbers: Some(numbers), failed: None },
            Err(error) => day.failed = Some(sentences::network(&error)),
        });
    }

    /// Writes down the streams that moved, each with its version in the same record.
    pub(super) fn flush_streams(&mut self) {
        if self.dirty.is_empty() {
            return;
        }
        let dirty = std::mem::take(&mut self.dirty);
        let Some(keeper) = &self.keeper else { return };
        let Some(user) = self.store.peek(|held| held.session().map(|session| session.user.id)) else {
            return;
        };
        let own = dirty.iter().any(|part| !matches!(part, Part::Conversation(_)));
        let (open, kept) = self.store.peek(|held| {
            let kept: FlatSet<InteractionId> =
                held.conversations().map(|one| one.interaction.id).filter(|id| held.is_open(*id)).collect();
            let moved = |id: &InteractionId| dirty.contains(&Part::Conversation(*id));
            let told = |id: InteractionId| {
                let viewed = held.conversation(id)?.viewed;
                Some((id, Told { viewed, ..self.past.of(Stream::Interaction(id))?.clone() }))
            };
            let open: Vec<_> = kept.iter().copied().filter(moved).filter_map(told).collect();
            (open, kept)
        });
        let desk = self.past.of(Stream::Agent(user)).filter(|_| own);
        let done: Vec<InteractionId> = self.cached.difference(&kept).copied().collect();
        self.cached.retain(|id| kept.contains(id));
        self.cached.extend(open.iter().map(|(id, _)| *id));
        if desk.is_some() || !open.is_empty() || !done.is_empty() {
            keeper.streams(desk, &open, &done);
        }
    }
}
