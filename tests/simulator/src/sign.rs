//! The providers' wire form of webhook bodies and their signatures; never verifies anything.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// JSON text as Meta sends it: characters beyond ASCII as `\uXXXX` in lowercase hex, `/` as `\/`.
///
/// Both occur only inside strings of well-formed JSON, so the text may be walked without parsing it.
pub(crate) fn meta_form(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 4);
    for c in json.chars() {
        match c {
            '/' => out.push_str("\\/"),
            c if c.is_ascii() => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a String does not fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

/// Lowercase hex of HMAC-SHA256 over the raw body.
pub(crate) fn hmac_hex(key: &str, body: &[u8]) -> String {
    // HMAC takes keys of every length, so the error arm is never taken.
    Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(body);
            hex::encode(mac.finalize().into_bytes())
        },
    )
}

#[cfg(test)]
mod tests;
