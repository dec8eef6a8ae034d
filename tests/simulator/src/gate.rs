//! Staging of calls: holds them or their answers until released, gives prepared failures and strikes with faults; never alters a message.

use std::time::Duration;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::Sim;
use crate::config::Channel;
use crate::faults::{Hit, What};
use crate::provider::error;
use crate::state::{Failure, State};

/// How long a call hangs in a time-out, unless the rule says otherwise.
const HANG_MS: u64 = 60_000;

/// Status and body of an API answer, or its absence.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub status: u16,
    pub body: Value,
    /// Seconds after which to try again.
    pub wait_s: Option<u64>,
    /// The connection is cut instead of answered.
    pub cut: bool,
}

/// Marks a response in whose place the connection ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CutOff;

impl Reply {
    pub(crate) const fn new(status: u16, body: Value) -> Self {
        Self { status, body, wait_s: None, cut: false }
    }

    pub(crate) const fn ok(body: Value) -> Self {
        Self::new(200, body)
    }

    const fn cut() -> Self {
        Self { status: 0, body: Value::Null, wait_s: None, cut: true }
    }

    /// The id of the message that was accepted, in any provider's answer.
    fn message_id(&self) -> Option<String> {
        let body = &self.body;
        let id = body
            .get("message_id")
            .or_else(|| body.pointer("/messages/0/id"))
            .or_else(|| body.get("message_token"))?;
        id.as_str().map(str::to_owned).or_else(|| id.as_u64().map(|id| id.to_string()))
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        if self.cut {
            let mut response = Response::default();
            response.extensions_mut().insert(CutOff);
            return response;
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.body)).into_response();
        if let Some(wait) = self.wait_s {
            response.headers_mut().insert(header::RETRY_AFTER, wait.into());
        }
        response
    }
}

/// Which side of a send is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Before anything has happened.
    Request,
    /// After the message went to the phone.
    Answer,
}

/// Waits while the account holds this side of its sends.
async fn pass(sim: &Sim, account: &str, side: Side) {
    let waiting = {
        let mut state = sim.lock();
        state.account_mut(account).and_then(|account| {
            let left = match side {
                Side::Request => &mut account.gate.requests,
                Side::Answer => &mut account.gate.answers,
            };
            if *left == 0 {
                return None;
            }
            *left = left.saturating_sub(u64::from(*left != u64::MAX));
            let (release, waiting) = oneshot::channel();
            account.gate.waiting.push(release);
            Some(waiting)
        })
    };
    if let Some(waiting) = waiting {
        let mut closing = sim.closing.clone();
        tokio::select! {
            _ = waiting => {}
            _ = closing.wait_for(|closed| *closed) => {}
        }
    }
}

/// The failure prepared for the account's next send.
fn failure(state: &mut State, account: &str) -> Option<Failure> {
    let failures = &mut state.account_mut(account)?.gate.failures;
    let next = failures.front_mut()?;
    next.left = next.left.saturating_sub(1);
    let failure = next.clone();
    if failure.left == 0 {
        failures.pop_front();
    }
    Some(failure)
}

/// A call of the business, as rules name it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    pub account: &'a str,
    pub channel: Channel,
    pub customer: Option<&'a str>,
    /// `send`, `action`, `upload`, `media`, `profile`, `token`, `subscribe`, `account`, `templates`, `block`, `webhook`.
    pub kind: &'static str,
}

/// Runs one send through the account's staging: held request, prepared failure, fault, held answer.
pub(crate) async fn staged(sim: &Sim, call: Call<'_>, send: impl FnOnce() -> Reply) -> Reply {
    pass(sim, call.account, Side::Request).await;
    let failure = failure(&mut sim.lock(), call.account);
    let reply = match failure {
        Some(failure) => {
            if failure.accepted {
                mark(sim, &send(), "error");
            }
            Reply::new(failure.status, failure.body)
        }
        None => struck(sim, call, send).await,
    };
    pass(sim, call.account, Side::Answer).await;
    reply
}

/// Runs a call through the faults alone.
pub(crate) async fn struck(sim: &Sim, call: Call<'_>, carry_out: impl FnOnce() -> Reply) -> Reply {
    let hit = {
        let mut state = sim.lock();
        let hit = state.faults.call(call.account, call.customer, call.kind);
        if let Some(hit) = &hit {
            let now = state.now();
            state.ledger.add(hit.entry(call.account, call.customer, call.kind), now);
        }
        hit
    };
    match hit {
        Some(hit) => strike(sim, call, &hit, carry_out).await,
        None => carry_out(),
    }
}

async fn strike(sim: &Sim, call: Call<'_>, hit: &Hit, carry_out: impl FnOnce() -> Reply) -> Reply {
    match hit.rule.fault {
        What::TimeoutBefore => {
            hang(sim, hit.ms(HANG_MS)).await;
            Reply::cut()
        }
        What::TimeoutAfter => {
            mark(sim, &carry_out(), "timeout");
            hang(sim, hit.ms(HANG_MS)).await;
            Reply::cut()
        }
        What::Lost => {
            mark(sim, &carry_out(), "lost");
            Reply::cut()
        }
        What::Cut => Reply::cut(),
        What::Slow => {
            let reply = carry_out();
            hang(sim, hit.ms(1_000)).await;
            reply
        }
        _ => error::of_rule(call.channel, &hit.rule),
    }
}

/// Notes what became of the answer to an accepted message.
fn mark(sim: &Sim, reply: &Reply, what: &'static str) {
    if let Some(id) = reply.message_id() {
        sim.lock().book.answer(&id, what);
    }
}

/// Waits, but not beyond the end of the simulator.
async fn hang(sim: &Sim, ms: u64) {
    let mut closing = sim.closing.clone();
    tokio::select! {
        () = tokio::time::sleep(Duration::from_millis(ms)) => {}
        _ = closing.wait_for(|closed| *closed) => {}
    }
}

#[cfg(test)]
mod tests;
