//! What can happen to the configuration: a part is saved whole. Nothing is deleted; things are switched off.

use super::{Connector, Disposition, Pause, Queue, User};
use serde::{Deserialize, Serialize};

/// One saved part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfigChange {
    /// A person.
    UserSaved(User),
    /// An account at a provider.
    ConnectorSaved(Connector),
    /// A work line.
    QueueSaved(Queue),
    /// A status.
    DispositionSaved(Disposition),
    /// A kind of pause.
    PauseSaved(Pause),
}
