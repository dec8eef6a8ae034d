//! What browsers tell of pages that tried what their policy forbids: counted and logged, without words, ids or addresses of people.

use super::App;
use super::client::Client;
use super::input::Raw;
use super::problem::Problem;
use crate::metrics;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use std::time::Instant;
use url::Url;

/// Where browsers send them, below the path we are reached by.
pub const PATH: &str = "api/v1/policy-reports";
/// What browsers call their reports: the Reporting API, and the older way, which also works without https.
const KINDS: [&str; 2] = ["application/reports+json", "application/csp-report"];
/// 8 of one delivery are logged: a page that is broken in one place is broken there a hundred times.
const LOGGED: usize = 8;
/// 80 characters of a name: what a browser made of a directive or a file is shorter.
const NAME: usize = 80;

/// Reports as browsers send them; what is not needed is not read.
#[derive(Deserialize)]
#[serde(untagged)]
enum Reports {
    /// `application/reports+json`: several, of any kind.
    Several(Vec<Report>),
    /// `application/csp-report`: one of the policy.
    One {
        /// It.
        #[serde(rename = "csp-report")]
        report: Violation,
    },
}

/// One of several reports.
#[derive(Deserialize)]
struct Report {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    body: Violation,
}

/// What was forbidden, as either kind of report names it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Violation {
    #[serde(alias = "effectiveDirective", rename = "effective-directive")]
    directive: String,
    #[serde(alias = "blockedURL", rename = "blocked-uri")]
    blocked: String,
    #[serde(alias = "sourceFile", rename = "source-file")]
    source: Option<String>,
    #[serde(alias = "lineNumber", rename = "line-number")]
    line: Option<u32>,
}

impl Reports {
    /// Those about the policy.
    fn violations(self) -> Vec<Violation> {
        match self {
            Self::One { report } => vec![report],
            Self::Several(all) => {
                let all = all.into_iter().filter(|report| report.kind == "csp-violation");
                all.map(|report| report.body).collect()
            }
        }
    }
}

/// A browser's reports of what the content policy kept a page from doing.
#[utoipa::path(
    post, path = "/api/v1/policy-reports", tag = "health", security(()),
    request_body(content = serde_json::Value, content_type = "application/reports+json"),
    responses((status = 204, description = "Taken; what is not about the policy is let go"))
)]
pub async fn take(
    State(app): State<App>,
    Client(address): Client,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<StatusCode, Problem> {
    if !app.origins.vouch_report(&headers) {
        let sentence = "Reports are taken from pages of this desk alone.";
        return Err(Problem::new(StatusCode::FORBIDDEN, sentence));
    }
    if !app.reports.admit(address, Instant::now()) {
        return Err(Problem::later(StatusCode::TOO_MANY_REQUESTS, "Too many reports. Wait a minute.", 60));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !KINDS.iter().any(|one| kind.eq_ignore_ascii_case(one)) {
        let sentence = "Send reports of a browser with their own content type.";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence));
    }
    let reports: Reports = serde_json::from_slice(&body)
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "These are no reports of a browser."))?;
    for (at, one) in reports.violations().into_iter().enumerate() {
        metrics::violation();
        if at < LOGGED {
            tracing::warn!(
                directive = plain(&one.directive),
                blocked = origin(&one.blocked),
                source = one.source.as_deref().map(file).unwrap_or_default(),
                line = one.line,
                "a page tried what its policy forbids"
            );
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A name without anything a log could trip over.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || "-._:/[]".contains(*letter))
        .take(NAME)
        .collect()
}

/// Where something forbidden would have come from: the origin alone, since a path can hold what a customer wrote.
fn origin(blocked: &str) -> String {
    match Url::parse(blocked) {
        Ok(url) if url.has_host() => plain(&url.origin().ascii_serialization()),
        Ok(url) => plain(url.scheme()),
        // A word of the browser: inline, eval, trusted-types-sink.
        Err(_) => plain(blocked),
    }
}

/// The file that tried it, without the path: chats have addresses, and those are nobody's business in a log.
fn file(source: &str) -> String {
    let path = Url::parse(source).map(|url| url.path().to_owned()).unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') { plain(last) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::{file, origin, plain};

    #[test]
    fn what_was_tried_is_named_without_what_it_was_about() {
        assert_eq!(origin("https://evil.example/steal?words=hello"), "https://evil.example");
        assert_eq!(origin("inline"), "inline");
        assert_eq!(origin("data:text/html,hello"), "data");
        assert_eq!(file("https://desk.example/desk-1a2b.js?x=1"), "desk-1a2b.js");
        assert_eq!(file("https://desk.example/chat/0193"), "");
        assert_eq!(plain("script-src\n2026 ERROR forged"), "script-src2026ERRORforged");
        assert_eq!(plain(&"x".repeat(500)).len(), 80);
    }
}
