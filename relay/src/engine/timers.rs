//! When the next thing falls due, kept in order so that no look walks over every interaction; fires nothing itself.

use shared::id::InteractionId;
use shared::time::Timestamp;
use shared::timer::{self, DueWhat};
use shared::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// The earliest instant of every interaction that waits for one.
#[derive(Default)]
pub(super) struct Timers {
    of: BTreeMap<InteractionId, Timestamp>,
    order: BTreeSet<(Timestamp, InteractionId)>,
}

impl Timers {
    /// All timers of a world.
    pub fn of(world: &World, now: Timestamp) -> Self {
        let mut timers = Self::default();
        for interaction in world.interactions() {
            timers.refresh(world, interaction.id, now);
        }
        timers
    }

    /// Looks at one interaction anew. The end of a sleep that has passed is no timer: it never changes again.
    pub fn refresh(&mut self, world: &World, id: InteractionId, now: Timestamp) {
        let dues = world.interaction(id).map(timer::due).unwrap_or_default();
        let open = dues.iter().filter(|due| !matches!(due.what, DueWhat::SleepOver(_)) || due.at > now);
        self.set(id, open.map(|due| due.at).min());
    }

    /// Sets the timer of one interaction.
    pub fn set(&mut self, id: InteractionId, at: Option<Timestamp>) {
        if let Some(old) = self.of.remove(&id) {
            self.order.remove(&(old, id));
        }
        if let Some(at) = at {
            self.of.insert(id, at);
            self.order.insert((at, id));
        }
    }

    /// The earliest timer.
    pub fn first(&self) -> Option<(Timestamp, InteractionId)> {
        self.order.first().copied()
    }

    /// When this interaction's timer goes off.
    pub fn at(&self, id: InteractionId) -> Option<Timestamp> {
        self.of.get(&id).copied()
    }
}
