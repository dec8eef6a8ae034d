//! How chats of a queue come to agents and how offers are refused; what is not said has its default.

use crate::time::Span;
use serde::{Deserialize, Serialize};

/// 12 reasons: a menu with more is not read while a customer waits.
pub const REASONS_MAX: usize = 12;
/// 60 characters of a reason: one line of a menu.
pub const REASON_MAX: usize = 60;

/// How chats of a queue come to agents, how offers are refused and what is said of a chat at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Manner {
    /// Whether an accepted chat comes to the front by itself.
    pub focus: Focus,
    /// Whether an offer may be rejected; who may not lets it ring, or takes it. True when absent.
    pub reject: bool,
    /// The reasons to choose from when rejecting, 12 at the most, of 60 characters; none = no reason is asked for.
    pub reject_reasons: Vec<String>,
    /// Whether several statuses can be chosen for a chat; false when absent.
    pub several: bool,
    /// How long an agent is left alone after they closed a chat, in milliseconds, 5,000 to 600,000; absent = not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrap_up: Option<Span>,
}

/// Whether an accepted chat comes to the front by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Focus {
    /// While no other chat is open: nobody is torn out of what they write.
    #[default]
    Alone,
    /// Always.
    Always,
    /// Never: it waits as a tab.
    Never,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            focus: Focus::default(),
            reject: true,
            reject_reasons: Vec::new(),
            several: false,
            wrap_up: None,
        }
    }
}
