//! Messenger's and Instagram's Send API: recipient, content, limits and window; never sends a file that was not given by address, id or part; long because one product's rules for one call belong together.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::error;
use crate::Sim;
use crate::config::Channel;
use crate::gate::Reply;
use crate::ids;
use crate::phone;
use crate::state::{AccountState, Message, Phone, State};

/// Messenger counts characters.
const MESSENGER_CHARACTERS: usize = 2_000;
/// Instagram counts bytes of UTF-8.
const INSTAGRAM_BYTES: usize = 1_000;
const QUICK_REPLIES: usize = 13;
const QUICK_REPLY_TITLE: usize = 20;
const QUICK_REPLY_PAYLOAD: usize = 1_000;
/// Instagram takes so many pictures at once.
const PICTURES: usize = 10;
const WINDOW_HOURS: u64 = 24;
const HUMAN_AGENT_HOURS: u64 = 7 * 24;
/// Texts a second and Page, and the pace after such a burst.
const TEXTS: (u64, u64) = (300, 3);
/// Files a second and Page.
const FILES: (u64, u64) = (10, 100);

/// One file of a send: its kind and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub kind: String,
    pub url: Option<String>,
    pub id: Option<String>,
}

pub(super) fn send(sim: &Arc<Sim>, account: &str, body: &Map<String, Value>, media: &[String]) -> Reply {
    let mut state = sim.lock();
    match accept(sim, &mut state, account, body, media) {
        Ok(reply) | Err(reply) => reply,
    }
}

/// The customer whom a send is for.
pub(super) fn customer(state: &State, account: &str, body: &Map<String, Value>) -> Option<String> {
    state.key_of(account, &recipient(body).ok()?)
}

fn accept(
    sim: &Arc<Sim>,
    state: &mut State,
    account: &str,
    body: &Map<String, Value>,
    media: &[String],
) -> Result<Reply, Reply> {
    let recipient = recipient(body)?;
    let key = state
        .key_of(account, &recipient)
        .ok_or_else(|| error::graph(400, 100, Some(2_018_001), "(#100) No matching user found"))?;
    if let Some(action) = body.get("sender_action") {
        return act(state, &key, &recipient, action.as_str().unwrap_or_default(), body);
    }
    let human_agent = tag(body)?;
    let now = state.now();
    let phone = state.phones.get(&key).ok_or_else(|| error::parameter("Invalid recipient"))?;
    let (kind, text, content) = content(phone.channel, body)?;
    let quoted = body.get("reply_to").map(|to| to.get("mid").and_then(Value::as_str).unwrap_or_default());
    if quoted.is_some_and(|mid| !phone.thread.iter().any(|m| m.id == mid)) {
        return Err(error::parameter("Invalid value for reply_to[mid]"));
    }
    let permitted = state.account(account).is_some_and(|a| a.human_agent);
    window(phone, human_agent, permitted, now)?;
    if phone.blocked {
        return Err(error::unavailable());
    }
    let channel = phone.channel;
    if let Some(account) = state.account_mut(account) {
        pace(account, kind == "text", now)?;
    }
    let mid = match channel {
        Channel::Messenger => ids::messenger_mid(),
        _ => ids::instagram_mid(),
    };
    let mut message = Message::new(mid.clone(), false, kind, content, now);
    message.opaque = message.content.get("metadata").and_then(Value::as_str).map(str::to_owned);
    message.choices = choices(&message.content);
    message.text = text;
    message.reply_to = quoted.map(str::to_owned);
    message.media = media.first().cloned();
    phone::receive(sim, state, &key, &message);
    Ok(Reply::ok(json!({"recipient_id": recipient, "message_id": mid})))
}

/// The Page may send, and not too fast.
fn pace(account: &mut AccountState, text: bool, now: u64) -> Result<(), Reply> {
    if account.restricted {
        let message = "(#10) The Page is temporarily restricted from sending messages.";
        return Err(error::graph(400, 10, Some(1_893_063), message));
    }
    let (meter, (burst, every)) =
        if text { (&mut account.texts, TEXTS) } else { (&mut account.media, FILES) };
    if !account.limits || meter.take(burst, every, now) {
        return Ok(());
    }
    Err(error::graph(400, 613, None, "(#613) Calls to this api have exceeded the rate limit."))
}

/// What the customer can tap.
fn choices(message: &Value) -> Vec<Value> {
    let replies = message.get("quick_replies").and_then(Value::as_array).into_iter().flatten();
    let choice =
        |reply: &Value| json!({"kind": "quick_reply", "title": reply["title"], "payload": reply["payload"]});
    let buttons = |from: &Value| {
        let buttons = from.get("buttons").and_then(Value::as_array).into_iter().flatten();
        let postbacks = buttons.filter(|button| button["type"] == "postback");
        postbacks
            .map(|b: &Value| json!({"kind": "postback", "title": b["title"], "payload": b["payload"]}))
            .collect::<Vec<_>>()
    };
    let payload = message.pointer("/attachment/payload").cloned().unwrap_or_default();
    let elements = payload.get("elements").and_then(Value::as_array).cloned().unwrap_or_default();
    replies.map(choice).chain(buttons(&payload)).chain(elements.iter().flat_map(buttons)).collect()
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

/// The files of a send that is otherwise in order.
pub(super) fn files(channel: Channel, body: &Map<String, Value>) -> Result<Vec<Given>, Reply> {
    if body.contains_key("sender_action") {
        return Ok(Vec::new());
    }
    let (_, _, message) = content(channel, body)?;
    let listed = message.get("attachments").and_then(Value::as_array).cloned();
    let all = listed.unwrap_or_else(|| message.get("attachment").cloned().into_iter().collect());
    let given = |attachment: &Value| {
        let part = |name: &str| {
            let value = attachment.pointer(&format!("/payload/{name}"))?;
            value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|id| id.to_string()))
        };
        let kind = attachment.get("type").and_then(Value::as_str).unwrap_or_default();
        Given { kind: kind.to_owned(), url: part("url"), id: part("attachment_id") }
    };
    let uploaded = ["image", "audio", "video", "file"];
    Ok(all.iter().map(given).filter(|given| uploaded.contains(&given.kind.as_str())).collect())
}

/// Kind, text and the message object of a send that keeps the limits.
fn content(channel: Channel, body: &Map<String, Value>) -> Result<(String, Option<String>, Value), Reply> {
    let message = body
        .get("message")
        .and_then(Value::as_object)
        .filter(|m| !m.is_empty())
        .ok_or_else(|| error::parameter("The parameter message is required"))?;
    let whole = Value::Object(message.clone());
    quick_replies(message)?;
    let listed = message.get("attachments").and_then(Value::as_array);
    match (message.get("text"), message.get("attachment"), listed) {
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => Err(error::parameter(
            "Only one of the text, attachment, and dynamic_text fields can be specified.",
        )),
        (Some(Value::String(text)), None, None) => {
            length(channel, text)?;
            Ok(("text".to_owned(), Some(text.clone()), whole))
        }
        (Some(_), None, None) => Err(error::parameter("Param message[text] must be a string")),
        (None, Some(one), None) => Ok((attachment(channel, one)?, None, whole)),
        (None, None, Some(all)) => {
            let pictures = all.iter().all(|one| one["type"] == "image");
            if channel != Channel::Instagram || all.is_empty() || all.len() > PICTURES || !pictures {
                return Err(error::parameter("Param message[attachments] must be 1 to 10 images"));
            }
            for one in all {
                attachment(channel, one)?;
            }
            Ok(("image".to_owned(), None, whole))
        }
        (None, None, None) => Err(error::parameter("Must have text, attachment or dynamic_text in message")),
    }
}

fn length(channel: Channel, text: &str) -> Result<(), Reply> {
    if text.trim().is_empty() {
        return Err(error::parameter("Param message[text] must be non-empty UTF-8 encoded string"));
    }
    if channel == Channel::Messenger && text.chars().count() > MESSENGER_CHARACTERS {
        return Err(error::parameter("Length of param message[text] must be less than or equal to 2000"));
    }
    if channel == Channel::Instagram && text.len() > INSTAGRAM_BYTES {
        return Err(error::parameter("Length of param message[text] must be less than or equal to 1000"));
    }
    Ok(())
}

fn quick_replies(message: &Map<String, Value>) -> Result<(), Reply> {
    let Some(replies) = message.get("quick_replies") else {
        return Ok(());
    };
    let replies = replies.as_array().filter(|all| !all.is_empty() && all.len() <= QUICK_REPLIES);
    let replies =
        replies.ok_or_else(|| error::parameter("Param message[quick_replies] must have 1 to 13 elements"))?;
    for reply in replies {
        if reply["content_type"] != "text" {
            return Err(error::parameter("Param quick_replies[content_type] must be one of {text}"));
        }
        for (name, most) in [("title", QUICK_REPLY_TITLE), ("payload", QUICK_REPLY_PAYLOAD)] {
            let length = reply[name].as_str().map_or(0, |value| value.chars().count());
            if length == 0 || length > most {
                return Err(error::parameter(&format!(
                    "Param quick_replies[{name}] must have 1 to {most} characters"
                )));
            }
        }
    }
    Ok(())
}

/// The kind of one attachment in order.
fn attachment(channel: Channel, one: &Value) -> Result<String, Reply> {
    let kind = one.get("type").and_then(Value::as_str).unwrap_or_default();
    let part = |name: &str| one.pointer(&format!("/payload/{name}")).filter(|v| v.is_string() || v.is_u64());
    match (channel, kind) {
        (Channel::Instagram, "like_heart") => {}
        (Channel::Instagram, "MEDIA_SHARE") if part("id").is_some() => {}
        (Channel::Messenger, "template") => {
            let known = ["generic", "button", "media"];
            if !part("template_type").and_then(Value::as_str).is_some_and(|t| known.contains(&t)) {
                return Err(error::parameter(
                    "Param payload[template_type] must be one of {button, generic, media}",
                ));
            }
        }
        (_, "image" | "audio" | "video" | "file") => {
            let url = part("url").and_then(Value::as_str);
            let address = url.is_some_and(|url| url.starts_with("https://") || url.starts_with("http://"));
            if address == part("attachment_id").is_some() {
                return Err(error::parameter(
                    "Param message[attachment][payload] must have either a valid url or an attachment_id",
                ));
            }
        }
        _ => {
            return Err(error::parameter(
                "Param message[attachment][type] must be one of {audio, file, image, video}",
            ));
        }
    }
    Ok(kind.to_owned())
}

fn window(phone: &Phone, human_agent: bool, permitted: bool, now: u64) -> Result<(), Reply> {
    if human_agent && !permitted {
        return Err(error::graph(
            400,
            10,
            None,
            "(#10) Your app is not approved to use the Human Agent feature.",
        ));
    }
    let hours = if human_agent { HUMAN_AGENT_HOURS } else { WINDOW_HOURS };
    if phone.wrote_within(hours, now) { Ok(()) } else { Err(error::outside(phone.channel)) }
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

#[cfg(test)]
mod tests;
