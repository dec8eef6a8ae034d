//! Between the relay, this device and the other tabs: connects, resumes, sends, keeps. It draws nothing and decides nothing.
//!
//! One task handles one [`note::Note`] after the other; whatever takes time runs beside it and comes back as a note, so no
//! state is ever borrowed across a wait. [`machine`] and [`clock`] are pure; `driver` does what they say.

mod clock;
mod drafts;
mod driver;
mod fetch;
mod frames;
mod keep;
mod lost;
mod machine;
mod note;
mod older;
mod outgoing;
mod past;
mod queue;
mod session;
mod shown;
mod socket;
mod streams;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

use crate::browser::{clock as device, net, visibility};
use crate::outbox::Outbox;
use crate::store::Store;
use driver::Driver;
use gloo::timers::callback::Interval;
use note::Note;
use queue::Queue;
use wasm_bindgen_futures::spawn_local;

/// How often time is told, in milliseconds: the clocks on screen show seconds.
const TICK_MS: u32 = 1_000;

/// Begins to keep the store and the outbox in step with the relay, for as long as the page lives.
pub fn start(store: &'static Store, outbox: &'static Outbox) {
    let notes: Queue<Note> = Queue::default();
    let driver = Driver::new(store, outbox, notes.clone(), net::online());
    let wishes = notes.clone();
    spawn_local(async move {
        loop {
            wishes.put(Note::Wish(outbox.wishes.next().await));
        }
    });
    spawn_local(async move {
        // All of these live as long as the page.
        let ticking = notes.clone();
        let _interval = Interval::new(TICK_MS, move || ticking.put(Note::Tick));
        let network = notes.clone();
        let _online = net::on_online(move |online| network.put(Note::Network(online)));
        let shown = notes.clone();
        let _shown = visibility::watch(move || {
            if visibility::is_visible() {
                shown.put(Note::Shown);
            }
        });
        let leaving = notes.clone();
        let _leaving = visibility::on_leaving(move || leaving.put(Note::Leaving));
        let mut driver = driver;
        driver.begin();
        loop {
            let note = notes.take().await;
            driver.handle(note);
        }
    });
}

/// The steady clock in whole milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since the page began are far below 2^53")]
fn steady() -> i64 {
    device::monotonic_ms() as i64
}
