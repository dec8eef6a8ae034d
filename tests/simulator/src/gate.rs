//! Staging of races: holds sends or their answers until released, and gives prepared failures; never alters a message.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::Sim;
use crate::state::{Failure, State};

/// Status and body of an API answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    pub(crate) const fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(self.body)).into_response()
    }
}

/// Which side of a send is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Before anything has happened.
    Request,
    /// After the message went to the phone.
    Answer,
}

/// Waits while the account holds this side of its sends.
pub(crate) async fn pass(sim: &Sim, account: &str, side: Side) {
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
pub(crate) fn failure(state: &mut State, account: &str) -> Option<Failure> {
    let failures = &mut state.account_mut(account)?.gate.failures;
    let next = failures.front_mut()?;
    next.left = next.left.saturating_sub(1);
    let failure = next.clone();
    if failure.left == 0 {
        failures.pop_front();
    }
    Some(failure)
}

/// Runs one send through the account's staging: held request, prepared failure, held answer.
pub(crate) async fn staged(sim: &Sim, account: &str, send: impl FnOnce() -> Reply) -> Reply {
    pass(sim, account, Side::Request).await;
    let failure = failure(&mut sim.lock(), account);
    let reply = match failure {
        Some(failure) => {
            if failure.accepted {
                send();
            }
            Reply { status: failure.status, body: failure.body }
        }
        None => send(),
    };
    pass(sim, account, Side::Answer).await;
    reply
}
