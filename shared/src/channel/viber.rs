//! What Viber can do, with the source of each figure; never how it is spoken to.

use super::{Capabilities, Limit, Unit, Window};

/// Text: 7,000 characters (bot REST API). No window: a subscriber may be written to at any time.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    title: "Viber",
    text: Limit { unit: Unit::Characters, max: 7_000 },
    window: Window::WhileSubscribed,
    tells_delivered: true,
    tells_seen: true,
};
