//! `kill -9` at bad moments: what was acknowledged is there afterwards, what was being sent is never sent twice.

use serde_json::json;
use shared::channel::Channel;
use shared::interaction::{Delivery, Phase};
use shared::thread::Body;
use std::time::Duration;
use tests::{Desk, Phones, Relay};

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_answered_200_survives_the_kill_before_anybody_was_told() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    for round in 0..5 {
        let customer = phones.create(Channel::WhatsApp, &format!("Customer {round}")).await;
        let external = customer.write(&format!("before the kill {round}")).await;
        // Killed as soon as the provider has its 200, before or after the desk would have been told.
        tests::wait::until("the 200", || async {
            let ledger = phones.get("/control/ledger").await;
            let acked = ledger["entries"].as_array().unwrap().iter().any(|line| {
                line["kind"] == "webhook"
                    && line["status"] == 200
                    && line["body"].as_str().is_some_and(|body| body.contains(&external))
            });
            acked.then_some(())
        })
        .await;
        relay.kill().await;
        relay.restart().await;
    }
    let mut eva = Desk::open(&relay, "eva").await;
    let mut texts = Vec::new();
    for _ in 0..5 {
        let card = eva.card().await;
        let snapshot = eva.accept(&card).await;
        texts.extend(snapshot.entries.into_iter().filter_map(|entry| match entry.body {
            Body::Message(message) => message.text,
            Body::Event { .. } => None,
        }));
    }
    texts.sort();
    assert_eq!(texts, (0..5).map(|n| format!("before the kill {n}")).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_whose_answer_was_lost_in_the_kill_is_unknown_and_never_sent_again() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    let customer = phones.customer(Channel::Viber);
    customer.write("Hello").await;
    let mut eva = Desk::open(&relay, "eva").await;
    let card = eva.card().await;
    let id = eva.accept(&card).await.interaction.id;
    phones.post("/control/hold", &json!({ "what": "answers", "account": "demo" })).await;
    let message = eva.send(id, "Is it there?").await;
    customer.shows("Is it there?").await;
    relay.kill().await;
    phones.post("/control/release", &json!({})).await;
    relay.restart().await;
    let eva = Desk::open(&relay, "eva").await;
    tests::wait::until("the unknown state", || async {
        let entries = eva.interaction(id).await.entries;
        entries.into_iter().find_map(|entry| match entry.body {
            Body::Message(m) if m.id == message && m.delivery == Some(Delivery::Unknown) => Some(()),
            _ => None,
        })
    })
    .await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let times = customer.times("Is it there?").await;
    assert_eq!(times, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_chats_and_ringing_offers_are_there_after_a_kill_and_timers_fire() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::Messenger).write("Open").await;
    let open = eva.card().await;
    eva.accept(&open).await;
    phones.customer(Channel::Instagram).write("Ringing").await;
    let ringing = eva.card().await;
    relay.kill().await;
    relay.restart().await;
    let eva = Desk::open(&relay, "eva").await;
    let agent = eva.snapshot().await.agent;
    assert_eq!(agent.open.len(), 1);
    assert_eq!(agent.ringing.iter().map(|r| r.offer).collect::<Vec<_>>(), vec![ringing.ringing.offer]);
    assert_eq!(eva.interaction(open.ringing.interaction).await.interaction.phase, Phase::Active);
    relay.advance(Duration::from_secs(31)).await;
    tests::wait::until("the end of the ring", || async {
        (!eva.snapshot().await.agent.rings(ringing.ringing.offer)).then_some(())
    })
    .await;
}
