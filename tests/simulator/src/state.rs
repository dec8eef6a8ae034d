//! Everything the simulator remembers: accounts, phones with their threads, staging; never talks to the network.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{broadcast, oneshot};

use crate::config::{Account, Channel, Customer};
use crate::ids;
use crate::ledger::Ledger;
use crate::outbox::{Outbox, Webhook};

/// Phones the simulator holds at most.
pub(crate) const MAX_PHONES: usize = 5_000;
/// Messages a phone's thread keeps; the oldest go first.
pub(crate) const MAX_THREAD: usize = 2_000;

/// How far a message has come, from the side of who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Progress {
    /// Accepted by the provider.
    Sent,
    /// Reached the other side: the phone, or the webhook answered 200.
    Delivered,
    /// Read by the other side.
    Seen,
}

/// One message as the phone shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Message {
    pub id: String,
    /// Written by the customer; otherwise by the business.
    pub from_customer: bool,
    pub kind: String,
    pub text: Option<String>,
    pub at_ms: u64,
    pub state: Progress,
    /// The provider's own message object, as received or sent.
    pub content: Value,
    /// Emoji the business put on the message.
    pub reaction: Option<String>,
    /// `WhatsApp`'s opaque data of the sender, returned in statuses.
    #[serde(skip)]
    pub opaque: Option<String>,
}

/// A customer with their phone.
#[derive(Debug)]
pub(crate) struct Phone {
    pub order: u64,
    pub key: String,
    pub account: String,
    pub channel: Channel,
    pub id: String,
    pub name: String,
    pub number: Option<String>,
    pub user_id: Option<String>,
    pub username: Option<String>,
    /// The profile API tells the name.
    pub profile: bool,
    /// Viber: may be written to.
    pub subscribed: bool,
    /// Time of the customer's newest message, by that message's own time.
    pub last_written_ms: Option<u64>,
    /// Viber: times of business messages since the customer's last one.
    pub unanswered: VecDeque<u64>,
    /// Viber: times of calls for the user's details.
    pub details_calls: VecDeque<u64>,
    pub thread: VecDeque<Message>,
    pub last_webhook: Option<Webhook>,
    pub last_message_webhook: Option<Webhook>,
}

impl Phone {
    pub(crate) fn new(
        order: u64,
        channel: Channel,
        customer: Customer,
        username: Option<String>,
        profile: bool,
    ) -> Self {
        let whatsapp = channel == Channel::Whatsapp;
        Self {
            order,
            user_id: whatsapp.then(|| ids::bsuid(customer.phone.as_deref())),
            number: customer.phone.filter(|_| whatsapp),
            key: customer.key,
            account: customer.account,
            channel,
            id: customer.id,
            name: customer.name,
            username,
            profile,
            subscribed: false,
            last_written_ms: None,
            unanswered: VecDeque::new(),
            details_calls: VecDeque::new(),
            thread: VecDeque::new(),
            last_webhook: None,
            last_message_webhook: None,
        }
    }

    /// The provider's recipient id: `wa_id`, or the BSUID of a customer without a visible number.
    pub(crate) fn address(&self) -> &str {
        match (self.channel, &self.number, &self.user_id) {
            (Channel::Whatsapp, None, Some(user)) => user,
            _ => &self.id,
        }
    }

    pub(crate) fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        self.thread.iter_mut().rev().find(|m| m.id == id)
    }

    pub(crate) fn push(&mut self, message: Message) {
        if self.thread.len() >= MAX_THREAD {
            self.thread.pop_front();
        }
        self.thread.push_back(message);
    }

    /// Whether the customer wrote within the last `hours`, by the messages' own times.
    pub(crate) fn wrote_within(&self, hours: u64, now: u64) -> bool {
        self.last_written_ms.is_some_and(|at| now.saturating_sub(at) < hours * 3_600_000)
    }

    /// The customer as the control API and the page see them.
    pub(crate) fn describe(&self) -> Value {
        json!({
            "id": self.key, "account": self.account, "channel": self.channel, "name": self.name,
            "provider_id": self.address(), "phone": self.number, "user_id": self.user_id,
            "username": self.username, "profile": self.profile,
            "subscribed": (self.channel == Channel::Viber).then_some(self.subscribed),
            "last_written_ms": self.last_written_ms,
            "messages": self.thread.len(),
            "unseen": self.thread.iter().filter(|m| !m.from_customer && m.state < Progress::Seen).count(),
        })
    }
}

/// An answer prepared for coming sends.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub left: u32,
    pub status: u16,
    pub body: Value,
    /// The message reaches the phone all the same.
    pub accepted: bool,
}

/// What is held back on an account.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    pub receipts: bool,
    pub held: Vec<Webhook>,
    /// Sends still to be held before anything happens.
    pub requests: u64,
    /// Sends still to be carried out with their answers held.
    pub answers: u64,
    pub waiting: Vec<oneshot::Sender<()>>,
    pub failures: VecDeque<Failure>,
}

/// An account with what its owner set and what is staged on it.
#[derive(Debug)]
pub(crate) struct AccountState {
    pub account: Account,
    /// Where webhooks go; `None` when a Viber bot removed its webhook.
    pub url: Option<String>,
    /// Subscribed webhook fields or Viber event types; `None` means all.
    pub fields: Option<Vec<String>>,
    pub send_name: bool,
    pub echoes: bool,
    pub human_agent: bool,
    pub gate: Gate,
}

impl AccountState {
    pub(crate) fn wants(&self, field: &str) -> bool {
        self.fields.as_ref().is_none_or(|fields| fields.iter().any(|f| f == field))
    }
}

/// How the world behaves.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Settings {
    /// Phones deliver by themselves after the delay; otherwise only when told.
    pub automatic: bool,
    pub delay_ms: u64,
    /// `WhatsApp` refusals come as `failed` statuses after a 200 instead of as error answers.
    pub whatsapp_async: bool,
}

/// The whole memory, behind one lock.
pub(crate) struct State {
    pub version: String,
    pub accounts: Vec<AccountState>,
    pub phones: BTreeMap<String, Phone>,
    pub made: u64,
    pub settings: Settings,
    pub ledger: Ledger,
    pub outbox: Outbox,
    pub news: broadcast::Sender<String>,
}

impl State {
    pub(crate) fn account(&self, id: &str) -> Option<&AccountState> {
        self.accounts.iter().find(|a| a.account.id() == id)
    }

    pub(crate) fn account_mut(&mut self, id: &str) -> Option<&mut AccountState> {
        self.accounts.iter_mut().find(|a| a.account.id() == id)
    }

    /// Key of the phone the provider's id means on the account.
    pub(crate) fn key_of(&self, account: &str, provider_id: &str) -> Option<String> {
        self.phones
            .values()
            .find(|p| {
                p.account == account
                    && ((p.id == provider_id && (p.channel != Channel::Whatsapp || p.number.is_some()))
                        || p.user_id.as_deref() == Some(provider_id))
            })
            .map(|p| p.key.clone())
    }

    /// Tells the open pages; nobody listening is fine.
    pub(crate) fn announce(&self, news: &Value) {
        let _ = self.news.send(news.to_string());
    }

    /// Tells the open pages of one message, new or changed.
    pub(crate) fn announce_message(&self, key: &str, message: &Message) {
        self.announce(&json!({"type": "message", "customer": key, "message": message}));
    }

    /// Sends a receipt, or keeps it when the account's receipts are held.
    pub(crate) fn receipt(&mut self, webhook: Webhook) {
        match self.account_mut(&webhook.account) {
            Some(account) if account.gate.receipts => account.gate.held.push(webhook),
            _ => self.post(webhook),
        }
    }

    /// Queues a webhook in its customer's lane and remembers it for `duplicate`.
    pub(crate) fn post(&mut self, webhook: Webhook) {
        if let Some(phone) = self.phones.get_mut(&webhook.lane) {
            phone.last_webhook = Some(webhook.clone());
            if webhook.message.is_some() {
                phone.last_message_webhook = Some(webhook.clone());
            }
        }
        self.outbox.push(webhook, &mut self.ledger);
    }
}
