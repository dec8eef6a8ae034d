//! The Graph API beside sending: subscriptions, templates, numbers, blocked users, media ids; never sends anything to customers.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::access::Params;
use super::{error, profile};
use crate::Sim;
use crate::config::{Account, Channel};
use crate::gate::Reply;
use crate::outbox;
use crate::phone::OWN_APP;
use crate::state::State;

/// Users a number may block.
const BLOCKED: usize = 64_000;
/// Only who wrote within these hours can be blocked.
const BLOCK_HOURS: u64 = 24;

/// `GET|POST|DELETE /{id}/subscribed_apps`.
pub(super) async fn subscribed_apps(
    sim: &Sim,
    method: &Method,
    account: &Account,
    query: &Params,
    body: &Map<String, Value>,
) -> Reply {
    match *method {
        Method::POST => subscribe(sim, account, query, body).await,
        Method::DELETE => {
            if let Some(account) = sim.lock().account_mut(account.id()) {
                account.subscribed = false;
            }
            Reply::ok(json!({"success": true}))
        }
        _ => subscriptions(&sim.lock(), account),
    }
}

fn subscriptions(state: &State, account: &Account) -> Reply {
    let Some(known) = state.account(account.id()).filter(|a| a.subscribed) else {
        return Reply::ok(json!({"data": []}));
    };
    let app = OWN_APP.to_string();
    if account.channel() == Channel::Whatsapp {
        let link = format!("https://www.facebook.com/games/?app_id={app}");
        let data = json!({"id": app, "name": "Signalbox", "link": link});
        return Reply::ok(json!({"data": [{"whatsapp_business_api_data": data}]}));
    }
    let fields = known.fields.clone().unwrap_or_else(|| FIELDS.map(str::to_owned).to_vec());
    Reply::ok(
        json!({"data": [{"id": app, "name": "Signalbox", "category": "Business", "subscribed_fields": fields}]}),
    )
}

/// What the app gets when it never chose.
const FIELDS: [&str; 6] = [
    "messages",
    "messaging_postbacks",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_reactions",
];

async fn subscribe(sim: &Sim, account: &Account, query: &Params, body: &Map<String, Value>) -> Reply {
    let given = |name: &str| {
        query
            .get(name)
            .map(String::as_str)
            .or_else(|| body.get(name).and_then(Value::as_str))
            .map(str::to_owned)
    };
    // A list in JSON is taken like the words with commas.
    let listed = body
        .get("subscribed_fields")
        .and_then(Value::as_array)
        .map(|fields| fields.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","));
    let fields = given("subscribed_fields").or(listed).filter(|f| !f.trim().is_empty());
    let mut callback = None;
    if account.channel() == Channel::Whatsapp {
        if let Some(url) = given("override_callback_uri") {
            let verify = given("verify_token").unwrap_or_default();
            if !outbox::handshake(sim, &url, &verify).await {
                return error::graph(400, 2_200, None, "(#2200) Callback verification failed");
            }
            callback = Some(url);
        }
    } else if fields.is_none() {
        return error::parameter("The parameter subscribed_fields is required.");
    }
    let mut state = sim.lock();
    let Some(known) = state.account_mut(account.id()) else {
        return error::no_object("POST", account.id());
    };
    known.subscribed = true;
    if let Some(url) = callback {
        known.url = Some(url);
    }
    if let Some(fields) = fields.filter(|_| account.channel() != Channel::Whatsapp) {
        known.fields = Some(fields.split(',').map(|f| f.trim().to_owned()).collect());
    }
    // Messenger's documentation shows the word as a string.
    match account.channel() {
        Channel::Messenger => Reply::ok(json!({"success": "true"})),
        _ => Reply::ok(json!({"success": true})),
    }
}

/// `GET /{WABA_ID}/message_templates`.
pub(super) fn templates(state: &State, account: &Account, query: &Params) -> Reply {
    let templates = state.account(account.id()).map(|a| a.templates.clone()).unwrap_or_default();
    let wanted = |template: &&Value| {
        query.get("name").is_none_or(|name| template.get("name").is_some_and(|n| n == name.as_str()))
    };
    let shown = |template: &Value| {
        let field = |name: &str| template.get(name).cloned().unwrap_or_default();
        json!({
            "id": field("id"), "name": field("name"), "language": field("language"), "status": field("status"),
            "category": field("category"), "components": [{"type": "BODY", "text": field("body")}],
        })
    };
    Reply::ok(json!({"data": templates.iter().filter(wanted).map(shown).collect::<Vec<_>>(), "paging": {}}))
}

/// `GET /{WABA_ID}/phone_numbers`.
pub(super) fn numbers(state: &State, account: &Account) -> Reply {
    let Account::WhatsApp { waba_id, .. } = account else {
        return error::no_object("GET", account.id());
    };
    let same = |other: &Account| matches!(other, Account::WhatsApp { waba_id: of, .. } if of == waba_id);
    let all = state.accounts.iter().filter(|a| same(&a.account));
    Reply::ok(json!({"data": all.map(|a| profile::number(&a.account)).collect::<Vec<_>>()}))
}

/// `POST|DELETE|GET /{PHONE_NUMBER_ID}/block_users`.
pub(super) fn block_users(
    state: &mut State,
    method: &Method,
    account: &Account,
    body: &Map<String, Value>,
) -> Reply {
    let now = state.now();
    let blocked = |state: &State| -> Vec<Value> {
        let those = state.phones.values().filter(|p| p.account == account.id() && p.blocked_by_business);
        those.map(|p| json!({"messaging_product": "whatsapp", "wa_id": p.address()})).collect()
    };
    if *method == Method::GET {
        return Reply::ok(
            json!({"data": [{"messaging_product": "whatsapp", "block_users": blocked(state)}]}),
        );
    }
    let users = body.get("block_users").and_then(Value::as_array).cloned().unwrap_or_default();
    if body.get("messaging_product").is_none_or(|p| p != "whatsapp") || users.is_empty() {
        return error::parameter("The parameters messaging_product and block_users are required.");
    }
    let block = *method == Method::POST;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for user in &users {
        let input = user.get("user").and_then(Value::as_str).unwrap_or_default();
        let digits = crate::event::digits(input);
        let key = state.key_of(account.id(), &digits).or_else(|| state.key_of(account.id(), input));
        let full = block && blocked(state).len() >= BLOCKED;
        let phone = key.and_then(|key| state.phones.get_mut(&key));
        match phone.filter(|p| !full && (!block || p.wrote_within(BLOCK_HOURS, now))) {
            Some(phone) => {
                phone.blocked_by_business = block;
                done.push(json!({"input": input, "wa_id": phone.address()}));
            }
            None => failed.push(json!({"input": input, "errors": [{"message": "The user did not write within 24 hours", "code": 131_009}]})),
        }
    }
    let list = if block { "added_users" } else { "removed_users" };
    let mut users = json!({list: done});
    if let (false, Some(fields)) = (failed.is_empty(), users.as_object_mut()) {
        fields.insert("failed_users".to_owned(), Value::Array(failed));
    }
    Reply::ok(json!({"messaging_product": "whatsapp", "block_users": users}))
}

/// `GET /{MEDIA_ID}`: the address for the next five minutes.
pub(super) fn media(state: &State, account: &str, id: &str, query: &Params) -> Reply {
    let now = state.now();
    let asked = query.get("phone_number_id").is_none_or(|number| number == account);
    let media = state.media.get(id).filter(|m| asked && m.account == account && m.until_ms > now);
    let Some(media) = media else {
        return error::no_object("GET", id);
    };
    let url = state.media.address(Channel::Whatsapp, media, now);
    Reply::ok(json!({
        "messaging_product": "whatsapp", "url": url, "mime_type": media.mime, "sha256": media.sha256_hex,
        "file_size": media.told_size, "id": media.id,
    }))
}

/// `DELETE /{MEDIA_ID}`.
pub(super) fn forget(state: &mut State, account: &str, id: &str) -> Reply {
    let ours = state.media.get(id).is_some_and(|media| media.account == account);
    if ours && state.media.remove(id) {
        Reply::ok(json!({"success": true}))
    } else {
        error::no_object("DELETE", id)
    }
}
