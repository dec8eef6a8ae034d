//! What can happen to the configuration: a part is saved whole. Whatever history may name is never deleted, it is switched off; a notice alone is taken down.

use super::{Connector, Disposition, Look, Pause, Posted, Queue, User, Workspace};
use crate::id::NoticeId;
use serde::{Deserialize, Serialize};

/// One saved part, or one taken away.
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
    /// A notice on the dashboard.
    NoticeSaved(Posted),
    /// A notice is taken down.
    NoticeRemoved(NoticeId),
    /// What holds for the whole workspace.
    WorkspaceSaved(Workspace),
    /// How it looks.
    LookSaved(Look),
}
