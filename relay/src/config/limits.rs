//! Every cap and every time limit of the web side in one place, checked at the start; enforces none of them.

use super::{SettingsError, wrong};
use serde::Deserialize;
use shared::fault;
use std::time::Duration;

/// How much is taken at a time, and how long anything may last. Whatever waits for something bounded is bounded here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// 10,000 connections, sockets among them: below the usual limit of open files of a service, far above 1,000
    /// desks. When full, new ones wait in the system's own queue.
    pub connections: usize,
    /// 2,000 connections of one client address: an office of 500 desks with some tabs each. The next is closed at
    /// once. Trusted proxies are not counted.
    pub connections_per_address: usize,
    /// 64 sockets of one person: more tabs than anybody has. The next is told to come back.
    pub sockets_per_person: usize,
    /// 10,000 ms for the head of a request, for the first frame of a socket and between two requests of a
    /// connection: enough over the slowest radio link, short enough that half-sent requests do not pile up.
    pub head_ms: u64,
    /// 30,000 ms for a body, and more only as bytes come, see `body_rate`.
    pub body_ms: u64,
    /// 16,384 bytes buy a body one second more: the slowest mobile link is faster, a drip is not.
    pub body_rate: u64,
    /// 60,000 ms without a request end an HTTP/2 connection.
    pub idle_ms: u64,
    /// 20,000 ms: whoever takes no byte of what is written for so long is cut off; a desk then resumes.
    pub stall_ms: u64,
    /// 8,000 ms for open requests and sockets to end after the stop; the process manager kills after 10,000.
    pub farewell_ms: u64,
    /// 262,144 bytes of frames wait for one desk. When full, its events wait, and after `stall_ms` it is cut off.
    pub socket_queue: usize,
    /// 200 frames of one desk are read in a second: people are slower, resuming desks are below. More wait unread.
    pub socket_frames: u32,
    /// 33,554,432 bytes of webhook bodies are held at a time: eight of the largest, thousands of the usual. The next
    /// is answered 503 and comes again.
    pub webhook_bytes: usize,
    /// 2,048 webhooks wait for the log at a time: two full queues of its writer. The next is answered 503.
    pub webhooks: usize,
    /// 10,000 ms a webhook waits for the log; then 503. Messenger gives up after 20,000.
    pub webhook_ms: u64,
    /// 100,000 items that are kept and not understood yet, some minutes of work; above, webhooks are answered 503.
    pub backlog: usize,
    /// 2 hashes of passwords at a time: each takes 19 MiB and a core for 25 ms; webhooks must not wait behind them.
    pub hashes: usize,
    /// 256 logins wait for their turn, about 3 s of work; the next is told to come back.
    pub hashes_waiting: usize,
    /// 60 questions a minute from one address whether a webhook address is ours; people ask once. The next is 429.
    pub handshakes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            connections_per_address: 2_000,
            sockets_per_person: 64,
            head_ms: 10_000,
            body_ms: 30_000,
            body_rate: 16_384,
            idle_ms: 60_000,
            stall_ms: 20_000,
            farewell_ms: 8_000,
            socket_queue: 256 * 1024,
            socket_frames: 200,
            webhook_bytes: 32 * 1024 * 1024,
            webhooks: 2_048,
            webhook_ms: 10_000,
            backlog: 100_000,
            hashes: 2,
            hashes_waiting: 256,
            handshakes: 60,
        }
    }
}

impl Limits {
    /// Limits of a TOML table; what it does not name stays as it is by default.
    ///
    /// # Errors
    /// When it is no such table, or a limit makes no sense.
    pub fn read(text: &str) -> Result<Self, SettingsError> {
        let limits: Self = toml::from_str(text).map_err(|error| super::unreadable(text, &error))?;
        limits.check()?;
        Ok(limits)
    }

    /// Whether every queue has a cap, and every cap lets something through.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check(&self) -> Result<(), SettingsError> {
        let caps = [
            self.connections,
            self.connections_per_address,
            self.sockets_per_person,
            self.webhooks,
            self.backlog,
            self.hashes,
            self.hashes_waiting,
        ];
        let times = [
            self.head_ms,
            self.body_ms,
            self.body_rate,
            self.idle_ms,
            self.stall_ms,
            self.farewell_ms,
            self.webhook_ms,
            self.socket_frames.into(),
            self.handshakes.into(),
        ];
        // More than a semaphore counts to is no cap.
        let counted = |cap: &usize| (1..=tokio::sync::Semaphore::MAX_PERMITS).contains(cap);
        let largest = super::WEBHOOK_LIMIT;
        if !caps.iter().all(counted) || times.contains(&0) {
            Err(wrong("limits", "every limit is at least 1"))
        } else if !(largest..=u32::MAX as usize).contains(&self.webhook_bytes) {
            Err(wrong("limits", "webhook_bytes holds at least one webhook of 4 MiB"))
        } else if !(4_096..=u32::MAX as usize).contains(&self.socket_queue) {
            Err(wrong("limits", "socket_queue is at least 4,096 bytes"))
        } else if self.connections_per_address > self.connections {
            Err(wrong("limits", "connections_per_address is at most connections"))
        } else {
            Ok(())
        }
    }

    /// How long the head of a request and the hello of a socket may take.
    #[must_use]
    pub const fn head(&self) -> Duration {
        Duration::from_millis(self.head_ms)
    }

    /// How long a body may take of which so many bytes came.
    #[must_use]
    pub fn body(&self, bytes: u64) -> Duration {
        let bought = bytes.saturating_mul(1_000).checked_div(self.body_rate).unwrap_or_default();
        Duration::from_millis(self.body_ms.saturating_add(bought))
    }

    /// How long a connection may be without a request.
    #[must_use]
    pub const fn idle(&self) -> Duration {
        Duration::from_millis(self.idle_ms)
    }

    /// How long somebody may take no byte.
    #[must_use]
    pub fn stall(&self) -> Duration {
        if fault!("stalled-not-cut") {
            return Duration::from_hours(1);
        }
        Duration::from_millis(self.stall_ms)
    }

    /// How long everything may take to end.
    #[must_use]
    pub const fn farewell(&self) -> Duration {
        Duration::from_millis(self.farewell_ms)
    }

    /// How long a webhook waits for the log.
    #[must_use]
    pub const fn webhook(&self) -> Duration {
        Duration::from_millis(self.webhook_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;
    use std::time::Duration;

    #[test]
    fn what_is_not_named_stays_as_it_is() {
        assert!(Limits::default().check().is_ok());
        let limits = Limits::read("head_ms = 300\nbacklog = 50").unwrap();
        assert_eq!((limits.head(), limits.backlog), (Duration::from_millis(300), 50));
        assert_eq!(limits.webhooks, Limits::default().webhooks);
    }

    #[test]
    fn a_queue_without_a_cap_or_with_none_that_lets_anything_through_is_refused() {
        for text in [
            "backlog = 0",
            "webhooks = 9223372036854775807",
            "webhook_bytes = 1000",
            "socket_queue = 1",
            "connections = 10",
            "head_ms = 0",
            "unknown = 1",
            "backlog = -1",
        ] {
            assert!(Limits::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bytes_buy_a_body_time_and_drops_do_not() {
        let limits = Limits::default();
        assert_eq!(limits.body(0), Duration::from_secs(30));
        assert_eq!(limits.body(60), Duration::from_millis(30_003));
        assert_eq!(limits.body(4 * 1024 * 1024), Duration::from_secs(286));
    }
}
