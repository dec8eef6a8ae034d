//! Whose desks are connected, and since when those of the others are not; a lease of this process that knows no chat.

use shared::id::UserId;
use shared::lost::Absence;
use shared::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Everybody's desks, and how whoever has none is missing.
pub(super) struct Presence {
    /// How many desks of a person are connected.
    desks: BTreeMap<UserId, usize>,
    /// How those are missing who were here or logged out.
    gone: BTreeMap<UserId, Absence>,
    /// Since when everybody else is missing.
    start: Timestamp,
}

impl Presence {
    /// Nobody is here yet.
    pub const fn new(start: Timestamp) -> Self {
        Self { desks: BTreeMap::new(), gone: BTreeMap::new(), start }
    }

    /// A desk of this person connected, or went. Whether they became reachable by it, or ceased to be.
    pub fn reach(&mut self, user: UserId, connected: bool, now: Timestamp) -> bool {
        let count = self.desks.entry(user).or_default();
        let before = *count;
        *count = if connected { before.saturating_add(1) } else { before.saturating_sub(1) };
        let after = *count;
        if after == 0 {
            self.desks.remove(&user);
        }
        if connected {
            self.gone.remove(&user);
        } else if after == 0 {
            // Whoever logged out did so before their desk was cut off.
            let logged_out = self.gone.get(&user).is_some_and(|absence| absence.logged_out);
            self.gone.insert(user, Absence { since: now, logged_out });
        }
        (before == 0) != (after == 0)
    }

    /// This person logged out everywhere.
    pub fn log_out(&mut self, user: UserId, now: Timestamp) {
        self.gone.entry(user).or_insert(Absence { since: now, logged_out: true }).logged_out = true;
    }

    /// The people with a connected desk.
    pub fn reachable(&self) -> BTreeSet<UserId> {
        self.desks.keys().copied().collect()
    }

    /// Whether a desk of this person is connected.
    pub fn reaches(&self, user: UserId) -> bool {
        self.desks.contains_key(&user)
    }

    /// How this person is missing; none while a desk of theirs is connected.
    pub fn absence(&self, user: UserId) -> Option<Absence> {
        if self.reaches(user) {
            return None;
        }
        Some(self.gone.get(&user).copied().unwrap_or(Absence { since: self.start, logged_out: false }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVA: UserId = UserId::from_u128(1);

    #[test]
    fn who_is_missing_is_so_since_their_last_desk_went() {
        let mut presence = Presence::new(Timestamp(5));
        let since = |at, logged_out| Some(Absence { since: Timestamp(at), logged_out });
        assert_eq!(presence.absence(EVA), since(5, false), "since the start, whoever never came");
        assert!(presence.reach(EVA, true, Timestamp(10)));
        assert!(!presence.reach(EVA, true, Timestamp(11)));
        assert!(!presence.reach(EVA, false, Timestamp(12)));
        assert_eq!(presence.absence(EVA), None, "one of two desks went");
        assert!(presence.reach(EVA, false, Timestamp(13)));
        assert_eq!(presence.absence(EVA), since(13, false));
        presence.log_out(EVA, Timestamp(14));
        assert_eq!(presence.absence(EVA), since(13, true));
        presence.reach(EVA, true, Timestamp(15));
        presence.log_out(EVA, Timestamp(16));
        assert_eq!(presence.absence(EVA), None, "until the desk is cut off");
        presence.reach(EVA, false, Timestamp(17));
        assert_eq!(presence.absence(EVA), since(17, true));
        presence.reach(EVA, true, Timestamp(18));
        presence.reach(EVA, false, Timestamp(19));
        assert_eq!(presence.absence(EVA), since(19, false), "who came back did not log out");
    }
}
