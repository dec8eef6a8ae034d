//! All routes with the layers around them; the order of the layers is the order of the safeguards.

use super::client::Client;
use super::headers::Headers;
use super::problem::Problem;
use super::{App, ContentOrigin, content, input, openapi, pace};
use crate::config;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_request_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use shared::wire::SOUND_MAX;
use std::sync::Arc;
use std::time::Instant;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;
use utoipa_axum::router::OpenApiRouter;

/// Everything the relay answers. `webhooks` come with safeguards of their own.
pub fn router(app: &App, webhooks: OpenApiRouter<App>) -> Router {
    let limit = |request: Request, next: Next| input::limit(config::JSON_LIMIT, request, next);
    let sounds = |request: Request, next: Next| input::limit(SOUND_MAX, request, next);
    let larger = |request: Request, next: Next| input::limit(config::WEBHOOK_LIMIT, request, next);
    let (routes, mut document) = openapi::api(app)
        .layer(CompressionLayer::new())
        .merge(super::socket::routes())
        .layer(from_fn(limit))
        .layer(DefaultBodyLimit::max(config::JSON_LIMIT))
        .merge(openapi::uploads().layer(from_fn(sounds)).layer(DefaultBodyLimit::max(SOUND_MAX)))
        .merge(webhooks.layer(from_fn_with_state(app.clone(), knocked)).layer(from_fn(larger)))
        .merge(openapi::health())
        .split_for_parts();
    openapi::complete(&mut document);
    let inner = routes
        .layer(Extension(Arc::new(document)))
        .fallback(super::assets::serve)
        .with_state(app.clone())
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "This address cannot be used in that way.")
        });
    let mounted = if app.path == "/" {
        inner
    } else {
        // Nesting covers what is below the path; the path itself is the desk's page.
        let page = Router::new().route(&app.path, get(super::assets::root)).with_state(app.clone());
        let below = Router::new().nest(app.path.trim_end_matches('/'), inner);
        below.merge(page).fallback(|| async { Problem::not_found() })
    };
    let mounted = match &app.content {
        Some(_) => {
            let files = content::router(app);
            let apart = move |State(app): State<App>, request: Request, next: Next| {
                let files = files.clone();
                async move { by_name(&app, files, request, next).await }
            };
            mounted.layer(from_fn_with_state(app.clone(), apart))
        }
        None => mounted,
    };
    guarded(app, mounted)
}

/// What the listener of the content origin answers, by whatever name it is called.
pub fn files(app: &App) -> Router {
    guarded(app, content::router(app))
}

/// The layers around everything.
fn guarded(app: &App, routes: Router) -> Router {
    let headers = Headers::new(&app.path, app.secure, app.content.as_ref().map(ContentOrigin::url));
    let headers = Arc::new(headers);
    routes
        .layer(map_request_with_state(app.clone(), in_time))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            // What a panic says may hold what a customer wrote.
            Problem::internal("a request panicked", &"see the panic above").into_response()
        }))
        .layer(from_fn_with_state(app.clone(), named))
        // Also on errors of the layers within.
        .layer(map_response(move |response: Response| {
            let headers = Arc::clone(&headers);
            async move { headers.secure(response) }
        }))
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request| {
            // The path alone: queries hold tokens, headers hold sessions, bodies hold words.
            tracing::debug_span!("request", method = %request.method(), path = request.uri().path())
        }))
}

/// Under the name of the content origin there are files and nothing else: no API, no login, no desk.
async fn by_name(app: &App, files: Router, request: Request, next: Next) -> Response {
    match &app.content {
        Some(content) if content.is_asked(&request) => {
            files.oneshot(request).await.unwrap_or_else(|never| match never {})
        }
        _ => next.run(request).await,
    }
}

/// Refuses requests that call a demo by another machine's name.
async fn named(State(app): State<App>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).map(|value| value.to_str().unwrap_or_default());
    if app.origins.reached_as(host) {
        next.run(request).await
    } else {
        let sentence = "The demo is reached as 127.0.0.1 or localhost alone.";
        Problem::new(StatusCode::MISDIRECTED_REQUEST, sentence).into_response()
    }
}

/// Breaks bodies off that come too slowly.
async fn in_time(State(app): State<App>, request: Request) -> Request {
    pace::paced(request, app.limits)
}

/// Asks nobody too often whether a webhook address is ours.
async fn knocked(State(app): State<App>, Client(address): Client, request: Request, next: Next) -> Response {
    if request.method() == Method::GET && !app.knocks.admit(address, Instant::now()) {
        let sentence = "Asked too often. Wait a minute.";
        return Problem::later(StatusCode::TOO_MANY_REQUESTS, sentence, 60).into_response();
    }
    next.run(request).await
}
