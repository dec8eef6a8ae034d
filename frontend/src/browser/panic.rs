//! The last words of the desk: a panic is told to the page, whose loader shows what to do. It never tries to go on.

use super::window;
use web_sys::{CustomEvent, CustomEventInit};

/// The event on the window; its detail is where the desk stopped, never what was in it.
pub const EVENT: &str = "signalbox:panic";

/// Installs the hook.
pub fn install() {
    std::panic::set_hook(Box::new(|stopped| {
        let place = stopped.location().map_or_else(String::new, ToString::to_string);
        let told = CustomEventInit::new();
        told.set_detail(&place.into());
        if let (Some(window), Ok(event)) = (window(), CustomEvent::new_with_event_init_dict(EVENT, &told)) {
            let _ = window.dispatch_event(&event);
        }
    }));
}
