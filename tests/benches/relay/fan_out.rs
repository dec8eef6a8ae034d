//! L5, L6 and L10: one event told to many desks, how many in a second, how late the last one, and what desks cost that do not read.

use crate::Scale;
use crate::bare::Bare;
use crate::desks::{self, Arrivals, Place, Readers, Socket};
use crate::load::{self, MANY};
use futures_util::{SinkExt, StreamExt};
use shared::id::InteractionId;
use shared::wire::RelayFrame;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tests::table::{Table, Target, quantile};
use tests::webhook::{self, Webhook};
use tests::{Desk, Relay};
use tokio_tungstenite::tungstenite::Message;

/// Desks that are told the same while frames are counted: so many that telling is the work, and not the webhooks.
const CROWD: usize = 400;
/// Desks of which the last one's delay is looked at.
const DESKS: usize = 50;
/// Healthy desks of the trial with stalled ones, and the stalled ones: five of a hundred.
const HEALTHY: usize = 95;
const STALLED: usize = 5;
/// Messages in a second while delays are looked at.
const PACE: f64 = 100.0;
/// A burst of the usual size is so many times too large: each message goes to four hundred desks.
const PART: usize = 16;
/// Frames after which a desk that does not read has filled what the system and the relay keep for it.
const FILL: usize = 1_500;
/// The customers whose chats are watched: as many as one agent has at a time. What one customer writes is understood one
/// after the other, so that a single chat would show how long a commit takes and not how fast desks are told.
const CUSTOMERS: Range<u32> = 7..13;

/// Measures those of the three that are wanted.
pub async fn run(scale: Scale, table: &mut Table, wanted: impl Fn(&[&str]) -> bool) {
    let relay = crate::relay(None).await;
    let bare = Bare::start().await;
    let mut chats = Chats::begin(&relay).await;
    let bare_place = Place { host: bare.address.clone(), path: "/socket", token: None };
    let (mut l5, mut l6, mut l10) = (vec![], vec![], vec![]);
    let frame = chats.frame().await;
    for _ in 0..scale.pairs {
        if wanted(&["L5"]) {
            let count = scale.burst / PART;
            let desks = chats.readers(CROWD, count).await;
            let relays = chats.burst(&desks, count).await;
            drop(desks);
            l5.push((relays, tell(&bare_place, &frame, count).await));
        }
        if wanted(&["L6"]) {
            let desks = chats.readers(DESKS, scale.paced).await;
            let mut last = chats.paced_from(&desks, 0, scale.paced).await;
            drop(desks);
            let mut echoes = echo(&bare_place, &frame, scale.paced).await;
            l6.push((quantile(&mut last, 0.99), quantile(&mut echoes, 0.99)));
        }
        if wanted(&["L10"]) {
            let mut without = chats.filled(scale.paced).await;
            let stalled = chats.sockets(STALLED, true).await;
            let mut with = chats.filled(scale.paced).await;
            drop(stalled);
            l10.push((quantile(&mut with, 0.99), quantile(&mut without, 0.99)));
        }
    }
    table.add("L5", "event frames / bare frames, 400 sockets", &l5, Target::AtLeast(0.5), "frames/s");
    let what = "answer of the webhook → last of 50 desks, p99 / echo at equal load, p99";
    table.add("L6", what, &l6, Target::AtMost(5.0), "ms");
    let what = "p99 of 95 desks with 5 stalled / without";
    table.add("L10", what, &l10, Target::AtMost(1.2), "ms");
}

/// The watched chats.
struct Chats {
    place: Place,
    eva: Desk,
    interactions: Vec<InteractionId>,
    sent: usize,
}

impl Chats {
    /// Customers write, an agent takes their chats.
    async fn begin(relay: &Relay) -> Self {
        let host = relay.base.trim_start_matches("http://").to_owned();
        let mut eva = Desk::open(relay, "eva").await;
        let mut interactions = Vec::new();
        for customer in CUSTOMERS {
            let first = message(&host, customer, &format!("first.{customer}"), "Hello");
            load::burst(&host, &Arc::new(vec![first]), 1).await;
            let card = eva.card().await;
            let interaction = eva.accept(&card).await.interaction.id;
            eva.say(shared::wire::DeskFrame::Unwatch { interaction });
            interactions.push(interaction);
        }
        let place = Place { host, path: "/api/v1/socket", token: Some(eva.token.clone()) };
        Self { place, eva, interactions, sent: 0 }
    }

    /// Where the chats stand.
    async fn stand(&self) -> Vec<(InteractionId, u64)> {
        let mut chats = Vec::with_capacity(self.interactions.len());
        for interaction in &self.interactions {
            chats.push((*interaction, self.eva.interaction(*interaction).await.interaction.version));
        }
        chats
    }

    /// Desks that watch the chats from now on.
    async fn sockets(&self, count: usize, lazy: bool) -> Vec<Socket> {
        let chats = self.stand().await;
        desks::many(count, || desks::watch(&self.place, &chats, lazy)).await
    }

    /// Desks that watch the chats and are read all the time; so many messages will be looked at.
    async fn readers(&self, count: usize, numbers: usize) -> Readers {
        desks::read(self.sockets(count, false).await, &Arrivals::new(numbers))
    }

    /// So many messages, numbered from `from`; ids are new with every call.
    fn messages(&mut self, from: usize, count: usize) -> Arc<Vec<Webhook>> {
        let before = self.sent;
        self.sent += count;
        let words = "A message as customers write them. ".repeat(4);
        let one = |(n, customer): (usize, u32)| {
            let text = format!("{} {words}", desks::sign(from + n));
            message(&self.place.host, customer, &format!("fan.{:010}", before + n), &text)
        };
        Arc::new((0..count).zip(CUSTOMERS.cycle()).map(one).collect())
    }

    /// Messages as fast as they are taken; returns the frames in a second.
    async fn burst(&mut self, desks: &Readers, count: usize) -> f64 {
        let requests = self.messages(0, count);
        let watching = desks.len();
        let began = Instant::now();
        load::burst(&self.place.host, &requests, MANY).await;
        desks.arrivals.reach(watching * count).await;
        let took = began.elapsed().as_secs_f64();
        (watching * count) as f64 / took
    }

    /// An event of a chat as it travels.
    async fn frame(&mut self) -> String {
        let mut socket = self.sockets(1, false).await.remove(0);
        let message = self.messages(0, 1);
        load::burst(&self.place.host, &message, 1).await;
        loop {
            let message = socket.next().await.unwrap().unwrap();
            let text = message.to_text().unwrap();
            if matches!(serde_json::from_str(text), Ok(RelayFrame::Event { .. }))
                && text.contains(desks::SIGN)
            {
                return text.to_owned();
            }
        }
    }

    /// The delays of healthy desks after so much was said that whoever does not read is full.
    async fn filled(&mut self, count: usize) -> Vec<f64> {
        let desks = self.readers(HEALTHY, FILL + count).await;
        self.burst(&desks, FILL).await;
        self.paced_from(&desks, FILL, count).await
    }

    /// Messages at the pace; returns the milliseconds from the answer of each webhook until its last desk has it.
    async fn paced_from(&mut self, desks: &Readers, from: usize, count: usize) -> Vec<f64> {
        let requests = self.messages(from, count);
        let mut line = tests::post::Post::connect(&self.place.host).await.unwrap();
        let began = Instant::now();
        let mut answered = Vec::with_capacity(count);
        for (n, webhook) in requests.iter().enumerate() {
            tokio::time::sleep_until((began + Duration::from_secs_f64(n as f64 / PACE)).into()).await;
            assert_eq!(line.post(&webhook.request).await.unwrap(), 200);
            answered.push(desks.arrivals.now());
        }
        desks.arrivals.reach(desks.len() * (from + count)).await;
        let late = |(n, answered)| {
            let nanoseconds = desks.arrivals.last(from + n).saturating_sub(answered);
            nanoseconds as f64 / 1e6
        };
        answered.into_iter().enumerate().map(late).collect()
    }
}

fn message(host: &str, customer: u32, external: &str, text: &str) -> Webhook {
    let now = webhook::now();
    Webhook::message(host, customer, &format!("wamid.{external}"), text, now)
}

/// The bare server tells the same frame to as many sockets; returns the frames in a second.
async fn tell(place: &Place, frame: &str, count: usize) -> f64 {
    let sockets = desks::many(CROWD, || desks::open(place, false)).await;
    let readers = desks::read(sockets, &Arrivals::new(count));
    let host = &place.host;
    let request = format!(
        "POST /tell HTTP/1.1\r\nhost: {host}\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n\r\n{frame}",
        frame.len()
    );
    let one = |_| Webhook { external: String::new(), request: request.clone().into_bytes() };
    let requests = Arc::new((0..count).map(one).collect());
    let began = Instant::now();
    load::burst(host, &requests, MANY).await;
    readers.arrivals.reach(CROWD * count).await;
    (CROWD * count) as f64 / began.elapsed().as_secs_f64()
}

/// As many sockets say the frame at the same pace and wait for its echo; returns the milliseconds of each.
async fn echo(place: &Place, frame: &str, count: usize) -> Vec<f64> {
    let sockets = desks::many(DESKS, || desks::open(place, false)).await;
    let began = Instant::now();
    let tasks = sockets.into_iter().map(|mut socket| {
        let frame = frame.to_owned();
        tokio::spawn(async move {
            let mut delays = Vec::with_capacity(count);
            for n in 0..count {
                tokio::time::sleep_until((began + Duration::from_secs_f64(n as f64 / PACE)).into()).await;
                let said = Instant::now();
                socket.send(Message::Text(frame.clone().into())).await.unwrap();
                desks::hear(&mut socket, desks::SIGN, 1).await;
                delays.push(said.elapsed().as_secs_f64() * 1_000.0);
            }
            delays
        })
    });
    let mut delays = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        delays.extend(task.await.unwrap());
    }
    delays
}
