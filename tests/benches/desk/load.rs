//! D1, D2 and D3: what the first load weighs, and how long it is until somebody can work, cold and warm.

use crate::Scale;
use crate::seat::Seat;
use crate::world::{FIRST, Side, World};
use serde_json::json;
use tests::Chrome;
use tests::table::{Table, Target};
use tests::wait::until;

/// Measures all three.
pub async fn run(scale: Scale, chrome: &Chrome, world: &World, table: &mut Table) {
    let (mut d1, mut d2, mut d3) = (vec![], vec![], vec![]);
    for pair in 0..scale.pairs {
        let desk = loads(chrome, world, Side::Desk, pair == 0).await;
        let page = loads(chrome, world, Side::Page, pair == 0).await;
        d1.push((desk.0, page.0));
        d2.push((desk.1, page.1));
        d3.push((desk.2, page.2));
    }
    table.add("D1", "bytes of the first load, Brotli", &d1, Target::AtMost(1.0), "kB");
    table.add("D2", "ready to write, cold", &d2, Target::AtMost(1.0), "ms");
    table.add("D3", "ready to write, warm", &d3, Target::AtMost(1.0), "ms");
}

/// Kilobytes, and milliseconds cold and warm.
async fn loads(chrome: &Chrome, world: &World, side: Side, lists: bool) -> (f64, f64, f64) {
    let seat = Seat::take(chrome, world, side, FIRST).await;
    let cold = seat.load(FIRST).await;
    // What is asked for last may still be on its way: it has no size before.
    let files = until("all files of the first load", || async {
        let files: Vec<(String, f64)> = seat.read("look.bytes()").await;
        files.iter().all(|(_, bytes)| *bytes > 0.0).then_some(files)
    })
    .await;
    if lists {
        for (path, bytes) in &files {
            println!("  {path}: {bytes} bytes");
        }
    }
    if side == Side::Desk {
        // The desk keeps its page last of all it needs.
        let kept = "return !!(await caches.match('/', { cacheName: 'signalbox-desk' }))";
        until("the desk to be kept", || async {
            let kept = seat.browser.driver.execute(kept, vec![]).await.unwrap();
            (kept.json() == &json!(true)).then_some(())
        })
        .await;
    }
    seat.browser.driver.goto("about:blank").await.unwrap();
    let warm = seat.load(FIRST).await;
    seat.leave().await;
    (files.iter().map(|(_, bytes)| bytes).sum::<f64>() / 1_000.0, cold, warm)
}
