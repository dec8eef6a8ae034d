//! A meter of a provider's rate: a burst, then one per interval; never sleeps, time is an argument.

/// What has been used, as the time at which the meter would be empty again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meter {
    empty_ms: u64,
}

impl Meter {
    /// Takes one if `burst` at once and then one per `every_ms` allow it.
    pub(crate) const fn take(&mut self, burst: u64, every_ms: u64, now: u64) -> bool {
        let full = self.empty_ms.saturating_sub(now) > every_ms * burst.saturating_sub(1);
        if !full {
            self.empty_ms = if self.empty_ms > now { self.empty_ms } else { now } + every_ms;
        }
        !full
    }

    /// Forgets what was used.
    pub(crate) const fn reset(&mut self) {
        self.empty_ms = 0;
    }
}

#[cfg(test)]
mod tests;
