//! The address bar: where the desk is, going elsewhere, coming back. It knows no page by name.

use super::window;
use gloo::events::EventListener;
use wasm_bindgen::JsValue;

/// The address the document is served under, always ending in `/`: the path of `<base>`, else `/`.
#[must_use]
pub fn base() -> String {
    let uri = window().and_then(|window| window.document()?.base_uri().ok()?);
    let path =
        uri.and_then(|uri| web_sys::Url::new(&uri).ok()).map_or_else(|| "/".to_owned(), |url| url.pathname());
    directory(&path).to_owned()
}

/// A path up to and with its last slash.
fn directory(path: &str) -> &str {
    path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or("/")
}

/// The path below the base, without a leading slash.
#[must_use]
pub fn path() -> String {
    let path = window().and_then(|window| window.location().pathname().ok()).unwrap_or_default();
    below(&path, &base()).to_owned()
}

/// `path` below `base`; all of it when it lies elsewhere.
fn below<'a>(path: &'a str, base: &str) -> &'a str {
    path.strip_prefix(base).unwrap_or(path).trim_start_matches('/')
}

/// A parameter of the query, decoded.
#[must_use]
pub fn query(name: &str) -> Option<String> {
    let search = window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// The absolute address of something below the base, e.g. `api/v1/session`.
#[must_use]
pub fn url(relative: &str) -> String {
    [base().as_str(), relative.trim_start_matches('/')].concat()
}

/// The same for a socket: `ws` or `wss` as the page itself is served.
#[must_use]
pub fn socket_url(relative: &str) -> Option<String> {
    let location = window()?.location();
    let scheme = if location.protocol().ok()? == "https:" { "wss://" } else { "ws://" };
    Some([scheme, &location.host().ok()?, &url(relative)].concat())
}

/// Goes to a path below the base; the browser's back button comes back.
pub fn push(relative: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&url(relative)));
    }
}

/// The same without an entry to come back to.
pub fn replace(relative: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url(relative)));
    }
}

/// Loads the desk anew.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Leaves for another page of ours below or above the base, which is loaded anew.
pub fn leave(relative: &str) {
    if let Some(window) = window() {
        let _ = window.location().assign(&url(relative));
    }
}

/// Calls `moved` when the browser's back and forward buttons were used, while the listener lives.
pub fn on_back(moved: impl Fn() + 'static) -> Option<EventListener> {
    window().map(|window| EventListener::new(&window, "popstate", move |_| moved()))
}

/// The host of an address as the browser understands it: in plain letters, punycode where it has others.
#[must_use]
pub fn host_of(address: &str) -> Option<String> {
    Some(web_sys::Url::new(address).ok()?.host()).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{below, directory};

    #[test]
    fn paths_below_any_base() {
        assert_eq!(directory("/desk/index.html"), "/desk/");
        assert_eq!(directory("/"), "/");
        assert_eq!(directory(""), "/");
        assert_eq!(below("/desk/activities", "/desk/"), "activities");
        assert_eq!(below("/waiting", "/"), "waiting");
        assert_eq!(below("/elsewhere", "/desk/"), "elsewhere");
    }
}
