//! Messenger's and Instagram's bodies: text, one attachment, quick replies, the human agent's tag.

use super::{Asset, placed, unsendable};
use crate::channels::send::{SendError, Sending};
use serde_json::{Map, Value, json};
use shared::channel::{Channel, MediaForm, Outgoing};

pub(super) fn body(out: &Sending<'_>, asset: Option<&Asset>) -> Result<Value, SendError> {
    let messenger = out.connector.channel == Channel::Messenger;
    let mut message = message(out, asset)?;
    if messenger {
        // It comes back in the echo, which settles a send whose answer was lost. Instagram knows no such field.
        message.insert("metadata".to_owned(), json!(out.key.to_string()));
    }
    let mut body = Map::new();
    body.insert("recipient".to_owned(), json!({"id": out.address}));
    if out.tag {
        body.insert("messaging_type".to_owned(), json!("MESSAGE_TAG"));
        body.insert("tag".to_owned(), json!("HUMAN_AGENT"));
    } else if messenger {
        body.insert("messaging_type".to_owned(), json!("RESPONSE"));
    }
    body.insert("message".to_owned(), Value::Object(message));
    Ok(Value::Object(body))
}

fn message(out: &Sending<'_>, asset: Option<&Asset>) -> Result<Map<String, Value>, SendError> {
    let fields = match out.content {
        Outgoing::Text { text } => json!({"text": text}),
        Outgoing::Media { media, .. } => {
            let payload = match placed(asset)? {
                Asset::Address(url) => json!({"url": url}),
                Asset::Id(id) => json!({"attachment_id": id}),
            };
            json!({"attachment": {"type": form(media.form), "payload": payload}})
        }
        Outgoing::Choices { text, choices, .. } => {
            let reply = |one: &shared::channel::Choice| json!({"content_type": "text", "title": one.title, "payload": one.id});
            json!({"text": text, "quick_replies": choices.iter().map(reply).collect::<Vec<_>>()})
        }
        Outgoing::Template(_) => return Err(unsendable("no templates")),
    };
    match fields {
        Value::Object(fields) => Ok(fields),
        _ => Err(unsendable("no message")),
    }
}

/// The word for a form of file.
pub(in crate::channels) const fn form(form: MediaForm) -> &'static str {
    match form {
        MediaForm::Image | MediaForm::Sticker => "image",
        MediaForm::Video => "video",
        MediaForm::Audio => "audio",
        MediaForm::File => "file",
    }
}
