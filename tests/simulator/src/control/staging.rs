//! Control of the stage: settings, the clock, holding and releasing, prepared failures, duplicates and hand-made webhooks; faults have a file of their own; long because each control is small and they share the stage.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use serde::Deserialize;
use serde_json::{Value, json};

use super::accounts::describe;
use super::{Answer, bad, not_found};
use crate::Sim;
use crate::batch::{self, Join};
use crate::event;
use crate::outbox::{self, Webhook};
use crate::random::Random;
use crate::state::{Failure, Settings, State};

/// Longest delay before phones deliver.
const LONGEST_DELAY_MS: u64 = 600_000;

/// The world's clock goes this far in one step: a year.
const FARTHEST_MS: u64 = 366 * 24 * 3_600_000;

fn shown(settings: &Settings, seed: u64) -> Value {
    json!({
        "fetch": settings.fetch, "retry_factor": settings.retry_factor,
        "longest_pause_ms": settings.longest_pause_ms, "seed": seed,
        "receipts": if settings.automatic { "auto" } else { "manual" }, "delay_ms": settings.delay_ms,
        "whatsapp_refusals": if settings.whatsapp_async { "status" } else { "answer" },
    })
}

pub(super) async fn settings(Shared(sim): Shared<Arc<Sim>>) -> Json<Value> {
    let state = sim.lock();
    Json(shown(&state.settings, state.faults.seed))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsChange {
    receipts: Option<String>,
    delay_ms: Option<u64>,
    whatsapp_refusals: Option<String>,
    fetch: Option<bool>,
    retry_factor: Option<u64>,
    longest_pause_ms: Option<u64>,
    /// Starts faults anew from the seed: no rules, numbers from one.
    seed: Option<u64>,
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
    settings.fetch = change.fetch.unwrap_or(settings.fetch);
    settings.retry_factor = change.retry_factor.unwrap_or(settings.retry_factor);
    settings.longest_pause_ms = change.longest_pause_ms.unwrap_or(settings.longest_pause_ms);
    if settings.retry_factor == 0 {
        return Err(bad("retry_factor: at least 1"));
    }
    state.settings = settings;
    if let Some(seed) = change.seed {
        state.faults.reseed(seed);
    }
    Ok(Json(shown(&state.settings, state.faults.seed)))
}

pub(super) async fn clock(Shared(sim): Shared<Arc<Sim>>) -> Json<Value> {
    let state = sim.lock();
    Json(json!({"now_ms": state.now(), "ahead_ms": state.ahead_ms}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    advance_ms: u64,
}

/// Moves the world's clock forward; webhooks that wait for their next attempt look at it anew.
pub(super) async fn move_clock(shared: Shared<Arc<Sim>>, Json(by): Json<Move>) -> Answer {
    if by.advance_ms > FARTHEST_MS {
        return Err(bad("advance_ms: a year at most"));
    }
    {
        let mut state = shared.lock();
        state.ahead_ms = state.ahead_ms.saturating_add(by.advance_ms);
    }
    shared.moved.notify_waiters();
    Ok(clock(shared).await)
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
                "webhooks" => account.gate.webhooks = true,
                "answers" => account.gate.answers = count,
                "requests" => account.gate.requests = count,
                _ => return Err(bad("what: receipts, answers, requests or webhooks")),
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
    /// Webhooks go out in as few bodies as the provider can: `entries`, or `changes` (also within one change).
    batch: Option<String>,
    /// `kept`, `reversed` or `shuffled`.
    order: Option<String>,
}

/// Releases everything held: webhooks and receipts, sends; drops prepared failures.
pub(super) async fn release(Shared(sim): Shared<Arc<Sim>>, body: Option<Json<Release>>) -> Answer {
    let release = body.map(|b| b.0).unwrap_or_default();
    let join = match release.batch.as_deref() {
        None => None,
        Some("entries") => Some(Join::Entries),
        Some("changes") => Some(Join::Changes),
        Some(_) => return Err(bad("batch: entries or changes")),
    };
    let mut state = sim.lock();
    let (mut receipts, mut sends) = (0, 0);
    let mut kept = Vec::new();
    for id in chosen(&state, release.account.as_deref())? {
        let Some(account) = state.account_mut(&id) else { continue };
        let gate = std::mem::take(&mut account.gate);
        sends += gate.waiting.into_iter().filter_map(|waiting| waiting.send(()).ok()).count();
        receipts += gate.held.len();
        kept.extend(gate.kept);
        for webhook in gate.held {
            state.post(webhook);
        }
    }
    let events = kept.len();
    match release.order.as_deref() {
        None | Some("kept") => {}
        Some("reversed") => kept.reverse(),
        Some("shuffled") => shuffle(&mut kept, state.faults.seed),
        Some(_) => return Err(bad("order: kept, reversed or shuffled")),
    }
    if let Some(join) = join {
        kept = batch::join(&state, kept, join);
    }
    let bodies = kept.len();
    for mut webhook in kept {
        // Out of order or together, they leave their customers' lanes.
        webhook.apart = join.is_some();
        state.hand_over(webhook);
    }
    Ok(Json(json!({"receipts": receipts, "sends": sends, "webhooks": events, "bodies": bodies})))
}

fn shuffle(webhooks: &mut [Webhook], seed: u64) {
    let mut random = Random::new(seed);
    for at in (1..webhooks.len()).rev() {
        let other = usize::try_from(random.below(at as u64 + 1)).unwrap_or_default();
        webhooks.swap(at, other);
    }
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
            ticks: Vec::new(),
            events: Vec::new(),
            wait_ms: 0,
            apart: false,
            batch_ms: None,
        }
    };
    let answer = outbox::once(&sim, &webhook).await;
    Ok(Json(json!({"status": answer.as_ref().map(|a| a.0), "answer": answer.map(|a| a.1)})))
}
