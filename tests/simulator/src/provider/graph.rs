//! The Graph API's front: paths, version, tokens and profiles; hands sends to their product and never accepts one account's token for another's object.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, State as Shared};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::{error, messenger, record, recorded, whatsapp};
use crate::Sim;
use crate::config::{Account, Channel};
use crate::gate::{Reply, staged};
use crate::state::{AccountState, Phone, State};

/// Fields that a profile may be asked for without extra permissions.
const PROFILE_FIELDS: &[(Channel, &[&str])] = &[
    (Channel::Messenger, &["id", "name", "first_name", "last_name", "profile_pic"]),
    (
        Channel::Instagram,
        &[
            "id",
            "name",
            "username",
            "profile_pic",
            "follower_count",
            "is_user_follow_business",
            "is_business_follow_user",
            "is_verified_user",
        ],
    ),
];

type Params = HashMap<String, String>;

/// Every request that is neither Viber, control nor page.
pub(super) async fn handle(
    Shared(sim): Shared<Arc<Sim>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let query = Query::<Params>::try_from_uri(&uri).map(|q| q.0).unwrap_or_default();
    let (account, reply) = answer(&sim, &method, uri.path(), &query, &headers, &body).await;
    let shown: Vec<_> = query
        .iter()
        .filter(|(name, _)| *name != "access_token")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let path =
        if shown.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), shown.join("&")) };
    record(&sim, account.as_deref(), method.as_str(), &path, recorded(&body), &reply);
    reply.into_response()
}

async fn answer(
    sim: &Arc<Sim>,
    method: &Method,
    path: &str,
    query: &Params,
    headers: &HeaderMap,
    body: &[u8],
) -> (Option<String>, Reply) {
    let parts: Vec<_> = path.trim_matches('/').split('/').collect();
    let version = sim.lock().version.clone();
    match (method, parts.as_slice()) {
        (&Method::POST, [v, id, edge @ ("messages" | "subscribed_apps")]) if *v == version => {
            let body = json_body(headers, body);
            let account = match authorise(&sim.lock(), method, id, query, headers, &body) {
                Ok(account) => account,
                Err(reply) => return (None, reply),
            };
            let key = account.id().to_owned();
            let reply = if *edge == "subscribed_apps" {
                subscribe(&mut sim.lock(), &key, query, &body)
            } else if account.channel() == Channel::Whatsapp {
                staged(sim, &key, || whatsapp::send(sim, &key, &body)).await
            } else {
                staged(sim, &key, || messenger::send(sim, &key, &body)).await
            };
            (Some(key), reply)
        }
        (&Method::GET, [v, id]) if *v == version => profile(&sim.lock(), id, query, headers),
        (&Method::GET, [id]) if !id.is_empty() => profile(&sim.lock(), id, query, headers),
        _ => (None, error::no_path(path)),
    }
}

/// Graph reads JSON bodies only when they are declared as such.
fn json_body(headers: &HeaderMap, body: &[u8]) -> Map<String, Value> {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("application/json"));
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) if declared => fields,
        _ => Map::new(),
    }
}

fn token<'a>(
    query: &'a Params,
    headers: &'a HeaderMap,
    body: Option<&'a Map<String, Value>>,
) -> Option<&'a str> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer "));
    bearer
        .or_else(|| query.get("access_token").map(String::as_str))
        .or_else(|| body?.get("access_token")?.as_str())
        .filter(|t| !t.is_empty())
}

/// Whether the path segment names the account (or the part of it that `subscribed_apps` takes).
fn is_named(account: &Account, id: &str) -> bool {
    match account {
        Account::Messenger { .. } | Account::Instagram { .. } => id == "me" || id == account.id(),
        Account::WhatsApp { waba_id, phone_number_id, .. } => id == phone_number_id || id == waba_id,
        Account::Viber { .. } => false,
    }
}

fn authorise(
    state: &State,
    method: &Method,
    id: &str,
    query: &Params,
    headers: &HeaderMap,
    body: &Map<String, Value>,
) -> Result<Account, Reply> {
    let shown = token(query, headers, Some(body)).ok_or_else(error::no_token)?;
    let graph = || state.accounts.iter().map(|a| &a.account).filter(|a| a.channel() != Channel::Viber);
    let holders: Vec<_> = graph().filter(|a| a.token() == shown).collect();
    if holders.is_empty() {
        let whatsapp = graph().any(|a| a.channel() == Channel::Whatsapp && is_named(a, id));
        return Err(error::token(if whatsapp { 401 } else { 400 }));
    }
    holders
        .into_iter()
        .find(|a| is_named(a, id))
        .cloned()
        .ok_or_else(|| error::no_object(method.as_str(), id))
}

fn subscribe(state: &mut State, key: &str, query: &Params, body: &Map<String, Value>) -> Reply {
    let fields = query
        .get("subscribed_fields")
        .map(String::as_str)
        .or_else(|| body.get("subscribed_fields").and_then(Value::as_str));
    let Some(account) = state.account_mut(key) else {
        return error::no_object("POST", key);
    };
    if account.account.channel() == Channel::Whatsapp {
        return Reply::ok(json!({"success": true}));
    }
    let Some(fields) = fields.filter(|f| !f.trim().is_empty()) else {
        return error::parameter("The parameter subscribed_fields is required.");
    };
    account.fields = Some(fields.split(',').map(|f| f.trim().to_owned()).collect());
    // Messenger's documentation shows the word as a string.
    match account.account.channel() {
        Channel::Messenger => Reply::ok(json!({"success": "true"})),
        _ => Reply::ok(json!({"success": true})),
    }
}

fn profile(state: &State, id: &str, query: &Params, headers: &HeaderMap) -> (Option<String>, Reply) {
    let Some(shown) = token(query, headers, None) else {
        return (None, error::no_token());
    };
    let holders: Vec<&AccountState> = state
        .accounts
        .iter()
        .filter(|a| {
            matches!(a.account.channel(), Channel::Messenger | Channel::Instagram)
                && a.account.token() == shown
        })
        .collect();
    if holders.is_empty() {
        return (None, error::token(400));
    }
    let found = holders
        .iter()
        .find_map(|a| state.phones.values().find(|p| p.id == id && p.account == a.account.id()));
    let Some(phone) = found else {
        return (None, error::no_object("GET", id));
    };
    let account = Some(phone.account.clone());
    if phone.last_written_ms.is_none() {
        let reply = match phone.channel {
            Channel::Instagram => {
                error::graph(403, 230, None, "(#230) User consent is required to access user profile")
            }
            _ => error::no_object("GET", id),
        };
        return (account, reply);
    }
    if !phone.profile {
        return (account, Reply::ok(json!({})));
    }
    (account, fields_of(phone, query.get("fields").map(String::as_str)))
}

fn fields_of(phone: &Phone, asked: Option<&str>) -> Reply {
    let known = PROFILE_FIELDS
        .iter()
        .find(|(channel, _)| *channel == phone.channel)
        .map_or(&[] as &[&str], |(_, fields)| fields);
    let default = if phone.channel == Channel::Messenger {
        "first_name,last_name,profile_pic,id"
    } else {
        "name,username,id"
    };
    let (first, last) = phone.name.split_once(' ').unwrap_or((&phone.name, ""));
    let mut answer = Map::new();
    for field in asked.unwrap_or(default).split(',').map(str::trim).chain(["id"]) {
        if !known.contains(&field) {
            return error::parameter(&format!("Tried accessing nonexisting field ({field})"));
        }
        let value = match field {
            "id" => json!(phone.id),
            "name" => json!(phone.name),
            "first_name" => json!(first),
            "last_name" => json!(last),
            "username" => json!(phone.username.clone().unwrap_or_else(|| format!("user{}", phone.id))),
            "follower_count" => json!(214),
            "profile_pic" => Value::Null,
            _ => json!(false),
        };
        // A missing picture is left out, as Graph leaves out empty fields.
        if !value.is_null() {
            answer.insert(field.to_owned(), value);
        }
    }
    Reply::ok(Value::Object(answer))
}
