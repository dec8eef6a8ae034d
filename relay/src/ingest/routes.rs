//! The addresses that providers call; keeps nothing that is not signed and answers before anything is understood.

use super::Ingest;
use super::depth::shallow;
use super::gate::Unread;
use super::welcome;
use crate::channels::{self, Item, Provider, sign};
use crate::log::{LogError, NewItem, token_name};
use crate::metrics;
use crate::seal::Secret;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use shared::channel::Channel;
use shared::fault;
use shared::time::{Span, Timestamp};
use std::collections::HashMap;
use std::time::Duration;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// 10 s until a webhook comes again for which there was no room; the providers have schedules of their own.
const COME_BACK: u32 = 10;

/// 1 s for the words that greet a customer: a provider that waits longer for an answer sends the webhook again.
const WELCOME: Span = Span::seconds(1);

/// Stands in for the secret of an app that does not exist, so that its answer takes as long as any other.
pub(super) const NOBODYS: &str = "an app that does not exist has no secret";

/// `GET` and `POST /webhooks/meta/{app}`, `POST /webhooks/viber/{bot}`.
pub fn router<S: Clone + Send + Sync + 'static>(ingest: Ingest) -> OpenApiRouter<S> {
    let meta = OpenApiRouter::new().routes(routes!(handshake, meta)).layer(map_response(meta_answered));
    let viber = OpenApiRouter::new().routes(routes!(viber)).layer(map_response(viber_answered));
    meta.merge(viber).with_state(ingest)
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
#[utoipa::path(
    get, path = "/webhooks/meta/{app}", tag = "webhooks", security(()),
    params(
        ("app" = String, Path, description = "The app's name in the webhook address"),
        ("hub.mode" = String, Query, description = "`subscribe`"),
        ("hub.verify_token" = String, Query, description = "The verify token, as it was given to the provider"),
        ("hub.challenge" = String, Query, description = "1 to 128 letters, digits, `_` and `-`; given back"),
    ),
    responses(
        (status = 200, description = "The challenge", body = String, content_type = "text/plain"),
        (status = 403, description = "The verify token is not right"),
        (status = 429, description = "Asked too often"),
    )
)]
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
                    let (engine, what) = (&ingest.inner.engine, format!("app:{app}:verified"));
                    if let Err(error) = engine.log().saw_set_up(what, engine.clock().now()).await {
                        tracing::warn!(%error, "a verified address was not noted");
                    }
                    ([(header::CONTENT_TYPE, "text/plain")], challenge.to_owned()).into_response()
                }
                None => problem(StatusCode::FORBIDDEN, "The verify token is not right."),
            }
        }
        Err(error) => unavailable(&error),
    }
}

/// Takes a webhook of Messenger, Instagram or WhatsApp.
#[utoipa::path(
    post, path = "/webhooks/meta/{app}", tag = "webhooks", security(()), request_body = Object,
    params(
        ("app" = String, Path, description = "The app's name in the webhook address"),
        ("X-Hub-Signature-256" = String, Header, description = "`sha256=` and the HMAC-SHA256 of the body in hex"),
    ),
    responses(
        (status = 200, description = "Everything in it is kept"),
        (status = 401, description = "The signature is missing or not right; nothing is kept"),
        (status = 413, description = "Larger than 4 MiB"),
        (status = 503, description = "It could not be kept; send it again"),
    )
)]
async fn meta(
    State(ingest): State<Ingest>,
    Path(app): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let whole = match ingest.inner.gate.read(body).await {
        Ok(whole) => whole,
        Err(unread) => return refused(unread),
    };
    let secrets = match secrets(&ingest, &app).await {
        Ok(secrets) => secrets,
        Err(error) => return unavailable(&error),
    };
    let known = secrets.iter().any(Option::is_some);
    // Two are tried whichever there are: the time tells nobody what is set up here.
    let secrets = secrets.each_ref().map(|secret| secret.as_ref().map_or(NOBODYS, Secret::expose));
    let signed = sign::meta(&whole.raw, one(&headers, "x-hub-signature-256"), &secrets);
    let signed = signed || fault!("signature-not-checked");
    if signed && known {
        return keep(&ingest, Provider::Meta, app, &whole.raw).await;
    }
    if known {
        ingest.inner.refused.note(Provider::Meta, app, ingest.inner.engine.clock().now());
    }
    unsigned()
}

/// The secret of an app, and the one before while that is still valid.
async fn secrets(ingest: &Ingest, app: &str) -> Result<[Option<Secret>; 2], LogError> {
    let log = ingest.inner.engine.log();
    let secret = log.secret(&format!("app:{app}:secret")).await?;
    let previous = log.secret(&format!("app:{app}:secret:previous")).await?;
    let until = log.secret(&format!("app:{app}:secret:until")).await?;
    let until = until.and_then(|text| text.expose().parse().ok().map(Timestamp));
    let over = until.is_some_and(|until| ingest.inner.engine.clock().now() >= until);
    Ok([secret, previous.filter(|_| !over)])
}

/// Takes a webhook of a Viber bot.
#[utoipa::path(
    post, path = "/webhooks/viber/{bot}", tag = "webhooks", security(()), request_body = Object,
    params(
        ("bot" = String, Path, description = "The bot's name in the webhook address"),
        ("X-Viber-Content-Signature" = String, Header, description = "The HMAC-SHA256 of the body in hex"),
    ),
    responses(
        (status = 200, description = "It is kept; to an opened conversation the answer may be a welcome", body = Object),
        (status = 401, description = "The signature is missing or not right; nothing is kept"),
        (status = 413, description = "Larger than 4 MiB"),
        (status = 503, description = "It could not be kept; send it again"),
    )
)]
async fn viber(
    State(ingest): State<Ingest>,
    Path(bot): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let whole = match ingest.inner.gate.read(body).await {
        Ok(whole) => whole,
        Err(unread) => return refused(unread),
    };
    let connector = ingest.inner.engine.look(|world| {
        let mut all = world.config.connectors.values();
        all.find(|one| one.channel == Channel::Viber && one.account == bot).map(|one| one.id)
    });
    let name = connector.map_or_else(String::new, token_name);
    let token = match ingest.inner.engine.log().secret(&name).await {
        Ok(token) => token,
        Err(error) => return unavailable(&error),
    };
    let signature = one(&headers, "x-viber-content-signature");
    let signed = sign::viber(&whole.raw, signature, token.as_ref().map_or(NOBODYS, Secret::expose));
    if signed && token.is_some() {
        return keep(&ingest, Provider::Viber, bot, &whole.raw).await;
    }
    if token.is_some() {
        ingest.inner.refused.note(Provider::Viber, bot, ingest.inner.engine.clock().now());
    }
    unsigned()
}

/// Keeps every item durably, then says so; whoever is not told sends it again.
async fn keep(ingest: &Ingest, provider: Provider, account: String, raw: &Bytes) -> Response {
    let split = channels::split(provider, &account, &shallow(raw));
    let kept = |item: &Item| {
        let (channel, target) = (item.channel(), item.account.clone());
        serde_json::to_string(item).map(|item| NewItem { channel, target, item })
    };
    let items: Result<Vec<NewItem>, _> = split.iter().map(kept).collect();
    let Ok(items) = items else { return unavailable(&LogError::Unreadable("webhook item")) };
    let (engine, gate) = (&ingest.inner.engine, &ingest.inner.gate);
    let Some(_place) = gate.place() else { return refused(Unread::Full) };
    let count = items.len();
    if fault!("answered-before-kept") {
        let (log, now) = (engine.log().clone(), engine.clock().now());
        tokio::spawn(async move { log.keep_items(provider.key(), account, now, items).await });
        ingest.inner.kept.notify_one();
        return StatusCode::OK.into_response();
    }
    let keeping = engine.log().keep_items(provider.key(), account, engine.clock().now(), items);
    match tokio::time::timeout(gate.limits().webhook(), keeping).await {
        Ok(Ok(())) => {
            gate.kept(count);
            ingest.inner.kept.notify_one();
            answered(ingest, &split).await
        }
        Ok(Err(_)) if fault!("answered-though-not-kept") => StatusCode::OK.into_response(),
        Ok(Err(error)) => unavailable(&error),
        // It may be kept all the same: coming twice it is the same message once.
        Err(_) => {
            ingest.inner.kept.notify_one();
            refused(Unread::Full)
        }
    }
}

/// The answer to what is kept: nothing, but to a customer who opens a conversation it may carry words. They are not
/// waited for longer than a provider waits.
async fn answered(ingest: &Ingest, items: &[Item]) -> Response {
    let [item] = items else { return StatusCode::OK.into_response() };
    let within = Duration::from_millis(u64::try_from(WELCOME.0).unwrap_or_default());
    match tokio::time::timeout(within, welcome::due(&ingest.inner, item)).await {
        Ok(Some(body)) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Ok(None) | Err(_) => StatusCode::OK.into_response(),
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

fn refused(unread: Unread) -> Response {
    match unread {
        Unread::TooLarge => problem(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."),
        Unread::Broken => problem(StatusCode::BAD_REQUEST, "The body could not be read."),
        Unread::Full => {
            tracing::warn!("a webhook found no room");
            again("Too much comes at once. Send it again.")
        }
    }
}

fn unavailable(error: &LogError) -> Response {
    tracing::error!(%error, "a webhook could not be kept");
    again("It could not be saved. Send it again.")
}

fn again(detail: &str) -> Response {
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, detail);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(COME_BACK));
    response
}

/// A problem of RFC 9457.
fn problem(status: StatusCode, detail: &str) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let body = serde_json::json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail});
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
