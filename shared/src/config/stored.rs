//! Queues as an earlier version saved them, with one link or none; read alone, never written.

use super::{Link, Manner, Member, Queue, Unattended};
use crate::channel::Channel;
use crate::id::{DispositionId, PauseId, QueueId, UserId};
use crate::time::Span;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A queue of this version or of one before it.
#[derive(Deserialize)]
pub(super) struct StoredQueue {
    id: QueueId,
    number: u32,
    title: String,
    channel: Channel,
    enabled: bool,
    priority: u8,
    ring: Span,
    sleep: Span,
    max_wait: Option<Span>,
    automatic_pause: Option<PauseId>,
    disposition_required: bool,
    dispositions: Vec<DispositionId>,
    unattended: Unattended,
    members: BTreeMap<UserId, Member>,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    manner: Manner,
    /// The only one there was.
    #[serde(default)]
    link: Option<Link>,
}

impl From<StoredQueue> for Queue {
    fn from(stored: StoredQueue) -> Self {
        let mut links = stored.links;
        if links.is_empty() {
            links.extend(stored.link);
        }
        Self {
            id: stored.id,
            number: stored.number,
            title: stored.title,
            channel: stored.channel,
            enabled: stored.enabled,
            priority: stored.priority,
            ring: stored.ring,
            sleep: stored.sleep,
            max_wait: stored.max_wait,
            automatic_pause: stored.automatic_pause,
            disposition_required: stored.disposition_required,
            dispositions: stored.dispositions,
            unattended: stored.unattended,
            members: stored.members,
            links,
            manner: stored.manner,
        }
    }
}
