//! Viber sends: content, subscription and the hour's limit; never delivers to people who did not subscribe.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::viber::refusal;
use crate::Sim;
use crate::config::Channel;
use crate::fetch;
use crate::gate::Reply;
use crate::ids;
use crate::media::sniff::sniff;
use crate::phone;
use crate::state::{Message, State};
use crate::twist::Twist;

const TEXT_CHARACTERS: usize = 7_000;
/// Longest caption of a picture.
const CAPTION_CHARACTERS: usize = 768;
const VIDEO_BYTES: u64 = 27_262_976;
const FILE_BYTES: u64 = 52_428_800;
/// Pictures: what the tighter of the two kinds of phone takes is a matter of the business; this is the looser.
const PICTURE_BYTES: u64 = 3 * 1_024 * 1_024;
const FILE_NAME_CHARACTERS: usize = 256;
/// Keyboards: columns of a button, rows in all.
const COLUMNS: u64 = 6;
const ROWS: u64 = 12;
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
    let choices = keyboard(body)?;
    let key = state.key_of(bot, receiver).ok_or_else(|| refusal(5, "receiverNotRegistered"))?;
    let phone = state.phones.get(&key).ok_or_else(|| refusal(5, "receiverNotRegistered"))?;
    if !phone.subscribed || phone.blocked {
        return Err(refusal(6, "receiverNotSubscribed"));
    }
    let now = state.now();
    let limits = state.account(bot).is_some_and(|account| account.limits);
    if limits && phone.unanswered.iter().filter(|at| now.saturating_sub(**at) < HOUR_MS).count() >= UNANSWERED
    {
        return Err(refusal(12, "tooManyRequests"));
    }
    let token = ids::viber_token();
    let mut content = body.clone();
    content.remove("auth_token");
    let link = field("media").map(str::to_owned).filter(|_| kind != "url" && state.settings.fetch);
    let mut message = Message::new(token.to_string(), false, kind.clone(), Value::Object(content), now);
    message.text = text;
    message.choices = choices;
    message.opaque = field("tracking_data").filter(|data| !data.is_empty()).map(str::to_owned);
    if let Some(phone) = state.phones.get_mut(&key) {
        phone.tracking.clone_from(&message.opaque);
    }
    phone::receive(sim, state, &key, &message);
    if let Some(link) = link {
        tokio::spawn(linked(Arc::clone(sim), bot.to_owned(), key, token.to_string(), kind, link));
    }
    Ok(Reply::ok(json!({
        "status": 0, "status_message": "ok", "message_token": token, "chat_hostname": "SN-CHAT-01_", "billing_status": 1,
    })))
}

/// Fetches what the address means; the message fails afterwards when there is nothing good.
async fn linked(sim: Arc<Sim>, bot: String, key: String, id: String, kind: String, link: String) {
    let limit = match kind.as_str() {
        "picture" => PICTURE_BYTES,
        "video" => VIDEO_BYTES,
        _ => FILE_BYTES,
    };
    let found = fetch::file(&sim.http, &link, usize::try_from(limit).unwrap_or(usize::MAX)).await;
    let fits = |bytes: &[u8]| match kind.as_str() {
        "picture" => matches!(sniff(bytes), Some("image/jpeg" | "image/png" | "image/gif")),
        "video" => sniff(bytes) == Some("video/mp4"),
        _ => true,
    };
    let found =
        found.and_then(|file| if fits(&file.bytes) { Ok(file) } else { Err(format!("not a {kind}")) });
    let mut state = sim.lock();
    let now = state.now();
    match found {
        Ok(file) => {
            let media = state.media.upload(&bot, Channel::Viber, &file.mime, &file.name, file.bytes, now).id;
            phone::fetched(&mut state, &key, &id, media);
        }
        Err(why) => {
            // The phone may have forgotten the message by now; then there is nothing to tell of.
            let _ = phone::retell(
                &mut state,
                &key,
                &id,
                "failed",
                Some(&json!({"title": why})),
                &Twist::default(),
            );
        }
    }
}

/// What the customer can tap; refuses keyboards out of measure.
fn keyboard(body: &Map<String, Value>) -> Result<Vec<Value>, Reply> {
    let Some(keyboard) = body.get("keyboard").filter(|keyboard| !keyboard.is_null()) else {
        return Ok(Vec::new());
    };
    let buttons = keyboard.get("Buttons").and_then(Value::as_array).filter(|buttons| !buttons.is_empty());
    let buttons = buttons.ok_or_else(|| refusal(3, "badData: keyboard.Buttons"))?;
    if keyboard.get("Type").is_none_or(|kind| kind != "keyboard") {
        return Err(refusal(3, "badData: keyboard.Type"));
    }
    let number = |button: &Value, name: &str, other: u64| match button.get(name) {
        None => Some(other),
        Some(value) => value.as_u64(),
    };
    let mut cells = 0;
    for button in buttons {
        let columns = number(button, "Columns", COLUMNS).filter(|n| (1..=COLUMNS).contains(n));
        let rows = number(button, "Rows", 1).filter(|n| (1..=2).contains(n));
        let (Some(columns), Some(rows)) = (columns, rows) else {
            return Err(refusal(3, "badData: keyboard.Buttons.Columns or Rows"));
        };
        cells += columns * rows;
        if !button.get("ActionBody").is_some_and(Value::is_string) {
            return Err(refusal(3, "badData: keyboard.Buttons.ActionBody"));
        }
        let kind = button.get("ActionType").and_then(Value::as_str).unwrap_or("reply");
        if !matches!(kind, "reply" | "open-url" | "location-picker" | "share-phone" | "none") {
            return Err(refusal(3, "badData: keyboard.Buttons.ActionType"));
        }
    }
    if cells > COLUMNS * ROWS {
        return Err(refusal(3, "badData: keyboard is larger than 12 rows"));
    }
    let choice =
        |button: &Value| json!({"kind": "button", "title": button["Text"], "payload": button["ActionBody"]});
    Ok(buttons.iter().map(choice).collect())
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
            let largest = if kind == "video" { VIDEO_BYTES } else { FILE_BYTES };
            if body.get("size").and_then(Value::as_u64).is_some_and(|size| size > largest) {
                return Err(refusal(3, "badData: size"));
            }
            if kind == "file" {
                let name = field("file_name").filter(|name| !name.is_empty());
                let name = name.ok_or_else(|| refusal(4, "missingData: file_name"))?;
                if name.chars().count() > FILE_NAME_CHARACTERS {
                    return Err(refusal(3, "badData: file_name is longer than 256 characters"));
                }
            }
        }
        "sticker" if body.contains_key("sticker_id") => {}
        "contact"
            if body.get("contact").and_then(|c| c.get("phone_number")).is_some_and(Value::is_string) => {}
        "location" if body.get("location").and_then(|l| l.get("lat")).is_some_and(Value::is_number) => {}
        "sticker" | "contact" | "location" => return Err(refusal(4, &format!("missingData: {kind}"))),
        _ => return Err(refusal(3, "badData: type")),
    }
    Ok((kind.to_owned(), text.map(str::to_owned)))
}
