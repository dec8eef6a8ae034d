//! Webhooks that were taken once and come again, also after a restart: no new line, no message that falls back.

use super::signed::{message, post, receipt};
use serde_json::Value;
use shared::channel::Channel;
use shared::interaction::Delivery;
use shared::thread::Body;
use tests::{Desk, Phones, Relay};

/// How many chats there are, how many messages in them, and how many of those were seen.
async fn count(eva: &Desk, relay: &Relay) -> (usize, usize, usize) {
    let page = relay.get(&eva.token, "/api/v1/interactions?limit=200").await;
    let rows = page["interactions"].as_array().unwrap();
    let (mut messages, mut seen) = (0, 0);
    for row in rows {
        let chat = eva.interaction(serde_json::from_value(row["id"].clone()).unwrap()).await;
        for entry in chat.entries {
            if let Body::Message(message) = entry.body {
                messages += 1;
                seen += usize::from(message.delivery == Some(Delivery::Seen));
            }
        }
    }
    (rows.len(), messages, seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn captured_webhooks_have_no_second_effect_also_after_a_restart() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let mut bodies = Vec::new();
    // A chat with messages of ours, whose receipts come by hand, in and out of order.
    let mut eva = Desk::open(&relay, "eva").await;
    phones.settings(&serde_json::json!({ "receipts": "manual" })).await;
    phones.customer(Channel::WhatsApp).write("Hello").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await.interaction.id;
    for n in 0..10 {
        eva.send(chat, &format!("answer {n}")).await;
    }
    let ours: Vec<String> = tests::wait::until("ten sent messages", || async {
        let ledger = phones.sends().await;
        let ids = |line: &Value| {
            let answer = line["answer"]
                .as_str()
                .map_or(line["answer"].clone(), |text| serde_json::from_str(text).unwrap_or_default());
            answer["messages"][0]["id"].as_str().map(str::to_owned)
        };
        let ids: Vec<String> = ledger.iter().filter_map(ids).collect();
        (ids.len() == 10).then_some(ids)
    })
    .await;
    for id in &ours {
        bodies.extend(["sent", "delivered", "read"].map(|status| receipt(0, id, status)));
    }
    for n in 0..300 {
        bodies.push(message(n % 20, &format!("captured{n}"), &format!("text {n}")));
    }
    for body in &bodies {
        assert_eq!(post(&relay.http, &relay.base, body).await, Some(200));
    }
    let taken = tests::wait::until("everything understood", || async {
        let now = count(&eva, &relay).await;
        (now == (21, 311, 10)).then_some(now)
    })
    .await;
    for round in 0..2 {
        if round == 1 {
            relay.terminate().await;
            relay.restart().await;
        }
        let mut next = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..bodies.len() {
            next ^= next << 13;
            next ^= next >> 7;
            next ^= next << 17;
            let body = &bodies[usize::try_from(next >> 33).unwrap() % bodies.len()];
            assert_eq!(post(&relay.http, &relay.base, body).await, Some(200), "never refused, never doubled");
        }
        // Something new behind them: once it is there, all before it was understood.
        post(&relay.http, &relay.base, &message(0, &format!("new{round}"), "new")).await;
        tests::wait::until("the new message", || async {
            (count(&eva, &relay).await.1 > taken.1 + round).then_some(())
        })
        .await;
        let expected = (taken.0, taken.1 + 1 + round, taken.2);
        assert_eq!(count(&eva, &relay).await, expected, "no new chat, no receipt that fell back");
    }
}
