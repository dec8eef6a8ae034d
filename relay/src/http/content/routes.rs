//! The one route of the content origin: a file for whoever brings its ticket. Reads no cookie and sets none; whatever else is asked is not there.

use super::{Form, harmless};
use crate::http::attachments::{customer_picture, readable};
use crate::http::problem::Problem;
use crate::http::session::holder;
use crate::http::{App, bytes};
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use shared::id::AttachmentId;

/// The file route and nothing else. It is in no document: its addresses are made by the desk's own routes.
pub fn router(app: &App) -> Router {
    let nothing = || async { Problem::not_found() };
    Router::new()
        .route("/{id}/{form}", get(file))
        .fallback(nothing)
        .method_not_allowed_fallback(nothing)
        .with_state(app.clone())
        .layer(map_response(async |response: Response| harmless(response)))
}

/// A file. Every reason why not is the same answer: who guesses learns nothing.
async fn file(
    State(app): State<App>,
    Path((id, form)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id: AttachmentId = id.parse().map_err(|_| Problem::not_found())?;
    let form = Form::of(&form).ok_or_else(Problem::not_found)?;
    let ticket = query.as_deref().and_then(|query| query.strip_prefix("ticket="));
    let content = app.content.as_ref().ok_or_else(Problem::not_found)?;
    let now = app.wall.now();
    let ticket = ticket.and_then(|ticket| content.tickets.check(id, form, ticket, now));
    let ticket = ticket.ok_or_else(Problem::not_found)?;
    // The ticket is as good as its session, and no better than its person's rights are now.
    let (_, person) = holder(&app, &ticket.session).await?.ok_or_else(Problem::not_found)?;
    let mut response = match form {
        Form::Original => bytes::original(&app, &readable(&app, &person, id).await?, id, &headers).await?,
        Form::Preview => {
            readable(&app, &person, id).await?;
            bytes::picture(&app, id).await?
        }
        Form::Avatar => customer_picture(&app, id).await?,
    };
    // No longer than the ticket: what the browser keeps ends with what would bring it again.
    let left = ticket.until.since(now).0.max(0) / 1_000;
    let kept = HeaderValue::from_str(&format!("private, max-age={left}"));
    let kept = kept.map_err(|error| Problem::internal("a header has no form", &error))?;
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    Ok(response.into_response())
}
