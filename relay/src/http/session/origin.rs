//! Whether a request comes from our own pages: other sites' pages may neither write nor open a socket in a person's name.

use axum::http::HeaderMap;
use std::net::IpAddr;

/// The addresses by which we are reached.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// As configured, lower case, without a slash at the end.
    pub configured: Vec<String>,
    /// Whether only this machine may reach us, under a name of this machine; the demo's rule.
    pub local: bool,
}

impl Origins {
    /// Whether the page behind this request, if the browser names one, is ours.
    pub fn admit(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        text("sec-fetch-site").is_none_or(|site| site == "same-origin")
            && text("origin").is_none_or(|origin| self.own(origin, text("host")))
    }

    /// Whether a page of ours is behind this request for certain. Browsers name the page with every request that
    /// changes anything and with every socket; a cookie that comes without that name was not sent by one of ours.
    pub fn vouch(&self, headers: &HeaderMap) -> bool {
        let named = headers.contains_key("origin") || headers.contains_key("sec-fetch-site");
        let once = |name: &str| headers.get_all(name).iter().count() <= 1;
        named && once("origin") && once("sec-fetch-site") && self.admit(headers)
    }

    /// Whether a browser's report is about a page of ours. Our pages tell nobody who they are, so browsers write `null` for
    /// them here, as for any page in a sandbox; then they must say that the page is of the same origin.
    pub fn vouch_report(&self, headers: &HeaderMap) -> bool {
        let same = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
        let nameless = headers.get("origin").is_none_or(|origin| origin == "null");
        (same && nameless) || self.vouch(headers)
    }

    /// Whether this origin is ours.
    fn own(&self, origin: &str, host: Option<&str>) -> bool {
        let origin = origin.to_lowercase();
        if self.configured.contains(&origin) {
            return true;
        }
        let named = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        let follows_host = self.configured.is_empty() || self.local;
        follows_host && named.is_some() && named == host.map(str::to_lowercase).as_deref()
    }

    /// Whether a request may name us so. A page elsewhere can make its own name point to this machine; it cannot
    /// make a browser call this machine by a name of this machine.
    pub fn reached_as(&self, host: Option<&str>) -> bool {
        !self.local || host.is_none_or(is_this_machine)
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
