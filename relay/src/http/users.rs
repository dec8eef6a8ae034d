//! People: listed for supervisors, written by admins; a password goes in and never comes out.

use super::App;
use super::config_routes::{configure, missing};
use super::input::{Body, Id};
use super::problem::Problem;
use super::session::{Admin, Supervisor, body, fits};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::config::{ConfigChange, Role, User};
use shared::id::UserId;
use shared::wire::UserBody;

/// A person to create or replace.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct PersonBody {
    /// The name to log in with.
    login: String,
    /// The name shown to colleagues.
    name: String,
    /// What they may do in general.
    role: Role,
    /// Whether they may log in.
    active: bool,
    /// The most activities that distribution gives them at a time; 0 = no limit.
    #[serde(default)]
    capacity: u16,
    /// A new password, 8 characters to 1,024 bytes; absent leaves the one there is. It ends their other sessions.
    #[serde(default)]
    password: Option<String>,
}

/// All people, by name.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "configuration",
    responses((status = 200, description = "All people, by name", body = Vec<UserBody>))
)]
pub async fn list(State(app): State<App>, _: Supervisor) -> Json<Vec<UserBody>> {
    let mut all: Vec<UserBody> = app.engine.look(|world| world.config.users.values().map(body).collect());
    all.sort_by(|one, two| one.name.cmp(&two.name));
    Json(all)
}

/// Makes a person.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "configuration", request_body = PersonBody,
    responses((status = 201, description = "The new person", body = UserBody))
)]
pub async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(new): Body<PersonBody>,
) -> Result<(StatusCode, Json<UserBody>), Problem> {
    let id = UserId(app.engine.clock().fresh());
    Ok((StatusCode::CREATED, save(&app, &admin, id, new).await?))
}

/// Replaces a person.
#[utoipa::path(
    put, path = "/api/v1/users/{id}", tag = "configuration", request_body = PersonBody,
    params(("id" = UserId, Path, description = "The person")),
    responses((status = 200, description = "The person as they are now", body = UserBody))
)]
pub async fn replace(
    State(app): State<App>,
    admin: Admin,
    Id(id): Id<UserId>,
    Body(new): Body<PersonBody>,
) -> Result<Json<UserBody>, Problem> {
    missing(app.engine.look(|world| world.config.users.contains_key(&id)))?;
    save(&app, &admin, id, new).await
}

async fn save(app: &App, admin: &Admin, id: UserId, new: PersonBody) -> Result<Json<UserBody>, Problem> {
    let PersonBody { login, name, role, active, capacity, password } = new;
    let hash = match password {
        Some(password) => Some(hashed(app, password).await?),
        None => None,
    };
    let before = app.engine.look(|world| world.config.users.get(&id).map(|old| (old.role, old.active)));
    let user = User { id, login, name, role, active, capacity };
    let saved = body(&user);
    configure(app, admin, ConfigChange::UserSaved(user)).await?;
    let failed = |error| Problem::internal("a person's sessions could not be changed", &error);
    let new_password = hash.is_some();
    if let Some(hash) = hash {
        app.engine.log().save_credential(id, hash).await.map_err(failed)?;
    }
    // Whoever loses a right, or learns that their password was known, begins anew.
    if before.is_some_and(|before| before != (role, active) || new_password) {
        app.engine.log().end_sessions_of(id).await.map_err(failed)?;
        app.hub.cut_all_of(id);
    }
    Ok(Json(saved))
}

async fn hashed(app: &App, password: String) -> Result<String, Problem> {
    fits(&password)?;
    let busy = || Problem::later(StatusCode::SERVICE_UNAVAILABLE, "Too many people log in just now.", 5);
    let turn = app.passwords.turn().await.ok_or_else(busy)?;
    turn.hash(password).await.map_err(|error| Problem::internal("a password was not kept", &error))
}
