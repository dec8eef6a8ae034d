//! HTTP to the relay this page came from, as JSON text or a file, with the session's cookie. It retries nothing.

use super::{error_name, window};
use gloo::events::EventListener;
use std::fmt;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Headers, Request, RequestCredentials, RequestInit, Response};

/// Why there is no answer to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetError {
    /// Nothing came back: no network, or no relay.
    Unreachable,
    /// The relay said no.
    Status {
        /// The HTTP status.
        status: u16,
        /// The answer's body, usually a problem document.
        body: String,
    },
    /// The answer is not what was asked for.
    Malformed,
    /// The browser would not send it, by its DOM name.
    Refused(String),
}

impl NetError {
    /// The status, when the relay answered.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }
}

impl fmt::Display for NetError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => out.write_str("The relay cannot be reached."),
            Self::Status { status, .. } => write!(out, "The relay answered with {status}."),
            Self::Malformed => out.write_str("The relay's answer could not be understood."),
            Self::Refused(name) => write!(out, "The browser did not send the request ({name})."),
        }
    }
}

impl std::error::Error for NetError {}

fn refused(error: &JsValue) -> NetError {
    NetError::Refused(error_name(error))
}

/// Sends a request and returns the body of a good answer.
///
/// # Errors
/// `Unreachable`, `Status` for anything but 2xx, `Malformed` when the body breaks off.
pub async fn send(method: &str, url: &str, body: Option<&str>) -> Result<String, NetError> {
    let window = window().ok_or(NetError::Unreachable)?;
    let headers = Headers::new().map_err(|error| refused(&error))?;
    headers.set("accept", "application/json").map_err(|error| refused(&error))?;
    let init = RequestInit::new();
    init.set_method(method);
    init.set_credentials(RequestCredentials::SameOrigin);
    if let Some(body) = body {
        headers.set("content-type", "application/json").map_err(|error| refused(&error))?;
        init.set_body(&body.into());
    }
    init.set_headers(&headers);
    let request = Request::new_with_str_and_init(url, &init).map_err(|error| refused(&error))?;
    let answer =
        JsFuture::from(window.fetch_with_request(&request)).await.map_err(|_| NetError::Unreachable)?;
    let answer: Response = answer.dyn_into().map_err(|_| NetError::Malformed)?;
    let text = JsFuture::from(answer.text().map_err(|_| NetError::Malformed)?);
    let text = text.await.map_err(|_| NetError::Malformed)?.as_string().unwrap_or_default();
    if answer.ok() { Ok(text) } else { Err(NetError::Status { status: answer.status(), body: text }) }
}

/// Puts the bytes of a file and returns the body of a good answer. Apart from [`send`], so that a program that sends no
/// files carries nothing of this.
///
/// # Errors
/// As [`send`].
pub async fn upload(url: &str, file: &Blob) -> Result<String, NetError> {
    let window = window().ok_or(NetError::Unreachable)?;
    let headers = Headers::new().map_err(|error| refused(&error))?;
    headers.set("accept", "application/json").map_err(|error| refused(&error))?;
    headers.set("content-type", "application/octet-stream").map_err(|error| refused(&error))?;
    let init = RequestInit::new();
    init.set_method("PUT");
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_body(file);
    init.set_headers(&headers);
    let request = Request::new_with_str_and_init(url, &init).map_err(|error| refused(&error))?;
    let answer =
        JsFuture::from(window.fetch_with_request(&request)).await.map_err(|_| NetError::Unreachable)?;
    let answer: Response = answer.dyn_into().map_err(|_| NetError::Malformed)?;
    let text = JsFuture::from(answer.text().map_err(|_| NetError::Malformed)?);
    let text = text.await.map_err(|_| NetError::Malformed)?.as_string().unwrap_or_default();
    if answer.ok() { Ok(text) } else { Err(NetError::Status { status: answer.status(), body: text }) }
}

/// Whether the device believes to have a network. `false` is certain, `true` is not.
#[must_use]
pub fn online() -> bool {
    window().is_some_and(|window| window.navigator().on_line())
}

/// Calls `changed` with the new belief while the listeners live.
pub fn on_online(changed: impl Fn(bool) + Clone + 'static) -> Vec<EventListener> {
    let Some(window) = window() else { return Vec::new() };
    let lost = changed.clone();
    vec![
        EventListener::new(&window, "online", move |_| changed(true)),
        EventListener::new(&window, "offline", move |_| lost(false)),
    ]
}
