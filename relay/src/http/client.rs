//! Who a request comes from, as far as the peer and the trusted proxies say; and how often an address may ask.

use super::App;
use super::connection::Peer;
use super::guests::share;
use super::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The client's address.
pub struct Client(pub IpAddr);

impl FromRequestParts<App> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let peer = Peer::from_request_parts(parts, app).await?;
        let lines = parts.headers.get_all("x-forwarded-for").iter();
        // A line that is no text names nobody, and nothing before it is believed.
        let lines = lines.map(|line| line.to_str().unwrap_or_default());
        Ok(Self(app.proxies.client(peer.address(), lines)))
    }
}

/// 1 min: the time in which questions are counted.
const WINDOW: Duration = Duration::from_mins(1);
/// 10,000 addresses are counted, about 500 kB.
const KEPT: usize = 10_000;

/// Questions of late, by address.
pub struct Knocks {
    most: u32,
    seen: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

impl Knocks {
    /// So many a minute from one address.
    #[must_use]
    pub fn new(most: u32) -> Self {
        Self { most, seen: Mutex::default() }
    }

    /// Whether this address may ask once more now.
    pub fn admit(&self, address: IpAddr, now: Instant) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= KEPT {
            seen.retain(|_, (since, _)| now.saturating_duration_since(*since) < WINDOW);
        }
        if seen.len() >= KEPT {
            // So many addresses at once are one flood: what is counted for each says nothing any more.
            seen.clear();
        }
        let (since, count) = seen.entry(share(address)).or_insert((now, 0));
        if now.saturating_duration_since(*since) >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::{Knocks, WINDOW};
    use std::net::IpAddr;
    use std::time::Instant;

    #[test]
    fn an_address_that_asks_too_often_waits_for_the_next_minute() {
        let (knocks, now) = (Knocks::new(3), Instant::now());
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        assert_eq!([0; 5].map(|_| knocks.admit(one, now)), [true, true, true, false, false]);
        assert!(knocks.admit(other, now));
        assert!(knocks.admit(one, now + WINDOW));
    }
}
