//! WhatsApp's messages and statuses, and who their customer is; never speaks HTTP.

use super::item::{Form, Item};
use super::understood::{Aliases, Amends, Elsewhere, How, Receipt, Step, Understood, Wrote};
use super::whatsapp_contacts::Contacts;
use super::{read, verdict, whatsapp_parts};
use serde_json::Value;
use shared::interaction::{Direction, Failure, FailureKind, Notice, Pricing};
use shared::time::Timestamp;

/// Splits one entry: a change may hold messages, statuses, or neither. The account is the phone number, not the entry.
pub(super) fn split(mut entry: Value) -> Vec<Item> {
    let business = read::id(read::at(&entry, &["id"])).unwrap_or_default();
    let changes = read::each(entry.get_mut("changes").map(Value::take).unwrap_or_default());
    if changes.is_empty() {
        return vec![Item::new(Form::Other, &business, entry)];
    }
    changes.into_iter().flat_map(|change| parts(&business, change)).collect()
}

fn parts(business: &str, mut change: Value) -> Vec<Item> {
    let account = read::id(read::at(&change, &["value", "metadata", "phone_number_id"]));
    let account = account.unwrap_or_else(|| business.to_owned());
    let mut take = |key: &str| {
        let found = change.get_mut("value").and_then(|value| value.get_mut(key));
        found.map(Value::take).unwrap_or_default()
    };
    let contacts = Contacts::new(take("contacts"));
    let item = |form: Form, body: Value| {
        let contacts = contacts.of(&body);
        Item { contacts, ..Item::new(form, &account, body) }
    };
    let mut items = Vec::new();
    for (key, form) in PARTS {
        items.extend(read::each(take(key)).into_iter().map(|body| item(form, body)));
    }
    if items.is_empty() { vec![Item::new(Form::Other, &account, change)] } else { items }
}

/// What a change may hold, and what each of its elements is.
const PARTS: [(&str, Form); 5] = [
    ("messages", Form::WhatsAppMessage),
    ("message_echoes", Form::WhatsAppEcho),
    ("statuses", Form::WhatsAppStatus),
    ("user_id_update", Form::WhatsAppUserId),
    ("user_preferences", Form::WhatsAppPreference),
];

/// The customer under every id that is given: the business-scoped user id first, because it outlives the phone number
/// in a conversation and may be all there is; the phone is what is written to where it is known.
pub(super) fn aliases(ids: &[&Value], contact: &Value) -> Option<Aliases> {
    let own = [read::at(contact, &["user_id"]), read::at(contact, &["wa_id"])];
    let all: Vec<String> = ids.iter().copied().chain(own).filter_map(read::id).collect();
    let digits = |id: &&String| id.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit());
    let user = all.iter().find(|id| !digits(id)).cloned();
    let phone =
        all.iter().find(digits).map(|id| id.trim_start_matches('+').to_owned()).filter(|id| !id.is_empty());
    let first = user.clone().or_else(|| phone.clone())?;
    let named = read::name(read::at(contact, &["profile", "username"]));
    let handle = match (&phone, named) {
        (Some(phone), _) => format!("+{phone}"),
        (None, Some(username)) => username,
        (None, None) => Aliases::one(first.clone()).handle,
    };
    let address = phone.clone().unwrap_or(first);
    Some(Aliases { all: user.into_iter().chain(phone).collect(), address, handle })
}

/// What a message says.
pub(super) fn message(item: &Item, received: Timestamp) -> Understood {
    let (body, contact) = (&item.body, &item.contacts);
    let part = |path: &[&str]| read::at(body, path);
    // A notice about a new user id names the one before it in itself.
    let before = part(&["system", "previous_user_id"]);
    let Some(from) = aliases(&[before, part(&["from_user_id"]), part(&["from"])], contact) else {
        return Understood::Unsupported { why: "nobody is named as its sender" };
    };
    let sent_at = read::instant(part(&["timestamp"]), received);
    match part(&["type"]).as_str().unwrap_or_default() {
        _ if body.get("group_id").is_some() => Understood::Ignored { why: "a message to a group" },
        "system" => system(body, from),
        // Numbers that are not shared with the phone of the shop are told that there was an edit, and no more.
        "unsupported" if part(&["unsupported", "type"]) == "edit" => {
            Understood::Ignored { why: "an edit whose words are not told" }
        }
        kind => match amends(body, kind, &from, Direction::In, sent_at) {
            Some(amends) => amends,
            None => Understood::Wrote(Wrote {
                external_id: read::id(part(&["id"])).unwrap_or_else(|| read::digest(body)),
                name: read::name(read::at(contact, &["profile", "name"])),
                avatar: None,
                from,
                said: whatsapp_parts::said(body, kind),
                sent_at,
                aside: item.aside,
            }),
        },
    }
}

/// What was written on the phone of the shop, which shares the number with us.
pub(super) fn echo(item: &Item, received: Timestamp) -> Understood {
    let body = &item.body;
    let part = |key: &str| read::at(body, &[key]);
    let Some(to) = aliases(&[part("to_user_id"), part("to")], &item.contacts) else {
        return Understood::Unsupported { why: "no customer is named in it" };
    };
    let sent_at = read::instant(part("timestamp"), received);
    let kind = part("type").as_str().unwrap_or_default();
    if let Some(amends) = amends(body, kind, &to, Direction::Out, sent_at) {
        return amends;
    }
    let external_id = read::id(part("id")).unwrap_or_else(|| read::digest(body));
    Understood::Elsewhere(Elsewhere { external_id, to, said: whatsapp_parts::said(body, kind), sent_at })
}

/// What happened to a message; none when it is one itself.
fn amends(body: &Value, kind: &str, who: &Aliases, by: Direction, at: Timestamp) -> Option<Understood> {
    let part = |path: &[&str]| read::at(body, path);
    let (about, how) = match kind {
        "reaction" => {
            (part(&["reaction", "message_id"]), How::Reacted(read::emoji(part(&["reaction", "emoji"]))))
        }
        "edit" => {
            let inner = part(&["edit", "message"]);
            let kind = read::at(inner, &["type"]).as_str().unwrap_or_default();
            let words = whatsapp_parts::words(inner, kind).unwrap_or_default();
            (part(&["edit", "original_message_id"]), How::Edited(words))
        }
        "revoke" => (part(&["revoke", "original_message_id"]), How::Unsent),
        _ => return None,
    };
    Some(match read::id(about) {
        Some(about) => Understood::Amends(Amends { customer: who.clone(), by, about, how, at }),
        None => Understood::Unsupported { why: "it does not say which message it is about" },
    })
}

/// A notice about the customer: a new phone number or user id is another id of the same person.
fn system(body: &Value, customer: Aliases) -> Understood {
    let part = |key: &str| read::at(body, &["system", key]);
    if part("type") == "customer_identity_changed" {
        return Understood::Noted { customer, notice: Notice::IdentityChanged };
    }
    match aliases(&[part("user_id"), part("new_wa_id"), part("wa_id")], &Value::Null) {
        Some(to) if to.all != customer.all => {
            Understood::Moved { customer, to, notice: Some(Notice::NumberChanged) }
        }
        _ => Understood::Unsupported { why: "a notice about the customer" },
    }
}

/// What a status says. Seen implies delivered, a voice message that was played was seen.
pub(super) fn status(item: &Item, received: Timestamp) -> Understood {
    let body = &item.body;
    let part = |key: &str| read::at(body, &[key]);
    if part("recipient_type") == "group" {
        return Understood::Ignored { why: "a receipt of a group" };
    }
    let customer = aliases(&[part("recipient_user_id"), part("recipient_id")], &item.contacts);
    let id = read::id(part("id"));
    let step = match part("status").as_str().unwrap_or_default() {
        "sent" => Step::Accepted,
        "delivered" => Step::Delivered,
        "read" | "played" => Step::Seen,
        "failed" => Step::Failed(failure(body)),
        // The older form of an unsend.
        "deleted" => {
            return match (customer, id) {
                (Some(customer), Some(about)) => {
                    let at = read::instant(part("timestamp"), received);
                    let (by, how) = (Direction::In, How::Unsent);
                    Understood::Amends(Amends { customer, by, about, how, at })
                }
                _ => Understood::Unsupported { why: "it does not say which message it is about" },
            };
        }
        _ => return Understood::Unsupported { why: "a status this version does not know" },
    };
    let Some(id) = id else {
        return Understood::Unsupported { why: "a receipt without the message it is about" };
    };
    let ours = part("biz_opaque_callback_data").as_str().and_then(|text| text.parse().ok());
    let pricing = pricing(part("pricing"));
    Understood::Receipt(Receipt { ours, pricing, ..Receipt::of(step, vec![id], customer) })
}

/// What a message costs, where the status says so.
fn pricing(pricing: &Value) -> Option<Pricing> {
    let category = read::name(read::at(pricing, &["category"]))?;
    Some(Pricing { billable: read::truth(read::at(pricing, &["billable"])), category })
}

/// Why a message that was accepted did not get there.
fn failure(body: &Value) -> Failure {
    let error = read::at(body, &["errors"]);
    let error = error.get(0).unwrap_or(error);
    match read::number(read::at(error, &["code"])) {
        Some(code) => verdict::whatsapp(code).failure(code.to_string()),
        None => Failure { kind: FailureKind::Provider, code: None },
    }
}
