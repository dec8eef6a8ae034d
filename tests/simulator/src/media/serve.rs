//! Hands files out at the providers' addresses: signed, with an end, `WhatsApp`'s only to who shows the token; never lists what there is.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;

use super::{Fault, Media, sample};
use crate::Sim;
use crate::config::Channel;

/// Bytes sent at a time.
const CHUNK: u64 = 64 * 1024;
/// Pause before a body is cut off.
const FLUSH: Duration = Duration::from_millis(50);
/// Drips of a slow body.
const DRIPS: u32 = 10;

type Params = HashMap<String, String>;

/// The addresses of files and faces.
pub(crate) fn routes() -> Router<Arc<Sim>> {
    Router::new()
        .route("/whatsapp_business/attachments/", get(whatsapp))
        .route("/cdn/meta/{id}/{name}", get(meta))
        .route("/cdn/viber/{id}/{name}", get(viber))
        .route("/cdn/face/{name}", get(face))
}

/// The file behind a good address.
fn found(sim: &Sim, id: &str, until: u64, mac: &str) -> Result<Media, StatusCode> {
    let state = sim.lock();
    let media = state.media.get(id).cloned();
    let media = media.ok_or(StatusCode::NOT_FOUND)?;
    if state.media.opens(id, until, mac, state.now()) { Ok(media) } else { Err(StatusCode::FORBIDDEN) }
}

async fn meta(shared: Shared<Arc<Sim>>, path: Path<(String, String)>, query: Query<Params>) -> Response {
    let until = query.get("oe").and_then(|oe| u64::from_str_radix(oe, 16).ok()).unwrap_or_default();
    serve(&shared, &path.0.0, until, query.get("oh"), &query, StatusCode::FORBIDDEN)
}

async fn viber(shared: Shared<Arc<Sim>>, path: Path<(String, String)>, query: Query<Params>) -> Response {
    let until = query.get("Expires").and_then(|e| e.parse().ok()).unwrap_or_default();
    serve(&shared, &path.0.0, until, query.get("Signature"), &query, StatusCode::FORBIDDEN)
}

async fn whatsapp(shared: Shared<Arc<Sim>>, headers: HeaderMap, query: Query<Params>) -> Response {
    let id = query.get("mid").map(String::as_str).unwrap_or_default();
    let bearer = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let token = bearer.strip_prefix("Bearer ").unwrap_or_default();
    let opens = {
        let state = shared.lock();
        let account = state.media.get(id).and_then(|media| state.account(&media.account));
        account.is_none_or(|a| a.account.channel() == Channel::Whatsapp && a.account.token() == token)
    };
    if !opens {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let until = query.get("ext").and_then(|e| e.parse().ok()).unwrap_or_default();
    serve(&shared, id, until, query.get("hash"), &query, StatusCode::NOT_FOUND)
}

fn serve(
    sim: &Sim,
    id: &str,
    until: u64,
    mac: Option<&String>,
    query: &Params,
    expired: StatusCode,
) -> Response {
    let media = match found(sim, id, until, mac.map(String::as_str).unwrap_or_default()) {
        Ok(media) => media,
        Err(StatusCode::FORBIDDEN) => return expired.into_response(),
        Err(status) => return status.into_response(),
    };
    let hopped = query.contains_key("hop");
    let fault = if hopped { None } else { sim.lock().media.stumble(id) };
    match fault {
        Some(Fault::Missing) => return StatusCode::NOT_FOUND.into_response(),
        Some(Fault::Expired) => return expired.into_response(),
        Some(Fault::Unavailable) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::Redirect | Fault::Loop) => {
            let state = sim.lock();
            let channel = state.account(&media.account).map_or(Channel::Messenger, |a| a.account.channel());
            let own = state.media.address(channel, &media, state.now());
            let hop = if fault == Some(Fault::Loop) { "" } else { "&hop=1" };
            let to = media.redirect.clone().unwrap_or_else(|| format!("{own}{hop}"));
            return (StatusCode::FOUND, [(header::LOCATION, to)]).into_response();
        }
        Some(Fault::Slow | Fault::Cut) | None => {}
    }
    let mut response = Response::new(body(&media, fault));
    let headers = response.headers_mut();
    if let Ok(mime) = media.mime.parse() {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    // A size that lies is told beforehand; the answer itself then says none, as HTTP would notice.
    if fault.is_none() && media.told_size == media.size {
        headers.insert(header::CONTENT_LENGTH, media.size.into());
    }
    response
}

/// The file's bytes, as a stream of pieces made when they are needed.
fn body(media: &Media, fault: Option<Fault>) -> Body {
    if fault.is_none() && media.head.len() as u64 == media.size {
        return Body::from(media.head.clone());
    }
    let (head, size, fault) = (media.head.clone(), media.size, fault);
    let (step, pause) = match fault {
        Some(Fault::Slow) => (
            size.div_ceil(u64::from(DRIPS)).max(1),
            Some(Duration::from_millis(media.slow_ms / u64::from(DRIPS))),
        ),
        _ => (CHUNK, None),
    };
    let end = if fault == Some(Fault::Cut) { size / 2 } else { size };
    Body::from_stream(stream::unfold(0_u64, move |at| {
        let head = head.clone();
        async move {
            if at >= end {
                let cut = fault == Some(Fault::Cut) && at < u64::MAX;
                let error = std::io::Error::other("cut off");
                if cut {
                    // What came before has left by then.
                    tokio::time::sleep(FLUSH).await;
                }
                return cut.then_some((Err(error), u64::MAX));
            }
            if let Some(pause) = pause {
                tokio::time::sleep(pause).await;
            }
            let to = (at + step).min(end);
            Some((Ok(piece(&head, at, to)), to))
        }
    }))
}

/// Bytes `from..to` of a head followed by zeros.
fn piece(head: &Bytes, from: u64, to: u64) -> Bytes {
    let place = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let inside = head.slice(place(from).min(head.len())..place(to).min(head.len()));
    let length = place(to - from);
    if inside.len() == length {
        return inside;
    }
    let mut bytes = inside.to_vec();
    bytes.resize(length, 0);
    bytes.into()
}

async fn face(
    Shared(sim): Shared<Arc<Sim>>,
    Path(name): Path<String>,
    Query(query): Query<Params>,
) -> Response {
    let key = name.trim_end_matches(".jpg");
    let until = query.get("oe").and_then(|oe| u64::from_str_radix(oe, 16).ok()).unwrap_or_default();
    let state = sim.lock();
    let Some(phone) = state.phones.get(key).filter(|phone| phone.picture) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !state.media.opens(key, until, query.get("oh").map(String::as_str).unwrap_or_default(), state.now()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    ([(header::CONTENT_TYPE, "image/jpeg")], sample::face(phone.order)).into_response()
}

/// The file for the phones page and for checkers: without an end, a token or a fault.
pub(crate) async fn plain(Shared(sim): Shared<Arc<Sim>>, Path(id): Path<String>) -> Response {
    let media = sim.lock().media.get(&id).cloned();
    let Some(media) = media else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // What a customer calls a picture may be a page with a script: only real pictures and sounds are shown as such.
    let shown = ["image/jpeg", "image/png", "image/webp", "image/gif", "audio/", "video/"];
    let mime = if shown.iter().any(|kind| media.mime.starts_with(kind)) {
        media.mime.as_str()
    } else {
        "application/octet-stream"
    };
    let headers = [(header::CONTENT_TYPE, mime), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, body(&media, None)).into_response()
}

#[cfg(test)]
mod tests;
