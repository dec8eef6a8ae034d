//! What the device and its owner prefer. It only asks.

use super::window;

fn matches(query: &str) -> bool {
    let list = window().and_then(|window| window.match_media(query).ok().flatten());
    list.is_some_and(|list| list.matches())
}

/// Whether motion is to be left out.
#[must_use]
pub fn reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Whether the pointer is a finger.
#[must_use]
pub fn coarse_pointer() -> bool {
    matches("(pointer: coarse)")
}

/// Whether the system is dark.
#[must_use]
pub fn dark() -> bool {
    matches("(prefers-color-scheme: dark)")
}
