//! The headers that keep browsers safe, on every answer whatever it is; sets no cookie and looks at no body.

use super::reports;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// Scripts, styles and data from our own address alone, customers' files also from the content origin; nothing inline,
/// nobody's frame; text becomes markup or a script only past the guard of `frontend/boot.js`. What was tried against it is
/// reported to `reports`: browsers that know `report-to` take that, but only over https.
fn policy(reports: &str, https: bool, content: Option<&str>) -> String {
    let files = content.map(|origin| format!(" {origin}")).unwrap_or_default();
    let named = if https { format!("; report-to {REPORTS}") } else { String::new() };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:{files}; media-src 'self'{files}; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types default; report-uri {reports}{named}"
    )
}

/// The name by which the policy calls the address for reports.
const REPORTS: &str = "policy";

/// What pages of ours never ask a browser for.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// The headers whose values never change.
const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// Says where reports go.
const REPORTING: HeaderName = HeaderName::from_static("reporting-endpoints");

/// 1 year in seconds: browsers remember for so long that this address speaks https alone.
const HTTPS_ONLY: &str = "max-age=31536000; includeSubDomains";

/// The headers as this relay sends them.
pub struct Headers {
    policy: HeaderValue,
    reports: Option<HeaderValue>,
    https: bool,
}

impl Headers {
    /// For a relay that is reached below this path, by https alone or not, with a content origin or without.
    #[must_use]
    pub fn new(path: &str, https: bool, content: Option<&str>) -> Self {
        let address = format!("{path}{}", reports::PATH);
        // The origin of an address is plain ASCII. What had no form as a header would be no policy: then nothing is
        // allowed.
        let policy = HeaderValue::try_from(policy(&address, https, content));
        let reports = https.then(|| HeaderValue::try_from(format!("{REPORTS}=\"{address}\"")).ok()).flatten();
        Self { policy: policy.unwrap_or(HeaderValue::from_static("default-src 'none'")), reports, https }
    }

    /// Adds them; an answer that says nothing about caches is kept by none.
    pub fn secure(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        // Customers' files come with a policy of their own, which allows nothing at all.
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| self.policy.clone());
        if let Some(reports) = &self.reports {
            headers.entry(REPORTING).or_insert_with(|| reports.clone());
        }
        for (name, value) in FIXED {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        if self.https {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_ONLY));
        }
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::Headers;
    use axum::response::IntoResponse;

    /// The sources of one kind of content.
    fn sources(content: Option<&str>, directive: &str) -> Vec<String> {
        let answer = Headers::new("/", false, content).secure(().into_response());
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let found = policy.split(';').find_map(|part| part.trim().strip_prefix(&format!("{directive} ")));
        found.unwrap().split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn pictures_and_sounds_may_come_from_the_content_origin_and_nothing_else_may() {
        let files = Some("https://files.example.com");
        assert_eq!(sources(None, "img-src"), ["'self'", "data:", "blob:"]);
        assert_eq!(sources(files, "img-src"), ["'self'", "data:", "blob:", "https://files.example.com"]);
        assert_eq!(sources(None, "media-src"), ["'self'"]);
        assert_eq!(sources(files, "media-src"), ["'self'", "https://files.example.com"]);
        for other in ["default-src", "script-src", "style-src", "connect-src", "worker-src", "form-action"] {
            assert_eq!(sources(files, other), sources(None, other), "{other}");
        }
    }

    #[test]
    fn the_policy_names_an_address_for_reports_below_our_own_path() {
        let answer = |https| Headers::new("/desk/", https, None).secure(().into_response());
        let policy = |https| answer(https).headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy(false).ends_with("; report-uri /desk/api/v1/policy-reports"));
        assert!(policy(true).ends_with("; report-uri /desk/api/v1/policy-reports; report-to policy"));
        assert!(answer(false).headers().get("reporting-endpoints").is_none());
        let named = "policy=\"/desk/api/v1/policy-reports\"";
        assert_eq!(answer(true).headers()["reporting-endpoints"], named);
    }

    #[test]
    fn an_origin_that_is_no_header_allows_nothing_at_all() {
        let answer =
            Headers::new("/", false, Some("https://x\r\nset-cookie: a=b")).secure(().into_response());
        assert_eq!(answer.headers()["content-security-policy"], "default-src 'none'");
    }
}
