//! The control API: what tests and the phones page do to the simulated world; the providers have nothing like it.

use std::sync::Arc;

use axum::extract::{Path, Query, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Sim;
use crate::state::AccountState;

mod customers;
mod staging;

type Answer = Result<Json<Value>, Problem>;

/// A refusal with its reason.
#[derive(Debug)]
struct Problem(StatusCode, String);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

fn bad(reason: impl Into<String>) -> Problem {
    Problem(StatusCode::BAD_REQUEST, reason.into())
}

fn not_found(what: &str, id: &str) -> Problem {
    Problem(StatusCode::NOT_FOUND, format!("no {what} {id}"))
}

/// Everything under `/control` but the event stream.
pub(crate) fn routes() -> Router<Arc<Sim>> {
    Router::new()
        .route("/control", get(description))
        .route("/control/accounts", get(accounts))
        .route("/control/accounts/{id}", put(change_account))
        .route("/control/accounts/{id}/webhook", post(staging::webhook))
        .route("/control/customers", get(customers::list).post(customers::create))
        .route("/control/customers/{id}", get(customers::one))
        .route("/control/customers/{id}/messages", post(customers::write))
        .route("/control/customers/{id}/phone", get(customers::phone))
        .route("/control/customers/{id}/deliver", post(customers::deliver))
        .route("/control/customers/{id}/read", post(customers::read))
        .route("/control/customers/{id}/subscribe", post(customers::subscribe))
        .route("/control/customers/{id}/unsubscribe", post(customers::unsubscribe))
        .route("/control/customers/{id}/duplicate", post(staging::duplicate))
        .route("/control/settings", get(staging::settings).put(staging::change_settings))
        .route("/control/hold", post(staging::hold))
        .route("/control/release", post(staging::release))
        .route("/control/fail", post(staging::fail))
        .route("/control/ledger", get(ledger))
        .route("/control/{*rest}", get(nothing).post(nothing).put(nothing))
}

async fn nothing(Path(rest): Path<String>) -> Problem {
    not_found("control path", &rest)
}

async fn description() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("openapi.json")).into_response()
}

fn describe(account: &AccountState) -> Value {
    json!({
        "id": account.account.id(), "channel": account.account.channel(), "webhook": account.url,
        "fields": account.fields, "echoes": account.echoes, "human_agent": account.human_agent,
        "held": {
            "receipts": account.gate.receipts, "receipts_waiting": account.gate.held.len(),
            "answers": account.gate.answers, "requests": account.gate.requests,
            "sends_waiting": account.gate.waiting.iter().filter(|w| !w.is_closed()).count(),
        },
        "failures": account.gate.failures.iter().map(|f| u64::from(f.left)).sum::<u64>(),
    })
}

async fn accounts(Shared(sim): Shared<Arc<Sim>>) -> Json<Value> {
    let state = sim.lock();
    let accounts: Vec<_> = state.accounts.iter().map(describe).collect();
    Json(json!({"accounts": accounts, "webhooks_waiting": state.outbox.waiting()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountChange {
    echoes: Option<bool>,
    human_agent: Option<bool>,
}

async fn change_account(
    Shared(sim): Shared<Arc<Sim>>,
    Path(id): Path<String>,
    Json(change): Json<AccountChange>,
) -> Answer {
    let mut state = sim.lock();
    let account = state.account_mut(&id).ok_or_else(|| not_found("account", &id))?;
    account.echoes = change.echoes.unwrap_or(account.echoes);
    account.human_agent = change.human_agent.unwrap_or(account.human_agent);
    Ok(Json(describe(account)))
}

#[derive(Deserialize)]
struct LedgerQuery {
    #[serde(default)]
    since: u64,
    limit: Option<usize>,
}

async fn ledger(Shared(sim): Shared<Arc<Sim>>, Query(query): Query<LedgerQuery>) -> Json<Value> {
    let state = sim.lock();
    let lines = state.ledger.after(query.since, query.limit.unwrap_or(crate::ledger::CAPACITY));
    Json(json!({"last": state.ledger.last(), "dropped": state.ledger.dropped(), "entries": lines}))
}

#[cfg(test)]
mod tests;
