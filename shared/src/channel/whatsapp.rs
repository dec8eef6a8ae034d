//! What WhatsApp can do, with the source of each figure; never how it is spoken to.

use super::{Capabilities, Limit, Unit, Window};
use crate::time::Span;

/// Text: 4,096 characters (Cloud API). Window: 24 hours of customer service, refreshed by each customer message.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    title: "WhatsApp",
    text: Limit { unit: Unit::Characters, max: 4_096 },
    window: Window::AfterCustomer { open: Span::hours(24), human: None, margin: Span::minutes(3) },
    tells_delivered: true,
    tells_seen: true,
};
