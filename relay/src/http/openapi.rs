//! The routes of the API together with the document that describes them; one list for both.

use super::problem::ProblemBody;
use super::session;
use super::{
    App, attachments, connector_health, connectors, day, desk, health, interactions, journal, look, messages,
    notices, outcomes, queues, reports, secrets, setup, sounds, users, workspace,
};
use axum::{Extension, Json};
use std::sync::Arc;
use utoipa::OpenApi as _;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, SecurityRequirement};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What the document says of itself.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Signalbox",
        description = "The relay's API. The desk's socket speaks a protocol of its own."
    ),
    components(schemas(ProblemBody))
)]
struct Document;

/// The document of every route, for whoever calls the API.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "health", security(()),
    responses((status = 200, description = "This document", body = Object))
)]
async fn document(Extension(document): Extension<Arc<OpenApi>>) -> Json<Arc<OpenApi>> {
    Json(document)
}

/// The routes that say whether the process is well.
pub fn health() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(health::health)).routes(routes!(health::ready))
}

/// The routes under `/api/v1` that answer JSON.
pub fn api(app: &App) -> OpenApiRouter<App> {
    let router = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(document))
        .routes(routes!(session::log_in, session::who, session::log_out))
        .routes(routes!(session::list, session::end_others))
        .routes(routes!(session::end))
        .routes(routes!(session::change_password))
        .routes(routes!(desk::desk))
        .routes(routes!(day::day))
        .routes(routes!(interactions::list))
        .routes(routes!(desk::interaction))
        .routes(routes!(desk::history))
        .routes(routes!(attachments::original))
        .routes(routes!(attachments::drawn))
        .routes(routes!(attachments::retry))
        .routes(routes!(attachments::avatar))
        .routes(routes!(messages::send))
        .routes(routes!(connectors::list, connectors::create))
        .routes(routes!(connector_health::health))
        .routes(routes!(connector_health::test))
        .routes(routes!(connectors::one, connectors::replace))
        .routes(routes!(connectors::keep_app))
        .routes(routes!(setup::setup))
        .routes(routes!(setup::new_verify))
        .routes(routes!(setup::subscribe))
        .routes(routes!(journal::list))
        .routes(routes!(journal::retry))
        .routes(routes!(journal::one))
        .routes(routes!(queues::list, queues::create))
        .routes(routes!(queues::one, queues::replace))
        .routes(routes!(outcomes::dispositions, outcomes::create_disposition))
        .routes(routes!(outcomes::disposition, outcomes::replace_disposition))
        .routes(routes!(outcomes::pauses, outcomes::create_pause))
        .routes(routes!(outcomes::pause, outcomes::replace_pause))
        .routes(routes!(notices::list))
        .routes(routes!(notices::one, notices::put, notices::remove))
        .routes(routes!(workspace::read, workspace::replace))
        .routes(routes!(look::read, look::replace))
        .routes(routes!(sounds::list))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::replace))
        .routes(routes!(secrets::rotate))
        .routes(routes!(reports::take));
    #[cfg(feature = "demo")]
    let router = match &app.demo {
        Some(demo) => router.merge(super::demo::routes(demo)),
        None => router,
    };
    #[cfg(not(feature = "demo"))]
    let _ = app;
    router
}

/// The routes under `/api/v1` that take files.
pub fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sounds::put, sounds::remove))
}

/// Adds what holds for every route: how a session is carried, and that errors are problems.
pub fn complete(document: &mut OpenApi) {
    if let Some(components) = &mut document.components {
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("signalbox")));
        components.add_security_scheme("cookie", cookie);
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
    let none: [&str; 0] = [];
    document.security =
        Some(vec![SecurityRequirement::new("cookie", none), SecurityRequirement::new("bearer", none)]);
    for item in document.paths.paths.values_mut() {
        let all = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete, &mut item.patch];
        all.into_iter().flatten().for_each(describe_problems);
    }
}

fn describe_problems(operation: &mut Operation) {
    let problem = RefOr::Ref(Ref::from_schema_name("Problem"));
    let mut response = Response::new("A problem of RFC 9457");
    response.content.insert("application/problem+json".to_owned(), RefOr::T(Content::new(Some(problem))));
    operation.responses.responses.entry("default".to_owned()).or_insert(RefOr::T(response));
}
