//! The keys of a workspace: the first seals, all open; a new one is in its file before it seals anything.

use super::Secret;
use super::key::Key;
use super::key_file::{KeyFileError, Place};
use std::sync::{Mutex, PoisonError, RwLock};

/// A secret as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The id of the key that sealed it.
    pub key: String,
    /// Nonce and sealed bytes, in hexadecimal.
    pub value: String,
}

/// Why a secret cannot be sealed or opened; names the secret and never holds a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// No key is at hand.
    #[error("no key for secrets is at hand")]
    NoKey,
    /// The key that sealed it is not among those at hand.
    #[error("the secret {name} was sealed with the key {key}, which is not among the keys at hand")]
    UnknownKey {
        /// The secret's name.
        name: String,
        /// The key's id.
        key: String,
    },
    /// It was changed, or belongs to another name.
    #[error("the secret {name} was changed since it was sealed and cannot be opened: enter it anew")]
    Broken {
        /// The secret's name.
        name: String,
    },
    /// The system has no randomness, or the sealing itself does not work.
    #[error("the secret {name} could not be sealed: the system has no randomness")]
    NoRandomness {
        /// The secret's name.
        name: String,
    },
}

/// The keys, of which the first seals.
#[derive(Default)]
pub struct Keyring {
    keys: RwLock<Vec<Key>>,
    place: Place,
    /// Held while a new key is on its way into the file.
    renewing: Mutex<()>,
}

impl Keyring {
    /// One new key that lies in no file, as tests use it.
    #[cfg(test)]
    pub fn fresh() -> Self {
        Self { keys: RwLock::new(Key::fresh().into_iter().collect()), ..Self::default() }
    }

    /// The keys of this place; the first seals.
    pub(super) fn of(keys: Vec<Key>, place: Place) -> Self {
        Self { keys: RwLock::new(keys), place, ..Self::default() }
    }

    /// The ids of the keys, the sealing one first.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.read().iter().map(|key| key.id().to_owned()).collect()
    }

    /// Seals a secret under the first key.
    ///
    /// # Errors
    /// [`SealError::NoKey`] and [`SealError::NoRandomness`].
    pub fn seal(&self, name: &str, secret: &Secret) -> Result<Sealed, SealError> {
        let keys = self.read();
        let key = keys.first().ok_or(SealError::NoKey)?;
        let value = key.seal(&place(name), secret.expose());
        let value = value.ok_or_else(|| SealError::NoRandomness { name: name.to_owned() })?;
        Ok(Sealed { key: key.id().to_owned(), value })
    }

    /// Opens a secret with the key that sealed it.
    ///
    /// # Errors
    /// [`SealError::UnknownKey`] and [`SealError::Broken`].
    pub fn open(&self, name: &str, sealed: &Sealed) -> Result<Secret, SealError> {
        let keys = self.read();
        let key = keys.iter().find(|key| key.id() == sealed.key);
        let unknown = || SealError::UnknownKey { name: name.to_owned(), key: sealed.key.clone() };
        let plain = key.ok_or_else(unknown)?.open(&place(name), &sealed.value);
        plain.map(Secret).ok_or_else(|| SealError::Broken { name: name.to_owned() })
    }

    /// Puts a new key before the others, in the file and then here: it seals from now on.
    ///
    /// # Errors
    /// [`KeyFileError::InEnvironment`] when there is no file; when it cannot be written.
    pub fn renew(&self) -> Result<(), KeyFileError> {
        let _one_at_a_time = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        let key = Key::fresh().ok_or(KeyFileError::NoRandomness)?;
        let mut digits = vec![key.digits()];
        digits.extend(self.read().iter().map(Key::digits));
        self.place.write(&digits)?;
        self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(0, key);
        Ok(())
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Vec<Key>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a secret belongs, as associated data: the column and the name, which holds the account.
fn place(name: &str) -> String {
    format!("secrets.value/{name}")
}
