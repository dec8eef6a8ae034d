//! Slows down who guesses passwords, by login and by address; locks nobody out for good and counts no right login.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// 5 wrong passwords of one login are free: people mistype.
const FREE_LOGIN: u32 = 5;
/// 30 wrong passwords from one address are free: an office shares one.
const FREE_ADDRESS: u32 = 30;
/// 60 s between two tries at the most: 10 minutes allow below 20.
const LONGEST: Duration = Duration::from_mins(1);
/// 15 min without a wrong password, and it is forgotten.
const MEMORY: Duration = Duration::from_mins(15);
/// 10,000 logins and as many addresses are remembered, about 1 MB.
const KEPT: usize = 10_000;

/// Wrong passwords of late.
#[derive(Default)]
pub struct Attempts {
    logins: Mutex<HashMap<String, Tally>>,
    addresses: Mutex<HashMap<IpAddr, Tally>>,
}

#[derive(Clone, Copy)]
struct Tally {
    wrong: u32,
    last: Instant,
}

impl Attempts {
    /// Whether a try may be made now; else how long to wait.
    pub fn wait(&self, login: &str, address: IpAddr, now: Instant) -> Option<Duration> {
        let login = wait_of(&self.logins, &login.to_lowercase(), FREE_LOGIN, now);
        let address = wait_of(&self.addresses, &prefix(address), FREE_ADDRESS, now);
        login.max(address)
    }

    /// A password was wrong.
    pub fn wrong(&self, login: &str, address: IpAddr, now: Instant) {
        count(&self.logins, login.to_lowercase(), now);
        count(&self.addresses, prefix(address), now);
    }

    /// A password was right.
    pub fn right(&self, login: &str) {
        self.logins.lock().unwrap_or_else(PoisonError::into_inner).remove(&login.to_lowercase());
    }
}

/// One customer of a network has a whole /64 of IPv6.
fn prefix(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => IpAddr::from((u128::from(six) & !u128::from(u64::MAX)).to_be_bytes()),
    }
}

fn wait_of<K: Eq + Hash>(
    all: &Mutex<HashMap<K, Tally>>,
    key: &K,
    free: u32,
    now: Instant,
) -> Option<Duration> {
    let tally = *all.lock().unwrap_or_else(PoisonError::into_inner).get(key)?;
    let over = tally.wrong.checked_sub(free)?;
    let delay = LONGEST.min(Duration::from_secs(1 << over.min(6)));
    (tally.last + delay).checked_duration_since(now).filter(|left| !left.is_zero())
}

fn count<K: Eq + Hash + Clone>(all: &Mutex<HashMap<K, Tally>>, key: K, now: Instant) {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    let fresh = |tally: &Tally| now.saturating_duration_since(tally.last) < MEMORY;
    if all.len() >= KEPT {
        all.retain(|_, tally| fresh(tally));
    }
    if all.len() >= KEPT && !all.contains_key(&key) {
        let oldest = all.iter().min_by_key(|(_, tally)| tally.last).map(|(key, _)| key.clone());
        if let Some(oldest) = oldest {
            all.remove(&oldest);
        }
    }
    let tally = all.entry(key).or_insert(Tally { wrong: 0, last: now });
    if !fresh(tally) {
        tally.wrong = 0;
    }
    tally.wrong = tally.wrong.saturating_add(1);
    tally.last = now;
}
