//! Control of the scripted customers: started with a number and a seed, looked at, sent home.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, bad};
use crate::Sim;
use crate::crowd;

/// Customers' time passes at most this many times as fast.
const FASTEST: u64 = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Start {
    customers: usize,
    seed: Option<u64>,
    pace: Option<u64>,
}

pub(super) async fn show(Shared(sim): Shared<Arc<Sim>>) -> Json<Value> {
    let state = sim.lock();
    Json(json!({"crowd": state.crowd.as_ref().map(crowd::Crowd::describe)}))
}

pub(super) async fn start(shared: Shared<Arc<Sim>>, Json(start): Json<Start>) -> Answer {
    if !(1..=crowd::MOST).contains(&start.customers) {
        return Err(bad(format!("customers: 1 to {}", crowd::MOST)));
    }
    let pace = start.pace.unwrap_or(1);
    if !(1..=FASTEST).contains(&pace) {
        return Err(bad(format!("pace: 1 to {FASTEST}")));
    }
    let seed = start.seed.unwrap_or_else(|| shared.lock().faults.seed);
    crowd::start(&shared, start.customers, seed, pace);
    Ok(show(shared).await)
}

pub(super) async fn end(Shared(sim): Shared<Arc<Sim>>) -> Json<Value> {
    Json(json!({"ended": crowd::end(&mut sim.lock())}))
}
