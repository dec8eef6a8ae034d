//! Places for connections: so many in all, so many per client address; a place is kept until its socket ends.

use crate::config::{Limits, Proxies};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many connections each address has.
type Seated = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// All places.
pub struct Guests {
    places: Arc<Semaphore>,
    seated: Seated,
    most: usize,
    proxies: Proxies,
}

/// A place that is taken by a connection of some address; given back when dropped.
pub struct Seat {
    _place: Option<OwnedSemaphorePermit>,
    counted: Option<(IpAddr, Seated)>,
}

impl Guests {
    /// As many as the limits say; connections of trusted proxies carry many people's requests and are not counted.
    pub fn new(limits: &Limits, proxies: Proxies) -> Self {
        let places = Arc::new(Semaphore::new(limits.connections));
        Self { places, seated: Arc::default(), most: limits.connections_per_address, proxies }
    }

    /// Waits for a place; those who come meanwhile wait in the system's own queue.
    pub async fn place(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// Gives the place to a connection of this address; none when the address has its share already.
    pub fn seat(&self, place: Option<OwnedSemaphorePermit>, address: IpAddr) -> Option<Seat> {
        if self.proxies.trust(address) {
            return Some(Seat { _place: place, counted: None });
        }
        let address = share(address);
        let mut seated = lock(&self.seated);
        let count = seated.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Seat { _place: place, counted: Some((address, Arc::clone(&self.seated))) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some((address, seated)) = &self.counted else { return };
        let mut seated = lock(seated);
        if let Some(count) = seated.get_mut(address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                seated.remove(address);
            }
        }
    }
}

/// Whom an address stands for: one customer of a network has a whole /64 of IPv6.
pub fn share(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(four) => IpAddr::V4(four),
        IpAddr::V6(six) => IpAddr::from((u128::from(six) & !u128::from(u64::MAX)).to_be_bytes()),
    }
}

fn lock(seated: &Mutex<HashMap<IpAddr, usize>>) -> std::sync::MutexGuard<'_, HashMap<IpAddr, usize>> {
    seated.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Guests;
    use crate::config::{Limits, Proxies};
    use std::net::IpAddr;

    #[tokio::test]
    async fn every_address_has_its_share_and_gives_it_back() {
        let limits = Limits { connections: 10, connections_per_address: 2, ..Limits::default() };
        let proxies = Proxies::of(&["10.0.0.1".into()]).unwrap();
        let guests = Guests::new(&limits, proxies);
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let seat = async |text: &str| guests.seat(guests.place().await, address(text));
        let mut held = Vec::new();
        for one in ["192.0.2.1", "192.0.2.1", "2a00::1", "2a00::2"] {
            held.push(seat(one).await.unwrap());
        }
        for full in ["192.0.2.1", "::ffff:192.0.2.1", "2a00::3"] {
            assert!(seat(full).await.is_none(), "{full}");
        }
        held.push(seat("192.0.2.2").await.unwrap());
        held.push(seat("2a00:0:0:1::1").await.unwrap());
        for _ in 0..4 {
            held.push(seat("10.0.0.1").await.unwrap());
        }
        let full = tokio::time::timeout(std::time::Duration::from_millis(20), guests.place()).await;
        assert!(full.is_err(), "ten in all");
        held.remove(0);
        assert!(seat("192.0.2.1").await.is_some());
    }
}
