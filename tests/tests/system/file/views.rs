//! What desks are shown while sockets break and the relay dies: every event once, in order, nothing that is not in the log, and in the end the same as a fresh look (I-13 to I-15).

use shared::event::{Event, Stream};
use shared::id::InteractionId;
use shared::wire::{Position, RelayFrame, Resume};
use shared::world::{Applied, World};
use std::collections::BTreeMap;
use std::time::Duration;
use tests::ledger::{self, Stored};
use tests::post::{self, Post};
use tests::seed::{self, Seed};
use tests::webhook::{self, Webhook};
use tests::{Desk, Relay};

/// Messages of one round, and connections on which they come.
const MESSAGES: usize = 40;
const LINES: usize = 8;
/// Who looks on; all of them have rights to the queue.
const PEOPLE: [&str; 3] = ["eva", "petr", "dana"];

/// A desk that keeps what it was told over every break.
struct Viewer {
    login: &'static str,
    token: String,
    epoch: String,
    world: World,
    shown: Vec<Event>,
}

#[tokio::test(flavor = "multi_thread")]
async fn i14_every_event_is_shown_once_in_order_over_breaks_and_kills() {
    let mut seed = Seed::of("I-14");
    let mut relay = Relay::start_apart_on(None).await;
    let host = relay.base.trim_start_matches("http://").to_owned();
    let chat = begin(&relay, &host).await;
    let mut viewers = Vec::new();
    for login in PEOPLE {
        viewers.push(Viewer::new(&relay, login, chat).await);
    }
    for round in 0..seed::rounds(60) {
        let mut desks = Vec::new();
        for viewer in &viewers {
            desks.push(viewer.open(&relay, chat).await);
        }
        let messages = (0..MESSAGES).map(|n| message(&host, &format!("wamid.{round}.{n}"))).collect();
        let posting = tokio::spawn({
            let host = host.clone();
            async move { post::all(&host, messages, LINES).await.is_ok() }
        });
        tokio::time::sleep(Duration::from_millis(seed.below(150))).await;
        if seed.once_in(4) {
            relay.kill().await;
        } else if seed.once_in(2) {
            assert!(posting.await.unwrap(), "nothing is refused");
        }
        for (viewer, desk) in viewers.iter_mut().zip(desks) {
            desk.cut();
            viewer.take(&desk, chat);
        }
        if relay.pid().is_none() {
            relay.restart().await;
        }
    }
    ledger::understood(&relay.file()).await;
    for viewer in &mut viewers {
        let desk = viewer.open(&relay, chat).await;
        let fresh = desk.interaction(chat).await.interaction;
        let version = fresh.version;
        let last = |frame: &RelayFrame| match frame {
            RelayFrame::Event { event, .. } => (event.version == version).then_some(()),
            _ => None,
        };
        if viewer.version(chat) < version {
            desk.ever("the last event", last).await;
        }
        viewer.take(&desk, chat);
        assert_eq!(viewer.world.interaction(chat), Some(&fresh), "{}: as a fresh look", viewer.login);
    }
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    let key = format!("interaction:{chat}");
    let log: BTreeMap<i64, _> =
        stored.events.iter().filter(|one| one.stream == key).map(|one| (one.version, &one.change)).collect();
    for viewer in &viewers {
        for event in &viewer.shown {
            let told = serde_json::to_value(&event.change).unwrap();
            let kept = log.get(&i64::try_from(event.version).unwrap()).copied();
            assert_eq!(kept, Some(&told), "{} was shown what is not in the log", viewer.login);
        }
    }
}

impl Viewer {
    async fn new(relay: &Relay, login: &'static str, chat: InteractionId) -> Self {
        let desk = Desk::open(relay, login).await;
        let mut world = World::default();
        world.adopt(desk.interaction(chat).await.interaction);
        let epoch = desk.snapshot().await.epoch;
        Self { login, token: desk.token.clone(), epoch, world, shown: Vec::new() }
    }

    fn version(&self, chat: InteractionId) -> u64 {
        self.world.interaction(chat).map_or(0, |one| one.version)
    }

    /// Comes back and goes on where it stood.
    async fn open(&self, relay: &Relay, chat: InteractionId) -> Desk {
        let stream = Stream::Interaction(chat);
        let held = vec![Position { stream, version: self.version(chat) }];
        let desk = Desk::open_with(relay, self.token.clone(), Some(self.epoch.clone()), held).await;
        let welcome = |frame: &RelayFrame| match frame {
            RelayFrame::Welcome { streams, .. } => {
                streams.iter().find(|one| one.stream == stream).map(|one| one.how)
            }
            _ => None,
        };
        assert_eq!(desk.ever("the welcome", welcome).await, Resume::Resumed, "{}", self.login);
        desk
    }

    /// Takes in what a desk was told, which must follow what is known event by event.
    fn take(&mut self, desk: &Desk, chat: InteractionId) {
        for event in desk.events().into_iter().filter(|one| one.stream == Stream::Interaction(chat)) {
            let applied = self.world.apply(&event);
            assert_eq!(
                applied,
                Applied::Yes,
                "{}: event {} is missing or told twice",
                self.login,
                event.version
            );
            self.shown.push(event);
        }
    }
}

/// A customer's first message, whose chat Eva takes.
async fn begin(relay: &Relay, host: &str) -> InteractionId {
    let mut eva = Desk::open(relay, "eva").await;
    assert_eq!(Post::connect(host).await.unwrap().post(&message(host, "wamid.first")).await.unwrap(), 200);
    let card = eva.card().await;
    eva.accept(&card).await.interaction.id
}

fn message(host: &str, external: &str) -> Vec<u8> {
    let now = webhook::now();
    Webhook::message(host, 1, external, "A word", now).request
}
