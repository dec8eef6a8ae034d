//! `WhatsApp` Cloud API sends: addressing, content, limits and the customer service window; never holds media itself.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::error;
use crate::Sim;
use crate::event;
use crate::gate::Reply;
use crate::ids;
use crate::phone;
use crate::state::{Message, Progress, State};

const TEXT_CHARACTERS: usize = 4_096;
const WINDOW_HOURS: u64 = 24;

pub(super) fn send(sim: &Arc<Sim>, account: &str, body: &Map<String, Value>) -> Reply {
    let mut state = sim.lock();
    match accept(sim, &mut state, account, body) {
        Ok(reply) | Err(reply) => reply,
    }
}

fn invalid(details: &str) -> Reply {
    error::whatsapp(400, 100, "Invalid parameter", details)
}

fn missing(name: &str) -> Reply {
    error::whatsapp(400, 131_008, "Required parameter is missing", &format!("Parameter '{name}' is required"))
}

fn accept(
    sim: &Arc<Sim>,
    state: &mut State,
    account: &str,
    body: &Map<String, Value>,
) -> Result<Reply, Reply> {
    let field = |name: &str| body.get(name).and_then(Value::as_str);
    if field("messaging_product") != Some("whatsapp") {
        return Err(error::parameter("The parameter messaging_product is required."));
    }
    if let Some(status) = body.get("status") {
        return mark(state, account, status.as_str(), field("message_id"), body);
    }
    if !matches!(field("recipient_type"), None | Some("individual")) {
        return Err(invalid("recipient_type must be individual"));
    }
    // With both given, the phone number wins.
    let input = field("to")
        .or_else(|| field("recipient"))
        .filter(|to| !to.trim().is_empty())
        .ok_or_else(|| missing("to"))?;
    let (kind, text, content) = content(body)?;
    let address = if field("to").is_some() { digits(input) } else { input.to_owned() };
    let Some(key) = state.key_of(account, &address) else {
        return refused(
            state,
            account,
            input,
            &address,
            131_026,
            "Message undeliverable",
            "Message Undeliverable.",
        );
    };
    let Some(phone) = state.phones.get(&key) else {
        return Err(invalid("Recipient is not a valid WhatsApp user"));
    };
    let address = phone.address().to_owned();
    if kind != "template" && !phone.wrote_within(WINDOW_HOURS, ids::now_ms()) {
        let details = "Message failed to send because more than 24 hours have passed since the customer last replied to this number.";
        return refused(state, account, input, &address, 131_047, "Re-engagement message", details);
    }
    let mut contact = json!({"input": input, "user_id": phone.user_id});
    if let (Some(fields), Some(_)) = (contact.as_object_mut(), &phone.number) {
        fields.insert("wa_id".to_owned(), json!(phone.id));
    }
    let id = ids::wamid(&address, false);
    let message = Message {
        id: id.clone(),
        from_customer: false,
        kind,
        text,
        at_ms: ids::now_ms(),
        state: Progress::Sent,
        content,
        reaction: None,
        opaque: field("biz_opaque_callback_data").map(str::to_owned),
    };
    if message.kind == "reaction" {
        react(state, &key, &message.content)?;
    } else {
        phone::receive(sim, state, &key, &message);
    }
    Ok(Reply::ok(json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": id}]})))
}

/// Digits of a phone number however it was written.
fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Kind, shown text and the kind's object of a send that keeps the limits.
fn content(body: &Map<String, Value>) -> Result<(String, Option<String>, Value), Reply> {
    let kind = body.get("type").and_then(Value::as_str).unwrap_or("text");
    let part = |name: &str| body.get(kind).and_then(|k| k.get(name)).and_then(Value::as_str);
    let text = match kind {
        "text" => {
            let text = part("body").ok_or_else(|| missing("text.body"))?;
            if text.trim().is_empty() {
                return Err(invalid("Param text['body'] must be a non-empty string"));
            }
            if text.chars().count() > TEXT_CHARACTERS {
                return Err(invalid("Param text['body'] must be at most 4096 characters long."));
            }
            Some(text.to_owned())
        }
        "template" => {
            let name = part("name").filter(|n| !n.is_empty()).ok_or_else(|| missing("template.name"))?;
            if body.get("template").and_then(|t| t.pointer("/language/code")).is_none_or(|c| !c.is_string()) {
                return Err(missing("template.language.code"));
            }
            Some(name.to_owned())
        }
        "image" | "video" | "audio" | "document" | "sticker" => {
            let link = part("link")
                .ok_or_else(|| invalid(&format!("{kind} needs a link: no media was uploaded")))?;
            if !link.starts_with("https://") && !link.starts_with("http://") {
                return Err(error::whatsapp(
                    400,
                    131_053,
                    "Media upload error",
                    "Media link is not a valid URL",
                ));
            }
            if part("caption").is_some_and(|c| c.chars().count() > 1_024) {
                return Err(invalid("caption must be at most 1024 characters long."));
            }
            part("caption").map(str::to_owned)
        }
        "reaction" => {
            part("message_id").ok_or_else(|| missing("reaction.message_id"))?;
            None
        }
        _ => {
            return Err(error::whatsapp(
                400,
                131_051,
                "Unsupported message type",
                &format!("Message type '{kind}' is not supported"),
            ));
        }
    };
    Ok((kind.to_owned(), text, body.get(kind).cloned().unwrap_or_default()))
}

fn react(state: &mut State, key: &str, content: &Value) -> Result<(), Reply> {
    let id = content.get("message_id").and_then(Value::as_str).unwrap_or_default();
    let emoji = content.get("emoji").and_then(Value::as_str).filter(|e| !e.is_empty());
    let message = state.phones.get_mut(key).and_then(|phone| {
        let message = phone.message_mut(id)?;
        message.reaction = emoji.map(str::to_owned);
        Some(message.clone())
    });
    let message = message
        .ok_or_else(|| error::whatsapp(400, 131_009, "Parameter value is not valid", "Unknown message_id"))?;
    state.announce_message(key, &message);
    Ok(())
}

/// A refusal at once, or 200 and a `failed` status when the settings say so.
fn refused(
    state: &mut State,
    account: &str,
    input: &str,
    address: &str,
    code: u32,
    title: &str,
    details: &str,
) -> Result<Reply, Reply> {
    if !state.settings.whatsapp_async {
        return Err(error::whatsapp(400, code, title, details));
    }
    let id = ids::wamid(address, false);
    let lane = state.key_of(account, address).unwrap_or_else(|| account.to_owned());
    let webhook = state.account(account).and_then(|a| {
        let body = event::whatsapp_failed(&a.account, &id, address, &error::in_status(code, title, details));
        event::webhook(a, &lane, &body, None)
    });
    if let Some(webhook) = webhook {
        state.receipt(webhook);
    }
    Ok(Reply::ok(json!({
        "messaging_product": "whatsapp", "contacts": [{"input": input, "wa_id": address}], "messages": [{"id": id}],
    })))
}

/// `status: read`, with or without the typing indicator.
fn mark(
    state: &mut State,
    account: &str,
    status: Option<&str>,
    id: Option<&str>,
    body: &Map<String, Value>,
) -> Result<Reply, Reply> {
    if status != Some("read") {
        return Err(invalid("status must be one of {read}"));
    }
    let id = id.ok_or_else(|| missing("message_id"))?;
    let key = state
        .phones
        .values()
        .find(|p| p.account == account && p.thread.iter().any(|m| m.from_customer && m.id == id))
        .map(|p| p.key.clone())
        .ok_or_else(|| error::whatsapp(400, 131_009, "Parameter value is not valid", "Unknown message_id"))?;
    phone::business_read(state, &key, Some(id));
    if body.contains_key("typing_indicator") {
        state.announce(&json!({"type": "typing", "customer": key, "on": true}));
    }
    Ok(Reply::ok(json!({"success": true})))
}
