//! The one socket to the relay: text in, text out, closed when dropped. It understands nothing of what it carries.

use super::note::Note;
use super::queue::Queue;
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, WebSocket};

/// An open or opening socket. What it hears is marked with its number, so that a late word of an old one is known as such.
pub struct Socket {
    inner: WebSocket,
    _listeners: [EventListener; 3],
}

impl Socket {
    /// Opens a socket; nothing when the browser refuses the address.
    pub fn open(url: &str, number: u64, notes: &Queue<Note>) -> Option<Self> {
        let inner = WebSocket::new(url).ok()?;
        let on = |event: &'static str, note: fn(u64, &web_sys::Event) -> Option<Note>| {
            let notes = notes.clone();
            EventListener::new(&inner, event, move |event| {
                if let Some(note) = note(number, event) {
                    notes.put(note);
                }
            })
        };
        let listeners = [
            on("open", |number, _| Some(Note::SocketOpened(number))),
            on("message", |number, event| {
                let text = event.dyn_ref::<MessageEvent>()?.data().as_string()?;
                Some(Note::SocketSaid(number, text))
            }),
            on("close", |number, _| Some(Note::SocketClosed(number))),
        ];
        Some(Self { inner, _listeners: listeners })
    }

    /// Sends text; what cannot be sent is noticed by the silence that follows.
    pub fn send(&self, text: &str) {
        let _ = self.inner.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.inner.close();
    }
}
