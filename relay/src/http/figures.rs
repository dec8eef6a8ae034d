//! The address for Prometheus, apart from the desk's: whoever reaches it reads the figures, so it is bound where only the collector is.

use super::problem::Problem;
use crate::engine::Engine;
use crate::figures;
use crate::health::Health;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// `GET /metrics` and nothing else.
pub fn router(engine: Engine, health: Health) -> Router {
    Router::new().route("/metrics", get(show)).with_state((engine, health))
}

async fn show(State((engine, health)): State<(Engine, Health)>) -> Response {
    match figures::page(&engine, &health).await {
        Ok(page) => ([(header::CONTENT_TYPE, figures::TYPE)], page).into_response(),
        Err(error) => Problem::internal("the figures could not be told", &error).into_response(),
    }
}
