//! The phones page: its three files, the live stream and a policy that allows nothing else.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::State as Shared;
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::{self, Stream};
use tokio::sync::broadcast::error::RecvError;

use crate::Sim;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page's files and `/control/events`.
pub(crate) fn routes() -> Router<Arc<Sim>> {
    Router::new()
        .route("/", get(|| async { file("text/html; charset=utf-8", include_str!("../page/index.html")) }))
        .route(
            "/phones.css",
            get(|| async { file("text/css; charset=utf-8", include_str!("../page/phones.css")) }),
        )
        .route(
            "/phones.js",
            get(|| async { file("text/javascript; charset=utf-8", include_str!("../page/phones.js")) }),
        )
        .route("/favicon.svg", get(|| async { file("image/svg+xml", include_str!("../page/favicon.svg")) }))
        .route("/control/events", get(events))
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}

/// News as they happen; a reader that fell behind is told to fetch anew.
async fn events(Shared(sim): Shared<Arc<Sim>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = sim.lock().news.subscribe();
    let closing = sim.closing.clone();
    let first = stream::iter([Ok(Event::default().data(r#"{"type":"hello"}"#))]);
    let rest = stream::unfold((news, closing), |(mut news, mut closing)| async move {
        let data = tokio::select! {
            biased;
            _ = closing.wait_for(|closed| *closed) => return None,
            next = news.recv() => match next {
                Ok(data) => data,
                Err(RecvError::Lagged(_)) => r#"{"type":"anew"}"#.to_owned(),
                Err(RecvError::Closed) => return None,
            },
        };
        Some((Ok(Event::default().data(data)), (news, closing)))
    });
    Sse::new(futures_util::StreamExt::chain(first, rest)).keep_alive(KeepAlive::default())
}
