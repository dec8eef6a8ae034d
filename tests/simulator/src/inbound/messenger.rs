//! Messages of Messenger's and Instagram's customers: the `message` object of a messaging event; never postbacks or reactions, which are no messages.

use serde_json::{Map, Value, json};

use super::{Shaped, Shaper, given, meta_ad, mid, unknown};
use crate::config::Channel;

pub(super) const MESSENGER: &[&str] = &[
    "text",
    "image",
    "video",
    "audio",
    "file",
    "sticker",
    "like",
    "location",
    "reel",
    "post",
    "share",
    "product",
    "quick_reply",
    "appointment",
    "unsupported",
];
pub(super) const INSTAGRAM: &[&str] = &[
    "text",
    "image",
    "video",
    "audio",
    "file",
    "sticker",
    "like_heart",
    "reel",
    "post",
    "share",
    "story_reply",
    "story_mention",
    "quick_reply",
    "ephemeral",
    "unsupported",
    "unsupported_type",
];

/// The thumb, as Messenger numbers it.
const LIKE: u64 = 369_239_263_222_822;
const STICKER: u64 = 551_710_548_197_546;

pub(super) fn shape(from: &mut Shaper<'_>) -> Result<Shaped, String> {
    let (draft, channel) = (from.draft, from.phone.channel);
    let kind = draft.kind();
    let known = if channel == Channel::Messenger { MESSENGER } else { INSTAGRAM };
    if !known.contains(&kind) {
        return Err(unknown(channel));
    }
    let id = mid(channel);
    let mut media = None;
    let mut message = Map::new();
    message.insert("mid".to_owned(), json!(id));
    let words = (!draft.text.is_empty()).then(|| json!(draft.text));
    match kind {
        "text" | "quick_reply" | "story_reply" => {
            if draft.text.trim().is_empty() {
                return Err(from.cannot("needs text"));
            }
            message.extend(given(&[("text", words)]));
        }
        "unsupported" => drop(message.insert("is_unsupported".to_owned(), json!(true))),
        _ => {
            // A caption is a text beside the attachments.
            message.extend(given(&[("text", words)]));
            let mut attachments = Vec::new();
            for _ in 0..draft.count.unwrap_or(1).clamp(1, 30) {
                let (attachment, file) = attachment(from)?;
                attachments.push(attachment);
                media = media.or(file);
            }
            message.insert("attachments".to_owned(), Value::Array(attachments));
        }
    }
    if kind == "quick_reply" {
        let payload = draft.payload.clone().unwrap_or_else(|| draft.text.clone());
        message.insert("quick_reply".to_owned(), json!({"payload": payload}));
    }
    if kind == "story_reply" {
        let (_, url) = from.at_address("image/jpeg")?;
        message.insert("reply_to".to_owned(), json!({"story": {"url": url, "id": crate::ids::media_id()}}));
    }
    if let Some(quoted) = &draft.reply_to {
        let own = from.phone.thread.iter().find(|m| m.id == *quoted).is_some_and(|m| m.from_customer);
        let quote = if channel == Channel::Messenger {
            json!({"mid": quoted, "is_self_reply": own})
        } else {
            json!({"mid": quoted})
        };
        message.insert("reply_to".to_owned(), quote);
    }
    if let Some(ad) = &draft.ad {
        message.insert("referral".to_owned(), meta_ad(ad));
    }
    Ok(Shaped {
        // Instagram tells nothing of customers' stickers.
        told: !(channel == Channel::Instagram && kind == "sticker"),
        id,
        kind: kind.to_owned(),
        text: (!draft.text.is_empty()).then(|| draft.text.clone()),
        content: Value::Object(message),
        wire_type: kind.to_owned(),
        media,
    })
}

/// One attachment and the file in it.
fn attachment(from: &mut Shaper<'_>) -> Result<(Value, Option<String>), String> {
    let draft = from.draft;
    let (wire, mime) = match draft.kind() {
        "image" => ("image", "image/jpeg"),
        "video" => ("video", "video/mp4"),
        "audio" => ("audio", "audio/mp4"),
        "file" => ("file", "application/pdf"),
        "sticker" | "like" => ("sticker", "image/png"),
        "story_mention" => ("story_mention", "image/jpeg"),
        "unsupported_type" => ("unsupported_type", "image/jpeg"),
        _ => return Ok((fileless(from), None)),
    };
    let (media, url) = from.at_address(mime)?;
    let mut payload = json!({"url": url});
    if let ("sticker", Some(fields)) = (wire, payload.as_object_mut()) {
        let sticker = if draft.kind() == "like" { LIKE } else { STICKER };
        fields.insert("sticker_id".to_owned(), json!(sticker));
    }
    Ok((json!({"type": wire, "payload": payload}), Some(media.id)))
}

fn fileless(from: &Shaper<'_>) -> Value {
    let draft = from.draft;
    let url = |other: &str| draft.url.clone().unwrap_or_else(|| other.to_owned());
    let title = |other: &'static str| draft.title_or(other).to_owned();
    match draft.kind() {
        "location" => {
            let (lat, long) = draft.place();
            json!({"type": "location", "payload": {"coordinates": {"lat": lat, "long": long}}})
        }
        "reel" if from.phone.channel == Channel::Messenger => {
            json!({"type": "reel", "payload": {"url": url("/reel/123456789/"), "title": title("How we tie our boots"), "reel_video_id": 123_456_789_u64}})
        }
        "reel" => {
            json!({"type": "ig_reel", "payload": {"url": url("https://www.instagram.com/reel/C0ffee/"), "title": title("How we tie our boots"), "reel_video_id": "17900000000000001"}})
        }
        "post" if from.phone.channel == Channel::Messenger => {
            json!({"type": "post", "payload": {"url": url("https://www.facebook.com/signalbox/posts/1"), "title": title("New in the shop"), "id": "100200300400500_1"}})
        }
        "post" => {
            json!({"type": "ig_post", "payload": {"url": url("https://www.instagram.com/p/C0ffee/"), "title": title("New in the shop"), "id": "17900000000000002"}})
        }
        "share" if from.phone.channel == Channel::Messenger => {
            json!({"type": "fallback", "payload": {"url": url("https://example.com/boots"), "title": title("Boots")}})
        }
        "share" => json!({"type": "share", "payload": {"url": url("https://www.instagram.com/p/C0ffee/")}}),
        "product" => json!({"type": "template", "payload": {"product": {"elements": [{
            "id": "7400000000000001", "retailer_id": "boots-38", "image_url": "https://scontent.example/boots.jpg",
            "title": title("Blue boots"), "subtitle": "1 290 Kč",
        }]}}}),
        "appointment" => {
            let start = from.now / 1_000 + 86_400;
            json!({"type": "appointment_booking", "payload": {
                "booking_id": "730000000000001", "status": "requested", "start_time": start, "end_time": start + 1_800, "timezone": "Europe/Prague",
            }})
        }
        // Neither has a payload.
        other => json!({"type": other}),
    }
}
