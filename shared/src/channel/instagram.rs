//! What Instagram can do, with the source of each figure; never how it is spoken to.

use super::{Capabilities, Limit, Unit, Window};
use crate::time::Span;

/// Text: 1,000 bytes of UTF-8 (Instagram send reference). Window: 24 hours, 7 days for a person's own
/// reply where the account has the human agent permission. No delivery event exists, only seen.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    title: "Instagram",
    text: Limit { unit: Unit::Bytes, max: 1_000 },
    window: Window::AfterCustomer {
        open: Span::hours(24),
        human: Some(Span::hours(7 * 24)),
        margin: Span::minutes(3),
    },
    tells_delivered: false,
    tells_seen: true,
};
