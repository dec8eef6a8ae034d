//! The relay's time on this device: a measured offset to a clock that never goes back. The device's own time is not trusted.

use shared::time::Timestamp;

/// A measurement this much older gives way to any newer one, in milliseconds: clocks drift.
const STALE_MS: i64 = 300_000;

/// The relay's time as this device knows it. All arguments are milliseconds of the steady clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    offset: i64,
    best: Option<(i64, i64)>,
}

impl Clock {
    /// Begins with a guess: the device's time at `steady`.
    #[must_use]
    pub const fn guess(device: Timestamp, steady: i64) -> Self {
        Self { offset: device.0.saturating_sub(steady), best: None }
    }

    /// The relay's time now.
    #[must_use]
    pub const fn now(&self, steady: i64) -> Timestamp {
        Timestamp(steady.saturating_add(self.offset))
    }

    /// The relay's time at an instant of the steady clock, for a countdown.
    #[must_use]
    pub const fn at(&self, steady: i64) -> Timestamp {
        self.now(steady)
    }

    /// Takes in the relay's time from an answer; the faster the answer, the better the measurement.
    pub fn measure(&mut self, asked: i64, answered: i64, relay: Timestamp) {
        let took = answered.saturating_sub(asked).max(0);
        let better =
            self.best.is_none_or(|(best, when)| took <= best || answered.saturating_sub(when) > STALE_MS);
        if better {
            self.offset = relay.0.saturating_sub(asked.saturating_add(took / 2));
            self.best = Some((took, answered));
        }
    }
}
