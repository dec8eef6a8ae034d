//! What Messenger and Instagram have in common, and the envelope of all three Meta channels; never speaks HTTP.

use super::item::{Form, Item};
use super::read;
use super::understood::{Aliases, Receipt, Step, Understood, Wrote};
use super::whatsapp;
use serde_json::Value;
use shared::interaction::MessageKind;
use shared::time::Timestamp;

/// Splits Meta's envelope. Every entry, and every change within it, may belong to another account.
pub(super) fn split(app: &str, mut body: Value) -> Vec<Item> {
    let form = match body.get("object").and_then(Value::as_str) {
        Some("page") => Form::Messenger,
        Some("instagram") => Form::Instagram,
        Some("whatsapp_business_account") => {
            return entries(&mut body).into_iter().flat_map(whatsapp::split).collect();
        }
        _ => return vec![Item::new(Form::Other, app, body)],
    };
    entries(&mut body).into_iter().flat_map(|entry| conversations(form, entry)).collect()
}

fn entries(body: &mut Value) -> Vec<Value> {
    read::each(body.get_mut("entry").map(Value::take).unwrap_or_default())
}

/// The events of one entry; what is left of an entry without any (`standby`, `changes`) stays one item.
fn conversations(form: Form, mut entry: Value) -> Vec<Item> {
    let account = read::id(read::at(&entry, &["id"]));
    let events = read::each(entry.get_mut("messaging").map(Value::take).unwrap_or_default());
    if events.is_empty() {
        return vec![Item::new(Form::Other, &account.unwrap_or_default(), entry)];
    }
    let item = |event: Value| {
        let of_event = || read::id(read::at(&event, &["recipient", "id"]));
        let account = account.clone().or_else(of_event).unwrap_or_default();
        Item::new(form, &account, event)
    };
    events.into_iter().map(item).collect()
}

/// What an event says that reads the same on both channels; `receipt` reads what they tell differently.
pub(super) fn understand(
    item: &Item,
    received: Timestamp,
    receipt: impl Fn(&Value, Aliases, Timestamp) -> Option<Receipt>,
) -> Understood {
    let body = &item.body;
    let Some(sender) = read::id(read::at(body, &["sender", "id"])) else {
        return Understood::Unsupported { why: "nobody is named as its sender" };
    };
    let message = read::at(body, &["message"]);
    if sender == item.account || read::truth(read::at(message, &["is_echo"])) {
        return echo(message, read::id(read::at(body, &["recipient", "id"])).map(Aliases::one));
    }
    let customer = Aliases::one(sender);
    if message.is_object() {
        return wrote(body, message, customer, received);
    }
    if let Some(receipt) = receipt(body, customer, received) {
        return Understood::Receipt(receipt);
    }
    let why = match KNOWN.iter().find(|(key, _)| body.get(key).is_some()) {
        Some((_, why)) => why,
        None => "an event this version does not know",
    };
    Understood::Unsupported { why }
}

/// Events that make no message in this version.
const KNOWN: [(&str, &str); 11] = [
    ("read", "a receipt without the message it is about"),
    ("delivery", "a receipt without the message it is about"),
    ("reaction", "a reaction"),
    ("message_edit", "an edit"),
    ("postback", "a tap on a button"),
    ("referral", "a referral"),
    ("optin", "a consent"),
    ("pass_thread_control", "a handover"),
    ("take_thread_control", "a handover"),
    ("request_thread_control", "a handover"),
    ("policy-enforcement", "a notice of a policy"),
];

/// Our own message, told back. What we sent carries our id, which settles a send whose answer was lost.
fn echo(message: &Value, customer: Option<Aliases>) -> Understood {
    let ours = read::at(message, &["metadata"]).as_str().and_then(|text| text.parse().ok());
    match (ours, read::id(read::at(message, &["mid"]))) {
        (Some(ours), Some(mid)) => Understood::Receipt(Receipt {
            ours: Some(ours),
            ..Receipt::of(Step::Accepted, vec![mid], customer)
        }),
        _ => Understood::Unsupported { why: "an echo of a message that was not sent here" },
    }
}

fn wrote(body: &Value, message: &Value, from: Aliases, received: Timestamp) -> Understood {
    if read::truth(read::at(message, &["is_deleted"])) {
        return Understood::Unsupported { why: "an unsend" };
    }
    let text = read::text(read::at(message, &["text"]));
    // A `fallback` is the preview of a link that already stands in the text.
    let preview = |one: &Value| one.get("type").is_some_and(|kind| kind == "fallback");
    let plain = match read::at(message, &["attachments"]) {
        Value::Array(all) => all.iter().all(preview),
        one => one.is_null() || preview(one),
    };
    let drawn = plain && text.is_some() && !read::truth(read::at(message, &["is_unsupported"]));
    Understood::Wrote(Wrote {
        external_id: read::id(read::at(message, &["mid"])).unwrap_or_else(|| read::digest(body)),
        from,
        name: None,
        kind: if drawn { MessageKind::Text } else { MessageKind::Unsupported },
        text,
        sent_at: read::instant(read::at(body, &["timestamp"]), received),
    })
}

/// The ids in `mids` or `mid`.
pub(super) fn mids(part: &Value) -> Vec<String> {
    let many = read::at(part, &["mids"]).as_array().into_iter().flatten();
    many.chain(part.get("mid")).filter_map(read::id).collect()
}
