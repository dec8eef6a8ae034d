//! What Messenger can do, with the source of each figure; never how it is spoken to.

use super::{Capabilities, Limit, Unit, Window};
use crate::time::Span;

/// Text: 2,000 characters (Send API reference). Window: 24 hours after the customer's last action (Messenger policy),
/// 7 days for a person's own reply where the account has the human agent permission.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    title: "Messenger",
    text: Limit { unit: Unit::Characters, max: 2_000 },
    window: Window::AfterCustomer {
        open: Span::hours(24),
        human: Some(Span::hours(7 * 24)),
        margin: Span::minutes(3),
    },
    tells_delivered: true,
    tells_seen: true,
};
