//! The one task around the connection: takes a note, changes store and outbox, asks for what is missing. It never waits.

use super::clock::Clock;
use super::fetch;
use super::keep::Keeper;
use super::machine::{Act, Input, Machine, State};
use super::note::{Hint, Note};
use super::past::Past;
use super::queue::Queue;
use super::socket::Socket;
use super::steady;
use crate::browser::channel::Channel;
use crate::browser::locks::Guard;
use crate::browser::{clock as device, keep, location};
use crate::outbox::Outbox;
use crate::reading::Slot;
use crate::store::{Part, Store};
use shared::event::Stream;
use shared::flat::{FlatMap, FlatSet};
use shared::id::{InteractionId, UserId};
use shared::time::Timestamp;
use shared::wire::{DeskFrame, PROTOCOL};
use wasm_bindgen_futures::spawn_local;

/// All around the connection of one tab.
pub(super) struct Driver {
    pub(super) store: &'static Store,
    pub(super) outbox: &'static Outbox,
    pub(super) notes: Queue<Note>,
    pub(super) machine: Machine,
    pub(super) clock: Clock,
    pub(super) socket: Option<Socket>,
    pub(super) keeper: Option<Keeper>,
    /// The storage that took no more: only to be wiped.
    pub(super) full: Option<Keeper>,
    pub(super) tabs: Option<Channel>,
    pub(super) lead: Option<Guard>,
    /// Whether this tab sends what waits: it holds the lock, or shares nothing with other tabs.
    pub(super) drains: bool,
    /// When the hello or the last ping went out, to measure the relay's clock.
    pub(super) asked_at: i64,
    /// When the desk was fetched last, and whether it is on its way.
    pub(super) desk_at: Option<i64>,
    pub(super) desk_coming: bool,
    pub(super) fetched: FlatMap<InteractionId, i64>,
    pub(super) coming: FlatSet<InteractionId>,
    pub(super) dirty: FlatSet<Part>,
    /// What the relay said, for the device to keep.
    pub(super) past: Past,
    /// The conversations on disk.
    pub(super) cached: FlatSet<InteractionId>,
    /// Drafts not yet written down.
    pub(super) drafts: FlatSet<InteractionId>,
    /// Drafts the relay has not been told of.
    pub(super) untold: FlatSet<InteractionId>,
    /// When it was last told of a draft, by its own time in milliseconds: what it says of earlier ones is old.
    pub(super) told: FlatMap<InteractionId, i64>,
    /// What the relay sends events of on this connection.
    pub(super) watched: FlatSet<InteractionId>,
    /// Whether the relay's session is that of the person whose commands lie here.
    pub(super) sure: bool,
    sockets: u64,
    listening: u64,
    /// Whose tabs and turn this tab shares.
    pub(super) user: Option<UserId>,
    /// Whose commands and drafts lie on this device.
    pub(super) owner: Option<UserId>,
}

impl Driver {
    pub(super) fn new(
        store: &'static Store,
        outbox: &'static Outbox,
        notes: Queue<Note>,
        online: bool,
    ) -> Self {
        let clock = Clock::guess(Timestamp(device::now_ms()), steady());
        Self {
            store,
            outbox,
            notes,
            machine: Machine::new(online),
            clock,
            socket: None,
            keeper: None,
            full: None,
            tabs: None,
            lead: None,
            drains: false,
            asked_at: 0,
            desk_at: None,
            desk_coming: false,
            fetched: FlatMap::new(),
            coming: FlatSet::new(),
            dirty: FlatSet::new(),
            past: Past::default(),
            cached: FlatSet::new(),
            drafts: FlatSet::new(),
            untold: FlatSet::new(),
            told: FlatMap::new(),
            watched: FlatSet::new(),
            sure: false,
            sockets: 0,
            listening: 0,
            user: None,
            owner: None,
        }
    }

    /// Opens the device's storage; everything else begins when that has come.
    pub(super) fn begin(&mut self) {
        self.tell_time();
        Keeper::open(name("signalbox"), self.notes.clone());
    }

    /// Handles one note to its end.
    pub(super) fn handle(&mut self, note: Note) {
        match note {
            Note::Wish(wish) => self.wish(wish),
            Note::SocketOpened(number) if self.is_current(number) => self.step(Input::Opened),
            Note::SocketSaid(number, text) if self.is_current(number) => self.said(&text),
            Note::SocketClosed(number) if self.is_current(number) => self.lost(),
            Note::SocketOpened(_) | Note::SocketSaid(..) | Note::SocketClosed(_) => {}
            Note::Tick => self.tick(),
            Note::Network(online) => {
                if online && fetch::has_left() {
                    fetch::leave(self.notes.clone());
                }
                self.step(Input::Network(online));
            }
            Note::Shown => {
                self.tell_time();
                self.step(Input::Shown);
                // Hints may have been missed while the tab slept.
                self.read_rows();
            }
            Note::Leaving => {
                self.flush_drafts();
                self.flush_streams();
            }
            Note::Kept(kept) => self.kept(kept),
            Note::Saved(ids) => self.saved(&ids),
            Note::NotSaved(ids, why) => self.not_saved(&ids, why),
            Note::Rows(rows) => self.rows(rows),
            Note::Wiped => {
                // What only this person's chats and offers gave a meaning to.
                ["signalbox-tabs", "signalbox-minimised"].into_iter().for_each(keep::forget);
                self.hint(&Hint::Session);
                location::reload();
            }
            Note::Leads(guard) => self.leads(guard),
            Note::Heard(hint) => self.heard(hint),
            Note::Desk(answer) => self.desk(*answer),
            Note::Interaction(id, answer) => self.interaction(id, *answer),
            Note::Older(home, id, answer) => self.older(home, id, answer),
            Note::Earlier(wanted, answer) => self.earlier(wanted, *answer),
            Note::Activities(asked, first, answer) => self.activities(asked, first, answer),
            Note::Day(answer) => self.day(answer),
            Note::LoggedIn(answer) => self.logged_in(answer),
            Note::Checked(answer) => {
                if answer.is_err_and(|error| error.status() == Some(401)) {
                    self.is_out();
                }
            }
            Note::LoggedOut => self.logged_out(),
            Note::Left(answer) => self.left(&answer),
            Note::Demo(demo) => self.store.demo.set(demo),
            Note::FlushDrafts => self.flush_drafts(),
        }
    }

    /// Lets the machine take a step and does what it says.
    pub(super) fn step(&mut self, input: Input) {
        let before = self.machine.wake_at();
        for act in self.machine.step(steady(), chance(), input) {
            match act {
                Act::Connect => self.connect(),
                Act::Greet => self.greet(),
                Act::Ping => {
                    self.asked_at = steady();
                    self.send(&DeskFrame::Ping);
                }
                Act::Close => {
                    self.socket = None;
                    self.listening = 0;
                    self.outbox.change(crate::outbox::Pile::disconnected);
                }
            }
        }
        self.show_link();
        let wake = self.machine.wake_at();
        if wake != before
            && let Some(at) = wake
            && matches!(self.machine.state(), State::Backoff { .. })
        {
            let wait = i32::try_from(at.saturating_sub(steady()).max(0)).unwrap_or(i32::MAX);
            let notes = self.notes.clone();
            spawn_local(async move {
                device::sleep(wait).await;
                notes.put(Note::Tick);
            });
        }
    }

    fn connect(&mut self) {
        self.sockets += 1;
        let url = location::socket_url("api/v1/socket");
        self.socket = url.and_then(|url| Socket::open(&url, self.sockets, &self.notes));
        self.listening = self.sockets;
        self.sure = false;
        if self.socket.is_none() {
            self.notes.put(Note::SocketClosed(self.sockets));
        }
    }

    fn greet(&mut self) {
        self.asked_at = steady();
        let (epoch, resume) =
            self.store.peek(|held| (held.session().map(|session| session.epoch.clone()), held.positions()));
        self.watched = resume
            .iter()
            .filter_map(|at| match at.stream {
                Stream::Interaction(id) => Some(id),
                Stream::Agent(_) | Stream::Config => None,
            })
            .collect();
        self.send(&DeskFrame::Hello { protocol: PROTOCOL, epoch, resume });
    }

    /// The socket closed. When it never was welcomed, it may be because nobody is logged in: only HTTP can tell.
    fn lost(&mut self) {
        let greeted = self.machine.state() == State::Live;
        self.step(Input::Lost);
        if !greeted {
            if self.store.peek(|held| held.session().is_some()) {
                fetch::check(self.notes.clone());
            } else {
                self.fetch_desk();
            }
        }
    }

    fn tick(&mut self) {
        self.tell_time();
        self.step(Input::Tick);
        self.fetch_wanted();
        self.flush_streams();
        self.expire();
    }

    pub(super) fn tell_time(&self) {
        self.store.now.set(self.clock.now(steady()));
    }

    pub(super) fn send(&self, frame: &DeskFrame) {
        if let (Some(socket), Ok(text)) = (&self.socket, serde_json::to_string(frame)) {
            socket.send(&text);
        }
    }

    fn is_current(&self, number: u64) -> bool {
        self.listening == number
    }
}

/// A name for what all tabs under this address share.
pub(super) fn name(prefix: &str) -> String {
    [prefix, &location::base()].concat()
}

/// Any number from 0 to 1,000: the desks' returns are spread by it, nothing else rests on it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a random number below one times a thousand"
)]
fn chance() -> u32 {
    (js_sys::Math::random() * 1_000.0) as u32
}

/// Sets a signal that is shown everywhere only when it changes.
pub(super) fn set_if_other<T: PartialEq + Send + Sync + 'static>(signal: &Slot<T>, value: T) {
    if signal.with_untracked(|held| *held != value) {
        signal.set(value);
    }
}

pub(super) fn drop_from(all: &mut FlatSet<InteractionId>, id: InteractionId) {
    all.remove(&id);
}
