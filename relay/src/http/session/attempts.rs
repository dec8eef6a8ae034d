//! Slows down who guesses passwords, by login and by address; locks nobody out for good and counts no right login.

use crate::http::guests::share;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// 5 wrong passwords of one login are free: people mistype.
const FREE_LOGIN: u32 = 5;
/// 30 wrong passwords from one address are free: an office shares one.
const FREE_ADDRESS: u32 = 30;
/// 60 s between two tries at the most: 10 minutes allow below 20.
const LONGEST: Duration = Duration::from_mins(1);
/// 15 min without a wrong password, and it is forgotten.
const MEMORY: Duration = Duration::from_mins(15);
/// 10,000 logins and as many addresses are remembered, about 2 MB.
const KEPT: usize = 10_000;

/// Wrong passwords of late.
#[derive(Default)]
pub struct Attempts {
    logins: Mutex<HashMap<String, Tally>>,
    addresses: Mutex<HashMap<IpAddr, Tally>>,
    /// Addresses from which a login succeeded, each with wrong passwords of its own: whoever guesses from elsewhere
    /// keeps nobody from logging in where they always do.
    known: Mutex<HashMap<(String, IpAddr), Tally>>,
}

#[derive(Clone, Copy)]
struct Tally {
    wrong: u32,
    last: Instant,
}

impl Attempts {
    /// Whether a try may be made now; else how long to wait.
    pub fn wait(&self, login: &str, address: IpAddr, now: Instant) -> Option<Duration> {
        let (login, address) = (login.trim().to_lowercase(), share(address));
        let own = (login, address);
        let by_login = if lock(&self.known).contains_key(&own) {
            wait_of(&self.known, &own, FREE_LOGIN, now)
        } else {
            wait_of(&self.logins, &own.0, FREE_LOGIN, now)
        };
        by_login.max(wait_of(&self.addresses, &address, FREE_ADDRESS, now))
    }

    /// A password was wrong.
    pub fn wrong(&self, login: &str, address: IpAddr, now: Instant) {
        let (login, address) = (login.trim().to_lowercase(), share(address));
        count(&self.addresses, address, now);
        let own = (login, address);
        if lock(&self.known).contains_key(&own) {
            count(&self.known, own, now);
        } else {
            count(&self.logins, own.0, now);
        }
    }

    /// A password was right.
    pub fn right(&self, login: &str, address: IpAddr, now: Instant) {
        let (login, address) = (login.trim().to_lowercase(), share(address));
        // Only from where it was right: elsewhere somebody may be guessing.
        let own = (login, address);
        if lock(&self.known).insert(own.clone(), Tally { wrong: 0, last: now }).is_none() {
            lock(&self.logins).remove(&own.0);
        }
        shorten(&mut lock(&self.known));
    }
}

fn lock<T>(all: &Mutex<T>) -> MutexGuard<'_, T> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wait_of<K: Eq + Hash>(
    all: &Mutex<HashMap<K, Tally>>,
    key: &K,
    free: u32,
    now: Instant,
) -> Option<Duration> {
    let tally = *lock(all).get(key)?;
    let over = tally.wrong.checked_sub(free)?;
    let delay = LONGEST.min(Duration::from_secs(1 << over.min(6)));
    (tally.last + delay).checked_duration_since(now).filter(|left| !left.is_zero())
}

fn count<K: Eq + Hash + Clone>(all: &Mutex<HashMap<K, Tally>>, key: K, now: Instant) {
    let mut all = lock(all);
    let fresh = |tally: &Tally| now.saturating_duration_since(tally.last) < MEMORY;
    if all.len() >= KEPT {
        all.retain(|_, tally| fresh(tally));
    }
    let tally = all.entry(key).or_insert(Tally { wrong: 0, last: now });
    if !fresh(tally) {
        tally.wrong = 0;
    }
    tally.wrong = tally.wrong.saturating_add(1);
    tally.last = now;
    shorten(&mut all);
}

/// Forgets the oldest of too many.
fn shorten<K: Eq + Hash + Clone>(all: &mut HashMap<K, Tally>) {
    if all.len() > KEPT {
        let oldest = all.iter().min_by_key(|(_, tally)| tally.last).map(|(key, _)| key.clone());
        if let Some(oldest) = oldest {
            all.remove(&oldest);
        }
    }
}
