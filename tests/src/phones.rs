//! The customers' side: the control API of the provider simulator as tests use it; faults, ledgers and the clock are in `stage`.

use crate::relay::Relay;
use crate::wait::until;
use reqwest::Client;
use serde_json::{Value, json};
use shared::channel::Channel;
use tokio::task::JoinHandle;

/// All phones of one simulator.
#[derive(Clone)]
pub struct Phones {
    pub(crate) base: String,
    pub(crate) http: Client,
}

/// One customer with a phone.
#[derive(Clone)]
pub struct Customer {
    phones: Phones,
    /// The id the control API knows them by.
    pub key: String,
}

impl Phones {
    /// The phones of this relay's simulator.
    #[must_use]
    pub fn of(relay: &Relay) -> Self {
        Self { base: relay.simulator.clone(), http: relay.http.clone() }
    }

    /// The phones of another simulator.
    #[must_use]
    pub fn at(base: &str) -> Self {
        Self { base: base.to_owned(), http: crate::relay::client() }
    }

    /// A customer of Messenger who writes so many messages, beside whatever else happens.
    #[must_use]
    pub fn load(&self, messages: usize) -> JoinHandle<()> {
        let phones = self.clone();
        tokio::spawn(async move {
            for n in 0..messages {
                phones.customer(Channel::Messenger).write(&format!("load {n}")).await;
            }
        })
    }

    /// The demo's customer of a channel.
    #[must_use]
    pub fn customer(&self, channel: Channel) -> Customer {
        let key = match channel {
            Channel::Messenger => "jana",
            Channel::WhatsApp => "petr",
            Channel::Viber => "lucie",
            Channel::Instagram => "tomas",
        };
        Customer { phones: self.clone(), key: key.into() }
    }

    /// The demo's account of a channel, as the control API knows it.
    #[must_use]
    pub const fn account(channel: Channel) -> &'static str {
        match channel {
            Channel::Messenger => "100200300400500",
            Channel::WhatsApp => "106540352242922",
            Channel::Viber => "demo",
            Channel::Instagram => "17841400000000001",
        }
    }

    /// Makes a new customer.
    pub async fn create(&self, channel: Channel, name: &str) -> Customer {
        self.create_at(Self::account(channel), name).await
    }

    /// Makes a new customer of any account.
    pub async fn create_at(&self, account: &str, name: &str) -> Customer {
        let made = self.post("/control/customers", &json!({ "account": account, "name": name })).await;
        Customer { phones: self.clone(), key: made["key"].as_str().or(made["id"].as_str()).unwrap().into() }
    }

    /// Posts to the control API; anything but success fails the test.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.http.post(format!("{}{path}", self.base)).json(body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "POST {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Puts to the control API; anything but success fails the test.
    pub async fn put(&self, path: &str, body: &Value) -> Value {
        let answer = self.http.put(format!("{}{path}", self.base)).json(body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "PUT {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Reads from the control API.
    pub async fn get(&self, path: &str) -> Value {
        self.http.get(format!("{}{path}", self.base)).send().await.unwrap().json().await.unwrap()
    }

    /// Changes the settings: when phones deliver and read.
    pub async fn settings(&self, body: &Value) {
        self.put("/control/settings", body).await;
    }

    /// Posts any webhook body for an account; returns the status the relay answered with.
    pub async fn webhook(&self, channel: Channel, body: &Value) -> u16 {
        let answer = self.post(&format!("/control/accounts/{}/webhook", Self::account(channel)), body).await;
        u16::try_from(answer["status"].as_u64().unwrap_or_default()).unwrap()
    }

    /// Calls of the providers' send API that the simulator received, oldest first.
    pub async fn sends(&self) -> Vec<Value> {
        let ledger = self.get("/control/ledger").await;
        let is_send = |line: &&Value| {
            line["kind"] == "api"
                && line["method"] == "POST"
                && line["path"]
                    .as_str()
                    .is_some_and(|p| p.ends_with("/messages") || p.ends_with("/send_message"))
        };
        ledger["entries"].as_array().unwrap().iter().filter(is_send).cloned().collect()
    }
}

impl Customer {
    /// Writes now and returns the provider's id of the message.
    pub async fn write(&self, text: &str) -> String {
        self.write_with(&json!({ "text": text })).await
    }

    /// Writes with the control API's own options.
    pub async fn write_with(&self, body: &Value) -> String {
        let wrote = self.phones.post(&format!("/control/customers/{}/messages", self.key), body).await;
        wrote["message_id"].to_string().trim_matches('"').into()
    }

    /// Looks at the phone: everything is read.
    pub async fn read(&self) {
        self.phones.post(&format!("/control/customers/{}/read", self.key), &json!({})).await;
    }

    /// Writes with options that the provider refuses; the reason in words.
    pub async fn refused(&self, body: &Value) -> String {
        let path = format!("{}/control/customers/{}/messages", self.phones.base, self.key);
        let answer = self.phones.http.post(path).json(body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
        answer.json::<Value>().await.unwrap()["error"].as_str().unwrap().to_owned()
    }

    /// Sends a file of a kind (`image`, `voice`…) with what `media` says of it; the provider's id of the message.
    pub async fn send_file(&self, kind: &str, media: &Value) -> String {
        self.write_with(&json!({ "kind": kind, "media": media })).await
    }

    /// Quotes a message.
    pub async fn quote(&self, text: &str, message: &str) -> String {
        self.write_with(&json!({ "text": text, "reply_to": message })).await
    }

    /// Does something beside writing, as the control API's `act` takes it; the event's id where it has one.
    pub async fn act(&self, action: &Value) -> Value {
        self.phones.post(&format!("/control/customers/{}/act", self.key), action).await["id"].clone()
    }

    /// Puts an emoji on a message.
    pub async fn react(&self, message: &str, emoji: &str) {
        self.act(&json!({ "do": "react", "message_id": message, "emoji": emoji })).await;
    }

    /// Takes the emoji back.
    pub async fn unreact(&self, message: &str) {
        self.act(&json!({ "do": "unreact", "message_id": message })).await;
    }

    /// Changes a text that was sent.
    pub async fn edit(&self, message: &str, text: &str) {
        self.act(&json!({ "do": "edit", "message_id": message, "text": text })).await;
    }

    /// Takes a message back.
    pub async fn unsend(&self, message: &str) {
        self.act(&json!({ "do": "unsend", "message_id": message })).await;
    }

    /// The provider tells how far a message of the business came, once more or out of turn.
    pub async fn status(&self, message: &str, status: &str) {
        self.act(&json!({ "do": "status", "message_id": message, "status": status })).await;
    }

    /// Opens the chat with the bot; the status and the welcome of our answer. Viber only.
    pub async fn open(&self) -> Value {
        self.phones.post(&format!("/control/customers/{}/open", self.key), &json!({})).await
    }

    /// What changed about the customer: `blocked`, `window_closed`, `picture`, `profile`, `name`.
    pub async fn change(&self, body: &Value) {
        self.phones.put(&format!("/control/customers/{}", self.key), body).await;
    }

    /// The phone takes what was sent to it; for settings in which it does not by itself.
    pub async fn deliver(&self) {
        self.phones.post(&format!("/control/customers/{}/deliver", self.key), &json!({})).await;
    }

    /// Sends the last webhook of this customer once more.
    pub async fn duplicate(&self) {
        self.phones.post(&format!("/control/customers/{}/duplicate", self.key), &json!({})).await;
    }

    /// Subscribes to the bot or leaves it; Viber only.
    pub async fn subscribe(&self, subscribed: bool) {
        let word = if subscribed { "subscribe" } else { "unsubscribe" };
        self.phones.post(&format!("/control/customers/{}/{word}", self.key), &json!({})).await;
    }

    /// What the phone shows.
    pub async fn thread(&self) -> Vec<Value> {
        let phone = self.phones.get(&format!("/control/customers/{}/phone", self.key)).await;
        phone["messages"].as_array().unwrap().clone()
    }

    /// How often the phone shows this text.
    pub async fn times(&self, text: &str) -> usize {
        self.thread().await.iter().filter(|message| message["text"] == text).count()
    }

    /// Waits until the phone shows this text.
    pub async fn shows(&self, text: &str) -> Value {
        until(&format!("{:?} on the phone of {}", text, self.key), || async {
            self.thread().await.into_iter().find(|message| message["text"] == text)
        })
        .await
    }
}
