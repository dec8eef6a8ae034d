//! Instants as people read them, in UTC; for file names and the terminal, never for the wire.

use shared::time::Timestamp;

/// Milliseconds in a day.
const DAY: i64 = 86_400_000;

/// Year, month, day, hour, minute and second of an instant.
fn parts(at: Timestamp) -> [i64; 6] {
    let (days, rest) = (at.0.div_euclid(DAY), at.0.rem_euclid(DAY) / 1_000);
    // Civil from days, as Howard Hinnant describes it: years begin in March, eras have 400 of them.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    [year, month, day, rest / 3_600, rest / 60 % 60, rest % 60]
}

/// As `2026-11-27 04:45:09 UTC`.
#[must_use]
pub fn words(at: Timestamp) -> String {
    let [year, month, day, hour, minute, second] = parts(at);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// As `20261127T044509123Z`, with milliseconds, for names of files.
#[must_use]
pub fn compact(at: Timestamp) -> String {
    let [year, month, day, hour, minute, second] = parts(at);
    let millis = at.0.rem_euclid(1_000);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}{millis:03}Z")
}

#[cfg(test)]
mod tests {
    use super::{compact, words};
    use shared::time::Timestamp;

    #[test]
    fn instants_are_told_as_calendars_have_them() {
        for (seconds, expected) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (4_107_542_399, "2100-02-28 23:59:59 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
            (1_795_754_709, "2026-11-27 04:45:09 UTC"),
            (-1, "1969-12-31 23:59:59 UTC"),
        ] {
            assert_eq!(words(Timestamp(seconds * 1_000)), expected);
        }
        assert_eq!(compact(Timestamp(951_782_400_007)), "20000229T000000007Z");
    }
}
