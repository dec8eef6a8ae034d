//! L12 and L14: does a log of a million messages start and take webhooks as a small one does?

use crate::Scale;
use crate::grown;
use crate::load::{self, MANY};
use crate::rows;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;
use tests::Relay;
use tests::post::Post;
use tests::table::{Table, Target};
use tests::webhook::{self, Webhook};

/// Messages of the small log.
const SMALL: usize = 1_000;

/// Measures both.
pub async fn run(scale: Scale, table: &mut Table) {
    let mut small = small().await;
    let mut large = grown::copy(small.path(), scale.grown).await;
    let (mut l12, mut l14) = (vec![], vec![]);
    for n in 0..scale.pairs {
        let with = first_answer(&mut large, n).await;
        let mut empty = TempDir::new().unwrap();
        // The first start makes users and passwords; that is not what is looked at.
        first_answer(&mut empty, 0).await;
        let without = first_answer(&mut empty, 1).await;
        l12.push((with, without));
    }
    let (small_relay, large_relay) = (on(&mut small).await, on(&mut large).await);
    let mut from = SMALL * 10;
    for _ in 0..scale.pairs {
        from += scale.burst;
        let with = taken(&large_relay, from, scale.burst).await;
        let without = taken(&small_relay, from, scale.burst).await;
        l14.push((with, without));
    }
    let what = "start to the first 200 with a million messages / with none";
    table.add("L12", what, &l12, Target::AtMost(2.0), "s");
    let what = "webhooks until understood with a million messages / with a thousand";
    table.add("L14", what, &l14, Target::AtLeast(0.8), "messages/s");
}

/// A relay on a data folder, which is taken away.
async fn on(data: &mut TempDir) -> Relay {
    let taken = std::mem::replace(data, TempDir::new().unwrap());
    crate::relay(Some(taken)).await
}

/// A log with a thousand messages.
async fn small() -> TempDir {
    let relay = crate::relay(None).await;
    taken(&relay, 0, SMALL).await;
    relay.into_data().await
}

/// Webhooks in a second, each of them understood.
async fn taken(relay: &Relay, from: usize, count: usize) -> f64 {
    let host = relay.base.trim_start_matches("http://");
    let requests = load::webhooks(host, from, count);
    let began = Instant::now();
    load::burst(host, &requests, MANY).await;
    rows::understood(&relay.file()).await;
    count as f64 / began.elapsed().as_secs_f64()
}

/// Seconds from the start of the process until a webhook has its 200.
async fn first_answer(data: &mut TempDir, n: usize) -> f64 {
    let began = Instant::now();
    let relay = on(data).await;
    let host = relay.base.trim_start_matches("http://");
    let webhook = Webhook::message(host, 1, &format!("wamid.start.{n}"), "Hello", webhook::now());
    let requests = Arc::new(vec![webhook]);
    let status = Post::connect(host).await.unwrap().post(&requests[0].request).await.unwrap();
    assert_eq!(status, 200);
    let took = began.elapsed().as_secs_f64();
    rows::understood(&relay.file()).await;
    *data = relay.into_data().await;
    took
}
