//! Secrets at rest: sealed under a key that is kept apart from the database; knows neither database nor provider.
//!
//! ChaCha20-Poly1305 with a random nonce for every sealing, and the secret's name as associated data: a row that was
//! changed, or put in another's place, does not open. A key may seal 2^32 secrets before nonces could meet; a workspace
//! has some dozens.

mod key;
mod key_file;
mod keyring;
#[cfg(test)]
mod tests;

pub use key_file::{KeyFileError, Place};
pub use keyring::{Keyring, SealError, Sealed};

use zeroize::Zeroizing;

/// The value of a secret. It has no form in which it could be printed, and is zeroed when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The value, for the one call or comparison that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(Zeroizing::new(value))
    }
}
