//! A server that goes away: what was acknowledged stays, what cannot be kept is not acknowledged, and the relay goes on.

use pgtest::Server;
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::command::Command;
use shared::id::{CommandId, MessageId};
use shared::wire::{DeskFrame, Outcome, RelayFrame};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use tests::wait::until;
use tests::{Desk, Phones, Relay};
use uuid::Uuid;

/// Customers who write at the same time.
const LANES: usize = 6;

/// What has become of webhooks so far.
#[derive(Default)]
struct Tally {
    stop: AtomicBool,
    kept: AtomicUsize,
    refused: AtomicUsize,
}

/// A message of a customer as Viber's webhook brings it.
fn viber(lane: usize, number: usize, text: &str) -> Value {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
    let body = json!({
        "event": "message",
        "timestamp": u64::try_from(now).unwrap(),
        "message_token": 5_000_000_000_usize + lane * 1_000_000 + number,
        "sender": { "id": format!("customer-{lane}=="), "name": format!("Customer {lane}") },
        "message": { "type": "text", "text": text },
    });
    json!({ "body": body })
}

/// Writes until told to stop; returns the texts whose webhooks were answered 200.
async fn write(phones: Phones, lane: usize, tally: Arc<Tally>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut number = 0;
    while !tally.stop.load(Ordering::SeqCst) {
        number += 1;
        let text = format!("lane {lane} message {number}");
        if phones.webhook(Channel::Viber, &viber(lane, number, &text)).await == 200 {
            kept.push(text);
            tally.kept.fetch_add(1, Ordering::SeqCst);
        } else {
            tally.refused.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    kept
}

/// Waits until so many more webhooks were answered as `count` counts.
async fn more(count: &AtomicUsize) {
    let wanted = count.load(Ordering::SeqCst) + 10;
    until("more answers to webhooks", || async { (count.load(Ordering::SeqCst) >= wanted).then_some(()) })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_crashes_and_restarts_under_load_loses_nothing_that_was_acknowledged() {
    let server = Arc::new(Server::start());
    let database = server.named("load");
    let relay = Relay::start_apart_on(Some(database)).await;
    let phones = Phones::of(&relay);
    let tally = Arc::new(Tally::default());
    let lanes: Vec<_> =
        (0..LANES).map(|lane| tokio::spawn(write(phones.clone(), lane, Arc::clone(&tally)))).collect();
    for round in 0..4 {
        more(&tally.kept).await;
        tokio::task::block_in_place(|| if round % 2 == 0 { server.crash() } else { server.stop() });
        more(&tally.refused).await;
        tokio::task::block_in_place(|| server.resume());
    }
    more(&tally.kept).await;
    tally.stop.store(true, Ordering::SeqCst);
    let mut kept = Vec::new();
    for lane in lanes {
        kept.extend(lane.await.unwrap());
    }
    let open = "SELECT count(*) FROM journal WHERE state = 'new'";
    until("every webhook to be understood", || async { (server.psql("load", open) == "0").then_some(()) })
        .await;
    assert_eq!(
        server
            .psql("load", "SELECT state, reason, count(*) FROM journal WHERE state <> 'done' GROUP BY 1, 2"),
        ""
    );
    let words = server.psql("load", "SELECT body FROM contents WHERE owner LIKE 'message:%'");
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for text in words.lines() {
        *times.entry(text).or_default() += 1;
    }
    let lost: Vec<&String> = kept.iter().filter(|text| !times.contains_key(text.as_str())).collect();
    assert!(lost.is_empty(), "{} of {} were acknowledged and are gone: {lost:?}", lost.len(), kept.len());
    assert!(times.values().all(|count| *count == 1), "doubled: {times:?}");
    assert_eq!(server.psql("load", "SELECT count(*) FROM live_identities"), LANES.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_server_is_away_nothing_counts_as_saved_and_afterwards_work_goes_on() {
    let server = Arc::new(Server::start());
    let relay = Relay::start_apart_on(Some(server.database())).await;
    let phones = Phones::of(&relay);
    let customer = phones.customer(Channel::Viber);
    customer.write("Hello").await;
    let mut eva = Desk::open(&relay, "eva").await;
    let card = eva.card().await;
    let interaction = eva.accept(&card).await.interaction.id;
    tokio::task::block_in_place(|| server.stop());
    let (id, message) = (CommandId(Uuid::now_v7()), MessageId(Uuid::now_v7()));
    let command = Command::Send { interaction, message, text: "Are you there?".into(), seen: 99 };
    eva.say(DeskFrame::Command { id, command: command.clone() });
    let ready =
        async || relay.http.get(format!("{}/ready", relay.base)).send().await.unwrap().status().as_u16();
    assert_eq!(ready().await, 503);
    assert_eq!(phones.webhook(Channel::Viber, &viber(1, 1, "Nobody keeps this")).await, 503);
    tokio::task::block_in_place(|| server.resume());
    until("the relay to be ready again", || async { (ready().await == 200).then_some(()) }).await;
    let told = eva.told();
    let done = |frame: &RelayFrame| matches!(frame, RelayFrame::Answer { outcome: Outcome::Done { .. }, id: of } if *of == id);
    assert!(!told.iter().any(done), "it was said to be done");
    // Whether it was refused or the desk was cut off before: the same wish again.
    let eva = Desk::open(&relay, "eva").await;
    assert!(matches!(eva.command_as(id, command).await, Outcome::Done { .. }));
    customer.shows("Are you there?").await;
    let texts = customer.thread().await;
    assert_eq!(texts.iter().filter(|one| one["text"] == "Are you there?").count(), 1);
    assert_eq!(phones.webhook(Channel::Viber, &viber(1, 1, "This is kept")).await, 200);
}
