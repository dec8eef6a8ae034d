//! D4 and D7: how long it is until a conversation that is here already is painted, and what is used after many of them.

use crate::Scale;
use crate::seat::Seat;
use crate::world::{FIRST, Side, World};
use serde_json::json;
use std::time::Duration;
use tests::Chrome;
use tests::table::{Table, Target, quantile};

/// Conversations among which it is switched: those in which nobody writes.
const AMONG: usize = crate::world::BUSY;
/// Longer than this for one switch, and something is broken.
const LONGEST: Duration = Duration::from_millis(500);

/// Measures D4.
pub async fn clicks(scale: Scale, chrome: &Chrome, world: &World, table: &mut Table) {
    let desk = Seat::open(chrome, world, Side::Desk, FIRST).await;
    let page = Seat::open(chrome, world, Side::Page, FIRST).await;
    for seat in [&desk, &page] {
        // The first look at a conversation fetches it.
        clicked(seat, AMONG).await;
    }
    let mut pairs = vec![];
    for _ in 0..scale.pairs {
        pairs.push((clicked(&desk, scale.clicks).await, clicked(&page, scale.clicks).await));
    }
    for seat in [desk, page] {
        seat.leave().await;
    }
    let what = "from the click on a tab to its messages, median";
    table.add("D4", what, &pairs, Target::AtMost(1.0), "ms");
}

/// Milliseconds of the middle one of so many clicks.
async fn clicked(seat: &Seat<'_>, count: usize) -> f64 {
    let mut took = Vec::with_capacity(count);
    // A second click on the tab that is open would close it on the desk: one more in every round, and back.
    for n in 0..count.next_multiple_of(AMONG) {
        took.push(seat.click((n + 1) % AMONG).await);
    }
    quantile(&mut took, 0.5)
}

/// Measures D7.
pub async fn memory(scale: Scale, chrome: &Chrome, world: &World, table: &mut Table) {
    let mut pairs = vec![];
    for _ in 0..scale.pairs {
        let desk = switched(scale, chrome, world, Side::Desk).await;
        pairs.push((desk, switched(scale, chrome, world, Side::Page).await));
    }
    let what = "memory after many switches of the conversation";
    table.add("D7", what, &pairs, Target::AtMost(1.0), "MiB");
}

async fn switched(scale: Scale, chrome: &Chrome, world: &World, side: Side) -> f64 {
    let seat = Seat::open(chrome, world, side, FIRST).await;
    let before = seat.memory().await;
    let tabs: Vec<(String, String)> = (0..AMONG)
        .map(|n| (n + 1) % AMONG)
        .map(|chat| (world.tab(side, chat), world.last(side, chat)))
        .collect();
    seat.ask(&format!("look.switch({}, {})", json!(tabs), scale.switches)).await;
    let times = u32::try_from(scale.switches).unwrap();
    seat.holds("look.switched", LONGEST * times).await;
    let after = seat.memory().await;
    println!("  {before:.1} MiB before {times} switches, {after:.1} MiB after");
    seat.leave().await;
    after
}
