//! A relay that dies at every point between the wish to send and its result, while providers refuse, hang and lose answers: each message reaches the phone at most once, and what is shown of it is true (I-19).

use serde_json::Value;
use shared::channel::Channel;
use shared::command::Command;
use std::collections::BTreeMap;
use std::time::Duration;
use tests::crowd::{self, Chat};
use tests::disk::{self, Disk, Forgets, Trouble};
use tests::ledger::{self, Stored};
use tests::line::{Line, Place};
use tests::relay::Database;
use tests::seed::{self, Seed};
use tests::{Desk, Fault, Phones, Relay, Setup};

/// What happens to a send; one chat of each channel meets each.
const STAGES: [Option<&str>; 7] = [
    None,
    Some("cut"),
    Some("timeout_before"),
    Some("timeout_after"),
    Some("lost"),
    Some("internal"),
    // The last one typed: it holds up its whole account.
    Some("rate"),
];

/// Where the relay dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Point {
    /// While wishes come in.
    Wished,
    /// Before a commit is durable: of the wish, of the claim or of the result.
    Unsynced,
    /// After a commit is durable and before anybody knows.
    Synced,
    /// When its send is at this place.
    On(Place),
    /// A moment after the answer arrived, around the commit of the result.
    Concluding,
    /// Any time.
    Any,
    /// While it starts again after a death.
    Recovering,
}

const POINTS: [Point; 12] = [
    Point::Wished,
    Point::Unsynced,
    Point::Synced,
    Point::On(Place::Before),
    Point::On(Place::HalfAsked),
    Point::On(Place::Asked),
    Point::On(Place::Taken),
    Point::On(Place::HalfAnswered),
    Point::On(Place::Answered),
    Point::Concluding,
    Point::Any,
    Point::Recovering,
];

impl Point {
    const fn place(self) -> Option<Place> {
        match self {
            Self::On(place) => Some(place),
            Self::Concluding => Some(Place::Answered),
            Self::Wished | Self::Unsynced | Self::Synced | Self::Any | Self::Recovering => None,
        }
    }
}

/// How long a point is waited for: in some rounds no send comes to it, because its provider hangs.
const REACHED: Duration = Duration::from_millis(500);

struct Stage {
    relay: Relay,
    disk: Disk,
    line: Line,
    phones: Phones,
    eva: Desk,
    chats: BTreeMap<Channel, Vec<Chat>>,
}

#[tokio::test(flavor = "multi_thread")]
async fn i19_each_message_is_on_the_phone_at_most_once_wherever_the_relay_dies() {
    let mut seed = Seed::of("I-19");
    let mut stage = Stage::set().await;
    let mut reached: BTreeMap<Point, usize> = BTreeMap::new();
    // Every death meets all seven stages of one channel, at whatever each of them is by then.
    for round in 0..seed::rounds(40) {
        for (n, point) in POINTS.into_iter().enumerate() {
            let channel = Channel::ALL[(round + n) % Channel::ALL.len()];
            *reached.entry(point).or_default() += usize::from(stage.die(point, channel, &mut seed).await);
        }
    }
    stage.phones.no_faults().await;
    // After so many refusals some wait for minutes.
    let hurry = stage.relay.hurry(Duration::from_mins(1));
    ledger::sent(&stage.relay.file()).await;
    drop(hurry);
    let stored = Stored::read(&stage.relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    let mut times = stage.phones.counted().await;
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    for message in stored.messages.iter().filter(|one| one.direction == "out") {
        let there = message.text.as_ref().and_then(|text| times.remove(text)).unwrap_or_default();
        let delivery = message.delivery.clone().unwrap_or(Value::Null);
        let (end, honest) = match delivery.as_str() {
            Some("unknown") => ("unknown", there <= 1),
            Some("sent" | "delivered" | "seen") => ("sent", there == 1),
            _ => ("failed", delivery.get("failed").is_some() && there == 0),
        };
        assert!(honest, "{} is {delivery} and was taken {there} times", message.id);
        *ends.entry(end).or_default() += 1;
    }
    assert!(times.is_empty(), "sent and not in the log: {times:?}");
    println!("I-19: deaths at their points {reached:?}; ends {ends:?}");
    assert!(
        reached.values().all(|count| *count > 0),
        "a point that no send came to shows nothing: {reached:?}"
    );
    assert!(["sent", "unknown"].iter().all(|end| ends.contains_key(end)), "{ends:?}");
}

impl Stage {
    async fn set() -> Self {
        let disk = Disk::new(Forgets::Nothing);
        let environment = disk.environment();
        let setup = Setup { apart: true, environment, database: Database::File, ..Setup::default() };
        let mut relay = Relay::start_with(setup).await;
        let phones = Phones::of(&relay);
        phones.settings(&serde_json::json!({ "receipts": "manual" })).await;
        let eva = Desk::open(&relay, "eva").await;
        let mut chats = BTreeMap::new();
        for channel in Channel::ALL {
            phones.unlimited(channel).await;
            chats.insert(channel, crowd::open(&phones, &eva, channel, STAGES.len()).await);
        }
        // From now on the relay speaks to the providers over a line that can be watched.
        let line = Line::to(&relay.simulator).await;
        relay.kill().await;
        relay.simulator.clone_from(&line.address);
        relay.restart().await;
        let eva = Desk::open_with(&relay, eva.token.clone(), None, Vec::new()).await;
        Self { relay, disk, line, phones, eva, chats }
    }

    /// Types a message in each chat of a channel and lets the relay die at this point; whether a send came to it.
    async fn die(&mut self, point: Point, channel: Channel, seed: &mut Seed) -> bool {
        self.phones.no_faults().await;
        let chats = &self.chats[&channel];
        for (chat, what) in chats.iter().zip(STAGES) {
            if let Some(what) = what {
                let fault = Fault::new(what).on("send").with("customer", chat.customer.key.as_str()).times(1);
                self.phones.fault(&fault).await;
            }
        }
        if channel == Channel::Viber {
            // The relay counts what a customer left without an answer.
            for chat in chats {
                chat.customer.write("And?").await;
            }
        }
        let mut trips = self.line.trips();
        if let Some(place) = point.place() {
            self.line.arm(place, seed.below(3));
        }
        let passing = u8::try_from(seed.below(8)).unwrap();
        match point {
            Point::Unsynced => self.disk.set(Trouble::DiesBefore(passing)),
            Point::Synced => self.disk.set(Trouble::DiesAfter(passing)),
            _ => {}
        }
        for chat in chats {
            let text = format!("{point:?} {}", seed.number());
            // The relay may die before it answers: what became of the wish is read from the log.
            let _ = self.eva.types(chat.id, &text);
        }
        let reached = match point {
            Point::Unsynced | Point::Synced => self.relay.ends(REACHED).await,
            Point::Wished => {
                pause(seed.below(3_000)).await;
                true
            }
            Point::Any | Point::Recovering => {
                pause(seed.below(60_000)).await;
                true
            }
            _ => tokio::time::timeout(REACHED, trips.changed()).await.is_ok(),
        };
        if point == Point::Concluding {
            pause(seed.below(4_000)).await;
        }
        self.relay.kill().await;
        self.line.clear();
        self.disk.set(Trouble::None);
        // One death in three takes the disk's power with it.
        if seed.once_in(3) {
            disk::lose_power(self.relay.data(), seed);
        }
        if point == Point::Recovering {
            self.relay.restart().await;
            pause(seed.below(5_000)).await;
            self.relay.kill().await;
        }
        self.relay.restart().await;
        self.eva = Desk::open_with(&self.relay, self.eva.token.clone(), None, Vec::new()).await;
        // It works: whatever was being sent holds up nobody.
        self.eva.done(Command::Resume).await;
        reached
    }
}

async fn pause(micros: u64) {
    tokio::time::sleep(Duration::from_micros(micros)).await;
}
