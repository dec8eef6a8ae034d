//! Retries, giving up, unsubscribing, and webhooks that come twice, late, out of order or together.

use serde_json::{Value, json};

use crate::tests::{PAGE, Stage, event};

async fn rule(stage: &Stage, rule: Value) {
    let (status, answer) = stage.post("/control/faults", rule).await;
    assert_eq!(status, 201, "{answer}");
}

fn texts(stage: &Stage) -> Vec<String> {
    let arrived = stage.arrived();
    let all = arrived.iter().flat_map(|a| a.body["entry"].as_array().cloned().unwrap_or_default());
    let events = all.flat_map(|entry| entry["messaging"].as_array().cloned().unwrap_or_default());
    events.filter_map(|event| event["message"]["text"].as_str().map(str::to_owned)).collect()
}

/// The row of a kind in the provider's account.
async fn row(stage: &Stage, kind: &str) -> Value {
    let told = stage.get("/control/ledger/told").await;
    told["rows"].as_array().unwrap().iter().find(|row| row["kind"] == kind).cloned().unwrap_or_default()
}

/// Waits until the row says so.
async fn ends(stage: &Stage, kind: &str, outcome: &str) -> Value {
    for _ in 0..500 {
        let row = row(stage, kind).await;
        if row["outcome"] == outcome {
            return row;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{kind} never was {outcome}: {}", row(stage, kind).await);
}

async fn hour_passes(stage: &Stage, hours: u64) {
    stage.post("/control/clock", json!({"advance_ms": hours * 3_600_000})).await;
}

#[tokio::test]
async fn after_an_hour_messenger_unsubscribes_the_app() {
    let stage = Stage::new().await;
    stage.refuse(u32::MAX);
    stage.writes("jana", "ztraceno").await;
    hour_passes(&stage, 2).await;
    let row = ends(&stage, "message", "gave_up").await;
    assert!(row["posts"].as_u64().unwrap() >= 1 && row["accepted"] == 0, "{row}");
    stage.refuse(0);
    let account = |accounts: &Value| accounts["accounts"][0]["subscribed"].clone();
    assert_eq!(account(&stage.get("/control/accounts").await), false);
    let apps = format!("/v25.0/{PAGE}/subscribed_apps?access_token=demo-messenger-token");
    assert_eq!(stage.get(&apps).await["data"], json!([]));
    stage.writes("jana", "nikdo neslyší").await;
    assert!(texts(&stage).is_empty());
    let told = stage.get("/control/ledger/told").await;
    assert_eq!(told["rows"][1]["outcome"], "unsubscribed");
    // Subscribing anew brings what comes, not what was missed.
    assert_eq!(
        stage.post(&apps, json!({"subscribed_fields": ["messages"]})).await.1,
        json!({"success": "true"})
    );
    assert_eq!(stage.get(&apps).await["data"][0]["subscribed_fields"], json!(["messages"]));
    stage.writes("jana", "znovu").await;
    stage.until(|| texts(&stage) == ["znovu"]).await;
}

#[tokio::test]
async fn whatsapp_tries_for_days_and_viber_for_an_hour() {
    let stage = Stage::new().await;
    stage.put("/control/settings", json!({"longest_pause_ms": 20})).await;
    stage.refuse(u32::MAX);
    stage.writes("petr", "trpělivě").await;
    hour_passes(&stage, 6 * 24).await;
    stage.refuse(0);
    ends(&stage, "message", "accepted").await;
    stage.refuse(u32::MAX);
    stage.writes("lucie", "hodinu").await;
    hour_passes(&stage, 2).await;
    let viber = |told: &Value| {
        let rows = told["rows"].as_array().unwrap().clone();
        rows.into_iter().any(|row| row["account"] == "demo" && row["outcome"] == "gave_up")
    };
    for _ in 0..500 {
        if viber(&stage.get("/control/ledger/told").await) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("Viber never gave up");
}

#[tokio::test]
async fn duplicates_and_overtaking() {
    let stage = Stage::new().await;
    rule(&stage, json!({"fault": "duplicate", "on": "message", "count": 1})).await;
    stage.writes("jana", "dvakrát").await;
    stage.until(|| texts(&stage) == ["dvakrát", "dvakrát"]).await;
    let told = ends(&stage, "message", "accepted").await;
    assert_eq!((&told["webhooks"], &told["accepted"]), (&json!(2), &json!(2)));
    rule(&stage, json!({"fault": "reorder", "ms": 150, "count": 1})).await;
    stage.writes("jana", "první").await;
    stage.writes("jana", "druhá").await;
    stage.until(|| texts(&stage).len() == 4).await;
    assert_eq!(texts(&stage)[2..], ["druhá", "první"]);
    rule(&stage, json!({"fault": "delay", "ms": 60, "count": 1})).await;
    stage.writes("jana", "třetí").await;
    stage.writes("jana", "čtvrtá").await;
    stage.until(|| texts(&stage).len() == 6).await;
    assert_eq!(texts(&stage)[4..], ["třetí", "čtvrtá"]);
}

#[tokio::test]
async fn batches_gather_customers() {
    let stage = Stage::new().await;
    let (_, other) = stage.post("/control/customers", json!({"account": PAGE, "name": "Olga"})).await;
    rule(&stage, json!({"fault": "batch", "ms": 120, "account": PAGE})).await;
    stage.writes("jana", "jedna").await;
    stage.writes(other["id"].as_str().unwrap(), "dva").await;
    stage.until(|| texts(&stage).len() == 2).await;
    let arrived = stage.arrived();
    assert_eq!(arrived.len(), 1, "one body");
    assert_eq!(arrived[0].body["entry"].as_array().unwrap().len(), 2);
    let phone = stage.get("/control/customers/jana/phone").await;
    assert_eq!(phone["messages"][0]["state"], "delivered");
}

#[tokio::test]
async fn held_webhooks_leave_in_the_wished_order() {
    let stage = Stage::new().await;
    stage.post("/control/hold", json!({"what": "webhooks", "account": PAGE})).await;
    for text in ["a", "b", "c"] {
        stage.writes("jana", text).await;
    }
    let (_, released) = stage.post("/control/release", json!({"order": "reversed"})).await;
    assert_eq!(released["webhooks"], 3);
    stage.until(|| texts(&stage) == ["c", "b", "a"]).await;
    assert!(stage.arrived().iter().all(|a| event(a)["sender"]["id"].is_string()));
    assert_eq!(stage.post("/control/release", json!({"order": "sideways"})).await.0, 400);
}

#[tokio::test]
async fn an_opened_conversation_reads_the_welcome() {
    let stage = Stage::new().await;
    stage.answer_with(json!({"sender": {"name": "Desk"}, "type": "text", "text": "Vítejte"}));
    let (status, opened) = stage.post("/control/customers/lucie/open", json!({"context": "z webu"})).await;
    assert_eq!(
        (status, &opened["status"], &opened["welcome"]["text"]),
        (200, &json!(200), &json!("Vítejte"))
    );
    let started = stage.webhook(|a| a.body["event"] == "conversation_started").await;
    assert_eq!(
        (&started.body["context"], &started.body["subscribed"], &started.body["type"]),
        (&json!("z webu"), &json!(false), &json!("open"))
    );
    assert_eq!(stage.get("/control/customers/lucie/phone").await["messages"][0]["text"], "Vítejte");
    assert_eq!(stage.post("/control/customers/jana/open", json!({})).await.0, 400);
}

#[tokio::test]
async fn the_challenge_is_echoed_or_not() {
    let stage = Stage::new().await;
    let (_, verified) = stage
        .post(&format!("/control/accounts/{PAGE}/verify"), json!({"verify_token": "demo-verify-token"}))
        .await;
    // The receiver of this stage echoes nothing.
    assert_eq!(verified, json!({"verified": false}));
    assert_eq!(stage.post("/control/accounts/demo/verify", json!({"verify_token": "x"})).await.0, 400);
}
