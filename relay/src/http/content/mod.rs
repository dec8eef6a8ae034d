//! The content origin: an address of its own from which browsers get customers' files, so that nothing in a file ever belongs to the desk's origin.

mod routes;
mod ticket;

pub use routes::router;
pub use ticket::Form;

use super::bytes::HARMLESS;
use super::problem::Problem;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::id::AttachmentId;
use shared::time::Timestamp;
use ticket::Tickets;
use url::Url;

/// The content origin, when there is one.
pub struct ContentOrigin {
    /// As browsers write it: no slash at the end.
    url: String,
    parsed: Url,
    tickets: Tickets,
}

/// Why there can be no content origin.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// Its address is none.
    #[error("the address of the content origin cannot be understood")]
    Address(#[from] url::ParseError),
    /// No key can be made.
    #[error("the system has no randomness")]
    Randomness(#[from] getrandom::Error),
}

impl ContentOrigin {
    /// At this address, as checked with the settings.
    ///
    /// # Errors
    /// When the address is none, or the system has no randomness.
    pub fn new(url: &str) -> Result<Self, ContentError> {
        let parsed = Url::parse(url)?;
        Ok(Self { url: parsed.origin().ascii_serialization(), parsed, tickets: Tickets::new()? })
    }

    /// Its address, as a source for the desk's policy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether a request calls us by the name of the content origin, in any of the places where it may stand. Who
    /// names both it and the desk gets nothing of the desk's.
    pub fn is_asked(&self, request: &Request) -> bool {
        let hosts = request.headers().get_all(header::HOST).iter();
        let mut hosts = hosts.map(|host| host.to_str().unwrap_or_default());
        hosts.any(|host| self.is_named(host))
            || request.uri().authority().is_some_and(|host| self.is_named(host.as_str()))
    }

    /// Whether this is its name, however it is written.
    fn is_named(&self, host: &str) -> bool {
        let Ok(named) = Url::parse(&format!("{}://{host}", self.parsed.scheme())) else { return false };
        let name = |url: &Url| url.host_str().map(|host| host.trim_end_matches('.').to_owned());
        name(&named) == name(&self.parsed)
            && named.port_or_known_default() == self.parsed.port_or_known_default()
    }

    /// Leads whoever may have a file to it, with a ticket that opens this one file for this one session.
    ///
    /// # Errors
    /// A problem when no ticket can be made.
    pub fn lead(
        &self,
        id: AttachmentId,
        form: Form,
        session: &str,
        played: bool,
        now: Timestamp,
    ) -> Result<Response, Problem> {
        let failed = |error: &dyn std::fmt::Display| Problem::internal("a ticket could not be made", error);
        let ticket = self.tickets.issue(id, form, session, played, now);
        let ticket = ticket.ok_or_else(|| failed(&"its key has no form"))?;
        let place = format!("{}/{id}/{}?ticket={ticket}", self.url, form.name());
        let place = HeaderValue::from_str(&place).map_err(|error| failed(&error))?;
        Ok((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response())
    }
}

/// What every answer of the content origin carries.
fn harmless(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(HARMLESS));
    // Embedding is for the desk, which is another origin and may be another site. It lets in nobody else: who has a
    // ticket could fetch the file anyway, and who has none gets nothing to embed.
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("cross-origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::ContentOrigin;
    use axum::body::Body;
    use axum::http::Request;

    #[test]
    fn the_origin_is_known_by_its_name_however_it_is_written() {
        let origin = ContentOrigin::new("https://Files.Example.com:443/").unwrap();
        assert_eq!(origin.url(), "https://files.example.com");
        let asked = |uri: &str, hosts: &[&str]| {
            let mut request = Request::get(uri);
            for host in hosts {
                request = request.header("host", *host);
            }
            origin.is_asked(&request.body(Body::empty()).unwrap())
        };
        for host in [
            "files.example.com",
            "FILES.example.COM",
            "files.example.com:443",
            "files.example.com.",
            "files.example.com.:443",
            "%66iles.example.com",
            "someone@files.example.com",
        ] {
            assert!(asked("/", &[host]), "{host}");
        }
        for host in [
            "desk.example.com",
            "files.example.com:80",
            "files.example.com:8443",
            "files.example.com.evil.example",
            "evilfiles.example.com",
            "x.files.example.com",
            "",
            ":443",
        ] {
            assert!(!asked("/", &[host]), "{host}");
        }
        assert!(asked("/", &["desk.example.com", "files.example.com"]), "one of two names");
        assert!(asked("https://files.example.com/x", &["desk.example.com"]), "the address itself");
        assert!(asked("https://desk.example.com/x", &["files.example.com"]));
        assert!(!asked("https://desk.example.com/x", &["desk.example.com"]));
        let port = ContentOrigin::new("http://127.0.0.1:8083").unwrap();
        let request = |host: &str| Request::get("/").header("host", host).body(Body::empty()).unwrap();
        assert!(port.is_asked(&request("127.0.0.1:8083")) && !port.is_asked(&request("127.0.0.1:8080")));
    }
}
