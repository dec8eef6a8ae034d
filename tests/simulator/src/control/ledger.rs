//! Reading the simulator's records: single attempts and calls, and the provider's own account of events and messages; nothing here changes them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State as Shared};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Sim;
use crate::ledger::WITH_BODIES;

/// Rows in one answer, unless asked otherwise.
const ROWS: usize = 100_000;

#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(default)]
    since: u64,
    limit: Option<usize>,
    key: Option<String>,
}

pub(super) async fn lines(Shared(sim): Shared<Arc<Sim>>, Query(page): Query<Page>) -> Json<Value> {
    let state = sim.lock();
    // Without a limit, the newest: those that still have their bodies.
    let newest = state.ledger.last().saturating_sub(WITH_BODIES as u64);
    let since = if page.limit.is_some() { page.since } else { page.since.max(newest) };
    let lines = state.ledger.after(since, page.limit.unwrap_or(WITH_BODIES));
    let answer = json!({"last": state.ledger.last(), "dropped": state.ledger.dropped()});
    drop(state);
    with(answer, "entries", &lines)
}

pub(super) async fn told(Shared(sim): Shared<Arc<Sim>>, Query(page): Query<Page>) -> Json<Value> {
    let state = sim.lock();
    let rows = state.book.told(page.since, page.limit.unwrap_or(ROWS)).to_vec();
    let answer = json!({
        "total": state.book.totals().0, "left_out": state.book.left_out, "now_ms": state.now(),
        "waiting": state.outbox.waiting() + state.outbox.busy(),
    });
    drop(state);
    with(answer, "rows", &rows)
}

pub(super) async fn taken(Shared(sim): Shared<Arc<Sim>>, Query(page): Query<Page>) -> Json<Value> {
    let state = sim.lock();
    if let Some(key) = page.key {
        return Json(json!({"key": key, "times": state.book.times(&key)}));
    }
    let rows = state.book.taken(page.since, page.limit.unwrap_or(ROWS)).to_vec();
    let repeated: Vec<_> =
        state.book.repeated().into_iter().map(|(key, times)| json!({"key": key, "times": times})).collect();
    let answer = json!({
        "total": state.book.totals().1, "left_out": state.book.left_out, "now_ms": state.now(),
        "repeated": repeated,
    });
    drop(state);
    with(answer, "rows", &rows)
}

fn with<T: serde::Serialize>(mut answer: Value, name: &str, rows: &[T]) -> Json<Value> {
    if let Some(fields) = answer.as_object_mut() {
        fields.insert(name.to_owned(), json!(rows));
    }
    Json(answer)
}
