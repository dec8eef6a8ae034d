//! Messages of Viber's customers: the `message` object of a `message` event; Viber has no quotes, and none are made.

use serde_json::{Map, Value, json};

use super::{Shaped, Shaper, given, unknown};
use crate::ids;

pub(super) const KINDS: &[&str] =
    &["text", "image", "video", "file", "sticker", "contact", "location", "url", "button"];

pub(super) fn shape(from: &mut Shaper<'_>) -> Result<Shaped, String> {
    let draft = from.draft;
    let kind = draft.kind();
    if !KINDS.contains(&kind) {
        return Err(unknown(from.phone.channel));
    }
    if draft.reply_to.is_some() {
        return Err("reply_to: Viber bots are not told of quotes".to_owned());
    }
    if draft.ad.is_some() || draft.standby {
        return Err("ad, standby: Viber has neither".to_owned());
    }
    let mut media = None;
    let mut message = Map::new();
    let wire_type = match kind {
        "image" => "picture",
        "button" => "text",
        other => other,
    };
    message.insert("type".to_owned(), json!(wire_type));
    match kind {
        "image" | "video" | "file" | "sticker" => {
            let mime = match kind {
                "image" => "image/jpeg",
                "video" => "video/mp4",
                "sticker" => "image/png",
                _ => "application/pdf",
            };
            let (file, url) = from.at_address(mime)?;
            message.insert("media".to_owned(), json!(url));
            let more = match kind {
                "sticker" => given(&[("sticker_id", Some(json!(40_129)))]),
                "file" => given(&[
                    ("file_name", Some(json!(file.name))),
                    ("file_size", Some(json!(file.told_size))),
                ]),
                _ => given(&[
                    ("text", (!draft.text.is_empty()).then(|| json!(draft.text))),
                    ("thumbnail", Some(json!(url))),
                    ("file_name", Some(json!(file.name))),
                    ("size", Some(json!(file.told_size))),
                    ("duration", (kind == "video").then(|| json!(12))),
                ]),
            };
            message.extend(more);
            media = Some(file.id);
        }
        "contact" => {
            let name = draft.name.as_deref().unwrap_or("Karel Kovář");
            let phone = draft.phone.as_deref().unwrap_or("+420601222333");
            message.insert("contact".to_owned(), json!({"name": name, "phone_number": phone}));
        }
        "location" => {
            let (lat, lon) = draft.place();
            message.insert("location".to_owned(), json!({"lat": lat, "lon": lon}));
        }
        "url" => {
            let url = draft.url.as_deref().unwrap_or("https://example.com/boots");
            message.insert("media".to_owned(), json!(url));
            message.extend(given(&[("text", (!draft.text.is_empty()).then(|| json!(draft.text)))]));
        }
        // A tap on the keyboard is a text with what the button does.
        "button" => {
            let body = draft.payload.clone().unwrap_or_else(|| draft.text.clone());
            message.insert("text".to_owned(), json!(body));
        }
        _ => drop(message.insert("text".to_owned(), json!(draft.text))),
    }
    // Everything a customer sends returns the tracking data of our newest message.
    if let Some(data) = from.phone.tracking.as_ref().filter(|data| !data.is_empty()) {
        message.insert("tracking_data".to_owned(), json!(data));
    }
    Ok(Shaped {
        id: ids::viber_token().to_string(),
        kind: kind.to_owned(),
        text: (!draft.text.is_empty()).then(|| draft.text.clone()),
        content: Value::Object(message),
        wire_type: wire_type.to_owned(),
        told: true,
        media,
    })
}
