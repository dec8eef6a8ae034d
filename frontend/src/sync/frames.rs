//! What the relay says, put where it belongs. A frame that cannot be read is never passed over: its stream is fetched anew.

use super::driver::{Driver, set_if_other};
use super::machine::{Input, State};
use super::steady;
use crate::browser::visibility;
use crate::outbox::{Pending, Stage};
use crate::store::{Held, Part};
use shared::agent::AgentChange;
use shared::event::{Change, Event, Stream};
use shared::thread::Content;
use shared::time::Timestamp;
use shared::wire::{DeskFrame, Heard, Position, RelayFrame, Resume, Resumed, decode_relay};
use shared::world::Applied;

impl Driver {
    /// A frame came.
    pub(super) fn said(&mut self, text: &str) {
        let heard = decode_relay(text);
        self.step(Input::Heard);
        let frame = match heard {
            Ok(Heard::Frame(frame)) => frame,
            Ok(Heard::Stale { stream, .. }) => {
                self.store.mark_stale(stream);
                return self.fetch_wanted();
            }
            Err(_) => return self.fetch_desk(),
        };
        match frame {
            RelayFrame::Welcome { epoch, now, user, streams, .. } => {
                self.measure(now);
                self.step(Input::Welcomed);
                let same = self.store.peek(|held| {
                    held.session().is_some_and(|one| one.epoch == epoch && one.user.id == user.id)
                });
                self.welcome(same, streams);
            }
            RelayFrame::Event { event, content } => self.event(&event, &content, text),
            RelayFrame::List { update } => self.store.rows(update),
            RelayFrame::Answer { id, outcome } => self.answer(id, &outcome, true),
            RelayFrame::Reveal { stream: Stream::Interaction(id) } => self.fetch_interaction(id),
            RelayFrame::Reveal { .. } | RelayFrame::ConfigChanged { .. } | RelayFrame::Unknown => {
                self.fetch_desk();
            }
            RelayFrame::Forget { stream } => self.forget(stream),
            RelayFrame::Pong { now } => self.measure(now),
            RelayFrame::Sounds { here } => set_if_other(&self.store.heard_elsewhere, !here),
            RelayFrame::Draft { interaction, text, .. } => self.draft_told(interaction, text),
            RelayFrame::Bye { reason, retry_after } => {
                self.step(Input::Bye { reason, retry_after });
                if reason == shared::wire::Bye::LoggedOut {
                    self.ended();
                }
            }
        }
    }

    fn welcome(&mut self, same: bool, streams: Vec<Resumed>) {
        self.sure = same;
        let config_changed =
            streams.iter().any(|one| one.stream == Stream::Config && one.how != Resume::Resumed);
        for Resumed { stream, how } in streams {
            if let (Stream::Interaction(id), Resume::Anew | Resume::Forget) = (stream, how) {
                self.watched.remove(&id);
            }
            match how {
                Resume::Resumed => {}
                Resume::Anew => self.store.mark_stale(stream),
                Resume::Forget => self.forget(stream),
            }
        }
        if !same || config_changed {
            self.fetch_desk();
        }
        self.fetch_wanted();
        self.read_rows();
        self.tell_drafts();
        self.attend();
        self.drain();
    }

    fn event(&mut self, event: &Event, content: &[Content], frame: &str) {
        let applied = self.store.apply(event, content);
        // One that came too early is kept too: the next start puts it in its place as this one does.
        if applied != Applied::Known && self.past.event(event.stream, event.version, frame) {
            match event.stream {
                Stream::Interaction(id) => self.fetch_interaction(id),
                _ => self.fetch_desk(),
            }
        }
        match applied {
            Applied::Known => return,
            Applied::Yes => drop(self.dirty.insert(Part::of(event.stream))),
            Applied::Gap => {}
        }
        match &event.change {
            Change::Agent(AgentChange::Released { lost: Some(_), .. }) => self.tell_lost(),
            Change::Agent(AgentChange::Undelivered(one)) => self.tell_undelivered(one),
            _ => {}
        }
        self.fetch_wanted();
        self.after_events();
    }

    /// Lets go of commands whose events have come.
    pub(super) fn after_events(&mut self) {
        let arrived = |one: &Pending| self.store.peek(|held| has_arrived(held, one));
        let any = self.outbox.peek(|pile| pile.rows().any(arrived));
        if any {
            // Kept as history before it is let go of as a wish: the device shows it at any moment, also without a network.
            self.flush_streams();
            self.outbox.change(|pile| pile.prune(arrived));
            self.drain();
        }
    }

    /// Tells the relay that the agent is here, when they are: their offers are heard in one tab alone.
    pub(super) fn attend(&self) {
        if self.machine.state() == State::Live && visibility::has_focus() {
            self.send(&DeskFrame::Attention);
        }
    }

    fn forget(&mut self, stream: Stream) {
        self.store.forget(stream);
        self.past.forget(stream);
        self.dirty.insert(Part::Agent);
    }

    fn measure(&mut self, now: Timestamp) {
        self.clock.measure(self.asked_at, steady(), now);
        self.tell_time();
    }
}

/// Whether all that a command was to bring is drawn from the store by now.
fn has_arrived(held: &Held, pending: &Pending) -> bool {
    let there = |at: &Position| held.version(at.stream).is_none_or(|version| version >= at.version);
    match &pending.stage {
        Stage::Settled { moved } => moved.iter().all(there),
        Stage::Refused { .. } | Stage::Unknown => {
            pending.message().is_some_and(|(interaction, message)| held.has_message(interaction, message))
        }
        Stage::Waiting | Stage::Sent => false,
    }
}
