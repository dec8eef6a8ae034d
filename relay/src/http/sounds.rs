//! Sounds of the workspace's own: set by admins, and played by desks under the addresses of those that come with the desk.

use super::App;
use super::input::{Id, Raw, too_large};
use super::problem::Problem;
use super::session::Admin;
use crate::log::StoredSound;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use shared::wire::{SOUND_MAX, SoundBody, SoundKind, SoundName};

/// Asked for every time, so that a change is heard on the next start; kept all the same, for a start without a network.
const EVERY_TIME: &str = "no-cache";

/// The sounds of the workspace's own; one that is not among them is the one that comes with the desk.
#[utoipa::path(
    get, path = "/api/v1/sounds", tag = "configuration",
    responses((status = 200, description = "The sounds of the workspace's own", body = Vec<SoundBody>))
)]
pub async fn list(State(app): State<App>, _: Admin) -> Result<Json<Vec<SoundBody>>, Problem> {
    let all = app.engine.log().sounds().await?;
    Ok(Json(all.into_iter().map(|one| one.about).collect()))
}

/// Sets a sound: the body is the file, at most 1 MiB. What it is, is seen by its first bytes; desks play it from their
/// next start on.
#[utoipa::path(
    put, path = "/api/v1/sounds/{sound}", tag = "configuration",
    params(("sound" = SoundName, Path, description = "Which")),
    request_body(content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 200, description = "What is set now", body = SoundBody),
        (status = 413, description = "It is larger than 1 MiB"),
        (status = 415, description = "It is no sound of a kind that browsers play"),
        (status = 422, description = "It is empty"),
    )
)]
pub async fn put(
    State(app): State<App>,
    admin: Admin,
    Id(sound): Id<SoundName>,
    Raw(bytes): Raw,
) -> Result<Json<SoundBody>, Problem> {
    if bytes.is_empty() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "The file is empty."));
    }
    let size = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= SOUND_MAX).ok_or_else(too_large)?;
    let kind = kind(&bytes).ok_or_else(|| {
        let sentence =
            "This is none of the sounds that can be played: mp3, m4a, m4b, aac, ogg, opus, wav or flac.";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence)
    })?;
    let about = SoundBody { sound, kind, bytes: size, at: app.engine.clock().now() };
    app.engine.log().save_sound(about.clone(), &bytes).await?;
    let (sound, kind) = (sound.key(), kind.key());
    tracing::info!(user = %admin.user().id, sound, kind, bytes = size, "a sound was set");
    Ok(Json(about))
}

/// Brings back the sound that comes with the desk.
#[utoipa::path(
    delete, path = "/api/v1/sounds/{sound}", tag = "configuration",
    params(("sound" = SoundName, Path, description = "Which")),
    responses((status = 204, description = "The one that comes with the desk is played"))
)]
pub async fn remove(
    State(app): State<App>,
    admin: Admin,
    Id(sound): Id<SoundName>,
) -> Result<StatusCode, Problem> {
    if app.engine.log().remove_sound(sound).await? {
        tracing::info!(user = %admin.user().id, sound = sound.key(), "a sound was removed");
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What the bytes are; none for what is no sound, or one that not every browser plays.
fn kind(bytes: &[u8]) -> Option<SoundKind> {
    // A book is the same as a song to a player, and unknown to whoever looks for songs alone.
    if bytes.get(4..12) == Some(b"ftypM4B ") {
        return Some(SoundKind::M4b);
    }
    match infer::get(bytes)?.mime_type() {
        "audio/mpeg" => Some(SoundKind::Mp3),
        "audio/m4a" => Some(SoundKind::M4a),
        "audio/aac" => Some(SoundKind::Aac),
        "audio/ogg" => Some(SoundKind::Ogg),
        "audio/opus" => Some(SoundKind::Opus),
        "audio/x-wav" => Some(SoundKind::Wav),
        "audio/x-flac" => Some(SoundKind::Flac),
        _ => None,
    }
}

/// Which sound a file of the desk is; none for any other file.
pub(super) fn named(path: &str) -> Option<SoundName> {
    match path {
        "sounds/offer.wav" => Some(SoundName::Offer),
        "sounds/message.wav" => Some(SoundName::Message),
        _ => None,
    }
}

/// The workspace's own sound; none where there is none. Whoever has it already is told so.
pub(super) async fn own(
    app: &App,
    sound: SoundName,
    headers: &HeaderMap,
) -> Result<Option<Response>, Problem> {
    let all = app.engine.log().sounds().await?;
    let Some(StoredSound { about, digest }) = all.into_iter().find(|one| one.about.sound == sound) else {
        return Ok(None);
    };
    let tag = tag(&digest);
    if has(headers, &tag) {
        return Ok(Some(same(&tag)));
    }
    // None when it was replaced just now: the next start gets the new one.
    let Some(bytes) = app.engine.log().sound_bytes(sound, &digest).await? else { return Ok(None) };
    Ok(Some(tagged(bytes.into_response(), &tag, about.kind.media_type())))
}

/// A sound that comes with the desk, under the same promise as the workspace's own.
pub(super) fn built_in(bytes: Vec<u8>, headers: &HeaderMap) -> Response {
    let tag = tag(&hex::encode(Sha256::digest(&bytes)));
    if has(headers, &tag) {
        same(&tag)
    } else {
        tagged(bytes.into_response(), &tag, SoundKind::Wav.media_type())
    }
}

/// The tag of a content, in its quotes.
fn tag(digest: &str) -> String {
    format!("\"{}\"", digest.get(..32).unwrap_or(digest))
}

/// Whether whoever asks has what has this tag (RFC 9110).
fn has(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut known = lines.flat_map(|line| line.split(',')).map(str::trim);
    known.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

fn same(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    promise(response.headers_mut(), tag);
    response
}

fn tagged(mut response: Response, tag: &str, media_type: &'static str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    promise(headers, tag);
    response
}

fn promise(headers: &mut HeaderMap, tag: &str) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(EVERY_TIME));
    // A tag is made of digits and quotes, which every header may hold.
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
}
