//! The providers' own HTTP APIs at their real paths; never reached by customers.

use std::sync::Arc;

use axum::Router;
use axum::routing::post;
use serde_json::Value;

use crate::Sim;
use crate::gate::Reply;
use crate::ledger::Entry;

mod access;
pub(crate) mod error;
mod graph;
mod manage;
mod messenger;
mod profile;
mod upload;
mod viber;
mod viber_send;
mod whatsapp;
mod whatsapp_content;

/// Viber under `/pa`, everything else is Graph.
pub(crate) fn routes() -> Router<Arc<Sim>> {
    Router::new()
        .route("/pa/send_message", post(viber::send_message))
        .route("/pa/set_webhook", post(viber::set_webhook))
        .route("/pa/get_account_info", post(viber::get_account_info))
        .route("/pa/get_user_details", post(viber::get_user_details))
        .fallback(graph::handle)
}

/// Records an API call; tokens must already be out of path and body.
fn record(sim: &Sim, account: Option<&str>, method: &str, path: &str, body: Value, reply: &Reply) {
    let entry = Entry::Api {
        account: account.map(str::to_owned),
        method: method.to_owned(),
        path: path.to_owned(),
        body,
        status: reply.status,
        answer: reply.body.clone(),
        cut: reply.cut,
    };
    let mut state = sim.lock();
    let now = state.now();
    state.ledger.add(entry, now);
}

/// A body for the ledger: JSON without token fields, or the size of what was no JSON.
fn recorded(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        return Value::String(format!("({} bytes, not JSON)", body.len()));
    };
    if let Some(fields) = value.as_object_mut() {
        fields.remove("auth_token");
        fields.remove("access_token");
    }
    value
}

#[cfg(test)]
mod tests;
