//! The browser's own question before a page is left with something unsaved. It knows not what.

use super::window;
use gloo::events::{EventListener, EventListenerOptions};

/// Has the browser ask before the page is left or reloaded whenever `unsaved` holds, while the listener lives.
pub fn guard(unsaved: impl Fn() -> bool + 'static) -> Option<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    window().map(|window| {
        EventListener::new_with_options(&window, "beforeunload", options, move |event| {
            if unsaved() {
                event.prevent_default();
            }
        })
    })
}
