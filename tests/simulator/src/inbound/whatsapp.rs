//! Messages of `WhatsApp`'s customers: the fields of a `messages[]` entry beside id, sender and time; never reactions, edits or system notices.

use serde_json::{Map, Value, json};

use super::{Shaped, Shaper, given, unknown};
use crate::ids;

pub(super) const KINDS: &[&str] = &[
    "text",
    "image",
    "video",
    "audio",
    "voice",
    "file",
    "sticker",
    "location",
    "contact",
    "contact_vcard",
    "button",
    "button_reply",
    "list_reply",
    "form_reply",
    "order",
    "unsupported",
];

pub(super) fn shape(from: &mut Shaper<'_>) -> Result<Shaped, String> {
    let draft = from.draft;
    let kind = draft.kind();
    if !KINDS.contains(&kind) {
        return Err(unknown(from.phone.channel));
    }
    let mut media = None;
    let (wire_type, part) = match kind {
        "text" => ("text", json!({"body": draft.text})),
        "image" | "video" | "audio" | "voice" | "file" | "sticker" => {
            let (wire, part, file) = file(from)?;
            media = Some(file);
            (wire, part)
        }
        "unsupported" => ("unsupported", Value::Null),
        _ => fileless(from),
    };
    let mut fields = Map::new();
    if part.is_null() {
        let (what, details) = (draft.unsupported.clone(), "Message type is currently not supported.");
        let error = json!({"code": 131_051, "title": "Message type unknown", "message": "Message type unknown", "error_data": {"details": details}});
        fields.insert("errors".to_owned(), json!([error]));
        fields.extend(given(&[("unsupported", what.map(|kind| json!({"type": kind})))]));
    } else {
        fields.insert(wire_type.to_owned(), part);
    }
    if let Some(context) = context(from) {
        fields.insert("context".to_owned(), context);
    }
    fields.extend(given(&[
        ("group_id", draft.group_id.clone().map(Value::String)),
        ("referral", draft.ad.as_ref().map(ad)),
    ]));
    Ok(Shaped {
        id: ids::wamid(from.phone.address(), true),
        kind: kind.to_owned(),
        text: shown(from),
        content: Value::Object(fields),
        wire_type: wire_type.to_owned(),
        told: true,
        media,
    })
}

/// The words the phone shows.
fn shown(from: &Shaper<'_>) -> Option<String> {
    let draft = from.draft;
    let words = if draft.text.is_empty() { draft.title.clone() } else { Some(draft.text.clone()) };
    words.filter(|words| !words.is_empty())
}

fn file(from: &mut Shaper<'_>) -> Result<(&'static str, Value, String), String> {
    let draft = from.draft;
    let (wire, mime) = match draft.kind() {
        "image" => ("image", "image/jpeg"),
        "video" => ("video", "video/mp4"),
        "audio" => ("audio", "audio/mpeg"),
        "voice" => ("audio", "audio/ogg; codecs=opus"),
        "sticker" => ("sticker", "image/webp"),
        _ => ("document", "application/pdf"),
    };
    let (media, url) = from.at_address(mime)?;
    let mut part = json!({"id": media.id, "mime_type": media.mime, "sha256": media.sha256, "url": url});
    if let Some(fields) = part.as_object_mut() {
        let caption = matches!(wire, "image" | "video" | "document") && !draft.text.is_empty();
        fields.extend(given(&[
            ("caption", caption.then(|| json!(draft.text))),
            ("voice", (wire == "audio").then(|| json!(draft.kind() == "voice"))),
            ("animated", (wire == "sticker").then_some(json!(false))),
            ("filename", (wire == "document").then(|| json!(media.name))),
        ]));
    }
    Ok((wire, part, media.id))
}

fn fileless(from: &Shaper<'_>) -> (&'static str, Value) {
    let draft = from.draft;
    let payload = || draft.payload.clone().unwrap_or_else(|| "choice-1".to_owned());
    let title = draft.title_or(if draft.text.is_empty() { "Yes" } else { &draft.text });
    match draft.kind() {
        "location" => {
            let (latitude, longitude) = draft.place();
            let mut place = json!({"latitude": latitude, "longitude": longitude});
            if let Some(fields) = place.as_object_mut() {
                fields.extend(given(&[
                    ("name", draft.name.clone().map(Value::String)),
                    ("address", draft.address.clone().map(Value::String)),
                    ("url", draft.url.clone().map(Value::String)),
                ]));
            }
            ("location", place)
        }
        "contact" | "contact_vcard" => ("contacts", contacts(from)),
        "button" => ("button", json!({"payload": payload(), "text": title})),
        "button_reply" => (
            "interactive",
            json!({"type": "button_reply", "button_reply": {"id": payload(), "title": title}}),
        ),
        "list_reply" => {
            let mut row = json!({"id": payload(), "title": title});
            if let (Some(description), Some(fields)) = (&draft.description, row.as_object_mut()) {
                fields.insert("description".to_owned(), json!(description));
            }
            ("interactive", json!({"type": "list_reply", "list_reply": row}))
        }
        "form_reply" => (
            "interactive",
            json!({"type": "nfm_reply", "nfm_reply": {
                "name": "flow", "body": "Sent", "response_json": json!({"flow_token": "token-1", "answer": draft.text}).to_string(),
            }}),
        ),
        // What is left of the kinds.
        _ => {
            let line = || json!({"product_retailer_id": "boots-38", "quantity": 1, "item_price": 1_290, "currency": "CZK"});
            let items = draft.items.clone().unwrap_or_else(|| vec![line()]);
            ("order", json!({"catalog_id": "194836987003835", "text": draft.text, "product_items": items}))
        }
    }
}

fn contacts(from: &Shaper<'_>) -> Value {
    let draft = from.draft;
    let name = draft.name.as_deref().unwrap_or("Karel Kovář");
    let phone = draft.phone.as_deref().unwrap_or("+420 601 222 333");
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    if draft.kind() == "contact_vcard" {
        let card = format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:{phone}\nEND:VCARD");
        return json!([{"vcard": card, "origin": "other", "phones": [{"phone": phone, "wa_id": digits}]}]);
    }
    let first = name.split(' ').next().unwrap_or(name);
    json!([{
        "name": {"formatted_name": name, "first_name": first},
        "phones": [{"phone": phone, "wa_id": digits, "type": "CELL"}],
    }])
}

/// What the message answers or where it comes from.
fn context(from: &Shaper<'_>) -> Option<Value> {
    let draft = from.draft;
    match draft.forwarded.as_deref() {
        Some("often") => return Some(json!({"frequently_forwarded": true})),
        Some(_) => return Some(json!({"forwarded": true})),
        None => {}
    }
    // A tap answers the message with the button: the newest of the business.
    let tap = matches!(draft.kind(), "button" | "button_reply" | "list_reply" | "form_reply");
    let newest = || from.phone.thread.iter().rev().find(|m| !m.from_customer).map(|m| m.id.clone());
    let quoted = draft.reply_to.clone().or_else(|| tap.then(newest).flatten())?;
    let own = from.phone.thread.iter().find(|m| m.id == quoted).is_some_and(|m| m.from_customer);
    let author = if own { from.phone.id.as_str() } else { from.business };
    Some(json!({"from": author, "id": quoted}))
}

/// The referral of an advertisement, with the given fields on top.
fn ad(ad: &Map<String, Value>) -> Value {
    let mut referral = json!({
        "source_url": "https://fb.me/2spring", "source_id": "120210000000000001", "source_type": "ad",
        "headline": "Boots, half price", "body": "Write to us", "media_type": "image",
        "image_url": "https://scontent.example/ad.jpg", "ctwa_clid": "ARAkLkA8rmlFeiCktEJQ",
    });
    if let Some(fields) = referral.as_object_mut() {
        fields.extend(ad.clone());
    }
    referral
}
