//! Webhooks as providers would post them, signed and sent past the simulator: as many and as often as a test likes.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use shared::channel::Channel;
use tests::relay::{APP_SECRET, Setup};
use tests::{Phones, Relay};

/// A relay with other limits than the usual ones, as TOML.
pub async fn limited(limits: &str) -> Relay {
    let environment = vec![("SIGNALBOX_LIMITS".into(), limits.into())];
    Relay::start_with(Setup { environment, ..Setup::default() }).await
}

/// A `WhatsApp` customer's message.
pub fn message(customer: usize, id: &str, text: &str) -> Value {
    let from = format!("4206{customer:08}");
    change(&json!({
        "contacts": [{ "profile": { "name": format!("Customer {customer}") }, "wa_id": from }],
        "messages": [{ "from": from, "id": id, "timestamp": now(), "type": "text", "text": { "body": text } }],
    }))
}

/// A receipt for a message of ours.
pub fn receipt(customer: usize, id: &str, status: &str) -> Value {
    let to = format!("4206{customer:08}");
    change(&json!({ "statuses": [{ "id": id, "status": status, "timestamp": now(), "recipient_id": to }] }))
}

/// The instant it is, as the provider writes it.
fn now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    since.as_secs().to_string()
}

fn change(value: &Value) -> Value {
    let mut value = value.clone();
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({ "phone_number_id": Phones::account(Channel::WhatsApp) });
    json!({ "object": "whatsapp_business_account",
        "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": value }] }] })
}

/// Posts a body of Meta's; the status, or none when the connection broke off.
pub async fn post(http: &reqwest::Client, base: &str, body: &Value) -> Option<u16> {
    post_raw(http, base, body.to_string()).await
}

/// Posts a body of Meta's that is perhaps none; the status, or none when the connection broke off.
pub async fn post_raw(http: &reqwest::Client, base: &str, raw: String) -> Option<u16> {
    let mut mac = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).unwrap();
    mac.update(raw.as_bytes());
    let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    let request = http.post(format!("{base}/webhooks/meta/demo")).header("x-hub-signature-256", signature);
    request.body(raw).send().await.ok().map(|answer| answer.status().as_u16())
}

/// The texts of all customers that a person may read, newest chat first.
pub async fn previews(relay: &Relay, token: &str) -> Vec<String> {
    let (mut found, mut before) = (Vec::new(), String::new());
    loop {
        let page = relay.get(token, &format!("/api/v1/interactions?limit=200{before}")).await;
        let rows = page["interactions"].as_array().unwrap();
        found.extend(rows.iter().filter_map(|row| row["preview"].as_str().map(str::to_owned)));
        match page["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => return found,
        }
    }
}

/// The resident memory of the relay's process, in bytes.
pub fn memory(relay: &Relay) -> usize {
    size(relay, "VmRSS:")
}

/// The most that the relay's process ever had resident, in bytes.
pub fn peak(relay: &Relay) -> usize {
    size(relay, "VmHWM:")
}

/// A size of the relay's process that the system keeps, in bytes.
fn size(relay: &Relay, name: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", relay.pid().unwrap())).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}
