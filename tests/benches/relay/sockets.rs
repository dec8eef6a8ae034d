//! L7 and L11: what an idle desk costs in memory, and how long many desks take to come back at once.

use crate::Scale;
use crate::bare::Bare;
use crate::desks::{self, Place, Socket};
use crate::load;
use futures_util::SinkExt;
use shared::event::Stream;
use shared::wire::Position;
use std::sync::Arc;
use std::time::Instant;
use tests::table::{Table, Target};
use tests::webhook::{self, Webhook};
use tests::{Desk, Relay};
use tokio_tungstenite::tungstenite::Message;

/// Sockets that are open before the counting begins: what a process makes once is no matter of one socket.
const WARM: usize = 64;
/// Events that a desk missed.
const MISSED: usize = 20;

/// Measures both.
pub async fn run(scale: Scale, table: &mut Table) {
    let (mut l7, mut l11) = (vec![], vec![]);
    for _ in 0..scale.pairs {
        let relay = crate::relay(None).await;
        let bare = Bare::start().await;
        let eva = Desk::open(&relay, "eva").await;
        let host = relay.base.trim_start_matches("http://").to_owned();
        let place = Place { host, path: "/api/v1/socket", token: Some(eva.token.clone()) };
        let bare_place = Place { host: bare.address.clone(), path: "/socket", token: None };
        let ours = grown(relay.pid().unwrap(), scale.sockets, || greeted(&place)).await;
        let bares = grown(bare.pid(), scale.sockets, || echoed(&bare_place)).await;
        l7.push((ours, bares));

        let (epoch, held) = missed(&relay, eva, &place).await;
        let ours = comes_back(scale.sockets, || resumed(&place, &epoch, held)).await;
        let bares = comes_back(scale.sockets, || echoed(&bare_place)).await;
        l11.push((ours, bares));
    }
    let what = "memory of an idle desk / of a bare socket with 4 KiB buffers";
    table.add("L7", what, &l7, Target::AtMost(2.5), "KiB");
    let what = "desks back with 20 missed events each / bare sockets opened";
    table.add("L11", what, &l11, Target::AtMost(3.0), "s");
}

/// How much one of so many sockets adds to the resident memory of a process, in KiB.
async fn grown<F: Future<Output = Socket>>(process: u32, count: usize, one: impl Fn() -> F) -> f64 {
    let warm = desks::many(WARM, &one).await;
    let before = resident(process);
    let open = desks::many(count, one).await;
    let after = resident(process);
    drop((warm, open));
    (after - before) / count as f64
}

/// The resident memory of a process, in KiB.
fn resident(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Seconds until so many sockets are where they should be.
async fn comes_back<F: Future<Output = Socket>>(count: usize, one: impl Fn() -> F) -> f64 {
    let began = Instant::now();
    let open = desks::many(count, one).await;
    let took = began.elapsed().as_secs_f64();
    drop(open);
    took
}

/// A desk that holds nothing and was welcomed.
async fn greeted(place: &Place) -> Socket {
    let mut socket = desks::open(place, false).await;
    desks::hello(&mut socket, None, Vec::new()).await;
    desks::hear(&mut socket, "\"welcome\"", 1).await;
    socket
}

/// A bare socket that works.
async fn echoed(place: &Place) -> Socket {
    let mut socket = desks::open(place, false).await;
    socket.send(Message::Text("\"welcome\"".into())).await.unwrap();
    desks::hear(&mut socket, "\"welcome\"", 1).await;
    socket
}

/// A chat of which a desk holds all but the last events.
async fn missed(relay: &Relay, mut eva: Desk, place: &Place) -> (String, Position) {
    let message =
        |n: usize| Webhook::message(&place.host, 1, &format!("wamid.missed.{n}"), "Hello", webhook::now());
    let first = Arc::new(vec![message(MISSED)]);
    load::burst(&place.host, &first, 1).await;
    let card = eva.card().await;
    let held = eva.accept(&card).await.interaction;
    load::burst(&place.host, &Arc::new((0..MISSED).map(message).collect()), 1).await;
    crate::rows::understood(&relay.file()).await;
    let position = Position { stream: Stream::Interaction(held.id), version: held.version };
    (eva.snapshot().await.epoch, position)
}

/// A desk that holds all but the last events and was told them.
async fn resumed(place: &Place, epoch: &str, held: Position) -> Socket {
    let mut socket = desks::open(place, false).await;
    desks::hello(&mut socket, Some(epoch), vec![held]).await;
    desks::hear(&mut socket, "{\"event\":{\"event\"", MISSED).await;
    socket
}
