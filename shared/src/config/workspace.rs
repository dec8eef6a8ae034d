//! What holds for the whole workspace, whichever queue it is about.

use crate::time::Span;
use serde::{Deserialize, Serialize};

/// 10 minutes: longer than a reload, a tunnel or a restart of the browser takes, and as long as a customer waits.
const LOST_AFTER: Span = Span::minutes(10);

/// 24 hours: the shortest time in which a customer can be answered freely; what is written later could not leave.
const OUTBOX_LIMIT: Span = Span::hours(24);

/// What holds for the whole workspace; what is not said has its default.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, set apart from the others")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Workspace {
    /// How long no desk of an agent is connected until they are lost and their chats go back to the queue, in
    /// milliseconds, 60,000 to 86,400,000; null = never. 10 minutes when absent.
    pub lost_after: Option<Span>,
    /// Whether agents see and take what waits in queues they are logged out of; true when absent.
    pub pull_logged_out: bool,
    /// Whether who takes a waiting customer while on a pause is asked whether the pause is over; true when absent.
    pub ask_on_pause: bool,
    /// Whether offers and the Waiting list show the customer's last words; true when absent.
    pub preview: bool,
    /// Whether a message in an open chat makes a sound, for those who like sounds; true when absent.
    pub message_sound: bool,
    /// Whether closing a chat can be taken back for five seconds; false when absent.
    pub undo_close: bool,
    /// Whether a text too long for its channel can be sent as several messages; true when absent.
    pub split: bool,
    /// How long a desk that is not connected takes messages that wait, in milliseconds, 60,000 to 604,800,000; null =
    /// without limit. 24 hours when absent.
    pub outbox_limit: Option<Span>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self {
            lost_after: Some(LOST_AFTER),
            pull_logged_out: true,
            ask_on_pause: true,
            preview: true,
            message_sound: true,
            undo_close: false,
            split: true,
            outbox_limit: Some(OUTBOX_LIMIT),
        }
    }
}

impl Workspace {
    /// How long a chat stays with an owner who logged out, was deactivated or lost the rights to its queue. That they
    /// will not answer is known, so it goes back also where nobody is ever lost.
    #[must_use]
    pub fn grace(self) -> Span {
        self.lost_after.unwrap_or(LOST_AFTER)
    }
}
