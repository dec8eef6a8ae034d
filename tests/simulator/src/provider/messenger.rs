//! Messenger's and Instagram's Send API: recipient, content, limits and window; never sends attachments that were not given by address.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::error;
use crate::Sim;
use crate::config::Channel;
use crate::gate::Reply;
use crate::ids;
use crate::phone;
use crate::state::{Message, Phone, Progress, State};

/// Messenger counts characters.
const MESSENGER_CHARACTERS: usize = 2_000;
/// Instagram counts bytes of UTF-8.
const INSTAGRAM_BYTES: usize = 1_000;
const WINDOW_HOURS: u64 = 24;
const HUMAN_AGENT_HOURS: u64 = 7 * 24;

pub(super) fn send(sim: &Arc<Sim>, account: &str, body: &Map<String, Value>) -> Reply {
    let mut state = sim.lock();
    match accept(sim, &mut state, account, body) {
        Ok(reply) | Err(reply) => reply,
    }
}

fn accept(
    sim: &Arc<Sim>,
    state: &mut State,
    account: &str,
    body: &Map<String, Value>,
) -> Result<Reply, Reply> {
    let recipient = recipient(body)?;
    let key = state
        .key_of(account, &recipient)
        .ok_or_else(|| error::graph(400, 100, Some(2_018_001), "(#100) No matching user found"))?;
    if let Some(action) = body.get("sender_action") {
        return act(state, &key, &recipient, action.as_str().unwrap_or_default(), body);
    }
    let human_agent = tag(body)?;
    let phone = state.phones.get(&key).ok_or_else(|| error::parameter("Invalid recipient"))?;
    let (kind, text, content) = content(phone.channel, body)?;
    if let Some(mid) = body.get("reply_to") {
        let mid = mid.get("mid").and_then(Value::as_str).unwrap_or_default();
        if !phone.thread.iter().any(|m| m.id == mid) {
            return Err(error::parameter("Invalid value for reply_to[mid]"));
        }
    }
    let permitted = state.account(account).is_some_and(|a| a.human_agent);
    window(phone, human_agent, permitted)?;
    let mid = match phone.channel {
        Channel::Messenger => ids::messenger_mid(),
        _ => ids::instagram_mid(),
    };
    let message = Message {
        id: mid.clone(),
        from_customer: false,
        kind,
        text,
        at_ms: ids::now_ms(),
        state: Progress::Sent,
        content,
        reaction: None,
        opaque: None,
    };
    phone::receive(sim, state, &key, &message);
    Ok(Reply::ok(json!({"recipient_id": recipient, "message_id": mid})))
}

fn recipient(body: &Map<String, Value>) -> Result<String, Reply> {
    let recipient =
        body.get("recipient").ok_or_else(|| error::parameter("The parameter recipient is required"))?;
    match recipient.get("id") {
        Some(Value::String(id)) if !id.is_empty() => Ok(id.clone()),
        Some(Value::Number(id)) => Ok(id.to_string()),
        _ => Err(error::parameter("Param recipient[id] must be a valid ID string (e.g., \"123\")")),
    }
}

/// Whether the send claims the human agent's week; refuses unknown types and retired tags.
fn tag(body: &Map<String, Value>) -> Result<bool, Reply> {
    let tag = body.get("tag").and_then(Value::as_str);
    match body.get("messaging_type").map(|t| t.as_str().unwrap_or_default()) {
        Some("MESSAGE_TAG") if tag == Some("HUMAN_AGENT") => Ok(true),
        Some("MESSAGE_TAG") => Err(error::parameter("Param tag must be one of {HUMAN_AGENT}")),
        None | Some("RESPONSE" | "UPDATE") if tag.is_none() => Ok(false),
        None | Some("RESPONSE" | "UPDATE") => {
            Err(error::parameter("Param tag is only allowed with messaging_type MESSAGE_TAG"))
        }
        Some(_) => {
            Err(error::parameter("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}"))
        }
    }
}

/// Kind, text and the message object of a send that keeps the limits.
fn content(channel: Channel, body: &Map<String, Value>) -> Result<(String, Option<String>, Value), Reply> {
    let message = body
        .get("message")
        .and_then(Value::as_object)
        .filter(|m| !m.is_empty())
        .ok_or_else(|| error::parameter("The parameter message is required"))?;
    let whole = Value::Object(message.clone());
    match (message.get("text"), message.get("attachment")) {
        (Some(_), Some(_)) => Err(error::parameter(
            "Only one of the text, attachment, and dynamic_text fields can be specified.",
        )),
        (Some(Value::String(text)), None) => {
            if text.trim().is_empty() {
                return Err(error::parameter("Param message[text] must be non-empty UTF-8 encoded string"));
            }
            if channel == Channel::Messenger && text.chars().count() > MESSENGER_CHARACTERS {
                return Err(error::parameter(
                    "Length of param message[text] must be less than or equal to 2000",
                ));
            }
            if channel == Channel::Instagram && text.len() > INSTAGRAM_BYTES {
                return Err(error::parameter(
                    "Length of param message[text] must be less than or equal to 1000",
                ));
            }
            if message.get("quick_replies").and_then(Value::as_array).is_some_and(|q| q.len() > 13) {
                return Err(error::parameter("Param message[quick_replies] must have at most 13 elements"));
            }
            Ok(("text".to_owned(), Some(text.clone()), whole))
        }
        (Some(_), None) => Err(error::parameter("Param message[text] must be a string")),
        (None, Some(attachment)) => {
            let kind = attachment.get("type").and_then(Value::as_str).unwrap_or_default();
            let url = attachment.pointer("/payload/url").and_then(Value::as_str).unwrap_or_default();
            if !matches!(kind, "image" | "audio" | "video" | "file") {
                return Err(error::parameter(
                    "Param message[attachment][type] must be one of {audio, file, image, video}",
                ));
            }
            if !url.starts_with("https://") && !url.starts_with("http://") {
                return Err(error::parameter("Param message[attachment][payload][url] must be a valid URL"));
            }
            Ok((kind.to_owned(), None, whole))
        }
        (None, None) => Err(error::parameter("Must have text, attachment or dynamic_text in message")),
    }
}

fn window(phone: &Phone, human_agent: bool, permitted: bool) -> Result<(), Reply> {
    let now = ids::now_ms();
    if human_agent && !permitted {
        return Err(error::graph(
            400,
            10,
            None,
            "(#10) Your app is not approved to use the Human Agent feature.",
        ));
    }
    let hours = if human_agent { HUMAN_AGENT_HOURS } else { WINDOW_HOURS };
    if phone.wrote_within(hours, now) {
        return Ok(());
    }
    let subcode = if phone.channel == Channel::Messenger { 2_018_278 } else { 2_534_022 };
    Err(error::graph(400, 10, Some(subcode), "(#10) This message is sent outside of allowed window."))
}

fn act(
    state: &mut State,
    key: &str,
    recipient: &str,
    action: &str,
    body: &Map<String, Value>,
) -> Result<Reply, Reply> {
    if body.contains_key("message") {
        return Err(error::parameter("Cannot send sender_action with a message"));
    }
    match action {
        "typing_on" | "typing_off" => {
            state.announce(&json!({"type": "typing", "customer": key, "on": action == "typing_on"}));
        }
        "mark_seen" => phone::business_read(state, key, None),
        "react" | "unreact" => {
            let payload = body.get("payload");
            let field = |name: &str| payload.and_then(|p| p.get(name)).and_then(Value::as_str);
            let mid = field("message_id").unwrap_or_default();
            let reaction = field("reaction").filter(|r| !r.is_empty()).map(str::to_owned);
            if action == "react" && reaction.is_none() {
                return Err(error::parameter("Param payload[reaction] is required"));
            }
            let message = state.phones.get_mut(key).and_then(|phone| {
                let message = phone.message_mut(mid)?;
                message.reaction = reaction.filter(|_| action == "react");
                Some(message.clone())
            });
            match message {
                Some(message) => state.announce_message(key, &message),
                None => return Err(error::parameter("Invalid payload[message_id]")),
            }
        }
        _ => {
            return Err(error::parameter(
                "Param sender_action must be one of {typing_on, typing_off, mark_seen, react, unreact}",
            ));
        }
    }
    Ok(Reply::ok(json!({"recipient_id": recipient})))
}
