//! Viber's bot API: accounts, webhook, details, and the front of sends; answers 200 with a `status` like the real one.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::{record, recorded, viber_send};
use crate::Sim;
use crate::config::{Account, Channel};
use crate::event::{self, Tells};
use crate::gate::{Call, Reply, staged, struck};
use crate::ids;
use crate::outbox;
use crate::state::TokenState;

/// Largest request body in bytes.
const BODY: usize = 30 * 1024;
/// Calls for one user's details in twelve hours.
const DETAILS_CALLS: usize = 2;
const TWELVE_HOURS_MS: u64 = 12 * 3_600_000;
/// Events a bot may choose; the others always come.
const CHOSEN: &[&str] =
    &["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"];

/// An answer that is not "ok".
pub(super) fn refusal(status: u32, message: &str) -> Reply {
    Reply::ok(json!({"status": status, "status_message": message}))
}

/// The bot whose token came in the header or the body, with the body's fields.
fn open(sim: &Sim, headers: &HeaderMap, body: &[u8]) -> Result<(String, Map<String, Value>), Reply> {
    if body.len() > BODY {
        return Err(refusal(3, "badData: request is larger than 30KB"));
    }
    let fields = if body.is_empty() {
        Map::new()
    } else {
        serde_json::from_slice(body).map_err(|_| refusal(3, "badData"))?
    };
    let token = headers
        .get("x-viber-auth-token")
        .and_then(|v| v.to_str().ok())
        .or_else(|| fields.get("auth_token")?.as_str())
        .ok_or_else(|| refusal(2, "missing_auth_token"))?;
    let state = sim.lock();
    let bot = state
        .accounts
        .iter()
        .find(|a| a.account.channel() == Channel::Viber && a.account.token() == token)
        .ok_or_else(|| refusal(2, "invalidAuthToken"))?;
    if bot.token != TokenState::Valid {
        return Err(refusal(2, "invalidAuthToken"));
    }
    if bot.restricted {
        return Err(refusal(9, "suspended"));
    }
    Ok((bot.account.id().to_owned(), fields))
}

/// A call of the bot, as rules name it.
const fn call<'a>(bot: &'a str, kind: &'static str) -> Call<'a> {
    Call { account: bot, channel: Channel::Viber, customer: None, kind }
}

/// A call that is answered at once, through the faults, with its line in the ledger.
async fn quick(
    sim: &Sim,
    path: &str,
    kind: &'static str,
    headers: &HeaderMap,
    body: &Bytes,
    carry_out: impl FnOnce(&str, &Map<String, Value>) -> Reply,
) -> Response {
    let (bot, reply) = match open(sim, headers, body) {
        Ok((bot, fields)) => {
            let reply = struck(sim, call(&bot, kind), || carry_out(&bot, &fields)).await;
            (Some(bot), reply)
        }
        Err(reply) => (None, reply),
    };
    close(sim, path, bot.as_deref(), body, reply)
}

fn close(sim: &Sim, path: &str, bot: Option<&str>, body: &[u8], reply: Reply) -> Response {
    record(sim, bot, "POST", path, recorded(body), &reply);
    reply.into_response()
}

/// `POST /pa/send_message`.
pub(super) async fn send_message(Shared(sim): Shared<Arc<Sim>>, headers: HeaderMap, body: Bytes) -> Response {
    let (bot, reply) = match open(&sim, &headers, &body) {
        Ok((bot, fields)) => {
            let customer = fields
                .get("receiver")
                .and_then(Value::as_str)
                .and_then(|receiver| sim.lock().key_of(&bot, receiver));
            let call = Call { customer: customer.as_deref(), ..call(&bot, "send") };
            let reply = staged(&sim, call, || viber_send::send(&sim, &bot, &fields)).await;
            (Some(bot), reply)
        }
        Err(reply) => (None, reply),
    };
    close(&sim, "/pa/send_message", bot.as_deref(), &body, reply)
}

/// `POST /pa/set_webhook`: calls the address back before it takes it; an empty one removes the webhook.
pub(super) async fn set_webhook(Shared(sim): Shared<Arc<Sim>>, headers: HeaderMap, body: Bytes) -> Response {
    let (bot, reply) = match open(&sim, &headers, &body) {
        Ok((bot, fields)) => {
            // The faults come first: a webhook that is refused is not called back.
            let mut refused = true;
            let reply = struck(&sim, call(&bot, "webhook"), || {
                refused = false;
                Reply::ok(Value::Null)
            })
            .await;
            let reply =
                if refused { reply } else { Reply { cut: reply.cut, ..set(&sim, &bot, &fields).await } };
            (Some(bot), reply)
        }
        Err(reply) => (None, reply),
    };
    close(&sim, "/pa/set_webhook", bot.as_deref(), &body, reply)
}

async fn set(sim: &Sim, bot: &str, fields: &Map<String, Value>) -> Reply {
    let Some(url) = fields.get("url").and_then(Value::as_str) else {
        return refusal(4, "missingData: url");
    };
    let types = match fields.get("event_types") {
        None | Some(Value::Null) => None,
        Some(Value::Array(types)) => {
            let types: Vec<_> = types.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            if types.iter().any(|t| t != "message" && !CHOSEN.contains(&t.as_str())) {
                return refusal(3, "badData: event_types");
            }
            Some(types)
        }
        Some(_) => return refusal(3, "badData: event_types"),
    };
    if !url.is_empty() {
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return refusal(1, "invalidUrl");
        }
        let webhook = {
            let mut state = sim.lock();
            let check = json!({"event": "webhook", "timestamp": state.now(), "message_token": ids::viber_token(), "chat_hostname": "SN-CHAT-01_"});
            state.account_mut(bot).and_then(|account| {
                let mut webhook = event::webhook(account, bot, &check, Tells::default());
                if webhook.is_none() {
                    // The bot had none: the account's own signature on the new address.
                    account.url = Some(url.to_owned());
                    webhook = event::webhook(account, bot, &check, Tells::default());
                    account.url = None;
                }
                webhook
            })
        };
        let Some(mut webhook) = webhook else {
            return refusal(2, "invalidAuthToken");
        };
        url.clone_into(&mut webhook.url);
        if !matches!(outbox::once(sim, &webhook).await, Some((200, _))) {
            return refusal(1, "invalidUrl");
        }
    }
    let mut state = sim.lock();
    let Some(account) = state.account_mut(bot) else {
        return refusal(2, "invalidAuthToken");
    };
    let flag = |name: &str| fields.get(name).and_then(Value::as_bool).unwrap_or(false);
    account.url = (!url.is_empty()).then(|| url.to_owned());
    account.send_name = flag("send_name");
    account.send_photo = flag("send_photo");
    let shown = types.clone().unwrap_or_else(|| CHOSEN.iter().map(|t| (*t).to_owned()).collect());
    account.fields = types;
    Reply::ok(
        json!({"status": 0, "status_message": "ok", "chat_hostname": "SN-CHAT-01_", "event_types": shown}),
    )
}

/// `POST /pa/get_account_info`.
pub(super) async fn get_account_info(
    Shared(sim): Shared<Arc<Sim>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    quick(&sim, "/pa/get_account_info", "account", &headers, &body, |bot, _| info(&sim, bot)).await
}

fn info(sim: &Sim, bot: &str) -> Reply {
    let state = sim.lock();
    let Some(account) = state.account(bot) else {
        return refusal(2, "invalidAuthToken");
    };
    let Account::Viber { name, .. } = &account.account else {
        return refusal(2, "invalidAuthToken");
    };
    let subscribers = state.phones.values().filter(|p| p.account == bot && p.subscribed).count();
    Reply::ok(json!({
        "status": 0, "status_message": "ok", "id": format!("pa:{bot}"), "chat_hostname": "SN-CHAT-01_",
        "name": name, "uri": bot, "icon": "", "background": "", "category": "Companies, Brands & Products",
        "subcategory": "Other", "country": "CZ", "webhook": account.url,
        "event_types": account.fields.clone().unwrap_or_else(|| CHOSEN.iter().map(|t| (*t).to_owned()).collect()),
        "subscribers_count": subscribers, "members": [],
    }))
}

/// `POST /pa/get_user_details`.
pub(super) async fn get_user_details(
    Shared(sim): Shared<Arc<Sim>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    quick(&sim, "/pa/get_user_details", "profile", &headers, &body, |bot, fields| details(&sim, bot, fields))
        .await
}

fn details(sim: &Sim, bot: &str, fields: &Map<String, Value>) -> Reply {
    let Some(id) = fields.get("id").and_then(Value::as_str) else {
        return refusal(4, "missingData: id");
    };
    let mut state = sim.lock();
    let Some(key) = state.key_of(bot, id) else {
        return refusal(5, "receiverNotRegistered");
    };
    let now = state.now();
    let limits = state.account(bot).is_some_and(|account| account.limits);
    let Some(phone) = state.phones.get_mut(&key) else {
        return refusal(5, "receiverNotRegistered");
    };
    if !phone.subscribed {
        return refusal(6, "receiverNotSubscribed");
    }
    phone.details_calls.retain(|at| now.saturating_sub(*at) < TWELVE_HOURS_MS);
    if limits && phone.details_calls.len() >= DETAILS_CALLS {
        return refusal(12, "tooManyRequests");
    }
    phone.details_calls.push_back(now);
    let (Some(account), Some(phone)) = (state.account(bot), state.phones.get(&key)) else {
        return refusal(5, "receiverNotRegistered");
    };
    let mut user = event::viber_user(&state, account, phone);
    if let Some(user) = user.as_object_mut() {
        user.extend([
            ("primary_device_os".to_owned(), json!("Android 15")),
            ("viber_version".to_owned(), json!("25.1.0")),
            ("mcc".to_owned(), json!(230)),
            ("mnc".to_owned(), json!(1)),
            ("device_type".to_owned(), json!("Pixel 9")),
        ]);
    }
    Reply::ok(
        json!({"status": 0, "status_message": "ok", "message_token": ids::viber_token(), "chat_hostname": "SN-CHAT-01_", "user": user}),
    )
}
