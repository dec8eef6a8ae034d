//! Whether the process is up, and whether it can do its work; tells no reason to strangers.

use super::App;
use super::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use shared::fault;

/// A good state.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: &'static str,
}

/// Whether the process is up.
#[utoipa::path(get, path = "/health", tag = "health", security(()), responses((status = 200, description = "Up", body = Health)))]
pub async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether the log can be written and the engine decides.
#[utoipa::path(
    get, path = "/ready", tag = "health", security(()),
    responses((status = 200, description = "Ready", body = Health), (status = 503, description = "Not ready"))
)]
pub async fn ready(State(app): State<App>) -> Result<Json<Health>, Problem> {
    if fault!("readiness-lies") {
        return Ok(Json(Health { status: "ok" }));
    }
    if let Err(error) = app.engine.log().ready().await {
        tracing::error!(%error, "the log cannot be written");
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The server cannot save anything just now.",
        ));
    }
    Ok(Json(Health { status: "ok" }))
}
