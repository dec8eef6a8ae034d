//! Files over HTTP: tokens, ends, faults, redirects.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::tests::{INSTAGRAM, Stage, event, value};

async fn sends(stage: &Stage, customer: &str, media: Value) -> String {
    let draft = json!({"kind": "image", "media": media});
    let (status, answer) = stage.post(&format!("/control/customers/{customer}/messages"), draft).await;
    assert_eq!(status, 201, "{answer}");
    answer["message_id"].as_str().unwrap().to_owned()
}

/// The address in the webhook of Jana's newest picture.
async fn address(stage: &Stage, media: Value) -> String {
    let mid = sends(stage, "jana", media).await;
    let arrived = stage.webhook(|a| event(a)["message"]["mid"] == mid.as_str()).await;
    event(&arrived)["message"]["attachments"][0]["payload"]["url"].as_str().unwrap().to_owned()
}

async fn status(stage: &Stage, url: &str) -> u16 {
    stage.http.get(url).send().await.unwrap().status().as_u16()
}

async fn advance(stage: &Stage, minutes: u64) {
    stage.post("/control/clock", json!({"advance_ms": minutes * 60_000})).await;
}

#[tokio::test]
async fn whatsapp_files_need_the_token_twice_and_run_out() {
    let stage = Stage::new().await;
    let wamid = sends(&stage, "petr", json!({"size": 100_000})).await;
    let arrived = stage.webhook(|a| value(a)["messages"][0]["id"] == wamid.as_str()).await;
    let id = value(&arrived)["messages"][0]["image"]["id"].as_str().unwrap().to_owned();
    let lookup = format!("{}/v25.0/{id}", stage.base);
    let looked = |token: &'static str| stage.call(stage.http.get(lookup.clone()).bearer_auth(token));
    assert_eq!(looked("wrong").await.0, 400);
    assert_eq!(looked("demo-instagram-token").await.1["error"]["error_subcode"], 33);
    let (found, info) = looked("demo-whatsapp-token").await;
    assert_eq!((found, &info["file_size"], &info["mime_type"]), (200, &json!(100_000), &json!("image/jpeg")));
    let url = info["url"].as_str().unwrap();
    assert_eq!(status(&stage, url).await, 401, "the download needs the token too");
    let file = stage.http.get(url).bearer_auth("demo-whatsapp-token").send().await.unwrap();
    assert_eq!(
        (file.status().as_u16(), file.headers()["content-type"].to_str().unwrap()),
        (200, "image/jpeg")
    );
    let bytes = file.bytes().await.unwrap();
    assert_eq!(hex::encode(Sha256::digest(&bytes)), info["sha256"].as_str().unwrap());
    advance(&stage, 6).await;
    let late = stage.http.get(url).bearer_auth("demo-whatsapp-token").send().await.unwrap();
    assert_eq!(late.status(), 404, "five minutes are over");
    assert_eq!(looked("demo-whatsapp-token").await.0, 200, "and a new address is had");
    advance(&stage, 8 * 24 * 60).await;
    assert_eq!(looked("demo-whatsapp-token").await.1["error"]["code"], 100, "the id lived seven days");
}

#[tokio::test]
async fn other_files_need_no_token_and_run_out() {
    let stage = Stage::new().await;
    let url = address(&stage, json!({})).await;
    assert_eq!(status(&stage, &url).await, 200);
    assert_eq!(status(&stage, &url.replace("oh=", "oh=0")).await, 403, "signed");
    let token = sends(&stage, "lucie", json!({})).await;
    let viber =
        stage.webhook(|a| a.body["message_token"].as_u64().is_some_and(|t| t.to_string() == token)).await;
    let viber = viber.body["message"]["media"].as_str().unwrap().to_owned();
    assert_eq!(status(&stage, &viber).await, 200);
    advance(&stage, 61).await;
    assert_eq!(status(&stage, &viber).await, 403);
    assert_eq!(status(&stage, &url).await, 200);
    advance(&stage, 24 * 60).await;
    assert_eq!(status(&stage, &url).await, 403);
}

#[tokio::test]
async fn faults_of_files() {
    let stage = Stage::new().await;
    for (fault, expected) in [("missing", 404), ("expired", 403), ("unavailable", 503)] {
        let url = address(&stage, json!({"fault": fault, "fault_times": 1})).await;
        assert_eq!(status(&stage, &url).await, expected, "{fault}");
        assert_eq!(status(&stage, &url).await, 200, "{fault} once");
    }
    let cut = address(&stage, json!({"fault": "cut", "size": 200_000})).await;
    assert!(stage.http.get(&cut).send().await.unwrap().bytes().await.is_err());
    let slow = address(&stage, json!({"fault": "slow", "slow_ms": 200})).await;
    let begun = Instant::now();
    let bytes = stage.http.get(&slow).send().await.unwrap().bytes().await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(150) && !bytes.is_empty());
    let redirect = address(&stage, json!({"fault": "redirect"})).await;
    let answer = stage.http.get(&redirect).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(status(&stage, answer.headers()["location"].to_str().unwrap()).await, 200);
    let away =
        address(&stage, json!({"fault": "redirect", "redirect": "http://169.254.169.254/latest"})).await;
    let answer = stage.http.get(&away).send().await.unwrap();
    assert_eq!(answer.headers()["location"], "http://169.254.169.254/latest");
    let around = address(&stage, json!({"fault": "loop"})).await;
    let answer = stage.http.get(&around).send().await.unwrap();
    assert_eq!(status(&stage, answer.headers()["location"].to_str().unwrap()).await, 302);
    // What is told and what is there may differ.
    let lie = address(&stage, json!({"mime": "image/png", "real_mime": "text/html", "told_size": 5})).await;
    let answer = stage.http.get(&lie).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert!(answer.text().await.unwrap().contains("<script>"));
}

#[tokio::test]
async fn faces_run_out_too() {
    let stage = Stage::new().await;
    stage.writes("tomas", "Ahoj").await;
    let path = "/v25.0/1784902365571208?fields=profile_pic&access_token=demo-instagram-token";
    let url = stage.get(path).await["profile_pic"].as_str().unwrap().to_owned();
    assert_eq!(status(&stage, &url).await, 200);
    advance(&stage, 3 * 24 * 60).await;
    assert_eq!(status(&stage, &url).await, 403);
    stage.put("/control/customers/tomas", json!({"picture": false})).await;
    assert!(stage.get(path).await.get("profile_pic").is_none());
    assert_eq!(stage.get("/control/accounts").await["accounts"][3]["id"], INSTAGRAM);
}

#[tokio::test]
async fn the_control_api_hands_out_bytes_plainly() {
    let stage = Stage::new().await;
    let draft = json!({"kind": "file", "media": {"mime": "text/html", "fault": "missing"}});
    let (_, answer) = stage.post("/control/customers/jana/messages", draft).await;
    let url = format!("{}/control/media/{}", stage.base, answer["media"].as_str().unwrap());
    let answer = stage.http.get(url).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/octet-stream", "never as a page");
}
