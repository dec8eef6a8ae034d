//! One key: made by chance, written as hexadecimal, known by an id that tells nothing about it; seals and opens bytes.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// 32 bytes: the size of a key of ChaCha20-Poly1305.
const SIZE: usize = 32;

/// 8 bytes of a hash name a key: enough to tell a handful apart, and nothing that helps to guess it.
const ID_SIZE: usize = 8;

/// A key with its id.
pub(super) struct Key {
    id: String,
    bytes: Zeroizing<[u8; SIZE]>,
    cipher: LessSafeKey,
}

impl Key {
    /// A new key; none when the system has no randomness.
    pub(super) fn fresh() -> Option<Self> {
        let mut bytes = Zeroizing::new([0; SIZE]);
        getrandom::fill(bytes.as_mut()).ok()?;
        Self::of(bytes)
    }

    /// The key that these 64 hexadecimal digits spell; none when they spell none.
    pub(super) fn parse(digits: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; SIZE]);
        hex::decode_to_slice(digits, bytes.as_mut()).ok()?;
        Self::of(bytes)
    }

    fn of(bytes: Zeroizing<[u8; SIZE]>) -> Option<Self> {
        let mut hash = Sha256::new();
        hash.update(b"the id of a key of signalbox");
        hash.update(bytes.as_ref());
        let digest = hash.finalize();
        let id = hex::encode(digest.get(..ID_SIZE)?);
        let cipher = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, bytes.as_ref()).ok()?);
        Some(Self { id, bytes, cipher })
    }

    /// What it is known by.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The key as 64 hexadecimal digits, for the key file alone.
    pub(super) fn digits(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.bytes.as_ref()))
    }

    /// Nonce and sealed bytes as hexadecimal digits; none when the system has no randomness.
    pub(super) fn seal(&self, aad: &str, plain: &str) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).ok()?;
        let mut body = plain.as_bytes().to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        self.cipher.seal_in_place_append_tag(unique, Aad::from(aad), &mut body).ok()?;
        Some(hex::encode([nonce.as_slice(), &body].concat()))
    }

    /// What was sealed under this key with these associated data; none for anything else.
    pub(super) fn open(&self, aad: &str, sealed: &str) -> Option<Zeroizing<String>> {
        let bytes = hex::decode(sealed).ok()?;
        let (nonce, body) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut body = Zeroizing::new(body.to_vec());
        let unique = Nonce::assume_unique_for_key(*nonce);
        let plain = self.cipher.open_in_place(unique, Aad::from(aad), &mut body).ok()?;
        Some(Zeroizing::new(std::str::from_utf8(plain).ok()?.to_owned()))
    }
}
