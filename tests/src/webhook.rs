//! Signed webhooks as bytes that are ready to be written to a socket: thousands a second, without the simulator's pace; knows WhatsApp's form alone.

use crate::phones::Phones;
use crate::relay::APP_SECRET;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use shared::channel::Channel;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// A customer's message, as the provider would post it.
pub struct Webhook {
    /// The provider's id of the message.
    pub external: String,
    /// The whole HTTP request.
    pub request: Vec<u8>,
}

impl Webhook {
    /// A message of a customer, who is known by their number alone. `sent_at` is in seconds.
    #[must_use]
    pub fn message(host: &str, customer: u32, external: &str, text: &str, sent_at: u64) -> Self {
        Self::batch(host, customer, external, &[message(customer, external, text, sent_at)])
    }

    /// Several messages in one body, of whatever form, and statuses among them; `name` is what the test knows it by.
    #[must_use]
    pub fn batch(host: &str, customer: u32, name: &str, messages: &[serde_json::Value]) -> Self {
        Self { external: name.to_owned(), request: request(host, &body(messages, customer)) }
    }
}

/// The instant it is, in seconds, as providers write it. What is much older begins no chat.
#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The phone number of a customer.
#[must_use]
pub fn phone(customer: u32) -> String {
    format!("4207{customer:08}")
}

/// A message as it stands in a body.
#[must_use]
pub fn message(customer: u32, external: &str, text: &str, sent_at: u64) -> serde_json::Value {
    json!({
        "from": phone(customer), "id": external, "timestamp": sent_at.to_string(),
        "type": "text", "text": { "body": text },
    })
}

fn body(entries: &[serde_json::Value], customer: u32) -> Vec<u8> {
    let (statuses, messages): (Vec<_>, Vec<_>) = entries.iter().partition(|one| one.get("status").is_some());
    let account = Phones::account(Channel::WhatsApp);
    let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "102290129340398", "changes": [{
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "15550783881", "phone_number_id": account },
            "contacts": [{ "profile": { "name": format!("Customer {customer}") }, "wa_id": phone(customer) }],
            "messages": messages, "statuses": statuses,
        },
    }]}]});
    serde_json::to_vec(&body).unwrap()
}

/// The body with its signature, as the one POST that brings it.
fn request(host: &str, body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).unwrap();
    mac.update(body);
    let signature = hex::encode(mac.finalize().into_bytes());
    let mut request = Vec::with_capacity(body.len() + 300);
    write!(
        request,
        "POST /webhooks/meta/demo HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nx-hub-signature-256: sha256={signature}\r\n\r\n",
        body.len()
    )
    .unwrap();
    request.extend_from_slice(body);
    request
}
