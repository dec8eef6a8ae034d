//! One HTTP call to a provider, and what its end means: taken, refused, or nobody knows; knows no channel.

use super::send::SendError;
use super::verdict::Pace;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;
use shared::interaction::{Failure, FailureKind};
use shared::time::Span;
use std::time::Duration;

/// Time to reach a provider. Nothing was said yet, so it may be tried again at once.
const CONNECT: Duration = Duration::from_secs(5);

/// Time for a whole call. Providers answer within a second or two; after 20 s the answer is taken for lost.
const WHOLE: Duration = Duration::from_secs(20);

/// The code of a call that never reached its provider.
pub const UNREACHABLE: &str = "unreachable";

/// Most of an answer that is read, in bytes; real ones have less than two thousand.
const LONGEST_ANSWER: usize = 65_536;

/// Longest pause a provider may ask for.
const LONGEST_PAUSE: i64 = 3_600;

/// What a provider answered.
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: StatusCode,
    /// The body; null when it is no JSON.
    pub(super) body: Value,
    /// How long it asks to be left alone.
    pub(super) retry_after: Option<Span>,
}

/// The client of all calls. It follows no redirect, because that would carry a token elsewhere.
///
/// # Errors
/// When the system offers no usable certificates.
pub(super) fn client() -> Result<Client, reqwest::Error> {
    // Whoever installs a provider first wins; both are the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .connect_timeout(CONNECT)
        .timeout(WHOLE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("signalbox")
        .build()
}

/// Makes the call. An error before the request left is temporary; one after it leaves the outcome unknown.
pub(super) async fn call(request: RequestBuilder) -> Result<Answer, SendError> {
    let mut response = request.send().await.map_err(|error| lost(&error))?;
    let status = response.status();
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let seconds = header.and_then(|value| value.trim().parse::<i64>().ok());
    let retry_after = seconds.map(|seconds| Span::seconds(seconds.clamp(0, LONGEST_PAUSE)));
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| SendError::Unknown)? {
        if bytes.len() + chunk.len() > LONGEST_ANSWER {
            return Err(SendError::Unknown);
        }
        bytes.extend_from_slice(&chunk);
    }
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok(Answer { status, body, retry_after })
}

fn lost(error: &reqwest::Error) -> SendError {
    if error.is_builder() {
        let code = Some("address".to_owned());
        SendError::Broken(Failure { kind: FailureKind::Account, code })
    } else if error.is_connect() {
        let failure = Failure { kind: FailureKind::Provider, code: Some(UNREACHABLE.to_owned()) };
        SendError::Temporary { retry_after: None, pace: Pace::Usual, failure }
    } else {
        SendError::Unknown
    }
}

impl Answer {
    /// What an answer means that is no success and carries no error of the provider's: something in between spoke.
    pub(super) fn without_words(&self) -> SendError {
        let kind = |kind| Failure { kind, code: Some(format!("http {}", self.status.as_u16())) };
        match self.status {
            StatusCode::TOO_MANY_REQUESTS => {
                let (retry_after, failure) = (self.retry_after, kind(FailureKind::Limit));
                SendError::Temporary { retry_after, pace: Pace::Account, failure }
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => SendError::Broken(kind(FailureKind::Account)),
            StatusCode::REQUEST_TIMEOUT => SendError::Unknown,
            status if status.is_client_error() || status.is_redirection() => {
                SendError::Rejected(kind(FailureKind::Provider))
            }
            // A gateway may have passed the message on before it gave up.
            _ => SendError::Unknown,
        }
    }
}
