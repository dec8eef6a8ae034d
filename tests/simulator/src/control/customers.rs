//! Control of customers: make them, let them write, act, read and subscribe, and see what their phones show; never touches the stage.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Problem, bad, not_found};
use crate::Sim;
use crate::act::{self, Action};
use crate::config::{Channel, Customer};
use crate::event::{self, Tells};
use crate::ids;
use crate::inbound::Draft;
use crate::outbox;
use crate::phone;
use crate::state::{MAX_PHONES, Message, Phone, State};
use crate::twist::Twist;

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

pub(super) async fn write(
    Shared(sim): Shared<Arc<Sim>>,
    Path(id): Path<String>,
    Json(draft): Json<Draft>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let mut state = sim.lock();
    if draft.at_ms.is_some_and(|at| at > state.now() + AHEAD_MS) {
        return Err(bad("at_ms: in the future"));
    }
    let written = phone::write(&mut state, &id, &draft)?;
    Ok((
        StatusCode::CREATED,
        Json(json!({
            "message_id": written.id, "at_ms": written.at_ms, "webhook": written.webhook, "media": written.media,
        })),
    ))
}

/// The action of the body, with the field `wire` taken out of it.
pub(super) async fn act(
    Shared(sim): Shared<Arc<Sim>>,
    Path(id): Path<String>,
    Json(mut body): Json<Value>,
) -> Answer {
    let wire = body.as_object_mut().and_then(|fields| fields.remove("wire")).unwrap_or_else(|| json!({}));
    let twist: Twist = serde_json::from_value(wire).map_err(|error| bad(format!("wire: {error}")))?;
    let action: Action = serde_json::from_value(body).map_err(|error| bad(error.to_string()))?;
    let made = act::act(&mut sim.lock(), &id, action, &twist)?;
    Ok(Json(json!({"id": made})))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Opened {
    context: Option<String>,
    subscribed: Option<bool>,
}

/// Viber's `conversation_started`: posted at once, and the answer may carry the welcome that the phone then shows.
pub(super) async fn open(
    Shared(sim): Shared<Arc<Sim>>,
    Path(id): Path<String>,
    body: Option<Json<Opened>>,
) -> Answer {
    let opened = body.map(|b| b.0).unwrap_or_default();
    let webhook = {
        let state = sim.lock();
        let phone = known(&state, &id)?;
        if phone.channel != Channel::Viber {
            return Err(bad("only Viber tells of opened conversations"));
        }
        let account = state.account(&phone.account).ok_or_else(|| not_found("account", &phone.account))?;
        let token = ids::viber_token();
        let mut body = json!({
            "event": "conversation_started", "timestamp": state.now(), "message_token": token, "type": "open",
            "user": event::viber_user(&state, account, phone), "chat_hostname": "SN-CHAT-01_",
            "subscribed": opened.subscribed.unwrap_or(phone.subscribed),
        });
        if let (Some(context), Some(fields)) = (opened.context, body.as_object_mut()) {
            fields.insert("context".to_owned(), json!(context));
        }
        event::webhook(account, &id, &body, Tells::of("conversation_started", token.to_string()))
    };
    let webhook = webhook.ok_or_else(|| bad("the bot has no webhook"))?;
    let answer = outbox::once(&sim, &webhook).await;
    let status = answer.as_ref().map(|a| a.0);
    let welcome = answer.filter(|a| a.0 == 200).and_then(|a| serde_json::from_str::<Value>(&a.1).ok());
    let welcome = welcome.filter(|body| body.get("type").is_some());
    if let Some(body) = &welcome {
        let mut state = sim.lock();
        let mut message =
            Message::new(ids::viber_token().to_string(), false, "text".to_owned(), body.clone(), state.now());
        message.text = body.get("text").and_then(Value::as_str).map(str::to_owned);
        if let Some(phone) = state.phones.get_mut(&id) {
            phone.push(message.clone());
        }
        state.announce_message(&id, &message);
    }
    Ok(Json(json!({"status": status, "welcome": welcome})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    name: Option<String>,
    username: Option<String>,
    /// Takes nothing from the business any more.
    blocked: Option<bool>,
    /// The provider says the window is closed.
    window_closed: Option<bool>,
    picture: Option<bool>,
    /// The profile is told.
    profile: Option<bool>,
}

pub(super) async fn change(
    Shared(sim): Shared<Arc<Sim>>,
    Path(id): Path<String>,
    Json(change): Json<Change>,
) -> Answer {
    let mut state = sim.lock();
    let phone = state.phones.get_mut(&id).ok_or_else(|| not_found("customer", &id))?;
    phone.name = change.name.unwrap_or_else(|| phone.name.clone());
    phone.username = change.username.or_else(|| phone.username.clone());
    phone.blocked = change.blocked.unwrap_or(phone.blocked);
    phone.window_closed = change.window_closed.unwrap_or(phone.window_closed);
    phone.picture = change.picture.unwrap_or(phone.picture);
    phone.profile = change.profile.unwrap_or(phone.profile);
    let shown = phone.describe();
    state.announce(&json!({"type": "customer", "customer": shown}));
    Ok(Json(shown))
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
    let (now, token) = (state.now(), ids::viber_token());
    let account = state.account(&phone.account).ok_or_else(|| not_found("account", &phone.account))?;
    let (word, body) = if subscribed {
        let user = event::viber_user(state, account, phone);
        let body = json!({
            "event": "subscribed", "timestamp": now, "message_token": token, "user": user,
            "chat_hostname": "SN-CHAT-01_",
        });
        ("subscribed", body)
    } else {
        ("unsubscribed", event::viber_event("unsubscribed", phone, token, now))
    };
    let webhook = event::webhook(account, id, &body, Tells::of(word, token.to_string()));
    if let Some(phone) = state.phones.get_mut(id) {
        phone.subscribed = subscribed;
        if subscribed {
            phone.tracking = None;
        }
        let shown = phone.describe();
        state.announce(&json!({"type": "customer", "customer": shown}));
    }
    if let Some(webhook) = webhook {
        state.post(webhook);
    }
    Ok(Json(known(state, id)?.describe()))
}
