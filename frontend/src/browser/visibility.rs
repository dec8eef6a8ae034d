//! Whether an agent can see this tab. It only listens; what follows from it is decided elsewhere.

use super::window;
use gloo::events::EventListener;
use web_sys::VisibilityState;

/// Whether the tab is in front of its window.
#[must_use]
pub fn is_visible() -> bool {
    let document = window().and_then(|window| window.document());
    document.is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Whether the tab is visible and has the keyboard.
#[must_use]
pub fn has_focus() -> bool {
    let document = window().and_then(|window| window.document());
    is_visible() && document.is_some_and(|document| document.has_focus().unwrap_or(false))
}

/// Listens while it lives.
#[must_use = "dropping it stops the listening"]
pub struct Watch(#[expect(dead_code, reason = "held for its Drop")] Vec<EventListener>);

/// Calls `changed` when the tab is shown, hidden, comes back from the browser's cache, or gains or loses the keyboard.
pub fn watch(changed: impl Fn() + Clone + 'static) -> Watch {
    let mut listeners = Vec::new();
    if let Some(window) = window() {
        if let Some(document) = window.document() {
            let changed = changed.clone();
            listeners.push(EventListener::new(&document, "visibilitychange", move |_| changed()));
        }
        for event in ["focus", "blur", "pageshow"] {
            let changed = changed.clone();
            listeners.push(EventListener::new(&window, event, move |_| changed()));
        }
    }
    Watch(listeners)
}

/// Calls `leaving` when the page is about to be frozen or unloaded: the last moment to write something down.
pub fn on_leaving(leaving: impl Fn() + 'static) -> Watch {
    let listener = window().map(|window| EventListener::new(&window, "pagehide", move |_| leaving()));
    Watch(listener.into_iter().collect())
}
