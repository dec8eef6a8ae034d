//! Faults on calls: what the caller sees, what was accepted, and what the ledger says of both.

use std::time::Duration;

use serde_json::{Value, json};

use crate::tests::{NUMBER, PAGE, Stage};

const JANA: &str = "7231845690127734";

async fn rule(stage: &Stage, rule: Value) -> u64 {
    let (status, answer) = stage.post("/control/faults", rule).await;
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_u64().unwrap()
}

/// Sends with a key; the status, or nothing when the connection ended without an answer.
async fn send(stage: &Stage, key: &str) -> Option<u16> {
    let path = format!("{}/v25.0/{PAGE}/messages?access_token=demo-messenger-token", stage.base);
    let body = json!({"recipient": {"id": JANA}, "messaging_type": "RESPONSE", "message": {"text": "x", "metadata": key}});
    let answer = stage.http.post(path).timeout(Duration::from_secs(5)).json(&body).send().await.ok()?;
    Some(answer.status().as_u16())
}

async fn times(stage: &Stage, key: &str) -> u64 {
    stage.get(&format!("/control/ledger/taken?key={key}")).await["times"].as_u64().unwrap()
}

#[tokio::test]
async fn every_end_of_a_call() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    for (fault, seen, accepted) in [
        (json!({"fault": "internal"}), Some(500), 0),
        (json!({"fault": "rate"}), Some(429), 0),
        (json!({"fault": "error", "code": 200}), Some(400), 0),
        (json!({"fault": "token"}), Some(400), 0),
        (json!({"fault": "window"}), Some(400), 0),
        (json!({"fault": "blocked"}), Some(400), 0),
        (json!({"fault": "cut"}), None, 0),
        (json!({"fault": "timeout_before", "ms": 30}), None, 0),
        (json!({"fault": "timeout_after", "ms": 30}), None, 1),
        (json!({"fault": "lost"}), None, 1),
        (json!({"fault": "slow", "ms": 30}), Some(200), 1),
    ] {
        let mut one = fault.clone();
        one["count"] = json!(1);
        one["customer"] = json!("jana");
        one["on"] = json!("send");
        rule(&stage, one).await;
        let key = format!("key-{}", fault["fault"].as_str().unwrap());
        assert_eq!(send(&stage, &key).await, seen, "{fault}");
        assert_eq!(times(&stage, &key).await, accepted, "{fault}");
        assert_eq!(send(&stage, "after").await, Some(200), "{fault} struck once");
    }
    let taken = stage.get("/control/ledger/taken").await;
    let answers: Vec<_> = taken["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["key"] != "after")
        .map(|row| row["answer"].clone())
        .collect();
    assert_eq!(answers, [json!("timeout"), json!("lost"), json!("answered")]);
    assert_eq!(taken["repeated"], json!([{"key": "after", "times": 11}]));
    let ledger = stage.get("/control/ledger").await;
    let faults = ledger["entries"].as_array().unwrap().iter().filter(|e| e["kind"] == "fault");
    assert_eq!(faults.count(), 11);
}

#[tokio::test]
async fn waiting_times_and_shapes() {
    let stage = Stage::new().await;
    for customer in ["jana", "petr", "lucie"] {
        stage.writes(customer, "Ahoj").await;
    }
    rule(&stage, json!({"fault": "rate", "wait_s": 7, "account": PAGE, "count": 1})).await;
    let path = format!("{}/v25.0/{PAGE}/messages?access_token=demo-messenger-token", stage.base);
    let body = json!({"recipient": {"id": JANA}, "message": {"text": "x"}});
    let answer = stage.http.post(path).json(&body).send().await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "7");
    assert_eq!(answer.json::<Value>().await.unwrap()["error"]["code"], 613);
    rule(&stage, json!({"fault": "rate", "status": 400, "code": 131_056, "account": NUMBER, "count": 1}))
        .await;
    let text =
        json!({"messaging_product": "whatsapp", "to": "420777120450", "type": "text", "text": {"body": "x"}});
    let (status, answer) = stage.whatsapp(text).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(131_056)));
    rule(&stage, json!({"fault": "rate", "account": "demo", "count": 1})).await;
    let body = json!({"receiver": "dXJ0bmV6YWhvcmFrb3Zh+A==", "sender": {"name": "Desk"}, "type": "text", "text": "x"});
    assert_eq!(stage.viber("send_message", body).await["status"], 12);
    assert_eq!(stage.post("/control/faults", json!({"fault": "lost", "account": "none"})).await.0, 404);
    assert_eq!(stage.post("/control/faults", json!({"fault": "lost", "probability": 2.0})).await.0, 400);
}

#[tokio::test]
async fn a_reseeded_run_repeats() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    let mut runs = Vec::new();
    for _ in 0..2 {
        stage.put("/control/settings", json!({"seed": 9})).await;
        rule(&stage, json!({"fault": "internal", "probability": 0.5})).await;
        let mut run = Vec::new();
        for _ in 0..12 {
            run.push(send(&stage, "k").await);
        }
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&Some(200)) && runs[0].contains(&Some(500)));
}
