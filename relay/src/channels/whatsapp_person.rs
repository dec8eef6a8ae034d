//! What WhatsApp tells about a customer apart from messages: a new user id, and what they want to be sent; never speaks HTTP.

use super::item::Item;
use super::understood::Understood;
use super::{read, whatsapp};
use serde_json::Value;
use shared::time::Timestamp;

/// A new user id is another id of the same person. That their number is new is told by a message of its own.
pub(super) fn user_id(item: &Item) -> Understood {
    let part = |path: &[&str]| read::at(&item.body, path);
    let phone = part(&["wa_id"]);
    let before = whatsapp::aliases(&[part(&["user_id", "previous"]), phone], &Value::Null);
    let after = whatsapp::aliases(&[part(&["user_id", "current"]), phone], &Value::Null);
    match (before, after) {
        (Some(customer), Some(to)) if part(&["user_id", "current"]).is_string() => {
            Understood::Moved { customer, to, notice: None }
        }
        _ => Understood::Unsupported { why: "a new user id without both ids" },
    }
}

/// Whether a customer takes marketing messages.
pub(super) fn preference(item: &Item, received: Timestamp) -> Understood {
    let part = |key: &str| read::at(&item.body, &[key]);
    let Some(customer) = whatsapp::aliases(&[part("user_id"), part("wa_id")], &item.contacts) else {
        return Understood::Unsupported { why: "nobody is named in it" };
    };
    if part("category") != "marketing_messages" {
        return Understood::Ignored { why: "a choice about messages that we do not send" };
    }
    let marketing = match part("value").as_str() {
        Some("stop") => false,
        Some("resume") => true,
        _ => return Understood::Unsupported { why: "a choice this version does not know" },
    };
    Understood::Preferred { customer, marketing, at: read::instant(part("timestamp"), received) }
}
