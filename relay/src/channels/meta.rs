//! What Messenger and Instagram have in common, and the envelope of all three Meta channels; never speaks HTTP.

use super::item::{Form, Item};
use super::understood::{Aliases, Amends, Elsewhere, How, Receipt, Said, Step, Understood, Wrote};
use super::{meta_parts, read, whatsapp};
use serde_json::Value;
use shared::interaction::{Direction, MessageKind, Notice};
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

/// The events of one entry, those of conversations that another app leads marked as such; an entry without any stays
/// one item.
fn conversations(form: Form, mut entry: Value) -> Vec<Item> {
    let account = read::id(read::at(&entry, &["id"]));
    let mut take = |key: &str| read::each(entry.get_mut(key).map(Value::take).unwrap_or_default());
    let (events, standby) = (take("messaging"), take("standby"));
    if events.is_empty() && standby.is_empty() {
        return vec![Item::new(Form::Other, &account.unwrap_or_default(), entry)];
    }
    let item = |event: Value, aside: bool| {
        let of_event = || read::id(read::at(&event, &["recipient", "id"]));
        let account = account.clone().or_else(of_event).unwrap_or_default();
        Item { aside, ..Item::new(form, &account, event) }
    };
    let led = events.into_iter().map(|event| item(event, false));
    led.chain(standby.into_iter().map(|event| item(event, true))).collect()
}

/// What an event says that reads the same on both channels; `receipt` reads what they tell differently.
pub(super) fn understand(
    item: &Item,
    received: Timestamp,
    receipt: impl Fn(&Value, Aliases, Timestamp) -> Option<Receipt>,
) -> Understood {
    let body = &item.body;
    let part = |key: &str| read::at(body, &[key]);
    let Some(sender) = read::id(read::at(body, &["sender", "id"])) else {
        return Understood::Unsupported { why: "nobody is named as its sender" };
    };
    let ours = sender == item.account || read::truth(read::at(body, &["message", "is_echo"]));
    let other = if ours { read::id(read::at(body, &["recipient", "id"])) } else { Some(sender) };
    let Some(customer) = other.map(Aliases::one) else {
        return Understood::Unsupported { why: "no customer is named in it" };
    };
    let by = if ours { Direction::Out } else { Direction::In };
    let at = read::instant(part("timestamp"), received);
    if let Some(amends) = amends(body, &customer, by, at) {
        return amends;
    }
    let message = part("message");
    if message.is_object() {
        return if ours { echo(message, customer, at) } else { wrote(item, message, customer, at) };
    }
    if part("postback").is_object() {
        return postback(item, customer, at);
    }
    if let Some(receipt) = receipt(body, customer.clone(), received) {
        return Understood::Receipt(receipt);
    }
    occurrence(body, customer)
}

/// What happened to a message; none when the event is something else.
fn amends(body: &Value, customer: &Aliases, by: Direction, at: Timestamp) -> Option<Understood> {
    let part = |key: &str| read::at(body, &[key]);
    let message = part("message");
    let (about, how) = if part("reaction").is_object() {
        (part("reaction"), How::Reacted(meta_parts::emoji(part("reaction"))))
    } else if part("message_edit").is_object() {
        let edit = part("message_edit");
        (edit, How::Edited(read::text(read::at(edit, &["text"])).unwrap_or_default()))
    } else if read::truth(read::at(message, &["is_deleted"])) {
        (message, How::Unsent)
    } else {
        return None;
    };
    let Some(about) = read::id(read::at(about, &["mid"])) else {
        return Some(Understood::Unsupported { why: "it does not say which message it is about" });
    };
    Some(Understood::Amends(Amends { customer: customer.clone(), by, about, how, at }))
}

/// What is neither a message nor a receipt.
fn occurrence(body: &Value, customer: Aliases) -> Understood {
    let field = |key: &str| body.get(key);
    if let Some(referral) = field("referral") {
        let source = read::name(read::at(referral, &["source"])).unwrap_or_default();
        return Understood::Noted { customer, notice: Notice::Referral { source } };
    }
    if field("optin").is_some() {
        return Understood::Noted { customer, notice: Notice::OptedIn };
    }
    if field("take_thread_control").is_some() {
        return Understood::Noted { customer, notice: Notice::HandedOver };
    }
    if field("pass_thread_control").is_some() {
        return Understood::Noted { customer, notice: Notice::HandedBack };
    }
    let known = IGNORED.iter().find(|(key, _)| body.get(key).is_some());
    match known {
        Some((_, why)) => Understood::Ignored { why },
        None if field("read").is_some() || field("delivery").is_some() => {
            Understood::Unsupported { why: "a receipt without the message it is about" }
        }
        None => Understood::Unsupported { why: "an event this version does not know" },
    }
}

/// Events that concern no conversation.
const IGNORED: [(&str, &str); 5] = [
    ("request_thread_control", "another app asks for the conversation"),
    ("app_roles", "a notice about apps"),
    ("policy-enforcement", "a notice of a policy"),
    ("policy_enforcement", "a notice of a policy"),
    ("account_linking", "a linked account"),
];

/// A message of the page's, told back. What we sent carries our id, which settles a send whose answer was lost; anything
/// else was written elsewhere.
fn echo(message: &Value, to: Aliases, sent_at: Timestamp) -> Understood {
    let ours = read::at(message, &["metadata"]).as_str().and_then(|text| text.parse().ok());
    let Some(mid) = read::id(read::at(message, &["mid"])) else {
        return Understood::Unsupported { why: "an echo without the message it is about" };
    };
    match ours {
        Some(ours) => Understood::Receipt(Receipt {
            ours: Some(ours),
            ..Receipt::of(Step::Accepted, vec![mid], Some(to))
        }),
        None => Understood::Elsewhere(Elsewhere {
            external_id: mid,
            to,
            said: meta_parts::said(message),
            sent_at,
        }),
    }
}

fn wrote(item: &Item, message: &Value, from: Aliases, sent_at: Timestamp) -> Understood {
    let mid = read::id(read::at(message, &["mid"]));
    Understood::Wrote(Wrote {
        external_id: mid.unwrap_or_else(|| read::digest(&item.body)),
        from,
        name: None,
        avatar: None,
        said: meta_parts::said(message),
        sent_at,
        aside: item.aside,
    })
}

/// A tap on a button of a template, the menu or an icebreaker: the customer wants something, so it is a message.
fn postback(item: &Item, from: Aliases, sent_at: Timestamp) -> Understood {
    let postback = read::at(&item.body, &["postback"]);
    let field = |key: &str| read::at(postback, &[key]);
    let mut said = Said::new(MessageKind::Tap);
    said.text = read::text(field("title")).or_else(|| read::text(field("payload")));
    meta_parts::ad(field("referral"), &mut said);
    Understood::Wrote(Wrote {
        external_id: read::id(field("mid")).unwrap_or_else(|| read::digest(&item.body)),
        from,
        name: None,
        avatar: None,
        said: said.settled(),
        sent_at,
        aside: item.aside,
    })
}

/// The ids in `mids` or `mid`.
pub(super) fn mids(part: &Value) -> Vec<String> {
    let many = read::at(part, &["mids"]).as_array().into_iter().flatten();
    many.chain(part.get("mid")).filter_map(read::id).collect()
}
