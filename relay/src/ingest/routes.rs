//! The addresses that providers call; keeps nothing that is not signed and answers before anything is understood.

use super::Ingest;
use crate::channels::{self, Provider, sign};
use crate::config;
use crate::log::LogError;
use crate::metrics;
use crate::seal::Secret;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use shared::channel::Channel;
use std::collections::HashMap;

/// Stands in for the secret of an app that does not exist, so that its answer takes as long as any other.
pub(super) const NOBODYS: &str = "an app that does not exist has no secret";

/// `GET` and `POST /webhooks/meta/{app}`, `POST /webhooks/viber/{bot}`.
pub fn router(ingest: Ingest) -> Router {
    Router::new()
        .route("/webhooks/meta/{app}", get(handshake).post(meta).layer(map_response(meta_answered)))
        .route("/webhooks/viber/{bot}", post(viber).layer(map_response(viber_answered)))
        .layer(DefaultBodyLimit::max(config::WEBHOOK_LIMIT))
        .with_state(ingest)
}

async fn meta_answered(answer: Response) -> Response {
    metrics::webhook(Provider::Meta.key(), answer.status().as_u16());
    answer
}

async fn viber_answered(answer: Response) -> Response {
    metrics::webhook(Provider::Viber.key(), answer.status().as_u16());
    answer
}

/// Meta asks whether the address is ours.
async fn handshake(
    State(ingest): State<Ingest>,
    Path(app): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let part = |key: &str| query.get(key).map_or("", String::as_str);
    match ingest.inner.engine.log().secret(&format!("app:{app}:verify")).await {
        Ok(expected) => {
            let expected = expected.as_ref().map_or("", Secret::expose);
            let challenge =
                sign::handshake(part("hub.mode"), part("hub.verify_token"), part("hub.challenge"), expected);
            match challenge {
                Some(challenge) => {
                    ([(header::CONTENT_TYPE, "text/plain")], challenge.to_owned()).into_response()
                }
                None => problem(StatusCode::FORBIDDEN, "The verify token is not right."),
            }
        }
        Err(error) => unavailable(&error),
    }
}

async fn meta(
    State(ingest): State<Ingest>,
    Path(app): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let raw = match body {
        Ok(raw) => raw,
        Err(rejection) => return unread(&rejection),
    };
    // While a secret is being changed, the one before is valid too.
    let mut secrets = Vec::new();
    for name in [format!("app:{app}:secret"), format!("app:{app}:secret:previous")] {
        match ingest.inner.engine.log().secret(&name).await {
            Ok(secret) => secrets.extend(secret),
            Err(error) => return unavailable(&error),
        }
    }
    let known = !secrets.is_empty();
    let mut tried: Vec<&str> = secrets.iter().map(Secret::expose).collect();
    if !known {
        tried.push(NOBODYS);
    }
    let signed = sign::meta(&raw, one(&headers, "x-hub-signature-256"), &tried);
    if signed && known { keep(&ingest, Provider::Meta, app, raw).await } else { unsigned() }
}

async fn viber(
    State(ingest): State<Ingest>,
    Path(bot): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let raw = match body {
        Ok(raw) => raw,
        Err(rejection) => return unread(&rejection),
    };
    let connector = ingest.inner.engine.look(|world| {
        let mut all = world.config.connectors.values();
        all.find(|one| one.channel == Channel::Viber && one.account == bot).map(|one| one.id)
    });
    let name = connector.map_or_else(String::new, |id| format!("connector:{id}:token"));
    let token = match ingest.inner.engine.log().secret(&name).await {
        Ok(token) => token,
        Err(error) => return unavailable(&error),
    };
    let signature = one(&headers, "x-viber-content-signature");
    let signed = sign::viber(&raw, signature, token.as_ref().map_or(NOBODYS, Secret::expose));
    if signed && token.is_some() { keep(&ingest, Provider::Viber, bot, raw).await } else { unsigned() }
}

/// Keeps every item durably, then says so; whoever is not told sends it again.
async fn keep(ingest: &Ingest, provider: Provider, account: String, raw: Bytes) -> Response {
    let items = channels::split(provider, &account, &raw);
    let items: Result<Vec<String>, _> = items.iter().map(serde_json::to_string).collect();
    let Ok(items) = items else { return unavailable(&LogError::Unreadable("webhook item")) };
    let engine = &ingest.inner.engine;
    match engine.log().keep_items(provider.key(), account, engine.clock().now(), items).await {
        Ok(()) => {
            ingest.inner.kept.notify_one();
            StatusCode::OK.into_response()
        }
        Err(error) => unavailable(&error),
    }
}

/// The value of a header that is there exactly once.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first)
}

fn unsigned() -> Response {
    problem(StatusCode::UNAUTHORIZED, "The signature is missing or not right.")
}

fn unread(rejection: &BytesRejection) -> Response {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => problem(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."),
        status => problem(status, "The body could not be read."),
    }
}

fn unavailable(error: &LogError) -> Response {
    tracing::error!(%error, "a webhook could not be kept");
    problem(StatusCode::SERVICE_UNAVAILABLE, "It could not be saved. Try again.")
}

/// A problem of RFC 9457.
fn problem(status: StatusCode, detail: &str) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let body = serde_json::json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail});
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
