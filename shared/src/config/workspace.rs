//! What holds for the whole workspace, whichever queue it is about.

use crate::time::Span;
use serde::{Deserialize, Serialize};

/// 10 minutes: longer than a reload, a tunnel or a restart of the browser takes, and as long as a customer waits.
const LOST_AFTER: Span = Span::minutes(10);

/// What holds for the whole workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workspace {
    /// How long no desk of an agent is connected until they are lost and their chats go back to the queue, 1 minute to
    /// 24 hours; none = never.
    pub lost_after: Option<Span>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self { lost_after: Some(LOST_AFTER) }
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
