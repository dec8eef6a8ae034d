//! Logging in, asking who is logged in, and logging out; the same answer for every login that is wrong.

use super::carriage::{self, Carriage};
use super::password::Turn;
use super::{Authenticated, own};
use crate::config;
use crate::http::App;
use crate::http::client::Client;
use crate::http::input::Body;
use crate::http::problem::{Problem, ProblemBody};
use crate::log::Session;
use crate::metrics::{self, Login};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::config::User;
use shared::time::Span;
use shared::wire::{SessionAnswer, SessionKind, SessionRequest, UserBody};
use std::net::IpAddr;
use std::time::Instant;

/// 200 characters tell one browser from another.
const DEVICE: usize = 200;

/// Logs in.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "session", security(()), request_body = SessionRequest,
    responses(
        (status = 200, description = "Logged in; the cookie is set, or the token is in the answer", body = SessionAnswer),
        (status = 401, description = "The login or the password is wrong", body = ProblemBody),
        (status = 429, description = "Too many wrong passwords; come back after Retry-After seconds", body = ProblemBody),
    )
)]
pub async fn log_in(
    State(app): State<App>,
    Client(address): Client,
    headers: HeaderMap,
    Body(request): Body<SessionRequest>,
) -> Result<Response, Problem> {
    if request.password.len() > config::PASSWORD_MAX || request.login.len() > config::PASSWORD_MAX {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "Login and password have at most 1,024 bytes."));
    }
    if !app.origins.admit(&headers) {
        return Err(Problem::forbidden("Only Signalbox's own pages may do that."));
    }
    let user = authenticate(&app, &request.login, request.password, address).await?;
    let failed = |error: &dyn std::fmt::Display| Problem::internal("a session could not be begun", error);
    let token = carriage::token().map_err(|error| failed(&error))?;
    let now = app.wall.now();
    let session = Session {
        digest: carriage::digest(&token),
        user: user.id,
        created_at: now,
        seen_at: now,
        expires_at: now.plus(Span(config::SESSION_LIFE_MS)),
        device: device(&headers),
        address: address.to_string(),
    };
    let stale = now.plus(Span(-config::SESSION_IDLE_MS));
    app.engine.log().begin_session(session, stale).await.map_err(|error| failed(&error))?;
    // Whatever session the browser brought along is over: nobody who planted or copied it comes in with it.
    if let Some((old, Carriage::Cookie)) = carriage::of(&headers, app.secure) {
        let old = carriage::digest(&old);
        app.engine.log().end_session(old.clone()).await.map_err(|error| failed(&error))?;
        app.hub.cut(&old);
    }
    tracing::info!(user = %user.id, "logged in");
    let user = body(&user);
    Ok(match request.kind {
        SessionKind::Bearer => Json(SessionAnswer { token: Some(token), user }).into_response(),
        SessionKind::Cookie => {
            let mut response = Json(SessionAnswer { token: None, user }).into_response();
            let seconds = config::SESSION_LIFE_MS / 1_000;
            let cookie = carriage::cookie(&token, app.secure, seconds)
                .ok_or_else(|| failed(&"the cookie has no form"))?;
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            response
        }
    })
}

/// The person with this login and this password; the only place that looks at one.
pub(super) async fn authenticate(
    app: &App,
    login: &str,
    password: String,
    address: IpAddr,
) -> Result<User, Problem> {
    let turn = turn(app).await.inspect_err(|_| metrics::login(Login::Busy))?;
    if let Some(wait) = app.attempts.wait(login, address, Instant::now()) {
        metrics::login(Login::Slowed);
        let sentence = "Too many wrong passwords. Wait a moment, then try again.";
        return Err(Problem::later(StatusCode::TOO_MANY_REQUESTS, sentence, wait.as_secs() + 1));
    }
    let named = login.trim().to_lowercase();
    let user = app.engine.look(|world| {
        let mut users = world.config.users.values();
        users.find(|user| user.active && user.login.to_lowercase() == named).cloned()
    });
    let hash = match &user {
        Some(user) => app.engine.log().credential(user.id).await,
        None => Ok(None),
    };
    let hash = hash.map_err(|error| Problem::internal("a password could not be checked", &error))?;
    if turn.verify(password, hash).await
        && let Some(user) = user
    {
        metrics::login(Login::Right);
        app.attempts.right(login, address, Instant::now());
        return Ok(user);
    }
    metrics::login(Login::Wrong);
    app.attempts.wrong(login, address, Instant::now());
    Err(Problem::new(StatusCode::UNAUTHORIZED, "The login or the password is wrong."))
}

/// A turn to work out a hash, or the word to come back.
pub(super) async fn turn(app: &App) -> Result<Turn, Problem> {
    let busy = || Problem::later(StatusCode::SERVICE_UNAVAILABLE, "Too many people log in just now.", 5);
    app.passwords.turn().await.ok_or_else(busy)
}

/// What the browser or program calls itself, cut to 200 characters and without anything that does not show.
fn device(headers: &HeaderMap) -> String {
    let name = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(DEVICE).collect()
}

/// Who is logged in.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "session",
    responses((status = 200, description = "The person who is logged in", body = SessionAnswer))
)]
pub async fn who(person: Authenticated) -> Json<SessionAnswer> {
    Json(SessionAnswer { token: None, user: body(person.user()) })
}

/// Logs out; the session's sockets are cut.
#[utoipa::path(
    delete, path = "/api/v1/session", tag = "session",
    responses((status = 204, description = "Logged out"))
)]
pub async fn log_out(State(app): State<App>, person: Authenticated) -> Result<Response, Problem> {
    let failed = |error| Problem::internal("a session could not be ended", &error);
    app.engine.log().end_session(person.digest().to_owned()).await.map_err(failed)?;
    // Who is still logged in elsewhere has only closed a desk.
    if own::of(&app, person.user().id).await?.is_empty() {
        app.engine.log_out(person.user().id);
    }
    app.hub.cut(person.digest());
    tracing::info!(user = %person.user().id, "logged out");
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = carriage::cookie("", app.secure, 0) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A person as the API shows them.
pub fn body(user: &User) -> UserBody {
    UserBody { id: user.id, login: user.login.clone(), name: user.name.clone(), role: user.role }
}
