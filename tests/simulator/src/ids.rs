//! Random ids in the providers' own shapes; never repeats one in practice and never derives one from content.

use std::time::{SystemTime, UNIX_EPOCH};

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX))
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        // Without the system's randomness the clock still tells ids apart within a demo.
        for (byte, clock) in bytes.iter_mut().zip(now_ms().to_le_bytes().iter().cycle()) {
            *byte = *clock;
        }
    }
    bytes
}

fn random_u64() -> u64 {
    u64::from_le_bytes(random::<8>())
}

fn base64(bytes: &[u8], alphabet: &[u8; 64], pad: bool) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .chain([0, 0].iter())
            .take(3)
            .fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
        for place in 0..4 {
            if place <= chunk.len() {
                let index = (word >> (18 - 6 * place)) & 63;
                out.push(char::from(alphabet.get(index as usize).copied().unwrap_or(b'A')));
            } else if pad {
                out.push('=');
            }
        }
    }
    out
}

/// Messenger message id: `m_` and 86 characters of URL-safe base64.
pub(crate) fn messenger_mid() -> String {
    format!("m_{}", base64(&random::<64>(), URL, false))
}

/// Instagram message id: long base64 with the product's usual beginning.
pub(crate) fn instagram_mid() -> String {
    format!(
        "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOj{}ZD",
        base64(&random::<72>(), STANDARD, false).replace(['+', '/'], "Z")
    )
}

/// `WhatsApp` message id: `wamid.` and base64 over the customer's number and a random part.
pub(crate) fn wamid(wa_id: &str, inbound: bool) -> String {
    let key = if inbound { hex::encode_upper(random::<16>()) } else { hex::encode_upper(random::<9>()) };
    let length = |s: &str| u8::try_from(s.len()).unwrap_or(u8::MAX);
    let mut bytes = vec![0x1c, 0x18, length(wa_id)];
    bytes.extend_from_slice(wa_id.as_bytes());
    bytes.extend_from_slice(&[0x15, 0x02, 0x00, if inbound { 0x12 } else { 0x11 }, 0x18, length(&key)]);
    bytes.extend_from_slice(key.as_bytes());
    bytes.push(0);
    format!("wamid.{}", base64(&bytes, STANDARD, true))
}

/// Viber message token: always above 2^53, so that no reader may take it for a double.
pub(crate) fn viber_token() -> u64 {
    4_900_000_000_000_000_000 + random_u64() % 900_000_000_000_000_000
}

/// PSID or IGSID: a decimal number of 16 digits, carried as a string.
pub(crate) fn scoped_id() -> String {
    (1_000_000_000_000_000 + random_u64() % 8_999_999_999_999_999).to_string()
}

/// Viber user id: base64 of 16 bytes with padding.
pub(crate) fn viber_user() -> String {
    base64(&random::<16>(), STANDARD, true)
}

/// `WhatsApp`'s business-scoped user id: country, dot, number.
pub(crate) fn bsuid(phone: Option<&str>) -> String {
    let country = match phone {
        Some(phone) if phone.starts_with("+421") => "SK",
        Some(phone) if phone.starts_with("+1") => "US",
        _ => "CZ",
    };
    format!("{country}.{}", 10_000_000_000_000_000 + random_u64() % 89_999_999_999_999_999)
}

/// A Czech mobile number with plus.
pub(crate) fn phone_number() -> String {
    format!("+420{}", 601_000_000 + random_u64() % 177_999_999)
}

/// Meta's trace id in error bodies.
pub(crate) fn fbtrace() -> String {
    format!("A{}", base64(&random::<16>(), URL, false))
}

/// A random secret of 32 bytes as base64.
pub(crate) fn digest() -> String {
    base64(&random::<32>(), STANDARD, true)
}

/// Standard base64 with padding.
pub(crate) fn standard_base64(bytes: &[u8]) -> String {
    base64(bytes, STANDARD, true)
}

/// A decimal media id.
pub(crate) fn media_id() -> String {
    scoped_id()
}

#[cfg(test)]
mod tests;
