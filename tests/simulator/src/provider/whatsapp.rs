//! `WhatsApp` Cloud API sends: addressing, the customer service window, rates and the async failures; what a message may contain is judged elsewhere.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::error;
use super::upload::whatsapp_file;
use super::whatsapp_content::{self, Content};
use crate::Sim;
use crate::event::{self, Tells, digits};
use crate::fetch;
use crate::gate::Reply;
use crate::ids;
use crate::phone;
use crate::state::{Message, State};
use crate::twist::Twist;

const WINDOW_HOURS: u64 = 24;
/// Messages a second and number, and the pace after such a burst.
const THROUGHPUT: (u64, u64) = (80, 12);
/// Messages to one user: a burst, then one in six seconds.
const PAIR: (u64, u64) = (45, 6_000);
/// Largest file behind a link.
const LINKED: usize = 100 * 1024 * 1024;

pub(super) fn send(sim: &Arc<Sim>, account: &str, body: &Map<String, Value>) -> Reply {
    let mut state = sim.lock();
    match accept(sim, &mut state, account, body) {
        Ok(reply) | Err(reply) => reply,
    }
}

pub(super) fn invalid(details: &str) -> Reply {
    error::whatsapp(400, 100, "Invalid parameter", details)
}

pub(super) fn missing(name: &str) -> Reply {
    error::whatsapp(400, 131_008, "Required parameter is missing", &format!("Parameter '{name}' is required"))
}

pub(super) fn unknown(name: &str) -> Reply {
    error::whatsapp(400, 131_009, "Parameter value is not valid", &format!("Unknown {name}"))
}

/// How the recipient was written, and their address: digits of a number, or the user id as it is.
fn recipient(body: &Map<String, Value>) -> Option<(&str, String)> {
    let field = |name: &str| body.get(name).and_then(Value::as_str).filter(|to| !to.trim().is_empty());
    // With both given, the phone number wins.
    match field("to") {
        Some(number) => Some((number, digits(number))),
        None => field("recipient").map(|user| (user, user.to_owned())),
    }
}

/// The customer whom a send is for.
pub(super) fn customer(state: &State, account: &str, body: &Map<String, Value>) -> Option<String> {
    state.key_of(account, &recipient(body)?.1)
}

/// A send on its way through the checks.
struct Sending<'a> {
    account: &'a str,
    input: &'a str,
    address: String,
    opaque: Option<&'a str>,
}

fn accept(
    sim: &Arc<Sim>,
    state: &mut State,
    account: &str,
    body: &Map<String, Value>,
) -> Result<Reply, Reply> {
    let field = |name: &str| body.get(name).and_then(Value::as_str);
    if field("messaging_product") != Some("whatsapp") {
        return Err(error::parameter("The parameter messaging_product is required."));
    }
    if let Some(status) = body.get("status") {
        return mark(state, account, status.as_str(), field("message_id"), body);
    }
    if !matches!(field("recipient_type"), None | Some("individual")) {
        return Err(invalid("recipient_type must be individual"));
    }
    let (input, address) = recipient(body).ok_or_else(|| missing("to"))?;
    let content = whatsapp_content::of(state, account, body)?;
    let opaque = field("biz_opaque_callback_data");
    if opaque.is_some_and(|opaque| opaque.chars().count() > 512) {
        return Err(invalid("biz_opaque_callback_data must be at most 512 characters long."));
    }
    let mut sending = Sending { account, input, address, opaque };
    let Some(key) = state.key_of(account, &sending.address) else {
        return refused(state, &sending, 131_026, "Message undeliverable", "Message Undeliverable.");
    };
    let now = state.now();
    let phone =
        state.phones.get_mut(&key).ok_or_else(|| invalid("Recipient is not a valid WhatsApp user"))?;
    phone.address().clone_into(&mut sending.address);
    let quoted = body.get("context").map(|c| c.get("message_id").and_then(Value::as_str).unwrap_or_default());
    if quoted.is_some_and(|id| !phone.thread.iter().any(|m| m.id == id)) {
        return Err(unknown("context.message_id"));
    }
    let (open, blocked) = (phone.wrote_within(WINDOW_HOURS, now), phone.blocked);
    let paced = phone.pair.take(PAIR.0, PAIR.1, now);
    let known = state.account_mut(account).ok_or_else(|| invalid("Unknown number"))?;
    if known.limits {
        if !known.texts.take(THROUGHPUT.0, THROUGHPUT.1, now) {
            let details = "Cloud API message throughput has been reached.";
            return Err(error::whatsapp(400, 130_429, "Rate limit hit", details));
        }
        if !paced {
            let details = "Too many messages sent from this number to the same number in a short time.";
            return Err(error::whatsapp(
                400,
                131_056,
                "(Business Account, Consumer Account) pair rate limit hit",
                details,
            ));
        }
    }
    if known.restricted {
        return Err(error::whatsapp(
            403,
            368,
            "Temporarily blocked for policies violations",
            "The account is restricted.",
        ));
    }
    if content.kind != "template" && !open {
        let details = "Message failed to send because more than 24 hours have passed since the customer last replied to this number.";
        return refused(state, &sending, 131_047, "Re-engagement message", details);
    }
    if blocked {
        return Ok(failed_later(state, &sending, 131_026, "Message undeliverable", "Message Undeliverable."));
    }
    Ok(taken(sim, state, &key, &sending, content, quoted))
}

/// Puts the message on the phone and answers.
fn taken(
    sim: &Arc<Sim>,
    state: &mut State,
    key: &str,
    sending: &Sending<'_>,
    content: Content,
    quoted: Option<&str>,
) -> Reply {
    let mut contact = json!({"input": sending.input});
    if let (Some(fields), Some(phone)) = (contact.as_object_mut(), state.phones.get(key)) {
        fields.insert("user_id".to_owned(), json!(phone.user_id));
        if phone.number.is_some() {
            fields.insert("wa_id".to_owned(), json!(phone.id));
        }
    }
    let id = ids::wamid(&sending.address, false);
    let link = content.link.clone();
    let kind = content.kind.clone();
    let mut message = Message::new(id.clone(), false, content.kind, content.part, state.now());
    message.text = content.text;
    message.media = content.media;
    message.choices = content.choices;
    message.reply_to = quoted.map(str::to_owned);
    message.opaque = sending.opaque.map(str::to_owned);
    let mut told = json!({"id": id});
    if kind == "template"
        && let Some(fields) = told.as_object_mut()
    {
        fields.insert("message_status".to_owned(), json!("accepted"));
    }
    if message.kind == "reaction" {
        if let Err(reply) = react(state, key, &message.content) {
            return reply;
        }
        state.book.took(sending.account, key, &message);
    } else {
        phone::receive(sim, state, key, &message);
    }
    if let Some(link) = link.filter(|_| state.settings.fetch) {
        tokio::spawn(linked(Arc::clone(sim), sending.account.to_owned(), key.to_owned(), id, kind, link));
    }
    Reply::ok(json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [told]}))
}

/// Fetches what a link means; the message fails afterwards when there is nothing good.
async fn linked(sim: Arc<Sim>, account: String, key: String, id: String, kind: String, link: String) {
    let found = fetch::file(&sim.http, &link, LINKED).await;
    let found = found.and_then(|file| whatsapp_file(Some(&kind), &file.mime, &file.bytes).map(|()| file));
    let mut state = sim.lock();
    let now = state.now();
    match found {
        Ok(file) => {
            let channel = crate::config::Channel::Whatsapp;
            let media = state.media.upload(&account, channel, &file.mime, &file.name, file.bytes, now).id;
            phone::fetched(&mut state, &key, &id, media);
        }
        Err(why) => {
            let error = error::in_status(131_053, "Media upload error", &why);
            // The phone may have forgotten the message by now; then there is nothing to tell of.
            let _ = phone::retell(&mut state, &key, &id, "failed", Some(&error), &Twist::default());
        }
    }
}

fn react(state: &mut State, key: &str, content: &Value) -> Result<(), Reply> {
    let id = content.get("message_id").and_then(Value::as_str).unwrap_or_default();
    let emoji = content.get("emoji").and_then(Value::as_str).filter(|e| !e.is_empty());
    let message = state.phones.get_mut(key).and_then(|phone| {
        let message = phone.message_mut(id)?;
        message.reaction = emoji.map(str::to_owned);
        Some(message.clone())
    });
    let message = message.ok_or_else(|| unknown("message_id"))?;
    state.announce_message(key, &message);
    Ok(())
}

/// A refusal at once, or 200 and a `failed` status when the settings say so.
fn refused(
    state: &mut State,
    sending: &Sending<'_>,
    code: u32,
    title: &str,
    details: &str,
) -> Result<Reply, Reply> {
    if state.settings.whatsapp_async {
        return Ok(failed_later(state, sending, code, title, details));
    }
    Err(error::whatsapp(400, code, title, details))
}

/// 200, and a `failed` status afterwards.
fn failed_later(state: &mut State, sending: &Sending<'_>, code: u32, title: &str, details: &str) -> Reply {
    let Sending { account, input, address, opaque } = sending;
    let id = ids::wamid(address, false);
    let now = state.now();
    let lane = state.key_of(account, address).unwrap_or_else(|| (*account).to_owned());
    let mut message = Message::new(id.clone(), false, "failed".to_owned(), Value::Null, now);
    message.opaque = opaque.map(str::to_owned);
    state.book.took(account, &lane, &message);
    let webhook = state.account(account).and_then(|a| {
        let error = error::in_status(code, title, details);
        let body = event::whatsapp_failed(&a.account, &id, address, *opaque, &error, now);
        event::webhook(a, &lane, &body, Tells::of("failed", id.clone()))
    });
    if let Some(webhook) = webhook {
        state.receipt(webhook);
    }
    Reply::ok(json!({
        "messaging_product": "whatsapp", "contacts": [{"input": input, "wa_id": address}], "messages": [{"id": id}],
    }))
}

/// `status: read`, with or without the typing indicator.
fn mark(
    state: &mut State,
    account: &str,
    status: Option<&str>,
    id: Option<&str>,
    body: &Map<String, Value>,
) -> Result<Reply, Reply> {
    if status != Some("read") {
        return Err(invalid("status must be one of {read}"));
    }
    let id = id.ok_or_else(|| missing("message_id"))?;
    let key = state
        .phones
        .values()
        .find(|p| p.account == account && p.thread.iter().any(|m| m.from_customer && m.id == id))
        .map(|p| p.key.clone())
        .ok_or_else(|| unknown("message_id"))?;
    phone::business_read(state, &key, Some(id));
    if body.contains_key("typing_indicator") {
        state.announce(&json!({"type": "typing", "customer": key, "on": true}));
    }
    Ok(Reply::ok(json!({"success": true})))
}
