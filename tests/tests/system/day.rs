//! An agent's day as figures: what was taken, written, closed and missed since their midnight, and nobody else's.

use serde_json::{Value, json};
use shared::channel::Channel;
use std::time::Duration;
use tests::{Desk, Phones, Relay};

async fn day(relay: &Relay, desk: &Desk, query: &str) -> Value {
    relay.get(&desk.token, &format!("/api/v1/me/day{query}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_counts_what_its_agent_did() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let nothing =
        json!({ "accepted": 0, "closed": 0, "sent": 0, "missed": 0, "open": 0, "first_reply_ms": null });
    assert_eq!(day(&relay, &eva, "").await, nothing);
    let begin = eva.snapshot().await.now;
    for (n, channel) in [Channel::WhatsApp, Channel::Viber].into_iter().enumerate() {
        phones.customer(channel).write("Hello").await;
        let card = eva.card().await;
        eva.accept(&card).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        for _ in 0..=n {
            eva.send(card.ringing.interaction, "Good day").await;
        }
        if n == 0 {
            eva.close(card.ringing.interaction, card.ringing.activity).await;
        }
    }
    let figures = day(&relay, &eva, &format!("?from={}", begin.0)).await;
    let first = figures["first_reply_ms"].as_u64().expect("there was one");
    assert!((20..30_000).contains(&first), "{first}");
    let counted =
        |figures: &Value| ["accepted", "closed", "sent", "missed", "open"].map(|of| figures[of].clone());
    assert_eq!(counted(&figures), [2, 1, 3, 0, 1].map(Value::from));
    let now = eva.snapshot().await.now;
    let later = day(&relay, &eva, &format!("?from={}", now.0)).await;
    assert_eq!(counted(&later), [0, 0, 0, 0, 1].map(Value::from), "nothing since, and one is open");
    let petr = Desk::open(&relay, "petr").await;
    assert_eq!(day(&relay, &petr, "").await, nothing);
    for from in ["yesterday".to_owned(), "0".to_owned(), (now.0 + 3_600_000).to_string()] {
        let url = format!("{}/api/v1/me/day?from={from}", relay.base);
        let answer = relay.http.get(url).bearer_auth(&eva.token).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{from}");
        let problem: Value = answer.json().await.unwrap();
        assert!(problem["detail"].as_str().unwrap().contains("48 hours"), "{problem}");
    }
}
