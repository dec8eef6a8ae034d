//! Calls of the relay's REST API; keeps nothing, shows nothing, and sends who is not logged in to the desk's login page.

use super::wrong::Wrong;
use crate::browser::{location, net};
use crate::language::admin::fault as words;
use crate::language::{Key, t};
use crate::sentences;
use net::NetError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::refusal::Refusal;
use shared::wire::read;

/// Why a call brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The sentence a person reads.
    pub(super) sentence: String,
    /// The field that is not right and what is wrong with it.
    pub(super) field: Option<(String, Wrong)>,
    /// The HTTP status, when the relay answered.
    pub(super) status: Option<u16>,
}

/// A problem of RFC 9457, as far as it is read.
#[derive(Deserialize)]
struct Problem {
    detail: String,
    #[serde(default)]
    refusal: Option<Refusal>,
}

/// The page of the desk on which one logs in, with the way back.
fn login() -> String {
    ["../?to=admin/", &location::path()].concat()
}

fn fault(error: NetError) -> Fault {
    let status = error.status();
    if status == Some(401) {
        location::leave(&login());
    }
    let NetError::Status { body, .. } = error else {
        return Fault { status, ..plain(words::UNREACHABLE) };
    };
    match read::<Problem>(&body) {
        Ok(Problem { detail, refusal: Some(Refusal::Invalid { field, problem }) }) => {
            Fault { sentence: detail, field: Some((field, Wrong::of(problem))), status }
        }
        Ok(Problem { refusal: Some(no), .. }) => {
            Fault { sentence: sentences::refusal(&no), field: None, status }
        }
        // What has no code is the relay's or the provider's own, and is quoted.
        Ok(problem) => Fault { sentence: problem.detail, field: None, status },
        Err(_) => Fault { status, ..plain(words::UNEXPECTED) },
    }
}

/// A fault of which nothing is known but its sentence.
fn plain(key: Key) -> Fault {
    Fault { sentence: t(key).to_owned(), field: None, status: None }
}

/// Sends a request below `/api/v1/` and returns the text of a good answer.
pub(super) async fn call(method: &str, path: &str, body: Option<String>) -> Result<String, Fault> {
    // The admin's base is one level below the relay's.
    let url = location::url(&["../api/v1/", path].concat());
    net::send(method, &url, body.as_deref()).await.map_err(fault)
}

/// Reads something.
pub(super) async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Fault> {
    understood(&call("GET", path, None).await?)
}

/// Sends something and reads the answer.
pub(super) async fn send<T: DeserializeOwned>(
    method: &str,
    path: &str,
    body: &impl Serialize,
) -> Result<T, Fault> {
    understood(&call(method, path, Some(written(body))).await?)
}

/// Puts a file, whatever it is, and reads the answer.
pub(super) async fn upload<T: DeserializeOwned>(path: &str, file: &web_sys::Blob) -> Result<T, Fault> {
    let url = location::url(&["../api/v1/", path].concat());
    understood(&net::upload(&url, file).await.map_err(fault)?)
}

/// A body as JSON; the types of bodies cannot fail to be written.
pub(super) fn written(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}

fn understood<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    read(text).map_err(|_| plain(words::VERSIONS))
}
