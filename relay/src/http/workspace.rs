//! What holds for the whole workspace, for admins; handlers only translate, the domain decides.

use super::App;
use super::config_routes::configure;
use super::input::Body;
use super::problem::Problem;
use super::session::Admin;
use axum::Json;
use axum::extract::State;
use shared::config::{ConfigChange, Workspace};

/// What holds for the whole workspace.
#[utoipa::path(
    get, path = "/api/v1/workspace", tag = "configuration",
    responses((status = 200, description = "What holds for the whole workspace", body = Workspace))
)]
pub async fn read(State(app): State<App>, _: Admin) -> Json<Workspace> {
    Json(app.engine.look(|world| world.config.workspace))
}

/// Replaces what holds for the whole workspace.
#[utoipa::path(
    put, path = "/api/v1/workspace", tag = "configuration", request_body = Workspace,
    responses((status = 200, description = "What holds now", body = Workspace))
)]
pub async fn replace(
    State(app): State<App>,
    admin: Admin,
    Body(new): Body<Workspace>,
) -> Result<Json<Workspace>, Problem> {
    configure(&app, &admin, ConfigChange::WorkspaceSaved(new)).await?;
    Ok(Json(new))
}
