//! The whole simulator over HTTP with a small receiver of webhooks; long because the four channels share one stage.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::*;
use crate::sign::hmac_hex;

pub(crate) const PAGE: &str = "100200300400500";
pub(crate) const NUMBER: &str = "106540352242922";
pub(crate) const INSTAGRAM: &str = "17841400000000001";

/// A webhook as it arrived.
#[derive(Clone)]
pub(crate) struct Arrived {
    pub path: String,
    pub headers: HeaderMap,
    pub raw: String,
    pub body: Value,
}

#[derive(Default)]
struct Inbox {
    arrived: Vec<Arrived>,
    /// Answers to give before 200.
    refusals: u32,
    /// What a 200 says.
    answer: Value,
}

/// A simulator with a receiver beside it; ends with the test.
pub(crate) struct Stage {
    pub base: String,
    pub http: reqwest::Client,
    inbox: Arc<Mutex<Inbox>>,
    _stop: oneshot::Sender<()>,
}

async fn take(
    Shared(inbox): Shared<Arc<Mutex<Inbox>>>,
    uri: Uri,
    headers: HeaderMap,
    raw: Bytes,
) -> (StatusCode, String) {
    let mut inbox = inbox.lock().unwrap();
    if inbox.refusals > 0 {
        inbox.refusals -= 1;
        return (StatusCode::SERVICE_UNAVAILABLE, String::new());
    }
    let raw = String::from_utf8(raw.to_vec()).unwrap();
    let body = serde_json::from_str(&raw).unwrap_or_default();
    inbox.arrived.push(Arrived { path: uri.path().to_owned(), headers, raw, body });
    (StatusCode::OK, if inbox.answer.is_null() { String::new() } else { inbox.answer.to_string() })
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let inbox = Arc::new(Mutex::new(Inbox::default()));
        let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let webhooks = format!("http://{}", receiver.local_addr().unwrap());
        let app = Router::new().fallback(take).with_state(Arc::clone(&inbox));
        tokio::spawn(async move { axum::serve(receiver, app).await });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(serve(listener, Config::demo(&webhooks), async move {
            let _ = stopped.await;
        }));
        let stage = Self { base, http: client().unwrap(), inbox, _stop: stop };
        stage.put("/control/settings", json!({"delay_ms": 15})).await;
        stage
    }

    pub(crate) async fn call(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or_default())
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.call(self.http.get(format!("{}{path}", self.base))).await.1
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(self.http.post(format!("{}{path}", self.base)).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(self.http.put(format!("{}{path}", self.base)).json(&body)).await
    }

    pub(crate) async fn writes(&self, customer: &str, text: &str) -> String {
        let (status, answer) =
            self.post(&format!("/control/customers/{customer}/messages"), json!({"text": text})).await;
        assert_eq!(status, 201, "{answer}");
        answer["message_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn messenger(&self, to: &str, text: &str) -> (u16, Value) {
        let path = format!("/v25.0/{PAGE}/messages?access_token=demo-messenger-token");
        self.post(
            &path,
            json!({"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": {"text": text}}),
        )
        .await
    }

    pub(crate) async fn instagram(&self, to: &str, text: &str) -> (u16, Value) {
        let request = self
            .http
            .post(format!("{}/v25.0/me/messages", self.base))
            .bearer_auth("demo-instagram-token")
            .json(&json!({"recipient": {"id": to}, "message": {"text": text}}));
        self.call(request).await
    }

    pub(crate) async fn whatsapp(&self, body: Value) -> (u16, Value) {
        let request = self
            .http
            .post(format!("{}/v25.0/{NUMBER}/messages", self.base))
            .bearer_auth("demo-whatsapp-token")
            .json(&body);
        self.call(request).await
    }

    pub(crate) async fn viber(&self, path: &str, body: Value) -> Value {
        let request = self
            .http
            .post(format!("{}/pa/{path}", self.base))
            .header("X-Viber-Auth-Token", "demo-viber-token")
            .json(&body);
        let (status, answer) = self.call(request).await;
        assert_eq!(status, 200);
        answer
    }

    /// Waits until it is so, five seconds at most.
    pub(crate) async fn until(&self, is: impl Fn() -> bool) {
        for _ in 0..500 {
            if is() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never was so");
    }

    /// What the receiver says beside 200.
    pub(crate) fn answer_with(&self, body: Value) {
        self.inbox.lock().unwrap().answer = body;
    }

    /// The answers the receiver gives before 200.
    pub(crate) fn refuse(&self, times: u32) {
        self.inbox.lock().unwrap().refusals = times;
    }

    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.inbox.lock().unwrap().arrived.clone()
    }

    /// The first webhook that `wanted` likes, within five seconds.
    pub(crate) async fn webhook(&self, wanted: impl Fn(&Arrived) -> bool) -> Arrived {
        for _ in 0..500 {
            if let Some(found) = self.arrived().into_iter().find(&wanted) {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!(
            "no such webhook among {:?}",
            self.arrived().iter().map(|a| a.raw.clone()).collect::<Vec<_>>()
        );
    }
}

pub(crate) fn event(arrived: &Arrived) -> &Value {
    &arrived.body["entry"][0]["messaging"][0]
}

pub(crate) fn value(arrived: &Arrived) -> &Value {
    &arrived.body["entry"][0]["changes"][0]["value"]
}

#[tokio::test]
async fn meta_webhooks_are_escaped_and_signed_over_the_raw_body() {
    let stage = Stage::new().await;
    let mid = stage.writes("jana", "Dobrý den / 😀").await;
    let arrived = stage.webhook(|a| event(a)["message"]["mid"] == mid.as_str()).await;
    assert_eq!(arrived.path, "/webhooks/meta/demo");
    assert!(arrived.raw.is_ascii());
    assert!(arrived.raw.contains(r"Dobr\u00fd den \/ \ud83d\ude00"), "{}", arrived.raw);
    assert_eq!(event(&arrived)["message"]["text"], "Dobrý den / 😀");
    assert_eq!(event(&arrived)["sender"]["id"], "7231845690127734");
    assert_eq!(event(&arrived)["recipient"]["id"], PAGE);
    assert_eq!(arrived.body["object"], "page");
    let expected = format!("sha256={}", hmac_hex("demo-app-secret", arrived.raw.as_bytes()));
    assert_eq!(arrived.headers["x-hub-signature-256"], expected.as_str());
    assert_eq!(expected.len(), 71);
}

#[tokio::test]
async fn whatsapp_and_viber_webhooks_carry_names() {
    let stage = Stage::new().await;
    let wamid = stage.writes("petr", "Kde je zásilka?").await;
    let whatsapp = stage.webhook(|a| value(a)["messages"][0]["id"] == wamid.as_str()).await;
    let carried = value(&whatsapp);
    assert_eq!(carried["contacts"][0]["profile"]["name"], "Petr Novák");
    assert_eq!(carried["contacts"][0]["wa_id"], "420777120450");
    assert!(carried["contacts"][0]["user_id"].as_str().unwrap().starts_with("CZ."));
    assert_eq!(carried["messages"][0]["text"]["body"], "Kde je zásilka?");
    assert_eq!(carried["metadata"]["phone_number_id"], NUMBER);
    assert_eq!(whatsapp.body["entry"][0]["id"], "200300400500600");

    let token = stage.writes("lucie", "Ahoj").await;
    let viber = stage.webhook(|a| a.body["event"] == "message").await;
    assert_eq!(viber.path, "/webhooks/viber/demo");
    assert_eq!(viber.body["message_token"].as_u64().unwrap().to_string(), token);
    assert_eq!(viber.body["sender"]["name"], "Lucie Horáková");
    let expected = hmac_hex("demo-viber-token", viber.raw.as_bytes());
    assert_eq!(viber.headers["x-viber-content-signature"], expected.as_str());
}

#[tokio::test]
async fn webhooks_are_retried_until_200_and_stay_in_order() {
    let stage = Stage::new().await;
    stage.inbox.lock().unwrap().refusals = 2;
    let first = stage.writes("tomas", "jedna").await;
    let second = stage.writes("tomas", "dva").await;
    stage.webhook(|a| event(a)["message"]["mid"] == second.as_str()).await;
    let mids: Vec<_> = stage.arrived().iter().map(|a| event(a)["message"]["mid"].clone()).collect();
    assert_eq!(mids, [json!(first), json!(second)]);
    let ledger = stage.get("/control/ledger").await;
    let outcomes: Vec<_> = ledger["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["kind"] == "webhook")
        .map(|e| (e["outcome"].clone(), e["status"].clone(), e["attempt"].clone()))
        .collect();
    assert_eq!(
        outcomes,
        [
            (json!("retry"), json!(503), json!(1)),
            (json!("retry"), json!(503), json!(2)),
            (json!("accepted"), json!(200), json!(3)),
            (json!("accepted"), json!(200), json!(1)),
        ]
    );
    let phone = stage.get("/control/customers/tomas/phone").await;
    assert_eq!(phone["messages"][0]["state"], "delivered");
}

#[tokio::test]
async fn messenger_receipts_are_watermarks() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    let (status, sent) = stage.messenger("7231845690127734", "Dobrý den").await;
    assert_eq!(status, 200, "{sent}");
    let delivered = stage.webhook(|a| event(a)["delivery"].is_object()).await;
    assert_eq!(event(&delivered)["delivery"]["mids"], json!([sent["message_id"]]));
    assert!(event(&delivered)["delivery"]["watermark"].is_u64());
    let (_, answer) = stage.post("/control/customers/jana/read", json!({})).await;
    assert_eq!(answer, json!({"seen": 1}));
    stage.webhook(|a| event(a)["read"]["watermark"].is_u64()).await;
    let phone = stage.get("/control/customers/jana/phone").await;
    assert_eq!(phone["messages"][1]["state"], "seen");
    assert_eq!(phone["messages"][1]["text"], "Dobrý den");
    let (_, again) = stage.post("/control/customers/jana/read", json!({})).await;
    assert_eq!(again, json!({"seen": 0}));
}

#[tokio::test]
async fn instagram_only_tells_the_read_message() {
    let stage = Stage::new().await;
    stage.writes("tomas", "Ahoj").await;
    let (status, sent) = stage.instagram("1784902365571208", "Dobrý den").await;
    assert_eq!(status, 200, "{sent}");
    tokio::time::sleep(Duration::from_millis(80)).await;
    assert_eq!(stage.arrived().len(), 1, "no delivery event exists");
    stage.post("/control/customers/tomas/read", json!({})).await;
    let read = stage.webhook(|a| event(a)["read"].is_object()).await;
    assert_eq!(event(&read)["read"], json!({"mid": sent["message_id"]}));
    assert_eq!(read.body["object"], "instagram");
    assert_eq!(read.body["entry"][0]["id"], INSTAGRAM);
}

#[tokio::test]
async fn whatsapp_statuses_come_with_prices() {
    let stage = Stage::new().await;
    stage.writes("petr", "Ahoj").await;
    let (status, sent) = stage
        .whatsapp(json!({
            "messaging_product": "whatsapp", "to": "+420 777 120 450", "type": "text",
            "text": {"body": "Dobrý den"}, "biz_opaque_callback_data": "ours-1",
        }))
        .await;
    assert_eq!(status, 200, "{sent}");
    assert_eq!(sent["contacts"][0]["wa_id"], "420777120450");
    let id = sent["messages"][0]["id"].clone();
    stage.webhook(|a| value(a)["statuses"][0]["status"] == "delivered").await;
    stage.post("/control/customers/petr/read", json!({})).await;
    stage.webhook(|a| value(a)["statuses"][0]["status"] == "read").await;
    let statuses: Vec<_> = stage
        .arrived()
        .iter()
        .filter(|a| value(a)["statuses"].is_array())
        .map(|a| value(a)["statuses"][0].clone())
        .collect();
    let names: Vec<_> = statuses.iter().map(|s| s["status"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["sent", "delivered", "read"]);
    assert!(statuses.iter().all(|s| s["id"] == id && s["biz_opaque_callback_data"] == "ours-1"));
    assert_eq!(statuses[0]["pricing"]["category"], "service");
    assert_eq!(statuses[1]["pricing"]["pricing_model"], "PMP");
    assert!(statuses[2]["pricing"].is_null());
}

#[tokio::test]
async fn viber_receipts_name_the_token() {
    let stage = Stage::new().await;
    stage.writes("lucie", "Ahoj").await;
    let body = json!({"receiver": "dXJ0bmV6YWhvcmFrb3Zh+A==", "sender": {"name": "Desk"}, "type": "text", "text": "Dobrý den"});
    let sent = stage.viber("send_message", body).await;
    assert_eq!(sent["status"], 0, "{sent}");
    let token = sent["message_token"].as_u64().unwrap();
    assert!(token > 1 << 53);
    stage.webhook(|a| a.body["event"] == "delivered" && a.body["message_token"] == token).await;
    stage.post("/control/customers/lucie/read", json!({})).await;
    let seen = stage.webhook(|a| a.body["event"] == "seen").await;
    assert_eq!(seen.body["message_token"], token);
    assert_eq!(seen.body["user_id"], "dXJ0bmV6YWhvcmFrb3Zh+A==");
}

#[tokio::test]
async fn the_page_keeps_its_policy_and_the_stream_says_hello() {
    let stage = Stage::new().await;
    for (path, kind) in [
        ("/", "text/html"),
        ("/phones.js", "text/javascript"),
        ("/phones.css", "text/css"),
        ("/favicon.svg", "image/svg+xml"),
    ] {
        let answer = stage.http.get(format!("{}{path}", stage.base)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(kind));
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
    }
    let page = include_str!("../page/index.html");
    assert!(!page.contains("style=") && !page.contains("<style") && !page.contains("onclick"));
    let mut stream = stage.http.get(format!("{}/control/events", stage.base)).send().await.unwrap();
    let hello = stream.chunk().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&hello).contains("hello"));
    stage.writes("jana", "Ahoj").await;
    let news = stream.chunk().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&news).contains("\"type\":\"message\""));
}
