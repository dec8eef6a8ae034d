//! When a channel lets a business write free text: a window after the customer's last message, or a subscription.

use crate::time::{Span, Timestamp};

/// The rule of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Free text for `open` after the customer's last message (the customer's time, not the time of receipt).
    AfterCustomer {
        /// The provider's window.
        open: Span,
        /// How long a person's own reply may follow all the same, where the account has that right.
        human: Option<Span>,
        /// Kept free at the end, because clocks differ and a queued message still has to travel.
        margin: Span,
    },
    /// Free text for as long as the customer is subscribed.
    WhileSubscribed,
}

/// What a window says at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowState {
    /// Free text may be sent until this instant.
    OpenUntil(Timestamp),
    /// Free text may be sent; no end is known.
    Open,
    /// The window closed at this instant, or the customer has never written.
    Closed(Option<Timestamp>),
    /// The customer has unsubscribed or blocked us, on whatever channel.
    Unsubscribed,
}

impl Window {
    /// The window of an account, which is longer for a person's own reply where the account has that right.
    #[must_use]
    pub fn of_account(self, human_agent: bool) -> Self {
        match self {
            Self::AfterCustomer { human: Some(open), margin, .. } if human_agent => {
                Self::AfterCustomer { open, human: Some(open), margin }
            }
            same => same,
        }
    }

    /// The state of the window at `now`.
    #[must_use]
    pub fn state(self, last_customer_at: Option<Timestamp>, subscribed: bool, now: Timestamp) -> WindowState {
        match (self, last_customer_at) {
            _ if !subscribed => WindowState::Unsubscribed,
            (Self::WhileSubscribed, _) => WindowState::Open,
            (Self::AfterCustomer { .. }, None) => WindowState::Closed(None),
            (Self::AfterCustomer { open, margin, .. }, Some(last)) => {
                let until = last.plus(open).plus(Span(-margin.0));
                if now < until { WindowState::OpenUntil(until) } else { WindowState::Closed(Some(until)) }
            }
        }
    }
}

impl WindowState {
    /// Whether free text may be sent.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::OpenUntil(_) | Self::Open)
    }
}
