//! A notice that admins put up on the dashboard of every desk; a few words, never about a customer.

use crate::id::NoticeId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// 20 notices at a time: a dashboard with more is not read.
pub const NOTICES_MAX: usize = 20;
/// 500 characters of a notice: a few lines.
pub const TEXT_MAX: usize = 500;

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The id.
    pub id: NoticeId,
    /// The words.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    /// When it comes down by itself; none = not until somebody takes it down.
    pub until: Option<Timestamp>,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Good to know.
    Info,
    /// Something is not as it should be.
    Warning,
}
