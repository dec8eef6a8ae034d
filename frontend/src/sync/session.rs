//! Who is there: the start from the device's storage, the relay's word on it, login and logout. It keeps no password.

use super::driver::{Driver, name, set_if_other};
use super::fetch;
use super::keep::{Cache, Keeper};
use super::machine::{Input, Stop};
use super::note::{Note, Texts};
use super::past::{Past, Told};
use super::steady;
use crate::browser::channel::Channel;
use crate::browser::locks;
use crate::browser::net::NetError;
use crate::language::keys::login;
use crate::language::t;
use crate::sentences;
use crate::store::{Keeping, Login, Part};
use shared::event::Stream;
use shared::id::InteractionId;
use shared::wire::{DeskSnapshot, Heard, RelayFrame, decode_relay, read};
use wasm_bindgen_futures::spawn_local;

impl Driver {
    /// The device's storage came, or did not: draw what it held, then ask the relay.
    pub(super) fn kept(&mut self, kept: Result<(Keeper, Box<Cache>), String>) {
        match kept {
            // A logout was cut short: what it should have forgotten is forgotten before anything of it is drawn.
            Ok((keeper, cache)) if cache.owner.is_some() && fetch::has_left() => return keeper.wipe(),
            Ok((keeper, cache)) => {
                self.keeper = Some(keeper);
                set_if_other(&self.store.keeping, Keeping::Everything);
                self.draw_cached(*cache);
            }
            Err(why) => {
                self.store.keeping.set(Keeping::Nothing(why));
                self.drains = true;
            }
        }
        if self.store.peek(|held| held.session().is_some()) {
            self.settle_user();
            self.step(Input::Start);
        }
        self.fetch_desk();
        self.drain();
    }

    pub(super) fn draw_cached(&mut self, cache: Cache) {
        self.owner = cache.owner;
        if cache.owner.is_none() {
            // Nobody's: left by a page that was stopped before it knew who was there.
            return;
        }
        for (id, text) in cache.drafts {
            self.outbox.draft(id).set(text);
        }
        self.outbox.change(|pile| pile.reconcile(cache.rows));
        let Some((told, desk)) = cache.desk.and_then(|told| Some((read(&told.start).ok()?, told))) else {
            return;
        };
        let told: DeskSnapshot = told;
        let user = told.user.id;
        self.store.load(told);
        self.replay(Stream::Agent(user), desk);
        for (id, told) in cache.conversations {
            self.cached.insert(id);
            // One of an older form is fetched anew.
            if let Ok(snapshot) = read(&told.start) {
                self.store.adopt(snapshot, Some(told.viewed));
                self.replay(Stream::Interaction(id), told);
            }
        }
        set_if_other(&self.store.login, Login::In);
    }

    /// Lets happen again what had happened after a snapshot that the device kept.
    fn replay(&mut self, stream: Stream, told: Told) {
        for (_, frame) in &told.since {
            if let Ok(Heard::Frame(RelayFrame::Event { event, content })) = decode_relay(frame) {
                self.store.apply(&event, &content);
            }
        }
        self.past.restore(stream, told);
    }

    /// Somebody is logged in: share with the other tabs of the same person, and wait for the turn to send.
    pub(super) fn settle_user(&mut self) {
        let user = self.store.peek(|held| held.session().map(|session| session.user.id));
        if user.is_none() || user == self.user {
            return;
        }
        self.user = user;
        self.owner = user;
        if let (Some(keeper), Some(user)) = (&self.keeper, user) {
            keeper.owner(user);
        }
        let name =
            name(&["signalbox:", &user.map(|user| user.to_string()).unwrap_or_default(), ":"].concat());
        let notes = self.notes.clone();
        self.tabs = Channel::join(&name, move |text| {
            if let Ok(hint) = read(&text) {
                notes.put(Note::Heard(hint));
            }
        });
        self.lead = None;
        if self.keeper.is_none() {
            self.drains = true;
            return;
        }
        self.drains = false;
        let notes = self.notes.clone();
        spawn_local(async move { notes.put(Note::Leads(locks::request(&name).await.ok())) });
    }

    /// The whole start came, or somebody has to log in first.
    pub(super) fn desk(&mut self, answer: Result<(DeskSnapshot, Texts), NetError>) {
        self.desk_coming = false;
        match answer {
            Ok((snapshot, texts)) => {
                self.desk_at = Some(steady());
                self.take_desk(snapshot, texts);
            }
            Err(error) if matches!(error.status(), Some(401 | 403)) => self.ended(),
            Err(error) => {
                match self.store.login.get_untracked() {
                    Login::Asking => {
                        self.store.login_refused.set(Some(sentences::network(&error)));
                        self.store.login.set(Login::Out);
                    }
                    // Without a first start there is nothing to draw: the connection's retries lead back here.
                    Login::Unknown | Login::In => self.step(Input::Start),
                    Login::Out => {}
                }
            }
        }
    }

    pub(super) fn take_desk(&mut self, mut snapshot: DeskSnapshot, (text, interactions): Texts) {
        let drafts = std::mem::take(&mut snapshot.drafts);
        let before = self.store.peek(|held| held.session().map(|one| (one.user.id, one.epoch.clone())));
        let other_user = before.as_ref().is_some_and(|(user, _)| *user != snapshot.user.id)
            || self.owner.is_some_and(|user| user != snapshot.user.id);
        let other_log = before.as_ref().is_some_and(|(_, epoch)| *epoch != snapshot.epoch);
        if other_user {
            self.outbox.forget_all();
        }
        if (other_user || other_log)
            && let Some(keeper) = &self.keeper
        {
            keeper.clear(other_user);
            self.cached.clear();
        }
        let open: Vec<(InteractionId, u64)> =
            snapshot.interactions.iter().map(|one| (one.interaction.id, one.interaction.version)).collect();
        if other_user || other_log {
            self.past = Past::default();
        }
        self.past.start(Stream::Agent(snapshot.user.id), snapshot.agent.version, text);
        for ((id, version), text) in open.iter().zip(interactions) {
            self.past.start(Stream::Interaction(*id), *version, text);
        }
        self.store.load(snapshot);
        set_if_other(&self.store.login, Login::In);
        self.dirty.extend([Part::Session, Part::Agent]);
        self.dirty.extend(open.iter().map(|(id, _)| Part::Conversation(*id)));
        self.settle_user();
        self.tell_lost();
        self.take_drafts(drafts);
        self.sure = true;
        for (id, version) in open {
            if !self.watched.contains(&id) {
                self.watch(id, version);
            }
        }
        self.unwatch_resting();
        self.step(Input::Start);
        self.fetch_wanted();
        self.after_events();
        self.drain();
    }

    /// The session ended elsewhere: the device shows nothing of it any more, not without a network either.
    pub(super) fn ended(&mut self) {
        if let Some(keeper) = &self.keeper {
            keeper.clear(false);
        }
        self.cached.clear();
        self.is_out();
    }

    /// Nobody is logged in: show the login page. What was written and not sent stays on the device for its person.
    pub(super) fn is_out(&mut self) {
        self.step(Input::Stop(Stop::LoggedOut));
        self.store.forget_all();
        self.past = Past::default();
        set_if_other(&self.store.login, Login::Out);
        fetch::demo(self.notes.clone());
    }

    pub(super) fn logged_in(&mut self, answer: Result<(), NetError>) {
        match answer {
            Ok(()) => {
                self.desk_at = None;
                self.fetch_desk();
            }
            Err(error) => {
                let sentence = match error.status() {
                    Some(400..=403) => t(login::WRONG).to_owned(),
                    _ => sentences::network(&error),
                };
                self.store.login_refused.set(Some(sentence));
                set_if_other(&self.store.login, Login::Out);
            }
        }
    }

    /// Nothing of this person stays here, whether or not the relay could be told.
    pub(super) fn logged_out(&mut self) {
        self.step(Input::Stop(Stop::LoggedOut));
        match self.keeper.as_ref().or(self.full.as_ref()) {
            Some(keeper) => keeper.wipe(),
            None => self.notes.put(Note::Wiped),
        }
    }

    /// The relay was told of a logout, or it will be told later.
    pub(super) fn left(&mut self, answer: &Result<(), NetError>) {
        self.desk_coming = false;
        self.store.login_refused.set(answer.is_err().then(|| t(login::LEFT).to_owned()));
        self.is_out();
    }
}
