//! What happens on customers' phones: they write, receive, read; never judges whether the business was allowed to send.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Sim;
use crate::config::Channel;
use crate::event;
use crate::ids;
use crate::state::{Message, Progress, State};

/// A customer's message: its id and whether the provider tells the business of it.
pub(crate) struct Written {
    pub id: String,
    pub webhook: bool,
}

/// The customer writes; `None` when there is no such customer.
pub(crate) fn write(state: &mut State, key: &str, text: &str, kind: &str, at_ms: u64) -> Option<Written> {
    let phone = state.phones.get(key)?;
    let (id, content) = match phone.channel {
        Channel::Messenger => messenger_content(kind, text),
        Channel::Instagram => instagram_content(kind, text),
        Channel::Whatsapp => whatsapp_content(phone.address(), kind, text),
        Channel::Viber => viber_content(kind, text),
    };
    let message = Message {
        id: id.clone(),
        from_customer: true,
        kind: kind.to_owned(),
        text: (!text.is_empty()).then(|| text.to_owned()),
        at_ms,
        state: Progress::Sent,
        content,
        reaction: None,
        opaque: None,
    };
    let channel = phone.channel;
    let account = state.account(&phone.account)?;
    // Instagram tells nothing of customers' stickers.
    let told = account.wants("messages") || channel == Channel::Viber;
    let told = told && !(channel == Channel::Instagram && kind == "sticker");
    let body = match channel {
        Channel::Messenger | Channel::Instagram => {
            event::from_customer(&account.account, phone, at_ms, "message", message.content.clone())
        }
        Channel::Whatsapp => event::whatsapp_message(&account.account, phone, &message),
        Channel::Viber => json!({
            "event": "message", "timestamp": at_ms, "chat_hostname": "SN-CHAT-01_",
            "message_token": id.parse::<u64>().unwrap_or_default(),
            "sender": event::viber_user(phone, account.send_name), "message": message.content, "silent": false,
        }),
    };
    let webhook = if told { event::webhook(account, key, &body, Some(id.clone())) } else { None };
    let phone = state.phones.get_mut(key)?;
    phone.last_written_ms = phone.last_written_ms.max(Some(at_ms));
    // A first message subscribes, without an event of its own.
    phone.subscribed = true;
    phone.unanswered.clear();
    phone.push(message.clone());
    state.announce_message(key, &message);
    let told = webhook.is_some();
    if let Some(webhook) = webhook {
        state.post(webhook);
    }
    Some(Written { id, webhook: told })
}

fn messenger_content(kind: &str, text: &str) -> (String, Value) {
    let mid = ids::messenger_mid();
    let content = match kind {
        "image" => json!({"mid": mid, "attachments": [{"type": "image", "payload": {"url": picture_url()}}]}),
        "sticker" => {
            json!({"mid": mid, "attachments": [{"type": "sticker", "payload": {"url": picture_url(), "sticker_id": 369_239_263_222_822_u64}}]})
        }
        _ => json!({"mid": mid, "text": text}),
    };
    (mid, content)
}

fn instagram_content(kind: &str, text: &str) -> (String, Value) {
    let mid = ids::instagram_mid();
    let content = match kind {
        "image" => json!({"mid": mid, "attachments": [{"type": "image", "payload": {"url": picture_url()}}]}),
        "sticker" => json!({"mid": mid, "is_unsupported": true}),
        _ => json!({"mid": mid, "text": text}),
    };
    (mid, content)
}

fn whatsapp_content(address: &str, kind: &str, text: &str) -> (String, Value) {
    let content = match kind {
        "image" if text.is_empty() => {
            json!({"id": ids::media_id(), "mime_type": "image/jpeg", "sha256": ids::digest()})
        }
        "image" => {
            json!({"id": ids::media_id(), "mime_type": "image/jpeg", "sha256": ids::digest(), "caption": text})
        }
        "sticker" => {
            json!({"id": ids::media_id(), "mime_type": "image/webp", "sha256": ids::digest(), "animated": false})
        }
        _ => json!({"body": text}),
    };
    (ids::wamid(address, true), content)
}

fn viber_content(kind: &str, text: &str) -> (String, Value) {
    let content = match kind {
        "image" => {
            json!({"type": "picture", "text": text, "media": picture_url(), "file_name": "photo.jpg", "size": 48_213})
        }
        "sticker" => json!({"type": "sticker", "sticker_id": 40_129, "media": picture_url()}),
        _ => json!({"type": "text", "text": text}),
    };
    (ids::viber_token().to_string(), content)
}

/// An address in the shape of a provider's file store; nothing answers there.
fn picture_url() -> String {
    format!("https://files.simulator.invalid/{}.jpg", ids::media_id())
}

/// A business message arrives at the provider: onto the phone, and delivered later by itself.
pub(crate) fn receive(sim: &Arc<Sim>, state: &mut State, key: &str, message: &Message) {
    let id = message.id.clone();
    if let Some(phone) = state.phones.get_mut(key) {
        phone.unanswered.push_back(message.at_ms);
        if phone.unanswered.len() > 1_000 {
            phone.unanswered.pop_front();
        }
        phone.push(message.clone());
    }
    state.announce_message(key, message);
    if let Some(phone) = state.phones.get(key)
        && let Some(account) = state.account(&phone.account)
        && account.echoes
        && (phone.channel == Channel::Instagram || account.wants("message_echoes"))
        && matches!(phone.channel, Channel::Messenger | Channel::Instagram)
        && let Some(webhook) =
            event::webhook(account, key, &event::echo(&account.account, phone, message), None)
    {
        state.post(webhook);
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

/// `WhatsApp` says that it sent the message on; the others have no such receipt.
fn sent(state: &mut State, key: &str, id: &str) {
    let webhook = state.phones.get(key).and_then(|phone| {
        let account = state.account(&phone.account)?;
        let message = phone.thread.iter().rev().find(|m| m.id == id)?;
        // A read that came first has already told it.
        if phone.channel != Channel::Whatsapp || message.state > Progress::Sent {
            return None;
        }
        event::webhook(account, key, &event::whatsapp_status(&account.account, phone, message, "sent"), None)
    });
    if let Some(webhook) = webhook {
        state.receipt(webhook);
    }
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
    for message in phone.thread.iter_mut().filter(|m| !m.from_customer && m.state < to) {
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
    for body in bodies {
        let webhook = state
            .phones
            .get(key)
            .and_then(|phone| state.account(&phone.account))
            .and_then(|account| event::webhook(account, key, &body, None));
        if let Some(webhook) = webhook {
            state.receipt(webhook);
        }
    }
    changed.len()
}

/// The provider's receipts for messages that reached `to`.
fn receipts(state: &State, key: &str, changed: &[Message], to: Progress) -> Vec<Value> {
    let Some((phone, account)) =
        state.phones.get(key).and_then(|phone| Some((phone, state.account(&phone.account)?)))
    else {
        return Vec::new();
    };
    let (seen, now) = (to == Progress::Seen, ids::now_ms());
    match phone.channel {
        Channel::Messenger if seen => vec![("message_reads", "read", json!({"watermark": now}))],
        Channel::Messenger => {
            let mids: Vec<_> = changed.iter().map(|m| &m.id).collect();
            vec![("message_deliveries", "delivery", json!({"mids": mids, "watermark": now}))]
        }
        // Instagram has no delivery event, and one read names the newest message.
        Channel::Instagram if seen => {
            changed.last().map(|m| ("messaging_seen", "read", json!({"mid": m.id}))).into_iter().collect()
        }
        Channel::Instagram => Vec::new(),
        Channel::Whatsapp => {
            let statuses: &[&str] = match (seen, state.settings.automatic) {
                (true, _) => &["read"],
                (false, true) => &["delivered"],
                // By hand, nothing has told yet that it was sent.
                (false, false) => &["sent", "delivered"],
            };
            return changed
                .iter()
                .flat_map(|m| {
                    statuses.iter().map(|status| event::whatsapp_status(&account.account, phone, m, status))
                })
                .collect();
        }
        Channel::Viber => {
            let name = if seen { "seen" } else { "delivered" };
            return changed
                .iter()
                .filter(|_| account.wants(name))
                .map(|m| event::viber_event(name, phone, m.id.parse().unwrap_or_default()))
                .collect();
        }
    }
    .into_iter()
    .filter(|(field, ..)| account.wants(field))
    .map(|(_, name, content)| event::from_customer(&account.account, phone, now, name, content))
    .collect()
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
