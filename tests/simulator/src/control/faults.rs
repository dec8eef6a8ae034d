//! Control of faults: rules are added, listed with their hits and removed; the rules themselves live elsewhere.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Problem, bad, not_found};
use crate::Sim;
use crate::faults::Rule;

pub(super) async fn list(Shared(sim): Shared<Arc<Sim>>) -> Json<Value> {
    let state = sim.lock();
    Json(json!({"seed": state.faults.seed, "faults": state.faults.list()}))
}

pub(super) async fn add(
    Shared(sim): Shared<Arc<Sim>>,
    Json(rule): Json<Rule>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let mut state = sim.lock();
    if let Some(id) = rule.account.as_deref().filter(|id| state.account(id).is_none()) {
        return Err(not_found("account", id));
    }
    if let Some(id) = rule.customer.as_deref().filter(|id| !state.phones.contains_key(*id)) {
        return Err(not_found("customer", id));
    }
    let id = state.faults.add(rule).map_err(bad)?;
    Ok((StatusCode::CREATED, Json(json!({"id": id}))))
}

pub(super) async fn clear(Shared(sim): Shared<Arc<Sim>>) -> Json<Value> {
    Json(json!({"removed": sim.lock().faults.remove(None)}))
}

pub(super) async fn remove(Shared(sim): Shared<Arc<Sim>>, Path(id): Path<u64>) -> Answer {
    match sim.lock().faults.remove(Some(id)) {
        0 => Err(not_found("fault", &id.to_string())),
        removed => Ok(Json(json!({"removed": removed}))),
    }
}
