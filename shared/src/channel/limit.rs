//! How long a text may be, counted in the provider's own unit.

use serde::{Deserialize, Serialize};

/// What a provider counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Bytes of UTF-8.
    Bytes,
    /// Unicode scalar values.
    Characters,
}

/// A largest size of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is counted.
    pub unit: Unit,
    /// The most that is allowed, inclusive.
    pub max: usize,
}

impl Limit {
    /// The size of `text` in this limit's unit.
    #[must_use]
    pub fn measure(self, text: &str) -> usize {
        match self.unit {
            Unit::Bytes => text.len(),
            Unit::Characters => text.chars().count(),
        }
    }

    /// Whether `text` may be sent as one message.
    #[must_use]
    pub fn allows(self, text: &str) -> bool {
        self.measure(text) <= self.max
    }
}
