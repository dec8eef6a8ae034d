//! Control of the stage: settings, holding and releasing, prepared failures, duplicates and hand-made webhooks.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, bad, describe, not_found};
use crate::Sim;
use crate::event;
use crate::outbox::{self, Webhook};
use crate::state::{Failure, Settings, State};

/// Longest delay before phones deliver.
const LONGEST_DELAY_MS: u64 = 600_000;

fn shown(settings: &Settings) -> Value {
    json!({
        "receipts": if settings.automatic { "auto" } else { "manual" }, "delay_ms": settings.delay_ms,
        "whatsapp_refusals": if settings.whatsapp_async { "status" } else { "answer" },
    })
}

pub(super) async fn settings(Shared(sim): Shared<Arc<Sim>>) -> Json<Value> {
    Json(shown(&sim.lock().settings))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsChange {
    receipts: Option<String>,
    delay_ms: Option<u64>,
    whatsapp_refusals: Option<String>,
}

pub(super) async fn change_settings(
    Shared(sim): Shared<Arc<Sim>>,
    Json(change): Json<SettingsChange>,
) -> Answer {
    let mut state = sim.lock();
    let mut settings = state.settings.clone();
    match change.receipts.as_deref() {
        Some("auto") => settings.automatic = true,
        Some("manual") => settings.automatic = false,
        None => {}
        Some(_) => return Err(bad("receipts: auto or manual")),
    }
    match change.whatsapp_refusals.as_deref() {
        Some("status") => settings.whatsapp_async = true,
        Some("answer") => settings.whatsapp_async = false,
        None => {}
        Some(_) => return Err(bad("whatsapp_refusals: answer or status")),
    }
    settings.delay_ms = change.delay_ms.unwrap_or(settings.delay_ms);
    if settings.delay_ms > LONGEST_DELAY_MS {
        return Err(bad("delay_ms: ten minutes at most"));
    }
    state.settings = settings;
    Ok(Json(shown(&state.settings)))
}

/// Ids of the named account, or of all.
fn chosen(state: &State, account: Option<&str>) -> Result<Vec<String>, super::Problem> {
    match account {
        Some(id) if state.account(id).is_none() => Err(not_found("account", id)),
        Some(id) => Ok(vec![id.to_owned()]),
        None => Ok(state.accounts.iter().map(|a| a.account.id().to_owned()).collect()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hold {
    what: String,
    account: Option<String>,
    /// How many sends; all until released when absent.
    count: Option<u64>,
}

pub(super) async fn hold(Shared(sim): Shared<Arc<Sim>>, Json(hold): Json<Hold>) -> Answer {
    let mut state = sim.lock();
    let count = hold.count.unwrap_or(u64::MAX);
    let mut accounts = Vec::new();
    for id in chosen(&state, hold.account.as_deref())? {
        if let Some(account) = state.account_mut(&id) {
            match hold.what.as_str() {
                "receipts" => account.gate.receipts = true,
                "answers" => account.gate.answers = count,
                "requests" => account.gate.requests = count,
                _ => return Err(bad("what: receipts, answers or requests")),
            }
            accounts.push(describe(account));
        }
    }
    Ok(Json(json!({"accounts": accounts})))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Release {
    account: Option<String>,
}

/// Releases everything held: receipts in their order, sends, and drops prepared failures.
pub(super) async fn release(Shared(sim): Shared<Arc<Sim>>, body: Option<Json<Release>>) -> Answer {
    let release = body.map(|b| b.0).unwrap_or_default();
    let mut state = sim.lock();
    let (mut receipts, mut sends) = (0, 0);
    for id in chosen(&state, release.account.as_deref())? {
        let Some(account) = state.account_mut(&id) else { continue };
        let gate = std::mem::take(&mut account.gate);
        sends += gate.waiting.into_iter().filter_map(|waiting| waiting.send(()).ok()).count();
        receipts += gate.held.len();
        for webhook in gate.held {
            state.post(webhook);
        }
    }
    Ok(Json(json!({"receipts": receipts, "sends": sends})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fail {
    account: String,
    times: Option<u32>,
    status: u16,
    #[serde(default)]
    body: Value,
    /// The message reaches the phone although the answer says otherwise.
    #[serde(default)]
    accepted: bool,
}

pub(super) async fn fail(Shared(sim): Shared<Arc<Sim>>, Json(fail): Json<Fail>) -> Answer {
    if !(200..=599).contains(&fail.status) {
        return Err(bad("status: 200 to 599"));
    }
    let left = fail.times.unwrap_or(1);
    if left == 0 {
        return Err(bad("times: at least one"));
    }
    let mut state = sim.lock();
    let account = state.account_mut(&fail.account).ok_or_else(|| not_found("account", &fail.account))?;
    account.gate.failures.push_back(Failure {
        left,
        status: fail.status,
        body: fail.body,
        accepted: fail.accepted,
    });
    Ok(Json(describe(account)))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Duplicate {
    /// `any` webhook of the customer (the default) or the last `message`.
    what: Option<String>,
}

pub(super) async fn duplicate(
    Shared(sim): Shared<Arc<Sim>>,
    Path(id): Path<String>,
    body: Option<Json<Duplicate>>,
) -> Answer {
    let what = body.and_then(|b| b.0.what);
    let mut state = sim.lock();
    let phone = state.phones.get(&id).ok_or_else(|| not_found("customer", &id))?;
    let webhook = match what.as_deref() {
        None | Some("any") => phone.last_webhook.clone(),
        Some("message") => phone.last_message_webhook.clone(),
        Some(_) => return Err(bad("what: any or message")),
    };
    let webhook = webhook.ok_or_else(|| bad("nothing was sent for this customer yet"))?;
    let body = webhook.body.to_string();
    state.post(webhook);
    Ok(Json(json!({"body": body})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Posted {
    body: Option<Value>,
    /// The exact text to send instead of `body`.
    raw: Option<String>,
    signature: Option<String>,
}

/// Posts once, outside every lane, and tells how the webhook answered.
pub(super) async fn webhook(
    Shared(sim): Shared<Arc<Sim>>,
    Path(id): Path<String>,
    Json(posted): Json<Posted>,
) -> Answer {
    let webhook = {
        let state = sim.lock();
        let account = state.account(&id).ok_or_else(|| not_found("account", &id))?;
        let body = match (posted.raw, posted.body) {
            (Some(raw), None) => raw,
            (None, Some(body)) => event::wire_form(&account.account, &body),
            _ => return Err(bad("either body or raw")),
        };
        let (name, valid) = event::signature(&account.account, body.as_bytes());
        let header = match posted.signature.as_deref() {
            None | Some("valid") => Some((name, valid)),
            // The right length and form, of another body.
            Some("bad") => Some(event::signature(&account.account, format!("{body} ").as_bytes())),
            Some("missing") => None,
            Some(_) => return Err(bad("signature: valid, bad or missing")),
        };
        Webhook {
            account: id.clone(),
            lane: id.clone(),
            url: account.url.clone().ok_or_else(|| bad("the account has no webhook"))?,
            header,
            body: body.into(),
            message: None,
        }
    };
    let answer = outbox::once(&sim, &webhook).await;
    Ok(Json(json!({"status": answer.as_ref().map(|a| a.0), "answer": answer.map(|a| a.1)})))
}
