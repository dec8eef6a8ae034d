//! Webhooks as they really come: twice and more often, in batches with bad neighbours, all of an album at once, against a close (I-04 to I-07).

use serde_json::{Value, json};
use shared::command::Command;
use shared::refusal::Refusal;
use shared::wire::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use tests::ledger::{self, Stored};
use tests::post::{self, Post};
use tests::seed::{self, Seed};
use tests::webhook::{self, Webhook};
use tests::{Desk, Relay};

/// Connections on which webhooks come.
const LINES: usize = 16;

fn host(relay: &Relay) -> String {
    relay.base.trim_start_matches("http://").to_owned()
}

/// Puts a list into an order of chance.
fn shuffle<T>(list: &mut [T], seed: &mut Seed) {
    for n in (1..list.len()).rev() {
        list.swap(n, usize::try_from(seed.below(n as u64 + 1)).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i04_a_message_delivered_many_times_is_there_once() {
    let mut seed = Seed::of("I-04");
    let mut relay = Relay::start_apart_on(None).await;
    let host = host(&relay);
    let count = seed::rounds(5_000);
    let mut deliveries = Vec::new();
    for n in 0..count {
        for _ in 0..=seed.below(5) {
            deliveries.push(n);
        }
    }
    shuffle(&mut deliveries, &mut seed);
    let request = |n: &usize| {
        let customer = u32::try_from(n % 40).unwrap();
        Webhook::message(&host, customer, &format!("wamid.{n}"), "A word", webhook::now()).request
    };
    // Some come before the relay was killed, some after.
    let middle = deliveries.len() / 2;
    for part in [&deliveries[..middle], &deliveries[middle..]] {
        let answers = post::all(&host, part.iter().map(request).collect(), LINES).await.unwrap();
        assert!(answers.iter().all(|status| *status == 200));
        relay.kill_and_restart().await;
        ledger::understood(&relay.file()).await;
    }
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    assert_eq!(stored.externals().len(), count);
    assert_eq!(stored.messages.len(), count, "of {} deliveries", deliveries.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn i05_a_bad_entry_costs_no_neighbour_and_is_kept() {
    let mut seed = Seed::of("I-05");
    let relay = Relay::start_apart_on(None).await;
    let host = host(&relay);
    let (mut requests, mut good, mut entries) = (Vec::new(), BTreeSet::new(), 0);
    for batch in 0..seed::rounds(2_000) {
        let customer = u32::try_from(batch % 40).unwrap();
        // Mostly small ones, up to fifty.
        let size = 1 + seed.below(7) * seed.below(8);
        let mut messages: Vec<Value> = (0..size)
            .map(|n| {
                let external = format!("wamid.{batch}.{n}");
                let message = webhook::message(customer, &external, "A word", webhook::now());
                good.insert(external);
                message
            })
            .collect();
        for _ in 0..seed.below(4) {
            let place = usize::try_from(seed.below(messages.len() as u64 + 1)).unwrap();
            messages.insert(place, poison(&mut seed));
        }
        entries += messages.len();
        requests.push(Webhook::batch(&host, customer, "batch", &messages).request);
    }
    let answers = post::all(&host, requests, LINES).await.unwrap();
    assert!(answers.iter().all(|status| *status == 200));
    ledger::understood(&relay.file()).await;
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    let there = stored.externals();
    let lost: Vec<&String> = good.iter().filter(|external| !there.contains(external.as_str())).collect();
    assert!(lost.is_empty(), "{} neighbours of bad entries are lost: {lost:?}", lost.len());
    assert_eq!(stored.items.values().sum::<usize>(), entries, "every entry is kept: {:?}", stored.items);
    let raw = stored.items.get("unsupported").copied().unwrap_or_default();
    assert!(
        raw > seed::rounds(2_000) / 10,
        "{raw} entries that no rule understands are too few to show anything"
    );
}

/// An entry that is not as it should be: some are drawn as what cannot be shown, some no rule understands.
fn poison(seed: &mut Seed) -> Value {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let kinds = [
        Value::Null,
        json!(7),
        json!("a string"),
        json!([]),
        json!({}),
        json!({ "from": [], "id": {}, "type": 3 }),
        json!({ "from": "420700000000", "id": "wamid.group", "type": "text", "group_id": "g", "text": { "body": "x" } }),
        json!({ "id": "wamid.nobody", "type": "text", "text": { "body": "from nobody" } }),
        json!({ "from": "420700000000", "type": "no such type", "timestamp": "never" , "deep": deep }),
        json!({ "status": "no such status", "id": "wamid.of.nothing" }),
        json!({ "status": ["no", "status"] }),
    ];
    kinds[usize::try_from(seed.below(kinds.len() as u64)).unwrap()].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn i06_an_album_begins_one_chat() {
    let mut seed = Seed::of("I-06");
    let relay = Relay::start_apart_on(None).await;
    let host = host(&relay);
    let albums = u32::try_from(seed::rounds(1_000)).unwrap();
    let mut pictures = 0;
    for album in 0..albums {
        let size = 2 + seed.below(9);
        let one = |n| {
            Webhook::message(&host, album, &format!("wamid.{album}.{n}"), "A picture", webhook::now()).request
        };
        let answers = post::all(&host, (0..size).map(one).collect(), LINES).await.unwrap();
        assert!(answers.iter().all(|status| *status == 200));
        pictures += answers.len();
    }
    ledger::understood(&relay.file()).await;
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    assert_eq!(stored.messages.len(), pictures);
    let mut chats: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for message in &stored.messages {
        let album = message.external.as_deref().and_then(|id| id.split('.').nth(1)).unwrap();
        chats.entry(album).or_default().insert(&message.interaction);
    }
    let split: Vec<_> = chats.iter().filter(|(_, chats)| chats.len() != 1).collect();
    assert!(split.is_empty(), "albums in several chats: {split:?}");
    assert_eq!(stored.live.len(), albums as usize, "a live chat each");
}

#[tokio::test(flavor = "multi_thread")]
async fn i07_a_message_against_a_close_is_in_one_chat_and_begins_the_next() {
    let mut seed = Seed::of("I-07");
    let relay = Relay::start_apart_on(None).await;
    let host = host(&relay);
    let mut line = Post::connect(&host).await.unwrap();
    let mut eva = Desk::open(&relay, "eva").await;
    let config = eva.snapshot().await.config;
    let (mut closed, mut joined) = (0, 0);
    // How much later than the message the close is wished, in microseconds: whoever loses gets more of a start.
    let mut start = 2_000;
    let first = Webhook::message(&host, 1, "wamid.first", "Hello", webhook::now());
    assert_eq!(line.post(&first.request).await.unwrap(), 200);
    let rounds = seed::rounds(2_000);
    let mut card = eva.card().await;
    for round in 0..rounds {
        let snapshot = eva.accept(&card).await;
        let (interaction, activity) = (card.ringing.interaction, card.ringing.activity);
        let queue = config.queues.iter().find(|one| one.queue.id == card.ringing.queue.id).unwrap();
        let disposition = queue.dispositions.first().map(|one| one.id);
        eva.done(Command::ChooseDisposition { interaction, activity, disposition, also: Vec::new() }).await;
        let close = Command::Close { interaction, activity, seen: snapshot.interaction.last_customer_seq };
        let message = Webhook::message(&host, 1, &format!("wamid.race.{round}"), "Wait!", webhook::now());
        let breath = std::time::Duration::from_micros(start / 2 + seed.below(start));
        let close = async {
            tokio::time::sleep(breath).await;
            eva.command(close).await
        };
        let (outcome, status) = tokio::join!(close, line.post(&message.request));
        assert_eq!(status.unwrap(), 200);
        match outcome {
            Outcome::Done { .. } => {
                closed += 1;
                start += start / 8;
            }
            Outcome::Refused { refusal: Refusal::NewMessage { seq } } => {
                joined += 1;
                start = (start - start / 8).max(100);
                eva.done(Command::Close { interaction, activity, seen: seq }).await;
                let next =
                    Webhook::message(&host, 1, &format!("wamid.next.{round}"), "Again", webhook::now());
                assert_eq!(line.post(&next.request).await.unwrap(), 200);
            }
            other => panic!("{other:?}"),
        }
        card = eva.card().await;
        assert_ne!(card.ringing.interaction, interaction, "what comes after the end is a new chat and rings");
    }
    println!("I-07: the close was first {closed} times, the message {joined} times");
    assert!(closed > 0 && joined > 0, "no race: {closed} and {joined}");
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    assert_eq!(stored.messages.len(), 1 + rounds + joined);
    let chats: BTreeSet<&str> = stored.messages.iter().map(|message| message.interaction.as_str()).collect();
    assert_eq!(chats.len(), rounds + 1, "each close ends one chat, and the next message begins one");
}
