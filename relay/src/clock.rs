//! The relay's one clock: the system's, plus an offset that only a demo's time travel moves; decides nothing.

#[cfg(any(feature = "demo", test))]
use shared::time::Span;
use shared::time::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;
use uuid::{NoContext, Uuid};

/// The longest sleep without a look at the system's clock, which may have been set meanwhile.
const LOOK: Duration = Duration::from_secs(30);

/// The relay's clock. Copies share the offset.
#[derive(Clone)]
pub struct Clock {
    inner: Arc<Inner>,
}

struct Inner {
    offset: AtomicI64,
    moved: Notify,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { inner: Arc::new(Inner { offset: AtomicI64::new(0), moved: Notify::new() }) }
    }

    /// The instant it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp(millis.saturating_add(self.inner.offset.load(Ordering::SeqCst)))
    }

    /// Sleeps until an instant of this clock, however it is moved meanwhile; not at all when it has passed.
    pub async fn sleep_until(&self, at: Timestamp) {
        loop {
            // Listening before looking: a move in between is not missed.
            let moved = self.inner.moved.notified();
            let left = at.since(self.now()).0;
            let Ok(left @ 1..) = u64::try_from(left) else { return };
            tokio::select! {
                () = moved => {}
                () = tokio::time::sleep(Duration::from_millis(left).min(LOOK)) => {}
            }
        }
    }

    /// Moves the clock and wakes whoever sleeps by it.
    #[cfg(any(feature = "demo", test))]
    pub fn advance(&self, by: Span) {
        self.inner.offset.fetch_add(by.0, Ordering::SeqCst);
        self.inner.moved.notify_waiters();
    }

    /// A new id, version 7, of this instant.
    #[must_use]
    pub fn fresh(&self) -> Uuid {
        let now = u64::try_from(self.now().0).unwrap_or_default();
        let nanos = u32::try_from(now % 1_000).unwrap_or_default() * 1_000_000;
        Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, now / 1_000, nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use shared::time::Span;
    use std::time::Duration;

    #[tokio::test]
    async fn whoever_sleeps_wakes_when_the_clock_is_moved() {
        let clock = Clock::system();
        let until = clock.now().plus(Span::hours(1));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(until).await }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        clock.advance(Span::minutes(59));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!sleeper.is_finished(), "a minute is left");
        clock.advance(Span::minutes(1));
        tokio::time::timeout(Duration::from_secs(5), sleeper).await.unwrap().unwrap();
        assert!(clock.now() >= until);
    }

    #[test]
    fn ids_sort_by_the_clock_that_made_them() {
        let clock = Clock::system();
        let first = clock.fresh();
        clock.advance(Span::seconds(1));
        let second = clock.fresh();
        assert!(first < second);
        assert_eq!(first.get_version_num(), 7);
    }
}
