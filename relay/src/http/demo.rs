//! What only a demo offers: who can log in by one click, where the phones are, and time travel; absent anywhere else.

use super::App;
use super::input::Body;
use super::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use shared::config::Role;
use shared::time::Span;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A demo's own settings.
#[derive(Clone)]
pub struct Demo {
    /// The simulator's address, with a slash at the end.
    pub simulator: String,
    /// The people, in the order in which the login page shows them.
    pub people: Vec<DemoPerson>,
    /// Whether tests may move the clock.
    pub time_travel: bool,
}

/// Somebody who can log in by one click.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct DemoPerson {
    /// The name to log in with.
    pub login: String,
    /// The name shown to colleagues.
    pub name: String,
    /// What they may do in general.
    pub role: Role,
    /// The password, which everybody knows.
    pub password: String,
}

/// What the login page of a demo offers.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DemoBody {
    /// The address of the customers' phones.
    phones: String,
    /// Who can log in by one click.
    logins: Vec<DemoPerson>,
}

/// How far to move the clock.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct ClockBody {
    /// Milliseconds, from 0 to 400 days.
    advance_ms: i64,
}

/// 400 days: further than any window or limit reaches.
const FARTHEST: i64 = 400 * 24 * 3_600_000;

/// The demo's routes.
pub fn routes(demo: &Demo) -> OpenApiRouter<App> {
    let router = OpenApiRouter::new().routes(routes!(demo_logins));
    if demo.time_travel { router.routes(routes!(advance)) } else { router }
}

/// The one-click logins and the simulator's address.
#[utoipa::path(
    get, path = "/api/v1/demo", tag = "demo", security(()),
    responses((status = 200, description = "What the login page offers", body = DemoBody))
)]
pub async fn demo_logins(State(app): State<App>) -> Result<Json<DemoBody>, Problem> {
    let demo = app.demo.clone().ok_or_else(Problem::not_found)?;
    Ok(Json(DemoBody { phones: demo.simulator, logins: demo.people }))
}

/// Moves the relay's clock forward; for tests.
#[utoipa::path(
    post, path = "/api/v1/demo/clock", tag = "demo", security(()), request_body = ClockBody,
    responses((status = 204, description = "Moved"))
)]
pub async fn advance(
    State(app): State<App>,
    headers: HeaderMap,
    Body(body): Body<ClockBody>,
) -> Result<StatusCode, Problem> {
    if !app.origins.admit(&headers) {
        return Err(Problem::forbidden("Only Signalbox's own pages may do that."));
    }
    if !(0..=FARTHEST).contains(&body.advance_ms) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "The clock goes 0 to 400 days forward."));
    }
    app.engine.clock().advance(Span(body.advance_ms));
    Ok(StatusCode::NO_CONTENT)
}
