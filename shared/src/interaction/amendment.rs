//! What may still happen to a message once it is there: reactions, edits, unsends, files that arrive; also after the end.

use super::{AttachmentState, Direction};
use crate::id::{AttachmentId, MessageId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that happened to a message. It starts no chat, opens no window and makes no command stale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Amendment {
    /// An emoji was put on it, or taken off.
    Reacted {
        /// By whom.
        by: Direction,
        /// Which; none once it was taken off.
        emoji: Option<String>,
    },
    /// Its words were replaced by whoever wrote it; the new ones are a content row.
    Edited,
    /// It was taken back by whoever wrote it: words and files are erased.
    Unsent,
    /// One of its files came, or did not.
    Attached {
        /// Which.
        attachment: AttachmentId,
        /// Where it stands.
        state: AttachmentState,
    },
}

/// What the log knows of a message that is to be amended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amended {
    /// The message.
    pub id: MessageId,
    /// When it was last edited, by the provider's clock.
    pub edited_at: Option<Timestamp>,
    /// When the one who reacts did so last, by the provider's clock, and with what.
    pub reacted: Option<(Timestamp, Option<String>)>,
    /// Whether it was taken back.
    pub unsent: bool,
    /// Where the file stands that the amendment is about.
    pub attachment: Option<AttachmentState>,
}

impl Amended {
    /// Whether an amendment that happened `at` says something new. Providers repeat themselves and do not keep order,
    /// so what is older than what is known changes nothing.
    #[must_use]
    pub fn takes(&self, amendment: &Amendment, at: Timestamp) -> bool {
        match amendment {
            Amendment::Unsent => !self.unsent,
            _ if self.unsent => false,
            Amendment::Edited => self.edited_at.is_none_or(|known| at > known),
            // A removal that comes before its reaction is kept, so that the reaction is known to be older. Of two in one
            // instant the first stands: which of them is a repetition cannot be told.
            Amendment::Reacted { .. } => self.reacted.as_ref().is_none_or(|(known, _)| at > *known),
            Amendment::Attached { state, .. } => {
                self.attachment.as_ref().is_some_and(|known| known.becomes(state))
            }
        }
    }
}
