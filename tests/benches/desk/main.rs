//! `cargo xtask bench desk`: the desk in the browser beside an equivalent page made of a kit for React; only ratios, each against the page in the same run.
//!
//! Both sides hold the same conversations with the same words in the same Chromium, each in a profile of its own. Every
//! figure is taken in pairs, desk and page in turn, so that a machine that slows down slows both. What looks at them from
//! inside is one script for both (`look.js`). "Painted" is the beginning of the frame after the one that shows it.
//!
//! * D1, bytes of the first load: document, scripts, styles, modules and words as they came over the line, Brotli for
//!   both; what the API answers is left out, and so is what the desk's service worker puts away afterwards.
//! * D2, ready cold: in a new profile that is logged in, from the beginning of the navigation to an address of a
//!   conversation until its last message is painted and its composer takes words.
//! * D3, ready warm: the same once more in the same browser, with all that both have kept since.
//! * D4, a conversation that is here already: from the click on its tab until its last message is painted.
//! * D5, a letter while fifty messages a second arrive in the open conversation: from the instant the browser had the
//!   key until the frame with the letter was made.
//! * D6, scrolling through a long conversation, a screen per frame, from its end to its start: time between frames,
//!   frames of up to 50 ms among all, and elements of the document.
//! * D7, memory after many switches between conversations, once what is not needed is collected: the heaps of scripts
//!   and of the document, the stores of arrays, and the module's memory; not what programs are compiled to.

#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark is test code: a panic is how it fails; its figures are far below 2^52"
)]

mod load;
mod page;
mod scroll;
mod seat;
mod steady;
mod switch;
mod typing;
mod world;

use std::time::{Instant, SystemTime, UNIX_EPOCH};
use steady::Steady;
use tests::Chrome;
use tests::table::Table;
use world::World;

/// How much is done; the same for desk and page.
#[derive(Clone, Copy)]
pub struct Scale {
    /// Pairs of desk and page.
    pub pairs: usize,
    /// Clicks on tabs in a pair.
    pub clicks: usize,
    /// Letters in a pair.
    pub letters: usize,
    /// Messages of the long conversation.
    pub long: usize,
    /// Switches before memory is looked at.
    pub switches: usize,
}

/// What a release is judged by: under eight minutes.
const FULL: Scale = Scale { pairs: 5, clicks: 30, letters: 100, long: 10_000, switches: 500 };
/// Whether everything still runs: the figures mean little.
const QUICK: Scale = Scale { pairs: 2, clicks: 6, letters: 20, long: 500, switches: 30 };

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let only = arguments.iter().find(|argument| argument.starts_with('D')).map(String::as_str);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run(if quick { QUICK } else { FULL }, only));
}

/// All suites, or those that measure one line of the table.
async fn run(scale: Scale, only: Option<&str>) {
    let began = Instant::now();
    let wanted = |lines: &[&str]| only.is_none_or(|only| lines.contains(&only));
    let chrome = Chrome::start().await;
    let world = World::begin().await;
    let mut table = Table::new("desk / page");
    let mut steady = Steady::begin(&chrome).await;
    if wanted(&["D1", "D2", "D3"]) {
        load::run(scale, &chrome, &world, &mut table).await;
        steady.take().await;
    }
    if wanted(&["D4"]) {
        switch::clicks(scale, &chrome, &world, &mut table).await;
        steady.take().await;
    }
    if wanted(&["D7"]) {
        switch::memory(scale, &chrome, &world, &mut table).await;
        steady.take().await;
    }
    if wanted(&["D5"]) {
        typing::run(scale, &chrome, &world, &mut table).await;
        steady.take().await;
    }
    if wanted(&["D6"]) {
        scroll::run(scale, &chrome, &world, &mut table).await;
        steady.take().await;
    }
    println!("\n{}", table.print());
    println!("{}", steady.verdict());
    steady.end().await;
    println!("{} s in all", began.elapsed().as_secs());
}
