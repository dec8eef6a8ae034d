//! Text between the tabs of one browser: hints that something changed, never the truth about it.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};

/// A channel all tabs of this origin share by its name. A tab does not hear itself. Dropping it closes it.
pub struct Channel {
    inner: BroadcastChannel,
    _listener: EventListener,
}

impl Channel {
    /// Joins `name`; `heard` gets every text. Nothing where the browser has no such channels.
    pub fn join(name: &str, heard: impl Fn(String) + 'static) -> Option<Self> {
        let inner = BroadcastChannel::new(name).ok()?;
        let listener = EventListener::new(&inner, "message", move |event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
            if let Some(text) = text {
                heard(text);
            }
        });
        Some(Self { inner, _listener: listener })
    }

    /// Tells the other tabs. A tab that sleeps may miss it.
    pub fn post(&self, text: &str) {
        let _ = self.inner.post_message(&text.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.close();
    }
}
