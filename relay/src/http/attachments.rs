//! Files of customers, handed to whoever may read their chat: never drawn by the browser as a page, never under a name that is a path.

use super::App;
use super::input::Id;
use super::interactions::readable_chat;
use super::problem::Problem;
use super::session::Authenticated;
use crate::log::{Beside, StoredMedia};
use crate::media::blob::Reading;
use crate::media::{BlobError, Part, preview};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use object_store::GetRange;
use shared::command::Occurrence;
use shared::id::AttachmentId;
use shared::interaction::{Amended, Amendment, AttachmentState};
use std::fmt::Write as _;

/// Whatever lies in a file, it runs nothing, loads nothing and belongs to no origin.
const HARMLESS: &str = "default-src 'none'; sandbox";

/// An hour in the browser's own cache: scrolling back must not fetch anew, and a shared machine keeps nothing for long.
const KEPT: &str = "private, max-age=3600";

/// A file as its customer sent it, as a download.
#[utoipa::path(
    get, path = "/api/v1/attachments/{id}", tag = "attachments", params(("id" = AttachmentId, Path, description = "The file")),
    responses(
        (status = 200, description = "The bytes; a range of them with status 206 when one was asked for", content_type = "application/octet-stream"),
        (status = 404, description = "There is none, it is not here, or its chat may not be read"),
    )
)]
pub async fn original(
    State(app): State<App>,
    person: Authenticated,
    Id(id): Id<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let stored = readable(&app, &person, id).await?;
    let AttachmentState::Ready { media_type, .. } = &stored.state else { return Err(Problem::not_found()) };
    let range = headers.get(header::RANGE).and_then(|value| range(value.to_str().ok()?));
    let partly = range.is_some();
    let reading = app.blobs.read(id, Part::Original, range).await.map_err(|error| unread(&error))?;
    let (size, part) = (reading.size, reading.range.clone());
    let mut response = hand_out(reading, media_type)?;
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_DISPOSITION, disposition(stored.name.as_deref().unwrap_or("file"))?);
    fields.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if partly {
        let told = format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1));
        fields.insert(header::CONTENT_RANGE, value(&told)?);
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

/// A picture made anew from a picture's pixels, to be drawn.
#[utoipa::path(
    get, path = "/api/v1/attachments/{id}/preview", tag = "attachments", params(("id" = AttachmentId, Path, description = "The file")),
    responses(
        (status = 200, description = "A JPEG or PNG of at most 1,600 pixels a side", content_type = "image/jpeg"),
        (status = 404, description = "There is none, it is no picture, or its chat may not be read"),
    )
)]
pub async fn drawn(
    State(app): State<App>,
    person: Authenticated,
    Id(id): Id<AttachmentId>,
) -> Result<Response, Problem> {
    readable(&app, &person, id).await?;
    picture(&app, id).await
}

/// A customer's picture. Its id is told to those who may see the customer, and cannot be guessed.
#[utoipa::path(
    get, path = "/api/v1/avatars/{id}", tag = "attachments", params(("id" = AttachmentId, Path, description = "The picture")),
    responses(
        (status = 200, description = "A JPEG or PNG", content_type = "image/jpeg"),
        (status = 404, description = "There is none"),
    )
)]
pub async fn avatar(
    State(app): State<App>,
    _person: Authenticated,
    Id(id): Id<AttachmentId>,
) -> Result<Response, Problem> {
    // Files of messages are asked for by the other addresses, which look at the chat.
    let media = app.engine.log().media(id).await;
    if media.map_err(|error| Problem::internal("a picture could not be read", &error))?.is_some() {
        return Err(Problem::not_found());
    }
    picture(&app, id).await
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
    let stored = readable(&app, &person, id).await?;
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
async fn readable(app: &App, person: &Authenticated, id: AttachmentId) -> Result<StoredMedia, Problem> {
    let failed = |error| Problem::internal("a file could not be read", &error);
    let log = app.engine.log();
    let stored = log.media(id).await.map_err(failed)?.filter(|stored| !stored.erased);
    let stored = stored.ok_or_else(Problem::not_found)?;
    readable_chat(app, person, stored.interaction).await?;
    Ok(stored)
}

async fn picture(app: &App, id: AttachmentId) -> Result<Response, Problem> {
    let reading = app.blobs.read(id, Part::Preview, None).await.map_err(|error| unread(&error))?;
    let bytes = reading.whole().await.map_err(|error| unread(&error))?;
    let media_type = preview::media_type(&bytes);
    let mut response = bytes.into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    fields.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(HARMLESS));
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
    Ok(response)
}

fn hand_out(reading: Reading, media_type: &str) -> Result<Response, Problem> {
    let length = reading.range.end.saturating_sub(reading.range.start);
    let mut response = Body::from_stream(reading.bytes).into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, value(media_type)?);
    fields.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    fields.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(HARMLESS));
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
    Ok(response)
}

fn unread(error: &BlobError) -> Problem {
    match error {
        BlobError::Missing => Problem::not_found(),
        other => Problem::internal("a file could not be read", other),
    }
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(|error| Problem::internal("a header has no form", &error))
}

/// A download under this name, whatever is in it (RFC 6266, RFC 8187): letters and digits as they are, the rest escaped.
fn disposition(name: &str) -> Result<HeaderValue, Problem> {
    let mut escaped = String::from("attachment; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            escaped.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    value(&escaped)
}

/// One range of bytes (RFC 9110); several, or another unit, are answered with the whole.
fn range(header: &str) -> Option<GetRange> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    match (first.parse().ok(), last.parse::<u64>().ok()) {
        (Some(first), Some(last)) if last >= first => Some(GetRange::Bounded(first..last.saturating_add(1))),
        (Some(first), None) if last.is_empty() => Some(GetRange::Offset(first)),
        (None, Some(last)) if first.is_empty() => Some(GetRange::Suffix(last)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_anything_else_means_the_whole() {
        assert_eq!(range("bytes=0-99"), Some(GetRange::Bounded(0..100)));
        assert_eq!(range("bytes=100-"), Some(GetRange::Offset(100)));
        assert_eq!(range("bytes=-5"), Some(GetRange::Suffix(5)));
        for other in ["bytes=0-1,5-6", "bytes=9-1", "items=0-1", "bytes=-", "bytes=a-b", "", "bytes=1-x"] {
            assert_eq!(range(other), None, "{other}");
        }
    }

    #[test]
    fn a_name_leaves_the_header_as_one_download() {
        let hostile = "a\"; filename=evil.html\r\nX: y/\u{202e}gpj.exe";
        let header = disposition(hostile).unwrap();
        let text = header.to_str().unwrap();
        assert!(text.starts_with("attachment; filename*=UTF-8''a%22%3B%20filename%3Devil.html%0D%0AX"));
        assert!(!text.contains(['"', '\r', '\n', '/']));
    }
}
