//! Everything the simulator remembers: accounts, phones with their threads, staging; never talks to the network; long because one lock holds one memory.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{broadcast, oneshot};

use crate::book::Book;
use crate::config::{Account, Channel, Customer};
use crate::crowd::Crowd;
use crate::faults::Faults;
use crate::ids;
use crate::ledger::{Entry, Ledger};
use crate::media::Store;
use crate::outbox::{Outbox, Webhook};
use crate::rate::Meter;

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
    /// Emoji the other side put on the message.
    pub reaction: Option<String>,
    /// Id of the message it quotes.
    pub reply_to: Option<String>,
    /// Id of the file it carries, for `/control/media/{id}`.
    pub media: Option<String>,
    /// Choices under a message of the business: `{kind, title, payload}`.
    pub choices: Vec<Value>,
    /// How often it was edited.
    pub edits: u32,
    /// Taken back.
    pub unsent: bool,
    /// Accepted, and failed afterwards.
    pub failed: bool,
    /// What the business gave to know its message by: `metadata`, opaque data, tracking data.
    #[serde(rename = "key")]
    pub opaque: Option<String>,
}

impl Message {
    pub(crate) const fn new(
        id: String,
        from_customer: bool,
        kind: String,
        content: Value,
        at_ms: u64,
    ) -> Self {
        Self {
            id,
            from_customer,
            kind,
            text: None,
            at_ms,
            state: Progress::Sent,
            content,
            reaction: None,
            reply_to: None,
            media: None,
            choices: Vec::new(),
            edits: 0,
            unsent: false,
            failed: false,
            opaque: None,
        }
    }
}

/// A customer with their phone.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
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
    /// The profile has a picture.
    pub picture: bool,
    /// Viber: may be written to.
    pub subscribed: bool,
    /// Takes nothing from the business.
    pub blocked: bool,
    /// `WhatsApp`: the business takes nothing from them.
    pub blocked_by_business: bool,
    /// The provider says the window is closed, whatever was written.
    pub window_closed: bool,
    /// Viber: tracking data of the business's newest message.
    pub tracking: Option<String>,
    /// `WhatsApp`: sends to this one user.
    pub pair: Meter,
    /// Time of the customer's newest message, by that message's own time.
    pub last_written_ms: Option<u64>,
    /// Viber: times of business messages since the customer's last one.
    pub unanswered: VecDeque<u64>,
    /// Viber: times of calls for the user's details.
    pub details_calls: VecDeque<u64>,
    pub thread: VecDeque<Message>,
    /// Messages of the business that ever came.
    pub received: usize,
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
            picture: true,
            subscribed: false,
            blocked: false,
            blocked_by_business: false,
            window_closed: false,
            tracking: None,
            pair: Meter::default(),
            last_written_ms: None,
            unanswered: VecDeque::new(),
            details_calls: VecDeque::new(),
            thread: VecDeque::new(),
            received: 0,
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
        self.received += usize::from(!message.from_customer);
        self.thread.push_back(message);
    }

    /// Whether the customer wrote within the last `hours`, by the messages' own times.
    pub(crate) fn wrote_within(&self, hours: u64, now: u64) -> bool {
        !self.window_closed
            && self.last_written_ms.is_some_and(|at| now.saturating_sub(at) < hours * 3_600_000)
    }

    /// The customer as the control API and the page see them.
    pub(crate) fn describe(&self) -> Value {
        json!({
            "id": self.key, "account": self.account, "channel": self.channel, "name": self.name,
            "provider_id": self.address(), "phone": self.number, "user_id": self.user_id,
            "username": self.username, "profile": self.profile, "picture": self.picture,
            "blocked": self.blocked, "window_closed": self.window_closed,
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
    /// All webhooks are kept back.
    pub webhooks: bool,
    pub kept: Vec<Webhook>,
    /// Sends still to be held before anything happens.
    pub requests: u64,
    /// Sends still to be carried out with their answers held.
    pub answers: u64,
    pub waiting: Vec<oneshot::Sender<()>>,
    pub failures: VecDeque<Failure>,
}

/// An account with what its owner set and what is staged on it.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug)]
pub(crate) struct AccountState {
    pub account: Account,
    /// Where webhooks go; `None` when a Viber bot removed its webhook.
    pub url: Option<String>,
    /// Subscribed webhook fields or Viber event types; `None` means all.
    pub fields: Option<Vec<String>>,
    pub send_name: bool,
    pub send_photo: bool,
    pub echoes: bool,
    pub human_agent: bool,
    /// The app gets the account's webhooks.
    pub subscribed: bool,
    pub token: TokenState,
    /// Permissions the token lost.
    pub denied: Vec<String>,
    /// The page may not send for now.
    pub restricted: bool,
    /// `WhatsApp`: the number also lives in the Business app, so edits, unsends and that app's echoes are told.
    pub coexistence: bool,
    /// Rates and quotas of the provider are kept.
    pub limits: bool,
    /// `WhatsApp` templates: `{name, language, body, parameters, status}`.
    pub templates: Vec<Value>,
    pub texts: Meter,
    pub media: Meter,
    pub gate: Gate,
}

/// How the account's token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenState {
    /// Opens the account.
    Valid,
    /// Ran out.
    Expired,
    /// The owner took the app's access away.
    Revoked,
}

impl AccountState {
    pub(crate) fn new(account: Account, base: &str) -> Self {
        Self {
            url: Some(format!("{}{}", base.trim_end_matches('/'), account.webhook_path())),
            templates: if account.channel() == Channel::Whatsapp { samples() } else { Vec::new() },
            account,
            fields: None,
            send_name: true,
            send_photo: true,
            echoes: false,
            human_agent: false,
            subscribed: true,
            token: TokenState::Valid,
            denied: Vec::new(),
            restricted: false,
            coexistence: true,
            limits: true,
            texts: Meter::default(),
            media: Meter::default(),
            gate: Gate::default(),
        }
    }

    pub(crate) fn wants(&self, field: &str) -> bool {
        self.fields.as_ref().is_none_or(|fields| fields.iter().any(|f| f == field))
    }
}

/// Templates a number has at first.
fn samples() -> Vec<Value> {
    let template = |name: &str, language: &str, body: &str, parameters: u64| {
        json!({
            "id": ids::media_id(), "name": name, "language": language, "status": "APPROVED", "category": "UTILITY",
            "body": body, "parameters": parameters,
        })
    };
    vec![
        template("hello", "cs", "Dobrý den, máme pro vás zprávu. Ozvěte se nám, prosím.", 0),
        template("hello", "en_US", "Hello, we have news for you. Please write to us.", 0),
        template("order_confirmation", "en_US", "Hello {{1}}, your order {{2}} is on its way.", 2),
        template("order_confirmation", "cs", "Dobrý den, {{1}}, objednávka {{2}} je na cestě.", 2),
    ]
}

/// How the world behaves.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Settings {
    /// Phones deliver by themselves after the delay; otherwise only when told.
    pub automatic: bool,
    pub delay_ms: u64,
    /// `WhatsApp` refusals come as `failed` statuses after a 200 instead of as error answers.
    pub whatsapp_async: bool,
    /// Providers fetch what the business sends by address.
    pub fetch: bool,
    /// Provider's time in webhook retries passes this many times as fast.
    pub retry_factor: u64,
    /// No pause between webhook attempts is longer.
    pub longest_pause_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            automatic: true,
            delay_ms: 150,
            whatsapp_async: false,
            fetch: true,
            // Five minutes for the hour after which an app is unsubscribed.
            retry_factor: 12,
            longest_pause_ms: 5_000,
        }
    }
}

/// The whole memory, behind one lock.
pub(crate) struct State {
    pub versions: Vec<String>,
    pub accounts: Vec<AccountState>,
    pub phones: BTreeMap<String, Phone>,
    pub made: u64,
    pub settings: Settings,
    pub ledger: Ledger,
    pub book: Book,
    pub faults: Faults,
    pub media: Store,
    /// Scripted customers, while there are some.
    pub crowd: Option<Crowd>,
    /// Where webhooks of new accounts go.
    pub webhook_base: String,
    /// The world's clock is this far ahead of the machine's.
    pub ahead_ms: u64,
    pub outbox: Outbox,
    pub news: broadcast::Sender<String>,
}

impl State {
    /// The world's time in milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        ids::now_ms().saturating_add(self.ahead_ms)
    }

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

    /// Queues a webhook in its customer's lane and remembers it for `duplicate`; kept back or never made when the
    /// account says so.
    pub(crate) fn post(&mut self, webhook: Webhook) {
        if let Some(phone) = self.phones.get_mut(&webhook.lane) {
            phone.last_webhook = Some(webhook.clone());
            if !webhook.ticks.is_empty() {
                phone.last_message_webhook = Some(webhook.clone());
            }
        }
        let now = self.now();
        self.book.made(&webhook, now);
        match self.account_mut(&webhook.account) {
            Some(account) if !account.subscribed => {
                self.book.ended(&webhook, "unsubscribed");
                self.ledger.add(Entry::webhook(0, &webhook, 0, None, "unsubscribed", 0), now);
            }
            Some(account) if account.gate.webhooks => account.gate.kept.push(webhook),
            _ => self.hand_over(webhook),
        }
    }

    /// Queues a webhook, through the faults that are switched on.
    pub(crate) fn hand_over(&mut self, mut webhook: Webhook) {
        let now = self.now();
        let kind = webhook.events.first().map_or("raw", |event| event.kind);
        let hits = self.faults.webhook(&webhook.account, &webhook.lane, kind);
        let mut copies = 1;
        for hit in hits {
            self.ledger.add(hit.entry(&webhook.account, Some(&webhook.lane), kind), now);
            copies += hit.bend(&mut webhook);
        }
        for copy in 0..copies {
            if copy > 0 {
                self.book.copied(&webhook);
            }
            self.outbox.push(webhook.clone(), &mut self.ledger, &mut self.book, now);
        }
    }
}
