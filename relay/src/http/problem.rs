//! Every error of the API as a problem of RFC 9457; carries neither what was sent nor what went wrong inside.

use crate::log::LogError;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use shared::refusal::Refusal;
use std::fmt;

/// An error as the API answers it.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    /// Boxed: most problems have none, and every handler returns one.
    refusal: Option<Box<Refusal>>,
    header: Option<(HeaderName, HeaderValue)>,
}

/// The form of a problem, for the API's document and for writing.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Always `about:blank`: the status says which kind it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The status.
    pub status: u16,
    /// A sentence for a person.
    pub detail: String,
    /// The domain's own reason, when it was the domain that refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>)]
    pub refusal: Option<Box<Refusal>>,
}

impl Problem {
    /// A problem with this status and sentence.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), refusal: None, header: None }
    }

    /// Its status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// 401, whatever the reason: who guesses learns nothing.
    pub fn unauthorized() -> Self {
        let mut problem = Self::new(StatusCode::UNAUTHORIZED, "Log in first.");
        problem.header = Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        problem
    }

    /// 403 with its sentence.
    pub fn forbidden(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    /// 429 or 503 with the time after which to come back, in seconds.
    pub fn later(status: StatusCode, detail: &str, seconds: u64) -> Self {
        let mut problem = Self::new(status, detail);
        problem.header = Some((header::RETRY_AFTER, HeaderValue::from(seconds)));
        problem
    }

    /// 500: what happened is in the relay's own log, not in the answer.
    pub fn internal(what: &str, error: &dyn fmt::Display) -> Self {
        tracing::error!(%error, "{what}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on the server.")
    }
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        Self::internal("a request met a failing log", &error)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::NoRights => StatusCode::FORBIDDEN,
            Refusal::NotFound { .. } => StatusCode::NOT_FOUND,
            Refusal::Invalid { .. } | Refusal::Empty | Refusal::TooLong { .. } | Refusal::NotUnderstood => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Refusal::NotSaved => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::CONFLICT,
        };
        Self { status, detail: refusal.sentence(), refusal: Some(Box::new(refusal)), header: None }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ProblemBody {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: self.detail,
            refusal: self.refusal,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some((name, value)) = self.header {
            headers.insert(name, value);
        }
        response
    }
}
