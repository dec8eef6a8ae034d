//! WhatsApp's messages and statuses, and who their customer is; never speaks HTTP.

use super::item::{Form, Item};
use super::read;
use super::understood::{Aliases, Receipt, Step, Understood, Wrote};
use super::verdict;
use serde_json::Value;
use shared::interaction::{Failure, FailureKind, MessageKind};
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
    let (contacts, messages, statuses) =
        (take("contacts"), read::each(take("messages")), read::each(take("statuses")));
    if messages.is_empty() && statuses.is_empty() {
        return vec![Item::new(Form::Other, &account, change)];
    }
    let contacts = &contacts;
    let item = |form: Form| {
        let account = account.clone();
        move |body: Value| {
            let contacts = contact(&body, contacts).cloned().unwrap_or_default();
            Item { form, account: account.clone(), body, contacts }
        }
    };
    let messages = messages.into_iter().map(item(Form::WhatsAppMessage));
    messages.chain(statuses.into_iter().map(item(Form::WhatsAppStatus))).collect()
}

/// The contact an item is about: the one with one of its ids, else the only one there, if that says no other id.
fn contact<'a>(body: &Value, contacts: &'a Value) -> Option<&'a Value> {
    let ids = |value: &Value, keys: &[&str]| -> Vec<String> {
        keys.iter().filter_map(|key| value.get(key)).filter_map(read::id).collect()
    };
    let ours = ids(body, &["from", "from_user_id", "recipient_id", "recipient_user_id"]);
    let theirs = |contact: &Value| ids(contact, &["wa_id", "user_id"]);
    let all = contacts.as_array()?;
    let same = all.iter().find(|contact| theirs(contact).iter().any(|id| ours.contains(id)));
    let only = || all.first().filter(|one| all.len() == 1 && (ours.is_empty() || theirs(one).is_empty()));
    same.or_else(only)
}

/// The customer under every id that is given: the business-scoped user id first, because it outlives the phone number
/// in a conversation and may be all there is; the phone is what is written to where it is known.
fn aliases(ids: &[&Value], contact: &Value) -> Option<Aliases> {
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
    let Some(from) = aliases(&[part(&["from_user_id"]), part(&["from"])], contact) else {
        return Understood::Unsupported { why: "nobody is named as its sender" };
    };
    let kind = part(&["type"]).as_str().unwrap_or_default();
    let why = match kind {
        _ if body.get("group_id").is_some() => "a message to a group",
        "reaction" => "a reaction",
        "edit" => "an edit",
        "revoke" => "an unsend",
        "unsupported" if part(&["unsupported", "type"]) == "edit" => "an edit",
        "system" => return system(body, from),
        _ => "",
    };
    if !why.is_empty() {
        return Understood::Unsupported { why };
    }
    let text = words(body, kind);
    let drawn = kind == "text" && text.is_some();
    Understood::Wrote(Wrote {
        external_id: read::id(part(&["id"])).unwrap_or_else(|| read::digest(body)),
        name: read::name(read::at(contact, &["profile", "name"])),
        from,
        kind: if drawn { MessageKind::Text } else { MessageKind::Unsupported },
        text,
        sent_at: read::instant(part(&["timestamp"]), received),
    })
}

/// The words of a message: its text, or the caption or title of what we do not draw.
fn words(body: &Value, kind: &str) -> Option<String> {
    let place: &[&str] = match kind {
        "text" => &["text", "body"],
        "button" => &["button", "text"],
        "interactive" => {
            let part = read::at(body, &["interactive"]);
            let reply = part.get("button_reply").or_else(|| part.get("list_reply"))?;
            return read::text(read::at(reply, &["title"]));
        }
        _ => return read::text(read::at(body, &[kind, "caption"])),
    };
    read::text(read::at(body, place))
}

/// A notice about the customer: a new phone number or user id is another id of the same person.
fn system(body: &Value, customer: Aliases) -> Understood {
    let part = |key: &str| read::at(body, &["system", key]);
    match aliases(&[part("user_id"), part("new_wa_id"), part("wa_id")], &Value::Null) {
        Some(to) if to.all != customer.all => Understood::Moved { customer, to },
        _ => Understood::Unsupported { why: "a notice about the customer" },
    }
}

/// What a status says. Seen implies delivered, a voice message that was played was seen.
pub(super) fn status(item: &Item) -> Understood {
    let body = &item.body;
    let part = |key: &str| read::at(body, &[key]);
    if part("recipient_type") == "group" {
        return Understood::Unsupported { why: "a receipt of a group" };
    }
    let step = match part("status").as_str().unwrap_or_default() {
        "sent" => Step::Accepted,
        "delivered" => Step::Delivered,
        "read" | "played" => Step::Seen,
        "failed" => Step::Failed(failure(body)),
        _ => return Understood::Unsupported { why: "a status this version does not know" },
    };
    let Some(id) = read::id(part("id")) else {
        return Understood::Unsupported { why: "a receipt without the message it is about" };
    };
    let customer = aliases(&[part("recipient_user_id"), part("recipient_id")], &item.contacts);
    let ours = part("biz_opaque_callback_data").as_str().and_then(|text| text.parse().ok());
    Understood::Receipt(Receipt { ours, ..Receipt::of(step, vec![id], customer) })
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
