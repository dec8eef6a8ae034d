//! Fresh ids: UUID version 7, sortable by the device's time, random beyond it. It keeps no list of them.

use super::clock::now_ms;
use super::window;
use uuid::Uuid;

/// A fresh id from the device's clock and the browser's random numbers.
#[must_use]
pub fn fresh() -> Uuid {
    let mut random = [0; 10];
    if let Some(crypto) = window().and_then(|window| window.crypto().ok()) {
        // Fails for more than 65,536 bytes only.
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    from_parts(u64::try_from(now_ms()).unwrap_or_default(), random)
}

/// The id of a millisecond and ten random bytes.
#[must_use]
fn from_parts(milliseconds: u64, random: [u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::from_parts;

    #[test]
    fn ids_sort_by_time_and_are_of_version_seven() {
        let early = from_parts(1_000, [0xff; 10]);
        let late = from_parts(1_001, [0; 10]);
        assert!(early < late);
        assert_eq!(late.get_version_num(), 7);
        assert_ne!(from_parts(1, [1; 10]), from_parts(1, [2; 10]));
    }
}
