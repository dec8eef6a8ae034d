//! Files of customers, for whoever may read their chat: leads them to the content origin, or hands the bytes out where there is none.

use super::content::Form;
use super::input::Id;
use super::interactions::readable_chat;
use super::problem::Problem;
use super::session::Authenticated;
use super::{App, bytes};
use crate::log::{Beside, StoredMedia};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use shared::command::Occurrence;
use shared::config::User;
use shared::id::AttachmentId;
use shared::interaction::{Amended, Amendment, AttachmentState};

/// A file as its customer sent it, as a download.
#[utoipa::path(
    get, path = "/api/v1/attachments/{id}", tag = "attachments", params(("id" = AttachmentId, Path, description = "The file")),
    responses(
        (status = 200, description = "The bytes; a range of them with status 206 when one was asked for", content_type = "application/octet-stream"),
        (status = 307, description = "Where the bytes are, when files have an origin of their own"),
        (status = 404, description = "There is none, it is not here, or its chat may not be read"),
    )
)]
pub async fn original(
    State(app): State<App>,
    person: Authenticated,
    Id(id): Id<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let stored = readable(&app, person.user(), id).await?;
    let AttachmentState::Ready { media_type, .. } = &stored.state else { return Err(Problem::not_found()) };
    let played = media_type.starts_with("audio/") || media_type.starts_with("video/");
    match &app.content {
        Some(content) => content.lead(id, Form::Original, person.digest(), played, app.wall.now()),
        None => bytes::original(&app, &stored, id, &headers).await,
    }
}

/// A picture made anew from a picture's pixels, to be drawn.
#[utoipa::path(
    get, path = "/api/v1/attachments/{id}/preview", tag = "attachments", params(("id" = AttachmentId, Path, description = "The file")),
    responses(
        (status = 200, description = "A JPEG or PNG of at most 1,600 pixels a side", content_type = "image/jpeg"),
        (status = 307, description = "Where the picture is, when files have an origin of their own"),
        (status = 404, description = "There is none, it is no picture, or its chat may not be read"),
    )
)]
pub async fn drawn(
    State(app): State<App>,
    person: Authenticated,
    Id(id): Id<AttachmentId>,
) -> Result<Response, Problem> {
    readable(&app, person.user(), id).await?;
    match &app.content {
        Some(content) => content.lead(id, Form::Preview, person.digest(), false, app.wall.now()),
        None => bytes::picture(&app, id).await,
    }
}

/// A customer's picture. Its id is told to those who may see the customer, and cannot be guessed.
#[utoipa::path(
    get, path = "/api/v1/avatars/{id}", tag = "attachments", params(("id" = AttachmentId, Path, description = "The picture")),
    responses(
        (status = 200, description = "A JPEG or PNG", content_type = "image/jpeg"),
        (status = 307, description = "Where the picture is, when files have an origin of their own"),
        (status = 404, description = "There is none"),
    )
)]
pub async fn avatar(
    State(app): State<App>,
    person: Authenticated,
    Id(id): Id<AttachmentId>,
) -> Result<Response, Problem> {
    match &app.content {
        Some(content) => {
            no_message(&app, id).await?;
            content.lead(id, Form::Avatar, person.digest(), false, app.wall.now())
        }
        None => customer_picture(&app, id).await,
    }
}

/// A customer's picture, and no file of a message.
pub(super) async fn customer_picture(app: &App, id: AttachmentId) -> Result<Response, Problem> {
    no_message(app, id).await?;
    bytes::picture(app, id).await
}

/// That this is no file of a message: those are asked for by the other addresses, which look at the chat.
async fn no_message(app: &App, id: AttachmentId) -> Result<(), Problem> {
    let media = app.engine.log().media(id).await;
    let media = media.map_err(|error| Problem::internal("a picture could not be read", &error))?;
    if media.is_some() { Err(Problem::not_found()) } else { Ok(()) }
}

/// Asks for a file again that could not be had.
#[utoipa::path(
    post, path = "/api/v1/attachments/{id}/retry", tag = "attachments", params(("id" = AttachmentId, Path, description = "The file")),
    responses(
        (status = 204, description = "It is being fetched, or is here"),
        (status = 404, description = "There is none, or its chat may not be read"),
    )
)]
pub async fn retry(
    State(app): State<App>,
    person: Authenticated,
    Id(id): Id<AttachmentId>,
) -> Result<StatusCode, Problem> {
    let stored = readable(&app, person.user(), id).await?;
    let message = Amended {
        id: stored.message,
        edited_at: None,
        reacted: None,
        unsent: stored.erased,
        attachment: Some(stored.state),
    };
    let amendment = Amendment::Attached { attachment: id, state: AttachmentState::Pending };
    let at = app.engine.clock().now();
    let again = Occurrence::Amended { interaction: stored.interaction, message, amendment, at };
    let done = app.engine.occur(again, Beside::default()).await;
    done.map_err(|error| Problem::internal("a file could not be asked for again", &error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The file, if this person may read its chat.
pub(super) async fn readable(app: &App, person: &User, id: AttachmentId) -> Result<StoredMedia, Problem> {
    let failed = |error| Problem::internal("a file could not be read", &error);
    let log = app.engine.log();
    let stored = log.media(id).await.map_err(failed)?.filter(|stored| !stored.erased);
    let stored = stored.ok_or_else(Problem::not_found)?;
    readable_chat(app, person, stored.interaction).await?;
    Ok(stored)
}
