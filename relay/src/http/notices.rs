//! Notices on the dashboard of every desk, written by admins; handlers only translate, the domain decides.

use super::App;
use super::config_routes::{configure, missing};
use super::input::{Body, Id};
use super::problem::Problem;
use super::session::Admin;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use shared::config::{ConfigChange, Posted};
use shared::id::NoticeId;
use shared::wire::NoticeBody;

/// All notices, the oldest first, also those that came down by themselves.
#[utoipa::path(
    get, path = "/api/v1/notices", tag = "configuration",
    responses((status = 200, description = "All notices", body = Vec<NoticeBody>))
)]
pub async fn list(State(app): State<App>, _: Admin) -> Json<Vec<NoticeBody>> {
    Json(app.engine.look(|world| world.config.notices.values().map(body).collect()))
}

/// One notice.
#[utoipa::path(
    get, path = "/api/v1/notices/{id}", tag = "configuration",
    params(("id" = NoticeId, Path, description = "The notice")),
    responses((status = 200, description = "The notice", body = NoticeBody))
)]
pub async fn one(
    State(app): State<App>,
    _: Admin,
    Id(id): Id<NoticeId>,
) -> Result<Json<NoticeBody>, Problem> {
    let found = app.engine.look(|world| world.config.notices.get(&id).map(body));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// Puts a notice up, or replaces it; whoever puts one up makes its id.
#[utoipa::path(
    put, path = "/api/v1/notices/{id}", tag = "configuration", request_body = NoticeBody,
    params(("id" = NoticeId, Path, description = "The notice")),
    responses((status = 200, description = "The notice as it is now", body = NoticeBody))
)]
pub async fn put(
    State(app): State<App>,
    admin: Admin,
    Id(id): Id<NoticeId>,
    Body(new): Body<NoticeBody>,
) -> Result<Json<NoticeBody>, Problem> {
    let NoticeBody { text, tone, until, .. } = new;
    let notice = Posted { id, text, tone, until };
    let saved = body(&notice);
    configure(&app, &admin, ConfigChange::NoticeSaved(notice)).await?;
    Ok(Json(saved))
}

/// Takes a notice down.
#[utoipa::path(
    delete, path = "/api/v1/notices/{id}", tag = "configuration",
    params(("id" = NoticeId, Path, description = "The notice")),
    responses((status = 204, description = "It is down"))
)]
pub async fn remove(
    State(app): State<App>,
    admin: Admin,
    Id(id): Id<NoticeId>,
) -> Result<StatusCode, Problem> {
    missing(app.engine.look(|world| world.config.notices.contains_key(&id)))?;
    configure(&app, &admin, ConfigChange::NoticeRemoved(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn body(notice: &Posted) -> NoticeBody {
    NoticeBody { id: Some(notice.id), text: notice.text.clone(), tone: notice.tone, until: notice.until }
}
