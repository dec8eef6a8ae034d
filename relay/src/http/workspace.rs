//! What holds for the whole workspace, for admins; handlers only translate, the domain decides.

use super::App;
use super::config_routes::configure;
use super::input::Body;
use super::problem::Problem;
use super::session::Admin;
use axum::Json;
use axum::extract::State;
use shared::config::{ConfigChange, Workspace};
use shared::wire::WorkspaceBody;

/// What holds for the whole workspace.
#[utoipa::path(
    get, path = "/api/v1/workspace", tag = "configuration",
    responses((status = 200, description = "What holds for the whole workspace", body = WorkspaceBody))
)]
pub async fn read(State(app): State<App>, _: Admin) -> Json<WorkspaceBody> {
    let Workspace { lost_after } = app.engine.look(|world| world.config.workspace);
    Json(WorkspaceBody { lost_after })
}

/// Replaces what holds for the whole workspace.
#[utoipa::path(
    put, path = "/api/v1/workspace", tag = "configuration", request_body = WorkspaceBody,
    responses((status = 200, description = "What holds now", body = WorkspaceBody))
)]
pub async fn replace(
    State(app): State<App>,
    admin: Admin,
    Body(new): Body<WorkspaceBody>,
) -> Result<Json<WorkspaceBody>, Problem> {
    let WorkspaceBody { lost_after } = new;
    configure(&app, &admin, ConfigChange::WorkspaceSaved(Workspace { lost_after })).await?;
    Ok(Json(new))
}
