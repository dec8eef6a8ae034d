//! Hashing and checking of passwords, two at a time beside the server's own threads; keeps no password.

use crate::config::{self, Limits};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use shared::refusal::Refusal;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// 19,456 KiB of memory, 2 rounds, 1 lane: the least that OWASP recommends for argon2id.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// What is checked for a person who does not exist, so that it takes as long; nobody's hash.
pub(super) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2lnbmFsYm94LW5vYm9keQ$3ru3QzvdqUJ5LR0VbMJBhZfJYB1cjtcqOmMTWLPv1n4";

/// The bounded place where hashes are worked out.
#[derive(Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    most: usize,
}

/// A turn to work out one hash.
pub struct Turn {
    _slot: OwnedSemaphorePermit,
}

/// Hashing did not work: no randomness, no memory, or the thread died.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

impl Passwords {
    /// A place with so many turns at a time, and so many who wait for one.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let slots = Arc::new(Semaphore::new(limits.hashes));
        Self { slots, waiting: Arc::default(), most: limits.hashes_waiting }
    }

    /// Waits for a turn; none when too many wait already.
    pub async fn turn(&self) -> Option<Turn> {
        let place = Place::take(&self.waiting, self.most)?;
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok()?;
        drop(place);
        Some(Turn { _slot: slot })
    }
}

/// A place among those who wait; given back even when the request is given up.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, most: usize) -> Option<Self> {
        let place = Self(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) < most).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Turn {
    /// Whether the password belongs to the hash; with no hash it takes as long and is wrong.
    pub async fn verify(self, password: String, hash: Option<String>) -> bool {
        let check = move || {
            let _turn = self;
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let right = PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
            known && right
        };
        tokio::task::spawn_blocking(check).await.unwrap_or(false)
    }

    /// The hash of a new password, as a PHC string.
    ///
    /// # Errors
    /// When hashing itself does not work.
    pub async fn hash(self, password: String) -> Result<String, HashError> {
        let work = move || {
            let _turn = self;
            hash(&password)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| HashError)?
    }
}

/// Whether this may be a new password: 8 characters to 1,024 bytes.
///
/// # Errors
/// The refusal with its sentence.
pub fn fits(password: &str) -> Result<(), Refusal> {
    if password.len() > config::PASSWORD_MAX || password.chars().count() < config::PASSWORD_MIN {
        let (field, problem) = ("password".into(), "must have 8 characters to 1,024 bytes".into());
        return Err(Refusal::Invalid { field, problem });
    }
    Ok(())
}

/// The hash of a password, worked out on this thread.
///
/// # Errors
/// When hashing itself does not work.
pub fn hash(password: &str) -> Result<String, HashError> {
    let (memory, rounds, lanes) = COST;
    let params = Params::new(memory, rounds, lanes, None).map_err(|_| HashError)?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = argon.hash_password(password.as_bytes()).map_err(|_| HashError)?;
    Ok(hash.to_string())
}
