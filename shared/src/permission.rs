//! Who may see and do what in general: roles and rights to queues in one place.

use crate::config::{Config, Role, User};
use crate::id::QueueId;
use crate::interaction::Interaction;

/// Whether this person has rights to the queue.
#[must_use]
pub fn has_queue(config: &Config, user: &User, queue: QueueId) -> bool {
    user.active && config.queues.get(&queue).is_some_and(|queue| queue.members.contains_key(&user.id))
}

/// Whether this person may help and see other agents' work.
#[must_use]
pub const fn supervises(user: &User) -> bool {
    user.active && matches!(user.role, Role::Supervisor | Role::Admin)
}

/// Whether this person may edit the configuration.
#[must_use]
pub const fn configures(user: &User) -> bool {
    user.active && matches!(user.role, Role::Admin)
}

/// Whether this person may read an interaction: they worked on it, or have rights to a queue it went through.
#[must_use]
pub fn reads(config: &Config, user: &User, interaction: &Interaction) -> bool {
    user.active
        && interaction
            .activities
            .iter()
            .any(|activity| activity.owner == Some(user.id) || has_queue(config, user, activity.queue.id))
}
