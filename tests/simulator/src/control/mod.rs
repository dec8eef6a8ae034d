//! The control API: what tests and the phones page do to the simulated world; the providers have nothing like it.
//!
//! Bodies are JSON; unknown fields are refused, and so is what a provider cannot do, with `{error}` in words (400).
//!
//! | route | body, answer |
//! |---|---|
//! | `GET,POST /control/accounts` | `{channel, id, token?, app?, app_secret?, waba_id?, number?}` adds an account |
//! | `PUT /control/accounts/{id}` | `{echoes?, human_agent?, subscribed?, fields?, token?: valid/expired/revoked, denied?: [permission], restricted?, coexistence?, limits?, templates?: [{name, language, body, parameters, status?}], webhook?}` |
//! | `POST /control/accounts/{id}/webhook` | `{body or raw, signature?: valid/bad/missing}` → `{status, answer}` |
//! | `POST /control/accounts/{id}/verify` | `{verify_token}` → `{verified}`: Meta's challenge |
//! | `GET,POST /control/customers` | `{account, name, id?, provider_id?, phone?, username?, hide_phone?, hide_profile?}` |
//! | `GET,PUT /control/customers/{id}` | `{name?, username?, blocked?, window_closed?, picture?, profile?}` |
//! | `POST /control/customers/{id}/messages` | `{kind?, text?, at_ms?, reply_to?, media?, count?, payload?, title?, description?, url?, latitude?, longitude?, name?, address?, phone?, items?, forwarded?, ad?, unsupported?, standby?, group_id?, wire?}` → `{message_id, at_ms, webhook, media}` |
//! | `POST /control/customers/{id}/act` | `{do: react/unreact/edit/unsend/postback/refer/optin/change_number/change_user_id/update_user_id/prefer/change_identity/status/echo/handover/policy/trouble, …, wire?}` → `{id}` |
//! | `POST /control/customers/{id}/open` | `{context?, subscribed?}`: Viber's `conversation_started` → `{status, welcome}` |
//! | `POST …/deliver, read, subscribe, unsubscribe, duplicate`, `GET …/phone` | as the names say |
//! | `GET,PUT /control/settings` | `{receipts?: auto/manual, delay_ms?, whatsapp_refusals?: answer/status, fetch?, retry_factor?, longest_pause_ms?, seed?}` |
//! | `POST /control/clock` | `{advance_ms}`: windows, rates, addresses and retries see the new time |
//! | `POST /control/hold`, `release` | `{what: receipts/answers/requests/webhooks, account?, count?}`; `{account?, batch?: entries/changes, order?: kept/reversed/shuffled}` |
//! | `GET,POST,DELETE /control/faults[/{id}]` | `{fault, account?, customer?, on?, probability?, count?, skip?, ms?, wait_s?, status?, code?, subcode?, body?}` → `{id}` |
//! | `POST /control/fail` | `{account, times?, status, body?, accepted?}`: prepared answers of the next sends |
//! | `GET /control/ledger?since&limit` | attempts, calls, faults, with bodies for the newest |
//! | `GET /control/ledger/told?since&limit` | one row per event told: webhooks, posts, accepted, outcome |
//! | `GET /control/ledger/taken?since&limit&key` | one row per message taken: id, key, kind, answer; with `key`, how many times |
//! | `GET,POST,DELETE /control/crowd` | `{customers, seed?, pace?}`: scripted customers keep a day going |
//! | `GET /control/media/{id}` | a file's bytes, without token, end or fault |
//!
//! `media` of a message: `{mime?, real_mime?, name?, size?, told_size?, content?, fault?: missing/expired/unavailable/slow/cut/redirect/loop, fault_times?, slow_ms?, redirect?}`.
//! `wire` bends the webhook: `{ids?: number/string, time?: seconds/milliseconds/seconds_text/milliseconds_text/huge/zero/negative/junk/null/absent, extra?, twice?, without?: [field]}`.
//! `fault`: calls `internal, rate, error, timeout_before, timeout_after, lost, cut, slow, token, window, blocked` (`on`: `send, action, upload, media, profile, token, subscribe, account, templates, block, webhook`);
//! webhooks `duplicate, delay, reorder, batch` (`on`: the kind of event, as in the ledger of what was told).

use std::sync::Arc;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::Sim;
use crate::media;
use crate::phone::Refused;

mod accounts;
mod crowd;
mod customers;
mod faults;
mod ledger;
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

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Nobody => Self(StatusCode::NOT_FOUND, "no such customer".to_owned()),
            Refused::Cannot(why) => bad(why),
        }
    }
}

fn not_found(what: &str, id: &str) -> Problem {
    Problem(StatusCode::NOT_FOUND, format!("no {what} {id}"))
}

/// Everything under `/control` but the event stream.
pub(crate) fn routes() -> Router<Arc<Sim>> {
    Router::new()
        .route("/control", get(description))
        .route("/control/accounts", get(accounts::list).post(accounts::create))
        .route("/control/accounts/{id}", put(accounts::change))
        .route("/control/accounts/{id}/webhook", post(staging::webhook))
        .route("/control/accounts/{id}/verify", post(accounts::verify))
        .route("/control/customers", get(customers::list).post(customers::create))
        .route("/control/customers/{id}", get(customers::one).put(customers::change))
        .route("/control/customers/{id}/messages", post(customers::write))
        .route("/control/customers/{id}/act", post(customers::act))
        .route("/control/customers/{id}/open", post(customers::open))
        .route("/control/customers/{id}/phone", get(customers::phone))
        .route("/control/customers/{id}/deliver", post(customers::deliver))
        .route("/control/customers/{id}/read", post(customers::read))
        .route("/control/customers/{id}/subscribe", post(customers::subscribe))
        .route("/control/customers/{id}/unsubscribe", post(customers::unsubscribe))
        .route("/control/customers/{id}/duplicate", post(staging::duplicate))
        .route("/control/settings", get(staging::settings).put(staging::change_settings))
        .route("/control/clock", get(staging::clock).post(staging::move_clock))
        .route("/control/hold", post(staging::hold))
        .route("/control/release", post(staging::release))
        .route("/control/fail", post(staging::fail))
        .route("/control/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/control/faults/{id}", delete(faults::remove))
        .route("/control/ledger", get(ledger::lines))
        .route("/control/ledger/told", get(ledger::told))
        .route("/control/ledger/taken", get(ledger::taken))
        .route("/control/crowd", get(crowd::show).post(crowd::start).delete(crowd::end))
        .route("/control/media/{id}", get(media::serve::plain))
        .route("/control/{*rest}", get(nothing).post(nothing).put(nothing).delete(nothing))
}

async fn nothing(Path(rest): Path<String>) -> Problem {
    not_found("control path", &rest)
}

async fn description() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("openapi.json")).into_response()
}

#[cfg(test)]
mod tests;
