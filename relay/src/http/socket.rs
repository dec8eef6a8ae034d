//! The way in for desks' sockets: who may open one and within which limits; what is said there is the desk module's.

use super::App;
use super::connection::Peer;
use super::problem::Problem;
use super::session::Authenticated;
use crate::config;
use crate::desk::Pass;
use axum::extract::State;
use axum::extract::ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// 1 MiB to write at the most: a list of 200 long rows is 300 kB; more than one frame waits in our own queue.
const WRITE_MAX: usize = 1024 * 1024;

/// The route of the socket, which no layer may compress.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(socket))
}

/// Opens a desk's socket.
#[utoipa::path(
    get, path = "/api/v1/socket", tag = "desk",
    responses(
        (status = 101, description = "The desk's protocol follows"),
        (status = 403, description = "The page is not ours"),
        (status = 429, description = "The person has too many sockets open already"),
        (status = 426, description = "Not a WebSocket"),
    )
)]
pub async fn socket(
    State(app): State<App>,
    person: Authenticated,
    peer: Peer,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    if !person.may_open(&app.origins, &headers) {
        return Err(Problem::forbidden("Only Signalbox's own pages may do that."));
    }
    let upgrade = upgrade
        .map_err(|_| Problem::new(StatusCode::UPGRADE_REQUIRED, "This address is for WebSockets alone."))?;
    let pass = Pass { user: person.user().id, digest: person.digest().to_owned() };
    let hub = std::sync::Arc::clone(&app.hub);
    let Some(chair) = hub.chair(pass) else {
        return Err(Problem::later(StatusCode::TOO_MANY_REQUESTS, "Too many tabs are open already.", 60));
    };
    Ok(upgrade
        .max_message_size(config::JSON_LIMIT)
        .max_frame_size(config::JSON_LIMIT)
        .read_buffer_size(config::SOCKET_READ_BUFFER)
        .write_buffer_size(config::SOCKET_WRITE_BUFFER)
        .max_write_buffer_size(WRITE_MAX)
        .on_upgrade(move |socket| async move {
            hub.serve(socket, chair).await;
            // The connection keeps its place until its socket has ended.
            drop(peer);
        }))
}
