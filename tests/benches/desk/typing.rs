//! D5: how late a letter is painted while messages pour into the open conversation.

use crate::Scale;
use crate::seat::Seat;
use crate::world::{BUSY, Side, World};
use serde_json::json;
use std::time::Duration;
use tests::Chrome;
use tests::table::{Table, Target, quantile};
use tests::wait::PATIENCE;
use thirtyfour::Key;

/// Messages that arrive in a second.
const POUR: u32 = 50;
/// Between two letters: somebody who types fast. No multiple of a frame.
const BEAT: Duration = Duration::from_millis(87);
/// Numbers of messages that no other suite uses, a thousand for each pair.
const FROM: usize = 1_000;
/// What stands in the composer.
const WRITTEN: &str = "((one) => one.value ?? one.textContent)(document.querySelector(MARKS.composer))";

/// Measures median and the slowest twentieth.
pub async fn run(scale: Scale, chrome: &Chrome, world: &World, table: &mut Table) {
    let (mut middle, mut late) = (vec![], vec![]);
    for pair in 0..scale.pairs {
        let mut desk = typed(scale, chrome, world, Side::Desk, pair).await;
        let mut page = typed(scale, chrome, world, Side::Page, pair).await;
        middle.push((quantile(&mut desk, 0.5), quantile(&mut page, 0.5)));
        late.push((quantile(&mut desk, 0.95), quantile(&mut page, 0.95)));
    }
    let what = "from the key to the letter at 50 messages/s, median";
    table.add("D5 p50", what, &middle, Target::AtMost(1.0), "ms");
    let what = "from the key to the letter at 50 messages/s, p95";
    table.add("D5 p95", what, &late, Target::AtMost(1.0), "ms");
}

/// Milliseconds of each letter, in a browser that holds the newest lines alone when it begins.
async fn typed(scale: Scale, chrome: &Chrome, world: &World, side: Side, pair: usize) -> Vec<f64> {
    let seat = Seat::open(chrome, world, side, BUSY).await;
    seat.ask("document.querySelector(MARKS.composer).focus()").await;
    // The desk may have kept a draft of the pair before.
    if !seat.read::<String>(WRITTEN).await.is_empty() {
        seat.browser.chord(Key::Control, 'a').await;
        seat.browser.press(Key::Delete + "").await;
        seat.holds(&format!("{WRITTEN} === '' && look.keys.length > 0"), PATIENCE).await;
        seat.ask("look.keys = []").await;
    }
    // Other words in every pair, so that it is known which ones arrived.
    let text: String = ('a'..='z').cycle().skip(pair).take(scale.letters).collect();
    let typing = async {
        let mut beat = tokio::time::interval(BEAT);
        for letter in text.chars() {
            beat.tick().await;
            seat.press(letter).await;
        }
    };
    // As many as arrive while the letters are typed.
    let count = scale.letters * BEAT.as_millis() as usize * POUR as usize / 1_000;
    let pouring = world.pour(side, BUSY, FROM * (pair + 1), count, POUR);
    let ((), rate) = tokio::join!(typing, pouring);
    assert!(rate > f64::from(POUR) * 0.9, "only {rate:.0} messages a second could be sent");
    let shown = format!("look.shows({})", json!(world.last(side, BUSY)));
    seat.holds(&shown, PATIENCE).await;
    assert_eq!(seat.read::<String>(WRITTEN).await, text, "every letter is in the composer");
    seat.holds(&format!("look.keys.length === {}", scale.letters), PATIENCE).await;
    let keys = seat.read("look.keys").await;
    seat.browser.press(Key::Enter + "").await;
    seat.holds(&format!("look.shows({})", json!(text)), PATIENCE).await;
    world.answered(side, BUSY, &text).await;
    seat.leave().await;
    keys
}
