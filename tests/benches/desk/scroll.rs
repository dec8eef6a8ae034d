//! D6: scrolling through a long conversation, every message of which the browser holds.

use crate::Scale;
use crate::seat::Seat;
use crate::world::{LONG, Side, World};
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, Instant};
use tests::Chrome;
use tests::table::{Table, Target, quantile};

/// A frame that takes longer is seen as a halt, in milliseconds.
const HALT: f64 = 50.0;
/// Frames that it may take for a message: what is estimated while it is out of sight may grow.
const FRAMES: usize = 2;
/// More messages than a screen holds: whether all were scrolled through.
const ROWS: usize = 40;
/// For the messages to arrive, and for a scroll: far above what it takes.
const PATIENCE: Duration = Duration::from_mins(3);
/// Numbers of messages that no other suite uses.
const FROM: usize = 1_000;
/// Faster than they are taken: one after the other.
const FAST: u32 = 100_000;
/// So many at once: a desk that is further behind fetches the newest anew, and would not hold the others.
const PORTION: usize = 500;

/// What a scroll was like.
#[derive(Deserialize)]
struct Scrolled {
    frames: Vec<f64>,
    start: bool,
}

/// Measures time, halts and elements.
pub async fn run(scale: Scale, chrome: &Chrome, world: &World, table: &mut Table) {
    let desk = Seat::open(chrome, world, Side::Desk, LONG).await;
    let began = Instant::now();
    for from in (FROM..FROM + scale.long).step_by(PORTION) {
        let count = PORTION.min(FROM + scale.long - from);
        world.pour(Side::Desk, LONG, from, count, FAST).await;
        desk.holds(&format!("look.shows({})", json!(world.last(Side::Desk, LONG))), PATIENCE).await;
    }
    println!("  the desk held {} messages after {:.1?}", scale.long, began.elapsed());
    world.pour(Side::Page, LONG, FROM, scale.long, FAST).await;
    world.whole(true);
    let page = Seat::open(chrome, world, Side::Page, LONG).await;
    world.whole(false);
    let (mut time, mut fluent, mut elements) = (vec![], vec![], vec![]);
    for _ in 0..scale.pairs {
        let (desk, page) = (scrolled(&desk, scale).await, scrolled(&page, scale).await);
        time.push((desk.0, page.0));
        fluent.push((desk.1, page.1));
        elements.push((desk.2, page.2));
    }
    for seat in [desk, page] {
        seat.leave().await;
    }
    table.add("D6 p95", "time between frames of a scroll, p95", &time, Target::AtMost(1.0), "ms");
    table.add("D6 50 ms", "frames of a scroll within 50 ms", &fluent, Target::AtLeast(1.0), "of all");
    table.add("D6 DOM", "elements of the document", &elements, Target::AtMost(1.0), "elements");
}

/// The 95th part of a hundred of the times between frames, the part of frames without a halt, and the most elements.
async fn scrolled(seat: &Seat<'_>, scale: Scale) -> (f64, f64, f64) {
    let before: f64 = seat.read("look.elements()").await;
    seat.ask(&format!("look.scroll({})", scale.long * FRAMES)).await;
    seat.holds("look.frames !== null", PATIENCE).await;
    let Scrolled { mut frames, start } = seat.read("look.frames").await;
    assert!(start, "the start was not reached in {} frames", frames.len());
    assert!(frames.len() * ROWS > scale.long, "{} frames cannot hold all messages", frames.len());
    let after: f64 = seat.read("look.elements()").await;
    let halts = frames.iter().filter(|frame| **frame > HALT).count();
    println!("  {} frames, {halts} of them above 50 ms", frames.len());
    let fluent = 1.0 - halts as f64 / frames.len() as f64;
    (quantile(&mut frames, 0.95), fluent, before.max(after))
}
