//! What desks are shown while sockets break and the relay dies: every event once, in order, nothing that is not in the log, and in the end the same as a fresh look (I-13 to I-15).

use shared::event::{Event, Stream};
use shared::id::InteractionId;
use shared::wire::{DeskFrame, PROTOCOL, Position, RelayFrame, Resume};
use shared::world::{Applied, World};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use tests::clipped::{self, Clipped, Cut};
use tests::ledger::{self, Stored};
use tests::post::{self, Post};
use tests::relay::Database;
use tests::seed::{self, Seed};
use tests::webhook::{self, Webhook};
use tests::{Desk, Relay, Setup};
use tokio_tungstenite::WebSocketStream;

/// Messages of one round, and connections on which they come.
const MESSAGES: usize = 40;
const LINES: usize = 8;
/// Who looks on; all of them have rights to the queue.
const PEOPLE: [&str; 3] = ["eva", "petr", "dana"];
/// Rounds in full, and how often each viewer comes back over a line that breaks in one of them: 5,000 times together.
const ROUNDS: usize = 60;
const RETURNS: usize = 28;
/// Dead desks that are kept at a time, so that the relay goes on telling them.
const DEAD: usize = 12;

/// A desk that keeps what it was told over every break.
struct Viewer {
    login: &'static str,
    token: String,
    epoch: String,
    world: World,
    shown: Vec<Event>,
    /// How often it came back over a line that breaks, and how often it was welcomed before it broke.
    returned: usize,
    welcomed: usize,
    /// Desks that are there for the relay and hear nothing.
    dead: VecDeque<WebSocketStream<Clipped>>,
}

#[tokio::test(flavor = "multi_thread")]
async fn i14_every_event_is_shown_once_in_order_over_breaks_and_kills() {
    let mut seed = Seed::of("I-14");
    // Desks that are there and deaf are many sockets of one person.
    let environment = vec![("SIGNALBOX_LIMITS".into(), "sockets_per_person = 10000".into())];
    let setup = Setup { apart: true, environment, database: Database::File, ..Setup::default() };
    let mut relay = Relay::start_with(setup).await;
    let host = relay.base.trim_start_matches("http://").to_owned();
    let chat = begin(&relay, &host).await;
    let mut viewers = Vec::new();
    for login in PEOPLE {
        viewers.push(Viewer::new(&relay, login, chat).await);
    }
    let mut late = Vec::new();
    for round in 0..seed::rounds(ROUNDS) {
        // Each comes back again and again while customers write, over lines that break anywhere.
        let writing = (0..MESSAGES).map(|n| message(&host, &format!("wamid.broken.{round}.{n}"))).collect();
        let writing = tokio::spawn({
            let host = host.clone();
            async move { post::all(&host, writing, 2).await.is_ok() }
        });
        let mut returning = tokio::task::JoinSet::new();
        for mut viewer in viewers.drain(..) {
            let (host, mut seed) = (host.clone(), seed.branch());
            returning.spawn(async move {
                for _ in 0..RETURNS {
                    viewer.returns(&host, chat, &mut seed).await;
                }
                viewer
            });
        }
        viewers.extend(returning.join_all().await);
        assert!(writing.await.unwrap(), "nothing is refused");
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
        } else {
            late.push(posting);
        }
        for (viewer, desk) in viewers.iter_mut().zip(desks) {
            desk.cut();
            viewer.take(&desk, chat);
        }
        if relay.pid().is_none() {
            relay.restart().await;
        }
    }
    // What is still on its way would come after the fresh look; a relay that was killed meanwhile ended it.
    for posting in late {
        let _ = posting.await.unwrap();
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
    let returned: Vec<usize> = viewers.iter().map(|viewer| viewer.returned).collect();
    let welcomed: Vec<usize> = viewers.iter().map(|viewer| viewer.welcomed).collect();
    println!("I-14: came back {returned:?} times, welcomed {welcomed:?} times");
    assert!(
        welcomed.iter().zip(&returned).all(|(one, all)| one * 4 > *all && one < all),
        "no breaks: {welcomed:?}"
    );
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
        Self {
            login,
            token: desk.token.clone(),
            epoch,
            world,
            shown: Vec::new(),
            returned: 0,
            welcomed: 0,
            dead: VecDeque::new(),
        }
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

    /// Comes back over a line that breaks at a byte of chance: in the handshake, in the welcome or in an event.
    async fn returns(&mut self, host: &str, chat: InteractionId, seed: &mut Seed) {
        let stream = Stream::Interaction(chat);
        let held = vec![Position { stream, version: self.version(chat) }];
        let hello = DeskFrame::Hello { protocol: PROTOCOL, epoch: Some(self.epoch.clone()), resume: held };
        let whole = usize::MAX;
        let below = |seed: &mut Seed, bytes: u64| usize::try_from(seed.below(bytes)).unwrap();
        let cut = match seed.below(10) {
            0 => Cut { heard: whole, said: below(seed, 300) },
            1 => Cut { heard: below(seed, 300), said: whole },
            2 | 3 => Cut { heard: below(seed, 1_500), said: whole },
            _ => Cut { heard: 500 + below(seed, 12_000), said: whole },
        };
        let (told, socket) = clipped::glimpse(host, &self.token, &hello, cut).await;
        self.returned += 1;
        if let Some(RelayFrame::Welcome { streams, .. }) = told.first() {
            self.welcomed += 1;
            let how = streams.iter().find(|one| one.stream == stream).map(|one| one.how);
            assert_eq!(how, Some(Resume::Resumed), "{}", self.login);
        }
        self.hear(told, stream);
        if let Some(socket) = socket.filter(|_| seed.once_in(8)) {
            // It hangs up without a word: the relay tells it on until it notices.
            self.dead.push_front(socket);
            self.dead.truncate(DEAD);
        }
    }

    /// Takes in what a desk was told.
    fn take(&mut self, desk: &Desk, chat: InteractionId) {
        self.hear(desk.told(), Stream::Interaction(chat));
    }

    /// Takes in frames, whose events must follow what is known event by event.
    fn hear(&mut self, told: Vec<RelayFrame>, stream: Stream) {
        for frame in told {
            let RelayFrame::Event { event, .. } = frame else { continue };
            if event.stream != stream {
                continue;
            }
            let applied = self.world.apply(&event);
            let version = event.version;
            assert_eq!(applied, Applied::Yes, "{}: event {version} is missing or told twice", self.login);
            self.shown.push(*event);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i14_another_epoch_is_never_gone_on_with() {
    let mut relay = Relay::start_apart_on(None).await;
    let host = relay.base.trim_start_matches("http://").to_owned();
    let chat = begin(&relay, &host).await;
    let stream = Stream::Interaction(chat);
    let mut viewers = Vec::new();
    for login in PEOPLE {
        viewers.push(Viewer::new(&relay, login, chat).await);
    }
    for round in 0..seed::rounds(50) {
        relay.kill().await;
        let file = rusqlite::Connection::open(relay.file()).unwrap();
        let epoch = format!("0198c0de-0000-7000-8000-{round:012}");
        assert_eq!(file.execute("UPDATE meta SET value = ?1 WHERE key = 'epoch'", [&epoch]).unwrap(), 1);
        drop(file);
        tests::sums::put(&relay.file());
        relay.restart().await;
        for viewer in &mut viewers {
            let held = vec![Position { stream, version: viewer.version(chat) }];
            let before = Some(viewer.epoch.clone());
            let desk = Desk::open_with(&relay, viewer.token.clone(), before, held).await;
            let name = format!("wamid.{round}.{}", viewer.login);
            let answers = post::all(&host, vec![message(&host, &name)], 1).await.unwrap();
            assert_eq!(answers, [200]);
            ledger::understood(&relay.file()).await;
            let welcome = |frame: &RelayFrame| match frame {
                RelayFrame::Welcome { epoch, streams, .. } => Some((epoch.clone(), streams.clone())),
                _ => None,
            };
            let (now, streams) = desk.ever("the welcome", welcome).await;
            assert_eq!(now, epoch);
            assert!(streams.iter().all(|one| one.how == Resume::Anew), "{}: {streams:?}", viewer.login);
            // It fetches everything anew, and is told nothing of it before.
            viewer.world.adopt(desk.watch(chat).await.interaction);
            viewer.epoch = now;
            let known = viewer.version(chat);
            let early: Vec<_> = desk
                .events()
                .into_iter()
                .filter(|one| one.stream == stream && one.version <= known)
                .collect();
            assert!(early.is_empty(), "{}: told as if nothing had happened: {early:?}", viewer.login);
            let answers = post::all(&host, vec![message(&host, &format!("{name}.then"))], 1).await.unwrap();
            assert_eq!(answers, [200]);
            desk.change(chat, "what comes after", |_| Some(())).await;
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
