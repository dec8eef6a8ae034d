//! What admins arrange: users, connectors, queues, statuses, pauses; secrets are never here, only references to them.

mod change;
mod look;
mod manner;
mod parts;
mod posted;
mod refs;
mod shades;
mod stored;
#[cfg(test)]
mod tests;
mod workspace;

pub use change::ConfigChange;
pub use look::{Look, NoColour, Rgb};
pub use manner::{Focus, Manner, REASON_MAX, REASONS_MAX};
pub use parts::{
    Colour, Connector, Disposition, Link, Member, Pause, Queue, Role, Size, SystemPause, Unattended, User,
};
pub use posted::{NOTICES_MAX, Posted, TEXT_MAX, Tone};
pub use refs::{DispositionRef, PauseRef, QueueRef, UserRef, titles};
pub use shades::{GROUNDS, Shades, TEXTS, Theme, contrast};
pub use workspace::Workspace;

use crate::channel::Channel;
use crate::id::{ConnectorId, DispositionId, NoticeId, PauseId, QueueId, UserId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 4 levels of statuses: what lies deeper is not found in a menu.
pub const DEPTH_MAX: usize = 4;

/// The whole configuration of a workspace; one stream of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// Number of changes applied so far.
    pub version: u64,
    /// People who may log in.
    pub users: BTreeMap<UserId, User>,
    /// Accounts at providers.
    pub connectors: BTreeMap<ConnectorId, Connector>,
    /// Work lines.
    pub queues: BTreeMap<QueueId, Queue>,
    /// Outcomes, shown as "Status".
    pub dispositions: BTreeMap<DispositionId, Disposition>,
    /// Kinds of pause.
    pub pauses: BTreeMap<PauseId, Pause>,
    /// What is put up on the dashboard of every desk.
    #[serde(default)]
    pub notices: BTreeMap<NoticeId, Posted>,
    /// What holds for all of it.
    #[serde(default)]
    pub workspace: Workspace,
    /// How it looks.
    #[serde(default)]
    pub look: Look,
}

impl Config {
    /// Applies one change; never fails.
    pub fn apply(&mut self, change: &ConfigChange) {
        self.version += 1;
        match change {
            ConfigChange::UserSaved(user) => drop(self.users.insert(user.id, user.clone())),
            ConfigChange::ConnectorSaved(one) => drop(self.connectors.insert(one.id, one.clone())),
            ConfigChange::QueueSaved(queue) => drop(self.queues.insert(queue.id, queue.clone())),
            ConfigChange::DispositionSaved(one) => drop(self.dispositions.insert(one.id, one.clone())),
            ConfigChange::PauseSaved(pause) => drop(self.pauses.insert(pause.id, pause.clone())),
            ConfigChange::NoticeSaved(notice) => drop(self.notices.insert(notice.id, notice.clone())),
            ConfigChange::NoticeRemoved(id) => drop(self.notices.remove(id)),
            ConfigChange::WorkspaceSaved(workspace) => self.workspace = *workspace,
            ConfigChange::LookSaved(look) => self.look = *look,
        }
    }

    /// The queues this person has rights to.
    pub fn queues_of(&self, user: UserId) -> impl Iterator<Item = &Queue> {
        self.queues.values().filter(move |queue| queue.members.contains_key(&user))
    }

    /// The statuses an agent may choose in this queue, in its order.
    pub fn dispositions_of(&self, queue: QueueId) -> impl Iterator<Item = &Disposition> {
        let ids = self.queues.get(&queue).map(|queue| queue.dispositions.as_slice()).unwrap_or_default();
        let heading = |id| self.dispositions.values().any(|one| one.enabled && one.under == Some(id));
        let all = ids.iter().filter_map(|id| self.dispositions.get(id));
        all.filter(move |one| one.enabled && !heading(one.id))
    }

    /// The titles of what a status belongs under, the outermost first.
    #[must_use]
    pub fn path_of(&self, status: &Disposition) -> Vec<String> {
        let mut path = Vec::new();
        let mut next = status.under;
        while let Some(above) = next.and_then(|id| self.dispositions.get(&id)) {
            // A circle cannot be saved; should one be there, it ends.
            if path.len() >= DEPTH_MAX {
                break;
            }
            path.insert(0, above.title.clone());
            next = above.under;
        }
        path
    }

    /// The pause the system puts agents on for this.
    #[must_use]
    pub fn system_pause(&self, what: SystemPause) -> Option<&Pause> {
        self.pauses.values().find(|pause| pause.enabled && pause.system == Some(what))
    }

    /// The notices that are up at this time, the oldest first.
    pub fn notices_at(&self, now: Timestamp) -> impl Iterator<Item = &Posted> {
        self.notices.values().filter(move |notice| notice.until.is_none_or(|until| until > now))
    }

    /// The enabled connector of this channel with this account id at its provider.
    #[must_use]
    pub fn connector_of(&self, channel: Channel, account: &str) -> Option<&Connector> {
        self.connectors.values().find(|one| one.enabled && one.channel == channel && one.account == account)
    }
}
