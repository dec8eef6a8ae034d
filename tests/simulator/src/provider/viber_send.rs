//! Viber sends: content, subscription and the hour's limit; never delivers to people who did not subscribe.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::viber::refusal;
use crate::Sim;
use crate::gate::Reply;
use crate::ids;
use crate::phone;
use crate::state::{Message, Progress, State};

const TEXT_CHARACTERS: usize = 7_000;
/// Longest caption of a picture.
const CAPTION_CHARACTERS: usize = 768;
const SENDER_NAME_CHARACTERS: usize = 28;
/// Messages to one user in an hour without a reply.
const UNANSWERED: usize = 100;
const HOUR_MS: u64 = 3_600_000;
/// Newest API version of the phones.
const API_VERSION: u64 = 10;

pub(super) fn send(sim: &Arc<Sim>, bot: &str, body: &Map<String, Value>) -> Reply {
    let mut state = sim.lock();
    match accept(sim, &mut state, bot, body) {
        Ok(reply) | Err(reply) => reply,
    }
}

fn accept(sim: &Arc<Sim>, state: &mut State, bot: &str, body: &Map<String, Value>) -> Result<Reply, Reply> {
    if state.account(bot).is_none_or(|a| a.url.is_none()) {
        return Err(refusal(10, "webhookNotSet"));
    }
    let field = |name: &str| body.get(name).and_then(Value::as_str);
    let receiver =
        field("receiver").filter(|r| !r.is_empty()).ok_or_else(|| refusal(4, "missingData: receiver"))?;
    let sender = body
        .get("sender")
        .and_then(|s| s.get("name"))
        .and_then(Value::as_str)
        .filter(|n| !n.trim().is_empty())
        .ok_or_else(|| refusal(4, "missingData: sender.name"))?;
    if sender.chars().count() > SENDER_NAME_CHARACTERS {
        return Err(refusal(3, "badData: sender.name is longer than 28 characters"));
    }
    if body.get("min_api_version").and_then(Value::as_u64).is_some_and(|v| v > API_VERSION) {
        return Err(refusal(13, "apiVersionNotSupported"));
    }
    let (kind, text) = content(body)?;
    let key = state.key_of(bot, receiver).ok_or_else(|| refusal(5, "receiverNotRegistered"))?;
    let phone = state.phones.get(&key).ok_or_else(|| refusal(5, "receiverNotRegistered"))?;
    if !phone.subscribed {
        return Err(refusal(6, "receiverNotSubscribed"));
    }
    let now = ids::now_ms();
    if phone.unanswered.iter().filter(|at| now.saturating_sub(**at) < HOUR_MS).count() >= UNANSWERED {
        return Err(refusal(12, "tooManyRequests"));
    }
    let token = ids::viber_token();
    let mut content = body.clone();
    content.remove("auth_token");
    let message = Message {
        id: token.to_string(),
        from_customer: false,
        kind,
        text,
        at_ms: now,
        state: Progress::Sent,
        content: Value::Object(content),
        reaction: None,
        opaque: None,
    };
    phone::receive(sim, state, &key, &message);
    Ok(Reply::ok(json!({
        "status": 0, "status_message": "ok", "message_token": token, "chat_hostname": "SN-CHAT-01_", "billing_status": 1,
    })))
}

fn content(body: &Map<String, Value>) -> Result<(String, Option<String>), Reply> {
    let field = |name: &str| body.get(name).and_then(Value::as_str);
    let kind = field("type").ok_or_else(|| refusal(4, "missingData: type"))?;
    let text = field("text").filter(|t| !t.trim().is_empty());
    match kind {
        "text" => {
            let text = text.ok_or_else(|| refusal(4, "missingData: text"))?;
            if text.chars().count() > TEXT_CHARACTERS {
                return Err(refusal(3, "badData: text is longer than 7000 characters"));
            }
        }
        "picture" | "video" | "file" | "url" => {
            if !field("media").is_some_and(|m| m.starts_with("https://") || m.starts_with("http://")) {
                return Err(refusal(4, "missingData: media"));
            }
            if text.is_some_and(|t| t.chars().count() > CAPTION_CHARACTERS) {
                return Err(refusal(3, "badData: text is longer than 768 characters"));
            }
            if matches!(kind, "video" | "file") && body.get("size").and_then(Value::as_u64).is_none() {
                return Err(refusal(4, "missingData: size"));
            }
            if kind == "file" && field("file_name").is_none_or(str::is_empty) {
                return Err(refusal(4, "missingData: file_name"));
            }
        }
        "sticker" if body.contains_key("sticker_id") => {}
        "contact" if body.get("contact").is_some_and(Value::is_object) => {}
        "location" if body.get("location").is_some_and(Value::is_object) => {}
        "sticker" | "contact" | "location" => return Err(refusal(4, &format!("missingData: {kind}"))),
        _ => return Err(refusal(3, "badData: type")),
    }
    Ok((kind.to_owned(), text.map(str::to_owned)))
}
