//! Notices of the system, for whoever looks at another window. When to show one is decided elsewhere.

use super::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Whether the browser shows notices of this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// It does.
    Granted,
    /// Nobody has been asked yet.
    Unasked,
    /// The person or the browser said no; only the browser's settings can change it.
    Denied,
    /// This browser has none, or none here.
    Missing,
}

/// How it stands.
#[must_use]
pub fn consent() -> Consent {
    let has =
        window().is_some_and(|window| js_sys::Reflect::has(&window, &"Notification".into()) == Ok(true));
    if !has {
        return Consent::Missing;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Consent::Granted,
        NotificationPermission::Denied => Consent::Denied,
        _ => Consent::Unasked,
    }
}

/// Asks the person; `answered` hears how it stands then. Only from a click: browsers ignore anything else.
pub fn ask(answered: impl FnOnce(Consent) + 'static) {
    let Ok(asking) = Notification::request_permission() else { return answered(consent()) };
    spawn_local(async move {
        let _ = JsFuture::from(asking).await;
        answered(consent());
    });
}

/// Shows a notice; one of the same `tag` takes the place of the one before. A click on it brings the page to the front and
/// calls `pressed`.
pub fn show(title: &str, body: &str, tag: &str, pressed: impl FnOnce() + 'static) {
    if consent() != Consent::Granted {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(tag);
    options.set_icon(&super::location::url("favicon.svg"));
    // Phones show notices by service workers alone and refuse this.
    let Ok(shown) = Notification::new_with_options(title, &options) else { return };
    let notice = shown.clone();
    let clicked = Closure::once_into_js(move || {
        if let Some(window) = window() {
            let _ = window.focus();
        }
        pressed();
        notice.close();
    });
    shown.set_onclick(Some(clicked.unchecked_ref()));
}
