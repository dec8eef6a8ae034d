//! The stage behind the phones: faults, held webhooks, the world's clock, accounts' troubles and the providers' own account of what they told and took.

use crate::phones::Phones;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::channel::Channel;
use std::collections::BTreeMap;
use std::time::Duration;

/// A rule that strikes calls or webhooks; the fields are the control API's.
#[derive(Debug, Clone)]
pub struct Fault(Value);

impl Fault {
    /// A fault by its name (`lost`, `rate`, `duplicate`…) that strikes always and everywhere.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(json!({ "fault": name }))
    }

    /// Only the demo's account of a channel.
    #[must_use]
    pub fn at(self, channel: Channel) -> Self {
        self.with("account", Phones::account(channel))
    }

    /// Only this kind of call (`send`, `media`…) or event (`message`, `delivered`…).
    #[must_use]
    pub fn on(self, kind: &str) -> Self {
        self.with("on", kind)
    }

    /// So many times.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        self.with("count", count)
    }

    /// With this probability, 0 to 1.
    #[must_use]
    pub fn chance(self, probability: f64) -> Self {
        self.with("probability", probability)
    }

    /// Any other field of a rule: `customer`, `skip`, `ms`, `wait_s`, `status`, `code`, `subcode`, `body`.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0[field] = value.into();
        self
    }
}

/// One event told to the relay, over all its deliveries.
#[derive(Debug, Clone, Deserialize)]
pub struct Told {
    /// The row's number, from 1.
    pub seq: u64,
    /// When the provider made it, in milliseconds of the world's clock.
    pub at_ms: u64,
    /// `message`, `delivered`, `seen`, `reaction`…
    pub kind: String,
    /// The provider's id.
    pub id: String,
    /// Account as the control API knows it.
    pub account: String,
    /// Customer as the control API knows them.
    pub customer: String,
    /// Webhooks made of it; more than one are duplicates.
    pub webhooks: u32,
    /// Attempts.
    pub posts: u32,
    /// Attempts that got 200.
    pub accepted: u32,
    /// `waiting`, `accepted`, `gave_up`, `dropped`, `unsubscribed`.
    pub outcome: String,
}

/// One message taken from the relay.
#[derive(Debug, Clone, Deserialize)]
pub struct Taken {
    /// The row's number, from 1.
    pub seq: u64,
    /// When it was accepted, in milliseconds of the world's clock.
    pub at_ms: u64,
    /// Account as the control API knows it.
    pub account: String,
    /// Customer as the control API knows them.
    pub customer: String,
    /// The provider's id.
    pub id: String,
    /// `metadata`, opaque data or tracking data, when there was any.
    pub key: Option<String>,
    /// `text`, `image`, `template`…
    pub kind: String,
    /// The words, where it has some.
    pub text: Option<String>,
    /// `answered`, or what became of the answer: `lost`, `timeout`, `error`.
    pub answer: String,
}

impl Phones {
    /// Switches a fault on; the rule's number.
    pub async fn fault(&self, fault: &Fault) -> u64 {
        self.post("/control/faults", &fault.0).await["id"].as_u64().unwrap()
    }

    /// Switches all faults off.
    pub async fn no_faults(&self) {
        let sent = self.http.delete(format!("{}/control/faults", self.base)).send().await.unwrap();
        assert!(sent.status().is_success());
    }

    /// Starts faults anew from a seed.
    pub async fn seed(&self, seed: u64) {
        self.settings(&json!({ "seed": seed })).await;
    }

    /// Moves the providers' clock forward: windows, rates, addresses and retries see it.
    pub async fn advance(&self, by: Duration) {
        let body = json!({ "advance_ms": u64::try_from(by.as_millis()).unwrap() });
        self.post("/control/clock", &body).await;
    }

    /// Changes the demo's account of a channel: `token`, `subscribed`, `denied`, `human_agent`, `echoes`, `limits`…
    pub async fn change_account(&self, channel: Channel, body: &Value) -> Value {
        self.put(&format!("/control/accounts/{}", Self::account(channel)), body).await
    }

    /// Lets the demo's account of a channel send as fast as it likes: for tests that are not about the provider's pace.
    pub async fn unlimited(&self, channel: Channel) {
        self.change_account(channel, &json!({ "limits": false })).await;
    }

    /// Keeps all webhooks back.
    pub async fn hold_webhooks(&self) {
        self.post("/control/hold", &json!({ "what": "webhooks" })).await;
    }

    /// Lets what is held go, with the control API's `batch` and `order`.
    pub async fn release(&self, body: &Value) -> Value {
        self.post("/control/release", body).await
    }

    /// Everything the providers told the relay, or would have.
    pub async fn told(&self) -> Vec<Told> {
        serde_json::from_value(self.get("/control/ledger/told").await["rows"].take()).unwrap()
    }

    /// Everything the providers took from the relay.
    pub async fn taken(&self) -> Vec<Taken> {
        serde_json::from_value(self.get("/control/ledger/taken").await["rows"].take()).unwrap()
    }

    /// How many messages with each text were accepted.
    pub async fn counted(&self) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for text in self.taken().await.into_iter().filter_map(|taken| taken.text) {
            *times.entry(text).or_default() += 1;
        }
        times
    }

    /// How many messages were accepted under a key.
    pub async fn times(&self, key: &str) -> u64 {
        self.get(&format!("/control/ledger/taken?key={key}")).await["times"].as_u64().unwrap()
    }
}
