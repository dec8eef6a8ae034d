//! WhatsApp's bodies: text, media by id or link, reply buttons, lists, templates.

use super::{Asset, placed};
use crate::channels::send::{SendError, Sending};
use serde_json::{Map, Value, json};
use shared::channel::{Choice, Gap, Media, MediaForm, Outgoing, Template, TemplateButton, is_list};

pub(super) fn body(out: &Sending<'_>, asset: Option<&Asset>) -> Result<Value, SendError> {
    let (kind, part) = match out.content {
        Outgoing::Text { text } => ("text", json!({"body": text})),
        Outgoing::Media { media, caption } => {
            (form(media.form), file(media, caption.as_deref(), placed(asset)?))
        }
        Outgoing::Choices { text, choices, opens } => {
            ("interactive", interactive(text, choices, opens.as_deref().unwrap_or_default()))
        }
        Outgoing::Template(one) => ("template", template(one)),
    };
    let mut body = Map::new();
    body.insert("messaging_product".to_owned(), json!("whatsapp"));
    body.insert("recipient_type".to_owned(), json!("individual"));
    let (field, address) = recipient(out.address);
    body.insert(field.to_owned(), json!(address));
    body.insert("type".to_owned(), json!(kind));
    body.insert(kind.to_owned(), part);
    // It comes back in every status, which settles a send whose answer was lost.
    body.insert("biz_opaque_callback_data".to_owned(), json!(out.key.to_string()));
    Ok(Value::Object(body))
}

/// A phone number is written with `+`, or the business's own country would be put before it; anything else is a
/// business-scoped user id and has a field of its own.
fn recipient(address: &str) -> (&'static str, String) {
    let digits = address.trim_start_matches('+');
    let phone = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if phone { ("to", format!("+{digits}")) } else { ("recipient", address.to_owned()) }
}

const fn form(form: MediaForm) -> &'static str {
    match form {
        MediaForm::Image => "image",
        MediaForm::Video => "video",
        MediaForm::Audio => "audio",
        MediaForm::File => "document",
        MediaForm::Sticker => "sticker",
    }
}

fn file(media: &Media, caption: Option<&str>, asset: &Asset) -> Value {
    let mut part = Map::new();
    match asset {
        Asset::Id(id) => part.insert("id".to_owned(), json!(id)),
        Asset::Address(url) => part.insert("link".to_owned(), json!(url)),
    };
    if let Some(words) = caption.filter(|words| !words.is_empty()) {
        part.insert("caption".to_owned(), json!(words));
    }
    if media.form == MediaForm::File {
        part.insert("filename".to_owned(), json!(media.name));
    }
    Value::Object(part)
}

fn interactive(text: &str, choices: &[Choice], opens: &str) -> Value {
    let body = json!({"text": text});
    if is_list(choices) {
        let row = |one: &Choice| match &one.description {
            Some(words) => json!({"id": one.id, "title": one.title, "description": words}),
            None => json!({"id": one.id, "title": one.title}),
        };
        let rows: Vec<Value> = choices.iter().map(row).collect();
        let action = json!({"button": opens, "sections": [{"title": opens, "rows": rows}]});
        json!({"type": "list", "body": body, "action": action})
    } else {
        let button = |one: &Choice| json!({"type": "reply", "reply": {"id": one.id, "title": one.title}});
        let buttons: Vec<Value> = choices.iter().map(button).collect();
        json!({"type": "button", "body": body, "action": {"buttons": buttons}})
    }
}

fn template(one: &Template) -> Value {
    let gap = |gap: &Gap| match &gap.name {
        Some(name) => json!({"type": "text", "parameter_name": name, "text": gap.text}),
        None => json!({"type": "text", "text": gap.text}),
    };
    let mut components = Vec::new();
    if let Some(header) = &one.header {
        components.push(json!({"type": "header", "parameters": [gap(header)]}));
    }
    if !one.body.is_empty() {
        let parameters: Vec<Value> = one.body.iter().map(gap).collect();
        components.push(json!({"type": "body", "parameters": parameters}));
    }
    for (place, button) in one.buttons.iter().enumerate() {
        let (kind, parameter) = match button {
            TemplateButton::Reply { payload } => {
                ("quick_reply", json!({"type": "payload", "payload": payload}))
            }
            TemplateButton::Link { ending } => ("url", json!({"type": "text", "text": ending})),
        };
        let index = place.to_string();
        components
            .push(json!({"type": "button", "sub_type": kind, "index": index, "parameters": [parameter]}));
    }
    json!({"name": one.name, "language": {"code": one.language}, "components": components})
}
