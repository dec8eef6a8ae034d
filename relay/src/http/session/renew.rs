//! New passwords: one's own, by whoever knows the old one; what a new one must be like; keeps none.

use super::password::fits;
use super::routes::{authenticate, turn};
use super::{Authenticated, own};
use crate::config;
use crate::http::App;
use crate::http::client::Client;
use crate::http::input::Body;
use crate::http::problem::{Problem, ProblemBody};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::refusal::Refusal;

/// A change of one's own password.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct PasswordBody {
    /// The password so far.
    current: String,
    /// The new one, 8 characters to 1,024 bytes.
    new: String,
}

/// Changes the person's own password; all their other sessions end.
#[utoipa::path(
    put, path = "/api/v1/me/password", tag = "session", request_body = PasswordBody,
    responses(
        (status = 204, description = "Changed; the person's other sessions have ended"),
        (status = 422, description = "The password so far is wrong, or the new one is too short or too long", body = ProblemBody),
        (status = 429, description = "Too many wrong passwords; come back after Retry-After seconds", body = ProblemBody),
    )
)]
pub async fn change_password(
    State(app): State<App>,
    Client(address): Client,
    person: Authenticated,
    Body(change): Body<PasswordBody>,
) -> Result<StatusCode, Problem> {
    let field = |field: &str, problem: &str| {
        Problem::from(Refusal::Invalid { field: field.into(), problem: problem.into() })
    };
    if change.current.len() > config::PASSWORD_MAX {
        return Err(field("current", "is not the password so far"));
    }
    // Whoever sits at a forgotten screen guesses as slowly as anybody.
    let checked = authenticate(&app, &person.user().login, change.current, address).await;
    match checked {
        Ok(_) => {}
        Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => {
            return Err(field("current", "is not the password so far"));
        }
        Err(problem) => return Err(problem),
    }
    let hash = new_hash(&app, change.new).await?;
    app.engine.log().save_credential(person.user().id, hash).await?;
    own::others(&app, &person).await?;
    tracing::info!(user = %person.user().id, "password changed");
    Ok(StatusCode::NO_CONTENT)
}

/// The hash of a new password that is neither too short nor too long.
pub async fn new_hash(app: &App, password: String) -> Result<String, Problem> {
    fits(&password)?;
    let turn = turn(app).await?;
    turn.hash(password).await.map_err(|error| Problem::internal("a password was not kept", &error))
}
