//! The short references that changes carry to the parts of a configuration; their names stay readable after a part is gone.

use super::{Disposition, Pause, Queue, User};
use crate::id::{DispositionId, PauseId, QueueId, UserId};
use serde::{Deserialize, Serialize};

/// A person as changes and lists name them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserRef {
    /// The id.
    pub id: UserId,
    /// The name at that time.
    pub name: String,
}

/// A queue as changes and lists name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueRef {
    /// The id.
    pub id: QueueId,
    /// The number.
    pub number: u32,
    /// The name at that time.
    pub title: String,
}

/// A status as changes name it; the title stays readable after the status is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DispositionRef {
    /// The id.
    pub id: DispositionId,
    /// The name at that time.
    pub title: String,
}

/// A pause as changes name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PauseRef {
    /// The id.
    pub id: PauseId,
    /// The name at that time.
    pub title: String,
    /// Whether its time is paid.
    pub paid: bool,
}

/// Several statuses as one reads them.
#[must_use]
pub fn titles<'a>(all: impl IntoIterator<Item = &'a DispositionRef>) -> String {
    let all: Vec<&str> = all.into_iter().map(|one| one.title.as_str()).collect();
    all.join(", ")
}

impl User {
    /// The short reference.
    #[must_use]
    pub fn reference(&self) -> UserRef {
        UserRef { id: self.id, name: self.name.clone() }
    }
}

impl Queue {
    /// The short reference.
    #[must_use]
    pub fn reference(&self) -> QueueRef {
        QueueRef { id: self.id, number: self.number, title: self.title.clone() }
    }
}

impl Disposition {
    /// The short reference.
    #[must_use]
    pub fn reference(&self) -> DispositionRef {
        DispositionRef { id: self.id, title: self.title.clone() }
    }
}

impl Pause {
    /// The short reference.
    #[must_use]
    pub fn reference(&self) -> PauseRef {
        PauseRef { id: self.id, title: self.title.clone(), paid: self.paid }
    }
}
