//! Viber's events, one to a body; never speaks HTTP.

use super::item::Item;
use super::read;
use super::understood::{Aliases, Receipt, Step, Understood, Wrote};
use serde_json::Value;
use shared::interaction::{Failure, FailureKind, MessageKind};
use shared::time::Timestamp;

/// What an event says.
pub(super) fn understand(item: &Item, received: Timestamp) -> Understood {
    let body = &item.body;
    let person = |path: &[&str]| read::id(read::at(body, path)).map(Aliases::one);
    let user = || person(&["user", "id"]).or_else(|| person(&["user_id"]));
    match read::at(body, &["event"]).as_str().unwrap_or_default() {
        "message" => match person(&["sender", "id"]) {
            Some(from) => wrote(body, from, received),
            None => NOBODY,
        },
        "delivered" => receipt(body, Step::Delivered, user()),
        "seen" => receipt(body, Step::Seen, user()),
        // The description is free text in any language: nothing to classify by, and not for the log.
        "failed" => {
            receipt(body, Step::Failed(Failure { kind: FailureKind::Unreachable, code: None }), user())
        }
        // Opening the chat does not subscribe; it may tell that the customer is subscribed all the same.
        "conversation_started" if !read::truth(read::at(body, &["subscribed"])) => {
            Understood::Unsupported { why: "the chat was opened, nothing was written" }
        }
        "subscribed" | "conversation_started" => match user() {
            Some(customer) => {
                Understood::Subscribed { customer, name: read::name(read::at(body, &["user", "name"])) }
            }
            None => NOBODY,
        },
        "unsubscribed" => user().map_or(NOBODY, |customer| Understood::Left { customer }),
        "webhook" => Understood::Check,
        _ => Understood::Unsupported { why: "an event this version does not know" },
    }
}

const NOBODY: Understood = Understood::Unsupported { why: "nobody is named in it" };

/// One token names the message and everything that becomes of it.
fn receipt(body: &Value, step: Step, customer: Option<Aliases>) -> Understood {
    match read::id(read::at(body, &["message_token"])) {
        Some(token) => Understood::Receipt(Receipt::of(step, vec![token], customer)),
        None => Understood::Unsupported { why: "a receipt without the message it is about" },
    }
}

fn wrote(body: &Value, from: Aliases, received: Timestamp) -> Understood {
    let message = read::at(body, &["message"]);
    let text = read::text(read::at(message, &["text"]));
    let drawn = text.is_some() && read::at(message, &["type"]) == "text";
    Understood::Wrote(Wrote {
        external_id: read::id(read::at(body, &["message_token"])).unwrap_or_else(|| read::digest(body)),
        from,
        name: read::name(read::at(body, &["sender", "name"])),
        kind: if drawn { MessageKind::Text } else { MessageKind::Unsupported },
        text,
        sent_at: read::instant(read::at(body, &["timestamp"]), received),
    })
}
