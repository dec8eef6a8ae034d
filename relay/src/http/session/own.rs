//! A person's own sessions: listed so that they recognise them, and ended; shows no token and nobody else's.

use super::Authenticated;
use crate::config;
use crate::http::App;
use crate::http::input::Id;
use crate::http::problem::Problem;
use crate::log::Session;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use shared::id::UserId;
use shared::time::{Span, Timestamp};

/// 16 hex digits of the digest name a session among one person's; nobody logs in with them.
const NAME: usize = 16;

/// A session as its owner sees it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SessionBody {
    /// Its name in addresses.
    id: String,
    /// When it began.
    created_at: Timestamp,
    /// The last sign of a person.
    seen_at: Timestamp,
    /// When it ends whatever happens.
    expires_at: Timestamp,
    /// What the browser or program called itself.
    device: String,
    /// The client's address when it began.
    address: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// The person's sessions, the newest first.
#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "session",
    responses((status = 200, description = "The person's own sessions, the newest first", body = Vec<SessionBody>))
)]
pub async fn list(State(app): State<App>, person: Authenticated) -> Result<Json<Vec<SessionBody>>, Problem> {
    Ok(Json(own(&app, &person).await?.into_iter().map(|one| shown(one, &person)).collect()))
}

/// Ends all sessions of the person but the one that asks; their sockets are cut.
#[utoipa::path(
    delete, path = "/api/v1/sessions", tag = "session",
    responses((status = 204, description = "Ended"))
)]
pub async fn end_others(State(app): State<App>, person: Authenticated) -> Result<StatusCode, Problem> {
    others(&app, &person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one session of the person; its sockets are cut.
#[utoipa::path(
    delete, path = "/api/v1/sessions/{id}", tag = "session",
    params(("id" = String, Path, description = "The session")),
    responses((status = 204, description = "Ended"))
)]
pub async fn end(
    State(app): State<App>,
    person: Authenticated,
    Id(id): Id<String>,
) -> Result<StatusCode, Problem> {
    let mut sessions = own(&app, &person).await?.into_iter();
    let found = sessions.find(|one| name(one) == id).ok_or_else(Problem::not_found)?;
    app.engine.log().end_session(found.digest.clone()).await?;
    app.hub.cut(&found.digest);
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all sessions of the person but the one that asks.
pub(super) async fn others(app: &App, person: &Authenticated) -> Result<(), Problem> {
    let (user, digest) = (person.user().id, person.digest().to_owned());
    app.engine.log().end_other_sessions(user, digest.clone()).await?;
    app.hub.cut_others(user, &digest);
    Ok(())
}

async fn own(app: &App, person: &Authenticated) -> Result<Vec<Session>, Problem> {
    of(app, person.user().id).await
}

/// The sessions of a person that stand, the newest first.
pub(super) async fn of(app: &App, user: UserId) -> Result<Vec<Session>, Problem> {
    let now = app.wall.now();
    let mut all = app.engine.log().sessions_of(user).await?;
    all.retain(|one| !one.is_over(now, Span(config::SESSION_IDLE_MS)));
    Ok(all)
}

fn name(session: &Session) -> String {
    session.digest.chars().take(NAME).collect()
}

fn shown(session: Session, person: &Authenticated) -> SessionBody {
    SessionBody {
        id: name(&session),
        current: session.digest == person.digest(),
        created_at: session.created_at,
        seen_at: session.seen_at,
        expires_at: session.expires_at,
        device: session.device,
        address: session.address,
    }
}
