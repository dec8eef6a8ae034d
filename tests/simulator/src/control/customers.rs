//! Control of customers: make them, let them write, read and subscribe, and see what their phones show.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Problem, bad, not_found};
use crate::Sim;
use crate::config::{Channel, Customer};
use crate::event;
use crate::ids;
use crate::phone;
use crate::state::{MAX_PHONES, Phone, State};

/// A message may carry a time this far ahead, for clocks that differ.
const AHEAD_MS: u64 = 60_000;

pub(super) async fn list(Shared(sim): Shared<Arc<Sim>>) -> Json<Value> {
    let state = sim.lock();
    let mut phones: Vec<_> = state.phones.values().collect();
    phones.sort_by_key(|p| p.order);
    Json(json!({"customers": phones.into_iter().map(Phone::describe).collect::<Vec<_>>()}))
}

fn known<'a>(state: &'a State, id: &str) -> Result<&'a Phone, Problem> {
    state.phones.get(id).ok_or_else(|| not_found("customer", id))
}

pub(super) async fn one(Shared(sim): Shared<Arc<Sim>>, Path(id): Path<String>) -> Answer {
    Ok(Json(known(&sim.lock(), &id)?.describe()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCustomer {
    account: String,
    name: String,
    /// Control id; made when absent.
    id: Option<String>,
    /// Provider's id; made when absent.
    provider_id: Option<String>,
    phone: Option<String>,
    username: Option<String>,
    /// `WhatsApp`: the number stays behind the username.
    #[serde(default)]
    hide_phone: bool,
    #[serde(default)]
    hide_profile: bool,
}

pub(super) async fn create(
    Shared(sim): Shared<Arc<Sim>>,
    Json(new): Json<NewCustomer>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let mut state = sim.lock();
    let channel = state
        .account(&new.account)
        .map(|a| a.account.channel())
        .ok_or_else(|| not_found("account", &new.account))?;
    if state.phones.len() >= MAX_PHONES {
        return Err(bad(format!("the simulator holds {MAX_PHONES} customers at most")));
    }
    state.made += 1;
    let order = state.made;
    let key = new.id.unwrap_or_else(|| format!("c{order}"));
    if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return Err(bad("id: letters, digits, '-', '_' and '.' only"));
    }
    let number = (channel == Channel::Whatsapp).then(|| new.phone.unwrap_or_else(ids::phone_number));
    let id = new.provider_id.unwrap_or_else(|| match (channel, &number) {
        (Channel::Whatsapp, Some(number)) => number.chars().filter(char::is_ascii_digit).collect(),
        (Channel::Viber, _) => ids::viber_user(),
        _ => ids::scoped_id(),
    });
    if id.is_empty() {
        return Err(bad("phone: a number is needed"));
    }
    if state.phones.contains_key(&key) || state.key_of(&new.account, &id).is_some() {
        return Err(Problem(StatusCode::CONFLICT, "a customer with this id exists".to_owned()));
    }
    let customer = Customer {
        key: key.clone(),
        name: new.name,
        account: new.account,
        id,
        phone: number.filter(|_| !new.hide_phone),
    };
    let phone = Phone::new(order, channel, customer, new.username, !new.hide_profile);
    let shown = phone.describe();
    state.phones.insert(key, phone);
    state.announce(&json!({"type": "customer", "customer": shown}));
    Ok((StatusCode::CREATED, Json(shown)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMessage {
    #[serde(default)]
    text: String,
    at_ms: Option<u64>,
    kind: Option<String>,
}

pub(super) async fn write(
    Shared(sim): Shared<Arc<Sim>>,
    Path(id): Path<String>,
    Json(new): Json<NewMessage>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let kind = new.kind.as_deref().unwrap_or("text");
    if !matches!(kind, "text" | "image" | "sticker") {
        return Err(bad("kind: text, image or sticker"));
    }
    if kind == "text" && new.text.trim().is_empty() {
        return Err(bad("text: phones send no blank messages"));
    }
    let now = ids::now_ms();
    let at_ms = new.at_ms.unwrap_or(now);
    if at_ms > now + AHEAD_MS {
        return Err(bad("at_ms: in the future"));
    }
    let written = phone::write(&mut sim.lock(), &id, &new.text, kind, at_ms)
        .ok_or_else(|| not_found("customer", &id))?;
    Ok((
        StatusCode::CREATED,
        Json(json!({"message_id": written.id, "at_ms": at_ms, "webhook": written.webhook})),
    ))
}

pub(super) async fn phone(Shared(sim): Shared<Arc<Sim>>, Path(id): Path<String>) -> Answer {
    let state = sim.lock();
    let phone = known(&state, &id)?;
    Ok(Json(json!({"customer": phone.describe(), "messages": phone.thread})))
}

pub(super) async fn deliver(Shared(sim): Shared<Arc<Sim>>, Path(id): Path<String>) -> Answer {
    let mut state = sim.lock();
    known(&state, &id)?;
    Ok(Json(json!({"delivered": phone::deliver(&mut state, &id)})))
}

pub(super) async fn read(Shared(sim): Shared<Arc<Sim>>, Path(id): Path<String>) -> Answer {
    let mut state = sim.lock();
    known(&state, &id)?;
    Ok(Json(json!({"seen": phone::read(&mut state, &id)})))
}

pub(super) async fn subscribe(Shared(sim): Shared<Arc<Sim>>, Path(id): Path<String>) -> Answer {
    subscription(&mut sim.lock(), &id, true)
}

pub(super) async fn unsubscribe(Shared(sim): Shared<Arc<Sim>>, Path(id): Path<String>) -> Answer {
    subscription(&mut sim.lock(), &id, false)
}

fn subscription(state: &mut State, id: &str, subscribed: bool) -> Answer {
    let phone = known(state, id)?;
    if phone.channel != Channel::Viber {
        return Err(bad("only Viber has subscriptions"));
    }
    let account = state.account(&phone.account);
    let webhook = account.and_then(|account| {
        let body = if subscribed {
            json!({
                "event": "subscribed", "timestamp": ids::now_ms(), "message_token": ids::viber_token(),
                "user": event::viber_user(phone, account.send_name), "chat_hostname": "SN-CHAT-01_",
            })
        } else {
            event::viber_event("unsubscribed", phone, ids::viber_token())
        };
        event::webhook(account, id, &body, None)
    });
    if let Some(phone) = state.phones.get_mut(id) {
        phone.subscribed = subscribed;
        let shown = phone.describe();
        state.announce(&json!({"type": "customer", "customer": shown}));
    }
    if let Some(webhook) = webhook {
        state.post(webhook);
    }
    Ok(Json(known(state, id)?.describe()))
}
