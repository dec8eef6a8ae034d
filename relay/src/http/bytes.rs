//! Bytes of customers' files as answers: never drawn by the browser as a page, never under a name that is a path; asks nobody for rights.

use super::App;
use super::problem::Problem;
use crate::log::StoredMedia;
use crate::media::blob::Reading;
use crate::media::{BlobError, Part, preview};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use object_store::GetRange;
use shared::id::AttachmentId;
use shared::interaction::AttachmentState;
use std::fmt::Write as _;

/// Whatever lies in a file, it runs nothing, loads nothing, is in nobody's frame and belongs to no origin.
pub const HARMLESS: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// An hour in the browser's own cache: scrolling back must not fetch anew, and a shared machine keeps nothing for long.
const KEPT: &str = "private, max-age=3600";

/// A file as its customer sent it, as a download, or the range of it that the headers ask for.
///
/// # Errors
/// A problem when it is not here.
pub async fn original(
    app: &App,
    stored: &StoredMedia,
    id: AttachmentId,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
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
///
/// # Errors
/// A problem when there is none.
pub async fn picture(app: &App, id: AttachmentId) -> Result<Response, Problem> {
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
