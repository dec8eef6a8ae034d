//! Many chats at once, several people who look on and are cut off again and again: each sees every chat as one sequence without holes, the same as everybody and as the log (I-13).

use shared::event::{Change, Stream};
use shared::id::InteractionId;
use shared::thread::Content;
use shared::wire::{DeskFrame, Position, RelayFrame};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tests::ledger::{self, Stored};
use tests::post;
use tests::relay::Database;
use tests::seed::{self, Seed};
use tests::wait::none_left;
use tests::webhook::{self, Webhook};
use tests::{Desk, Relay, Setup};

/// Messages of one chat.
const MESSAGES: usize = 100;
/// Connections on which they come.
const LINES: usize = 8;
/// Who looks on; all of them have rights to the queue.
const PEOPLE: [&str; 3] = ["eva", "petr", "dana"];
/// How often each of them is cut off.
const CUTS: usize = 5;

/// What somebody knows of one chat.
#[derive(Default)]
struct Transcript {
    version: u64,
    /// Every line with its number: what happened, and the words beside it.
    lines: Vec<(u64, String, Option<String>)>,
}

/// Somebody who looks on.
struct Viewer {
    login: &'static str,
    token: String,
    epoch: String,
    chats: BTreeMap<InteractionId, Transcript>,
    cuts: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn i13_every_viewer_sees_the_same_sequence_without_holes() {
    let mut seed = Seed::of("I-13");
    // Everybody asks for everything at once.
    let environment = vec![("SIGNALBOX_LIMITS".into(), "socket_frames = 100000".into())];
    let setup = Setup { apart: true, environment, database: Database::File, ..Setup::default() };
    let relay = Relay::start_with(setup).await;
    let host = relay.base.trim_start_matches("http://").to_owned();
    let count = u32::try_from(seed::rounds(500)).unwrap();
    let one = |customer: u32, n: usize| {
        webhook::message(
            customer,
            &format!("wamid.{customer}.{n}"),
            &format!("line {n} of {customer}"),
            webhook::now(),
        )
    };
    let first =
        (0..count).map(|customer| Webhook::batch(&host, customer, "first", &[one(customer, 0)]).request);
    assert!(post::all(&host, first.collect(), LINES).await.unwrap().iter().all(|status| *status == 200));
    ledger::understood(&relay.file()).await;
    let chats: Vec<InteractionId> = Stored::read(&relay.file())
        .live
        .iter()
        .map(|(_, _, chat)| serde_json::from_value(chat.clone().into()).unwrap())
        .collect();
    assert_eq!(chats.len(), count as usize);

    // What is left of each chat, in bodies of one to five messages, those of all chats mixed.
    let mut bodies = Vec::new();
    for customer in 0..count {
        let mut n = 1;
        while n < MESSAGES {
            let size = (1 + usize::try_from(seed.below(5)).unwrap()).min(MESSAGES - n);
            let messages: Vec<_> = (n..n + size).map(|n| one(customer, n)).collect();
            bodies.push(Webhook::batch(&host, customer, "more", &messages).request);
            n += size;
        }
    }
    for n in (1..bodies.len()).rev() {
        bodies.swap(n, usize::try_from(seed.below(n as u64 + 1)).unwrap());
    }
    let (all, posted) = (bodies.len(), Arc::new(AtomicUsize::new(0)));
    let posting = tokio::spawn({
        let (host, posted) = (host.clone(), Arc::clone(&posted));
        async move {
            for part in bodies.chunks(64) {
                let answers = post::all(&host, part.to_vec(), LINES).await.unwrap();
                assert!(answers.iter().all(|status| *status == 200));
                posted.fetch_add(part.len(), Ordering::SeqCst);
            }
        }
    });
    let mut looking = Vec::new();
    for login in PEOPLE {
        let viewer = Viewer::new(&relay, login, &chats).await;
        looking.push(viewer.look_on(&relay, (all, Arc::clone(&posted)), seed.branch()));
    }
    let mut viewers = futures_util::future::join_all(looking).await;
    posting.await.unwrap();
    ledger::understood(&relay.file()).await;
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    assert_eq!(stored.messages.len(), count as usize * MESSAGES);
    let log = transcripts(&stored);
    for viewer in &mut viewers {
        viewer.catch_up(&relay, &log).await;
    }
    // Meanwhile an offer may have ended: what some know already is then in the log as it is now.
    let now = transcripts(&Stored::read(&relay.file()));
    for viewer in &viewers {
        for (chat, transcript) in &viewer.chats {
            let stream = format!("interaction:{chat}");
            let (least, own) = (log[&stream].lines.len(), &now[&stream].lines);
            let known = &transcript.lines;
            assert!(known.len() >= least, "{}: {chat} ends too early", viewer.login);
            assert_eq!(known[..], own[..known.len()], "{}: {chat} is not as in the log", viewer.login);
        }
        assert_eq!(viewer.cuts, CUTS);
    }
}

/// Every chat by its stream, as the log has it.
fn transcripts(stored: &Stored) -> BTreeMap<String, Transcript> {
    let words: BTreeMap<&str, &Option<String>> =
        stored.messages.iter().map(|message| (message.id.as_str(), &message.text)).collect();
    let mut all: BTreeMap<String, Transcript> = BTreeMap::new();
    for event in &stored.events {
        let transcript = all.entry(event.stream.clone()).or_default();
        transcript.version = u64::try_from(event.version).unwrap();
        if let Some(seq) = event.seq {
            let message =
                event.change.pointer("/interaction/customer_wrote/message").and_then(|id| id.as_str());
            let text = message.and_then(|id| words[id].clone());
            transcript.lines.push((u64::try_from(seq).unwrap(), event.change.to_string(), text));
        }
    }
    all
}

impl Viewer {
    async fn new(relay: &Relay, login: &'static str, chats: &[InteractionId]) -> Self {
        let token = relay.token(login).await;
        let desk = Desk::open_with(relay, token.clone(), None, Vec::new()).await;
        let epoch = desk.snapshot().await.epoch;
        let chats = chats.iter().map(|chat| (*chat, Transcript::default())).collect();
        Self { login, token, epoch, chats, cuts: 0 }
    }

    /// Looks at all chats, and is cut off at moments of chance while customers write.
    async fn look_on(
        mut self,
        relay: &Relay,
        (all, posted): (usize, Arc<AtomicUsize>),
        mut seed: Seed,
    ) -> Self {
        let mut moments: Vec<usize> =
            (0..CUTS).map(|_| usize::try_from(seed.below(all as u64)).unwrap()).collect();
        moments.sort_unstable();
        for moment in moments {
            let desk = self.come(relay).await;
            none_left("customers to write", || {
                let left = moment.saturating_sub(posted.load(Ordering::SeqCst));
                async move { left }
            })
            .await;
            tokio::time::sleep(Duration::from_millis(seed.below(80))).await;
            desk.cut();
            self.cuts += 1;
            self.take(&desk);
        }
        self
    }

    /// Comes back to where it stood in each chat.
    async fn come(&self, relay: &Relay) -> Desk {
        let known =
            |(chat, one): (&InteractionId, &Transcript)| (one.version > 0).then_some((*chat, one.version));
        let held = self.chats.iter().filter_map(known);
        let held =
            held.map(|(chat, version)| Position { stream: Stream::Interaction(chat), version }).collect();
        let desk = Desk::open_with(relay, self.token.clone(), Some(self.epoch.clone()), held).await;
        for (chat, _) in self.chats.iter().filter(|(_, one)| one.version == 0) {
            desk.say(DeskFrame::Watch { interaction: *chat, version: 0 });
        }
        desk
    }

    /// Takes in what it was told, which follows event by event what is known.
    fn take(&mut self, desk: &Desk) {
        for frame in desk.told() {
            let RelayFrame::Event { event, content } = frame else { continue };
            let Stream::Interaction(chat) = event.stream else { continue };
            let Some(transcript) = self.chats.get_mut(&chat) else { continue };
            let expected = transcript.version + 1;
            assert_eq!(event.version, expected, "{}: {chat} has a hole or an event twice", self.login);
            transcript.version = event.version;
            if let Some(seq) = event.seq {
                let text = content.into_iter().find_map(|one| match one {
                    Content::Text { text, .. } => Some(text),
                    _ => None,
                });
                let text = text.filter(|_| matches!(event.change, Change::Interaction(_)));
                let change = serde_json::to_value(&event.change).unwrap().to_string();
                transcript.lines.push((seq, change, text));
            }
        }
    }

    /// Comes back for the last time and hears the rest.
    async fn catch_up(&mut self, relay: &Relay, log: &BTreeMap<String, Transcript>) {
        loop {
            let desk = self.come(relay).await;
            let missing = || {
                let mut versions: BTreeMap<InteractionId, u64> =
                    self.chats.iter().map(|(chat, one)| (*chat, one.version)).collect();
                for event in desk.events() {
                    if let Stream::Interaction(chat) = event.stream {
                        versions.insert(chat, event.version);
                    }
                }
                let behind = |(chat, version): (&InteractionId, &u64)| {
                    log[&format!("interaction:{chat}")].version.saturating_sub(*version)
                };
                usize::try_from(versions.iter().map(behind).sum::<u64>()).unwrap()
            };
            // A desk that is behind may be cut off for it, and comes back.
            none_left("the rest of every chat", || {
                let left = if desk.is_cut() { 0 } else { missing() };
                async move { left }
            })
            .await;
            let complete = missing() == 0;
            self.take(&desk);
            if complete {
                return;
            }
        }
    }
}
