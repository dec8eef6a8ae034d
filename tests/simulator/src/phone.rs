//! What happens on customers' phones: they write, receive, read; never judges whether the business was allowed to send; long because a message's whole life on a phone stands here.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Sim;
use crate::book::Event;
use crate::config::{Account, Channel};
use crate::event::{self, Envelope, Tells};
use crate::inbound::{self, Draft};
use crate::state::{AccountState, Message, Phone, Progress, State};
use crate::twist::Twist;

/// A customer's message: its id and whether the provider tells the business of it.
pub(crate) struct Written {
    pub id: String,
    pub at_ms: u64,
    pub webhook: bool,
    pub media: Option<String>,
}

/// Why a phone does not do what it was told.
#[derive(Debug)]
pub(crate) enum Refused {
    /// There is no such customer.
    Nobody,
    /// The provider has nothing of the kind; the reason in words.
    Cannot(String),
}

impl From<String> for Refused {
    fn from(why: String) -> Self {
        Self::Cannot(why)
    }
}

/// The customer writes.
pub(crate) fn write(state: &mut State, key: &str, draft: &Draft) -> Result<Written, Refused> {
    let now = state.now();
    let at_ms = draft.at_ms.unwrap_or(now);
    let phone = state.phones.get(key).ok_or(Refused::Nobody)?;
    let account = state.accounts.iter().find(|a| a.account.id() == phone.account).ok_or(Refused::Nobody)?;
    let business = match &account.account {
        Account::WhatsApp { display_phone_number, .. } => event::digits(display_phone_number),
        other => other.id().to_owned(),
    };
    if draft.standby && !matches!(phone.channel, Channel::Messenger | Channel::Instagram) {
        return Err("standby: only Messenger and Instagram share threads among apps".to_owned().into());
    }
    let shaped = inbound::shape(phone, &business, draft, &mut state.media, now)?;
    let mut message = Message::new(shaped.id.clone(), true, shaped.kind, shaped.content, at_ms);
    message.text = shaped.text;
    message.reply_to.clone_from(&draft.reply_to);
    message.media.clone_from(&shaped.media);
    let field = if draft.standby { "standby" } else { "messages" };
    let body = match phone.channel {
        Channel::Messenger | Channel::Instagram => {
            Envelope { account: &account.account, phone, at_ms, now, standby: draft.standby }
                .by_customer("message", message.content.clone())
        }
        Channel::Whatsapp => event::whatsapp_item(
            &account.account,
            phone,
            &shaped.id,
            &shaped.wire_type,
            at_ms,
            &message.content,
        ),
        Channel::Viber => json!({
            "event": "message", "timestamp": at_ms, "chat_hostname": "SN-CHAT-01_",
            "message_token": shaped.id.parse::<u64>().unwrap_or_default(),
            "sender": event::viber_user(state, account, phone), "message": message.content, "silent": false,
        }),
    };
    let wanted = phone.channel == Channel::Viber || account.wants(field);
    let told = shaped.told && wanted && !phone.blocked_by_business;
    let body = bent(body, &draft.wire)?;
    let phone = state.phones.get_mut(key).ok_or(Refused::Nobody)?;
    phone.last_written_ms = phone.last_written_ms.max(Some(at_ms));
    // A first message subscribes, without an event of its own.
    phone.subscribed = true;
    phone.unanswered.clear();
    phone.push(message.clone());
    state.announce_message(key, &message);
    let told = told && tell(state, key, &body, Tells::message(&shaped.id));
    Ok(Written { id: shaped.id, at_ms, webhook: told, media: shaped.media })
}

/// The body as the twist bends it.
pub(crate) fn bent(mut body: Value, twist: &Twist) -> Result<Value, Refused> {
    if !twist.is_none() {
        twist.apply(&mut body)?;
    }
    Ok(body)
}

/// Posts an event of the customer; whether the account has a webhook for it.
pub(crate) fn tell(state: &mut State, key: &str, body: &Value, tells: Tells) -> bool {
    let webhook = state
        .phones
        .get(key)
        .and_then(|phone| state.account(&phone.account))
        .and_then(|account| event::webhook(account, key, body, tells));
    let told = webhook.is_some();
    if let Some(webhook) = webhook {
        state.post(webhook);
    }
    told
}

/// The app's id in echoes of its own messages.
pub(crate) const OWN_APP: u64 = 1_517_776_481_860_111;

/// A business message arrives at the provider: onto the phone, and delivered later by itself.
pub(crate) fn receive(sim: &Arc<Sim>, state: &mut State, key: &str, message: &Message) {
    let id = message.id.clone();
    let now = state.now();
    if let Some(phone) = state.phones.get_mut(key) {
        phone.unanswered.push_back(message.at_ms);
        if phone.unanswered.len() > 1_000 {
            phone.unanswered.pop_front();
        }
        phone.push(message.clone());
        let account = phone.account.clone();
        state.book.took(&account, key, message);
    }
    state.announce_message(key, message);
    if let Some(phone) = state.phones.get(key)
        && let Some(account) = state.account(&phone.account)
        && account.echoes
        && (phone.channel == Channel::Instagram || account.wants("message_echoes"))
        && matches!(phone.channel, Channel::Messenger | Channel::Instagram)
    {
        let envelope =
            Envelope { account: &account.account, phone, at_ms: message.at_ms, now, standby: false };
        let body = envelope.echo(message, &json!(OWN_APP));
        tell(state, key, &body, Tells::of("echo", id.clone()));
    }
    if !state.settings.automatic {
        return;
    }
    let delay = Duration::from_millis(state.settings.delay_ms);
    let (sim, key) = (Arc::clone(sim), key.to_owned());
    tokio::spawn(async move {
        tokio::time::sleep(delay / 3).await;
        sent(&mut sim.lock(), &key, &id);
        tokio::time::sleep(delay.saturating_sub(delay / 3)).await;
        deliver(&mut sim.lock(), &key);
    });
}

/// Posts a receipt, or keeps it when the account's receipts are held.
fn receipt(state: &mut State, key: &str, body: &Value, events: Vec<Event>) {
    let webhook = state
        .phones
        .get(key)
        .and_then(|phone| state.account(&phone.account))
        .and_then(|account| event::webhook(account, key, body, Tells { events, tick: None }));
    if let Some(webhook) = webhook {
        state.receipt(webhook);
    }
}

/// The provider has the file of a message that was sent by address.
pub(crate) fn fetched(state: &mut State, key: &str, id: &str, media: String) {
    let message = state.phones.get_mut(key).and_then(|phone| {
        let message = phone.message_mut(id)?;
        message.media = Some(media);
        Some(message.clone())
    });
    if let Some(message) = message {
        state.announce_message(key, &message);
    }
}

/// `WhatsApp` says that it sent the message on; the others have no such receipt.
fn sent(state: &mut State, key: &str, id: &str) {
    let now = state.now();
    let body = state.phones.get(key).and_then(|phone| {
        let account = state.account(&phone.account)?;
        let message = phone.thread.iter().rev().find(|m| m.id == id)?;
        // A read that came first has already told it.
        if phone.channel != Channel::Whatsapp || message.state > Progress::Sent || message.failed {
            return None;
        }
        Some(event::whatsapp_status(&account.account, phone, message, "sent", now, None))
    });
    if let Some(body) = body {
        receipt(state, key, &body, vec![Event::new("sent", id)]);
    }
}

/// The provider tells once more, or out of turn, how far one message came. An error in words where it has no such word.
pub(crate) fn retell(
    state: &mut State,
    key: &str,
    id: &str,
    step: &str,
    error: Option<&Value>,
    twist: &Twist,
) -> Result<(), Refused> {
    let now = state.now();
    let phone = state.phones.get(key).ok_or(Refused::Nobody)?;
    let account = state.account(&phone.account).ok_or(Refused::Nobody)?;
    // Viber also tells that a customer's own message was delivered.
    let theirs = phone.channel == Channel::Viber && step == "delivered";
    let message = phone.thread.iter().rev().find(|m| m.id == id && (theirs || !m.from_customer));
    let message = message.ok_or_else(|| format!("message_id: no message {id} of the business"))?;
    let envelope = Envelope { account: &account.account, phone, at_ms: now, now, standby: false };
    let cannot = || Refused::Cannot(format!("status: this provider does not tell {step}"));
    let (word, body) = match (phone.channel, step) {
        (Channel::Messenger, "delivered") => {
            ("delivered", envelope.by_customer("delivery", json!({"mids": [id], "watermark": message.at_ms})))
        }
        (Channel::Messenger, "read") => {
            ("seen", envelope.by_customer("read", json!({"watermark": message.at_ms})))
        }
        (Channel::Instagram, "read") => ("seen", envelope.by_customer("read", json!({"mid": id}))),
        (Channel::Whatsapp, "sent" | "delivered" | "read" | "played" | "failed" | "deleted" | "warning") => {
            let word = match step {
                "sent" => "sent",
                "delivered" => "delivered",
                "failed" => "failed",
                "read" => "seen",
                _ => "status",
            };
            (word, event::whatsapp_status(&account.account, phone, message, step, now, error))
        }
        (Channel::Viber, "delivered" | "read" | "failed") => {
            let word = match step {
                "delivered" => "delivered",
                "read" => "seen",
                _ => "failed",
            };
            let mut body = event::viber_event(word, phone, id.parse().unwrap_or_default(), now);
            if let ("failed", Some(fields)) = (step, body.as_object_mut()) {
                let described = error.and_then(|e| e.get("title")).cloned();
                fields.insert("desc".to_owned(), described.unwrap_or_else(|| json!("failure description")));
            }
            (word, body)
        }
        _ => return Err(cannot()),
    };
    let body = bent(body, twist)?;
    if word == "failed"
        && let Some(message) = state.phones.get_mut(key).and_then(|phone| phone.message_mut(id))
    {
        message.failed = true;
        let message = message.clone();
        state.announce_message(key, &message);
    }
    receipt(state, key, &body, vec![Event::new(word, id)]);
    Ok(())
}

/// Everything on the way reaches the phone; how many messages that were.
pub(crate) fn deliver(state: &mut State, key: &str) -> usize {
    climb(state, key, Progress::Delivered)
}

/// The customer looks: everything of the business is delivered and seen; how many messages became seen.
pub(crate) fn read(state: &mut State, key: &str) -> usize {
    deliver(state, key);
    climb(state, key, Progress::Seen)
}

fn climb(state: &mut State, key: &str, to: Progress) -> usize {
    let Some(phone) = state.phones.get_mut(key) else {
        return 0;
    };
    let mut changed = Vec::new();
    for message in phone.thread.iter_mut().filter(|m| !m.from_customer && !m.failed && m.state < to) {
        message.state = to;
        changed.push(message.clone());
    }
    if changed.is_empty() {
        return 0;
    }
    let bodies = receipts(state, key, &changed, to);
    for message in &changed {
        state.announce_message(key, message);
    }
    for (body, events) in bodies {
        receipt(state, key, &body, events);
    }
    changed.len()
}

/// The provider's receipts for messages that reached `to`.
fn receipts(state: &State, key: &str, changed: &[Message], to: Progress) -> Vec<(Value, Vec<Event>)> {
    let Some((phone, account)) =
        state.phones.get(key).and_then(|phone| Some((phone, state.account(&phone.account)?)))
    else {
        return Vec::new();
    };
    let (seen, now) = (to == Progress::Seen, state.now());
    let word = if seen { "seen" } else { "delivered" };
    let all = || changed.iter().map(|m| Event::new(word, &m.id)).collect::<Vec<_>>();
    let one = |name: &str, content: Value| {
        let envelope = Envelope { account: &account.account, phone, at_ms: now, now, standby: false };
        vec![(envelope.by_customer(name, content), all())]
    };
    match phone.channel {
        Channel::Messenger if seen && account.wants("message_reads") => {
            one("read", json!({"watermark": now}))
        }
        Channel::Messenger if !seen && account.wants("message_deliveries") => {
            let mids: Vec<_> = changed.iter().map(|m| &m.id).collect();
            one("delivery", json!({"mids": mids, "watermark": now}))
        }
        // Instagram has no delivery event, and one read names the newest message.
        Channel::Instagram if seen && account.wants("messaging_seen") => {
            changed.last().map(|m| one("read", json!({"mid": m.id}))).unwrap_or_default()
        }
        Channel::Whatsapp => whatsapp_receipts(state, account, phone, changed, seen),
        Channel::Viber if account.wants(word) => changed
            .iter()
            .map(|m| {
                let body = event::viber_event(word, phone, m.id.parse().unwrap_or_default(), now);
                (body, vec![Event::new(word, &m.id)])
            })
            .collect(),
        Channel::Messenger | Channel::Instagram | Channel::Viber => Vec::new(),
    }
}

fn whatsapp_receipts(
    state: &State,
    account: &AccountState,
    phone: &Phone,
    changed: &[Message],
    seen: bool,
) -> Vec<(Value, Vec<Event>)> {
    let statuses: &[(&str, &'static str)] = match (seen, state.settings.automatic) {
        (true, _) => &[("read", "seen")],
        (false, true) => &[("delivered", "delivered")],
        // By hand, nothing has told yet that it was sent.
        (false, false) => &[("sent", "sent"), ("delivered", "delivered")],
    };
    let now = state.now();
    let told = |m: &Message, status: &str, word: &'static str| {
        let body = event::whatsapp_status(&account.account, phone, m, status, now, None);
        (body, vec![Event::new(word, &m.id)])
    };
    changed.iter().flat_map(|m| statuses.iter().map(move |(status, word)| told(m, status, word))).collect()
}

/// The business has read what the customer wrote, up to and with `id` (all, without an id).
pub(crate) fn business_read(state: &mut State, key: &str, id: Option<&str>) {
    let Some(phone) = state.phones.get_mut(key) else {
        return;
    };
    let mut changed = Vec::new();
    for message in phone.thread.iter_mut().filter(|m| m.from_customer) {
        if message.state < Progress::Seen {
            message.state = Progress::Seen;
            changed.push(message.clone());
        }
        if id == Some(message.id.as_str()) {
            break;
        }
    }
    for message in &changed {
        state.announce_message(key, message);
    }
}
