//! Signatures and the handshake: whether a webhook really comes from the provider; never reads what it says.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Length of an HMAC-SHA256 in hexadecimal digits.
const HEX: usize = 64;

/// Most characters of a challenge that is given back.
const CHALLENGE: usize = 128;

/// Whether Meta signed these bytes (`X-Hub-Signature-256: sha256=<hex>`) with one of the app's secrets; two are valid
/// while a secret is being changed. A missing or malformed header is a no.
#[must_use]
pub fn meta(raw: &[u8], header: Option<&str>, secrets: &[&str]) -> bool {
    let signature = header.and_then(|header| header.strip_prefix("sha256=")).and_then(digits);
    // Every secret is tried, so that the time says nothing about which one fits.
    signature.is_some_and(|signature| {
        secrets.iter().fold(false, |ok, secret| verify(raw, secret, &signature) | ok)
    })
}

/// Whether Viber signed these bytes (`X-Viber-Content-Signature: <hex>`); the key is the bot's token.
#[must_use]
pub fn viber(raw: &[u8], header: Option<&str>, token: &str) -> bool {
    header.and_then(digits).is_some_and(|signature| verify(raw, token, &signature))
}

/// What a subscription handshake is answered with: the challenge, when the mode and the verify token are right.
/// The challenge is limited to letters, digits, `_` and `-`, so that nobody makes us say markup.
#[must_use]
pub fn handshake<'a>(mode: &str, token: &str, challenge: &'a str, expected: &str) -> Option<&'a str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let fits = !challenge.is_empty() && challenge.len() <= CHALLENGE && challenge.chars().all(plain);
    (same(token, expected) && mode == "subscribe" && fits).then_some(challenge)
}

/// Whether two secrets are the same, in a time that tells neither their contents nor their lengths. Empty is no secret.
#[must_use]
pub fn same(given: &str, expected: &str) -> bool {
    let equal = Sha256::digest(given).ct_eq(&Sha256::digest(expected));
    bool::from(equal) && !expected.is_empty()
}

fn verify(raw: &[u8], secret: &str, signature: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(raw);
    mac.verify_slice(signature).is_ok() && !secret.is_empty()
}

fn digits(text: &str) -> Option<Vec<u8>> {
    (text.len() == HEX).then(|| hex::decode(text).ok()).flatten()
}
