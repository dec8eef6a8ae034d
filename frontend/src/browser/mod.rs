//! The browser as the desk needs it: every call into it that is neither a view nor the socket. It names nothing of ours.

pub mod channel;
pub mod clipboard;
pub mod clock;
pub mod fold;
pub mod format;
pub mod id;
pub mod keep;
pub mod leave;
pub mod location;
pub mod locks;
pub mod media;
pub mod net;
pub mod notify;
pub mod panic;
pub mod pointer;
pub mod sound;
pub mod storage;
pub mod theme;
pub mod title;
pub mod visibility;
pub mod words;

use wasm_bindgen::JsValue;

/// The window; absent in a worker.
pub(crate) fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

/// The `name` of a thrown error, `Error` when it has none.
pub(crate) fn error_name(error: &JsValue) -> String {
    js_sys::Reflect::get(error, &"name".into())
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or("Error".to_owned())
}
