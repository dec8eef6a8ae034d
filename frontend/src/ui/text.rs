//! The arithmetic behind what primitives write: durations, initials, what is left of a limit. It touches no document.

/// A duration in milliseconds as `m:ss`, from an hour on `h:mm:ss`; negative ones read as zero.
#[must_use]
pub fn elapsed(milliseconds: i64) -> String {
    let seconds = milliseconds.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Up to two initials of a name: the first letters of its first and last word that begin with a letter, else its last
/// two digits, else `?`; the stylesheet writes them large.
#[must_use]
pub fn initials(name: &str) -> String {
    let letters: Vec<char> = name
        .split_whitespace()
        .filter_map(|word| word.chars().next().filter(|first| is_letter(*first)))
        .collect();
    let mut out = String::new();
    if let (Some(first), Some(last)) = (letters.first(), letters.last()) {
        out.push(*first);
        if letters.len() > 1 {
            out.push(*last);
        }
    } else {
        let digits: Vec<char> = name.chars().filter(char::is_ascii_digit).collect();
        out.extend(digits.iter().skip(digits.len().saturating_sub(2)));
    }
    if out.is_empty() { "?".to_owned() } else { out }
}

/// Whether a name may be called by this sign: a letter of any script, and no picture. Coarse, as the tables of Unicode
/// are heavy.
const fn is_letter(sign: char) -> bool {
    sign.is_ascii_alphabetic()
        || matches!(sign, '\u{c0}'..='\u{1fff}' | '\u{2c00}'..='\u{d7ff}' | '\u{f900}'..='\u{fdff}')
}

/// What is left of `limit` once 80 % of it is used, negative when over it; nothing before.
#[must_use]
pub fn remaining(used: usize, limit: usize) -> Option<i64> {
    if used.saturating_mul(5) < limit.saturating_mul(4) {
        return None;
    }
    let wide = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Some(wide(limit).saturating_sub(wide(used)))
}
