//! Viber's bodies: text, files by address alone, a keyboard under a text.

use super::{Asset, placed, unsendable};
use crate::channels::send::{SendError, Sending};
use serde_json::{Map, Value, json};
use shared::channel::{Choice, Media, MediaForm, Outgoing};
use shared::config::Connector;
use shared::id::MessageId;

/// Longest sender name that Viber takes, in characters.
const SENDER: usize = 28;

/// Largest body that Viber takes, in bytes.
const BODY: usize = 30 * 1_024;

pub(super) fn body(out: &Sending<'_>, asset: Option<&Asset>) -> Result<Value, SendError> {
    let mut body = match out.content {
        Outgoing::Text { text } => fields([("type", json!("text")), ("text", json!(text))]),
        Outgoing::Media { media, caption } => file(media, caption.as_deref(), placed(asset)?)?,
        Outgoing::Choices { text, choices, .. } => {
            let buttons: Vec<Value> = choices.iter().map(button).collect();
            let keyboard = json!({"Type": "keyboard", "DefaultHeight": false, "Buttons": buttons});
            fields([("type", json!("text")), ("text", json!(text)), ("keyboard", keyboard)])
        }
        Outgoing::Template(_) => return Err(unsendable("no templates")),
    };
    body.insert("receiver".to_owned(), json!(out.address));
    signed(body, out.connector, out.key).ok_or_else(|| unsendable("over 30 kB"))
}

/// A text in the answer to an opened conversation: it names no receiver.
pub(in crate::channels) fn welcome(connector: &Connector, text: &str, key: MessageId) -> Option<Value> {
    signed(fields([("type", json!("text")), ("text", json!(text))]), connector, key)
}

/// A body with what all have; none when it is too large.
fn signed(mut body: Map<String, Value>, connector: &Connector, key: MessageId) -> Option<Value> {
    let name: String = connector.title.chars().take(SENDER).collect();
    body.insert("min_api_version".to_owned(), json!(1));
    body.insert("sender".to_owned(), json!({"name": name}));
    body.insert("tracking_data".to_owned(), json!(key.to_string()));
    let body = Value::Object(body);
    (body.to_string().len() <= BODY).then_some(body)
}

fn fields<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn button(one: &Choice) -> Value {
    json!({"Columns": 6, "Rows": 1, "ActionType": "reply", "ActionBody": one.id, "Text": one.title})
}

fn file(media: &Media, caption: Option<&str>, asset: &Asset) -> Result<Map<String, Value>, SendError> {
    let Asset::Address(url) = asset else { return Err(unsendable("no address")) };
    Ok(match media.form {
        MediaForm::Image => fields([
            ("type", json!("picture")),
            ("text", json!(caption.unwrap_or_default())),
            ("media", json!(url)),
        ]),
        MediaForm::Video => {
            let mut film =
                fields([("type", json!("video")), ("media", json!(url)), ("size", json!(media.size))]);
            if let Some(plays) = media.plays {
                film.insert("duration".to_owned(), json!(plays.whole_seconds()));
            }
            film
        }
        MediaForm::Audio | MediaForm::File => fields([
            ("type", json!("file")),
            ("media", json!(url)),
            ("size", json!(media.size)),
            ("file_name", json!(media.name)),
        ]),
        MediaForm::Sticker => return Err(unsendable("no own stickers")),
    })
}
