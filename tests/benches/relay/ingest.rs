//! L1 to L4: webhooks taken in, against SQLite, against a bare server, many against one, and the time to the answer.

use crate::Scale;
use crate::bare::Bare;
use crate::load::{self, MANY};
use crate::rows::{self, GROUP, Rows};
use std::time::Instant;
use tests::table::{Table, Target, quantile};

/// The bare server is so much faster that a burst of the relay's size would be over too soon.
const BARE_TIMES: usize = 4;
/// One connection is so much slower that an eighth of a burst takes long enough.
const SINGLE_PART: usize = 8;
/// Of what the relay takes for good: the load at which delays are looked at.
const LOAD: f64 = 0.3;

/// Measures all four.
pub async fn run(scale: Scale, table: &mut Table) {
    let relay = crate::relay(None).await;
    let bare = Bare::start().await;
    let host = relay.base.trim_start_matches("http://").to_owned();
    let file = relay.file();
    let mut from = 0;
    let mut fresh = |count: usize| {
        from += count;
        load::webhooks(&host, from - count, count)
    };
    load::burst(&host, &fresh(scale.burst / 2), MANY).await;
    rows::understood(&file).await;
    let (mut l1, mut l2, mut l3, mut l4, mut l4_late) = (vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..scale.pairs {
        let mark = rows::mark(&file);
        let requests = fresh(scale.burst);
        let began = Instant::now();
        let many = load::burst(&host, &requests, MANY).await;
        rows::understood(&file).await;
        let whole = scale.burst as f64 / began.elapsed().as_secs_f64();
        let same = Rows::since(&file, &mark);
        let (raw, same) = tokio::task::spawn_blocking(move || (same.write(GROUP), same)).await.unwrap();
        let raw = same.messages() as f64 / (raw.iter().sum::<f64>() / 1_000.0);
        l1.push((whole, raw));

        let echo = load::burst(&bare.address, &fresh(scale.burst * BARE_TIMES), MANY).await;
        l2.push((many.per_second(), echo.per_second()));

        let single = load::burst(&host, &fresh(scale.burst / SINGLE_PART), 1).await;
        rows::understood(&file).await;
        l3.push((many.per_second(), single.per_second()));

        let mut paced = load::paced(&host, &fresh(scale.paced), whole * LOAD).await.delays;
        rows::understood(&file).await;
        let mut commits = tokio::task::spawn_blocking(move || same.write(1)).await.unwrap();
        l4.push((quantile(&mut paced, 0.5), quantile(&mut commits, 0.5)));
        l4_late.push((quantile(&mut paced, 0.99), quantile(&mut commits, 0.99)));
    }
    let per = "messages/s";
    table.add("L1", "webhooks until understood / the same rows by SQLite", &l1, Target::AtLeast(0.3), per);
    table.add("L2", "webhooks answered / bare POST echo", &l2, Target::AtLeast(0.2), "requests/s");
    table.add("L3", "webhooks answered, 64 at a time / 1", &l3, Target::AtLeast(5.0), "requests/s");
    table.add("L4 p50", "answer at 30 % load / one commit", &l4, Target::AtMost(4.0), "ms");
    table.add("L4 p99", "answer at 30 % load / one commit", &l4_late, Target::AtMost(10.0), "ms");
}
