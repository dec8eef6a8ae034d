//! How the accounts stand, for admins: what is wrong, and a look at one of them now; changes no configuration.

use super::App;
use super::input::Id;
use super::problem::Problem;
use super::session::Admin;
use axum::Json;
use axum::extract::State;
use shared::id::ConnectorId;
use shared::wire::ConnectorHealth;

/// How all connectors stand, by title.
#[utoipa::path(
    get, path = "/api/v1/connectors/health", tag = "configuration",
    responses((status = 200, description = "How all connectors stand, by title", body = Vec<ConnectorHealth>))
)]
pub async fn health(State(app): State<App>, _: Admin) -> Json<Vec<ConnectorHealth>> {
    Json(app.health.report())
}

/// Looks at one connector now: its token, permissions and webhooks. A lost subscription is asked for anew, and a paused
/// connector that works goes on.
#[utoipa::path(
    post, path = "/api/v1/connectors/{id}/test", tag = "configuration",
    params(("id" = ConnectorId, Path, description = "The connector")),
    responses((status = 200, description = "How it stands", body = ConnectorHealth))
)]
pub async fn test(
    State(app): State<App>,
    _: Admin,
    Id(id): Id<ConnectorId>,
) -> Result<Json<ConnectorHealth>, Problem> {
    app.health.test(id).await?.map(Json).ok_or_else(Problem::not_found)
}
