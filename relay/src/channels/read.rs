//! Tolerant reading of what providers send: whatever is missing, of another type or absurd is simply not there; never fails, never panics.

use serde_json::Value;
use sha2::{Digest, Sha256};
use shared::time::{Span, Timestamp};

/// Longest id that is taken for one, in bytes; real ones have at most some 250.
const LONGEST_ID: usize = 512;

/// Longest name that is shown, in characters: a line of a card; real names are shorter.
const LONGEST_NAME: usize = 200;

/// Longest address that is shown, in bytes: what browsers take.
const LONGEST_LINK: usize = 2_048;

/// Longest emoji, in bytes: a family of four with skin tones has 41.
const LONGEST_EMOJI: usize = 64;

/// From here on a number counts milliseconds: 1e12 ms lie in 2001, 1e12 s in the year 33658.
const MILLISECONDS_FROM: i64 = 1_000_000_000_000;

/// No message is older than this: 2010-01-01, before any of the four interfaces existed.
const EARLIEST: i64 = 1_262_304_000_000;

/// How far ahead of ours a provider's clock may be believed to run.
const AHEAD: Span = Span::hours(1);

/// The JSON of a body; broken UTF-8 and halves of surrogate pairs are mended first when it is not readable as it came.
/// Depth is limited by the parser to 128.
#[must_use]
pub fn parse(raw: &[u8]) -> Option<Value> {
    serde_json::from_slice(raw)
        .ok()
        .or_else(|| serde_json::from_str(&mended(&String::from_utf8_lossy(raw))).ok())
}

/// The text with every escaped half of a surrogate pair that stands alone replaced by U+FFFD: providers cut texts in
/// the middle of a pair, and one such text must not cost its neighbours in the same body.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let width = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                out.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // The character after a backslash belongs to it, so that `\\u` is not taken for an escape.
            _ => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        let (escape, after) = escape.split_at_checked(width).unwrap_or((escape, ""));
        out.push_str(escape);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The UTF-16 unit of an escape `\uXXXX` at the beginning of the text.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

/// Every byte of a JSON text that stands outside of its strings, with its place: brackets, commas, colons, numbers. Says
/// nothing about whether it is JSON.
pub fn signs(raw: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let (mut quoted, mut escaped) = (false, false);
    raw.iter().copied().enumerate().filter(move |(_, byte)| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => return !quoted,
        }
        false
    })
}

/// The value at a path of keys.
#[must_use]
pub fn at<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(value, |value, key| value.get(key).unwrap_or(&Value::Null))
}

/// The elements of an array; a single object stands for an array of one; anything else has none.
#[must_use]
pub fn each(value: Value) -> Vec<Value> {
    match value {
        Value::Array(all) => all,
        one @ Value::Object(_) => vec![one],
        _ => Vec::new(),
    }
}

/// An id, given as a string or a whole number; empty, endless or unprintable ones are none.
#[must_use]
pub fn id(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        _ => return None,
    };
    (!id.is_empty() && id.len() <= LONGEST_ID && !id.chars().any(char::is_control)).then_some(id)
}

/// Words as they came, but for NUL, which no store and no screen knows what to do with; empty words are none.
#[must_use]
pub fn text(value: &Value) -> Option<String> {
    let text = value.as_str()?.replace('\0', "");
    (!text.is_empty()).then_some(text)
}

/// A name for display: one line, without controls and without characters that are invisible or turn the direction of
/// what follows, cut to [`LONGEST_NAME`] characters; a name without anything to see is none.
#[must_use]
pub fn name(value: &Value) -> Option<String> {
    let visible = |c: char| if c.is_whitespace() { Some(' ') } else { (!hidden(c)).then_some(c) };
    let name: String = value.as_str()?.chars().filter_map(visible).collect();
    let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
    let cut: String = words.join(" ").chars().take(LONGEST_NAME).collect();
    let cut = cut.trim_end();
    (!cut.is_empty()).then(|| cut.to_owned())
}

/// Controls, zero-width characters, direction overrides and isolates.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// An address to be shown as a link: `http` or `https`, on one line, of a length that fits one.
#[must_use]
pub fn link(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let (scheme, _) = text.split_once("://")?;
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace() || hidden(c));
    (web && plain && text.len() <= LONGEST_LINK).then(|| text.to_owned())
}

/// An emoji: a few characters; anything longer is none.
#[must_use]
pub fn emoji(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let fits = !text.is_empty() && text.len() <= LONGEST_EMOJI && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

/// The name of a file: its last part, for display and for saving; never a path, never hidden, never a device.
#[must_use]
pub fn file_name(value: &Value) -> Option<String> {
    let name = name(value)?;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let last: String =
        last.chars().filter(|c| !matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')).collect();
    let last = last.trim_matches(['.', ' ']);
    (!last.is_empty()).then(|| last.to_owned())
}

/// An instant in seconds or milliseconds, as number or string; when it came, where it is missing or absurd.
#[must_use]
pub fn instant(value: &Value, received: Timestamp) -> Timestamp {
    let Some(count) = number(value) else { return received };
    let at = Timestamp(if count >= MILLISECONDS_FROM { count } else { count.saturating_mul(1_000) });
    if at.0 < EARLIEST || at > received.plus(AHEAD) { received } else { at }
}

/// A coordinate in degrees with at most six decimals, which are 10 cm; anything beyond ±180 is none.
#[must_use]
pub fn decimal(value: &Value) -> Option<String> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    let text = (number.abs() <= 180.0).then(|| format!("{number:.6}"))?;
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// A whole number, given as one, with a fraction, or as a string.
#[must_use]
pub fn number(value: &Value) -> Option<i64> {
    let whole = |number: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the cast saturates, and absurd values are refused later"
        )]
        number.is_finite().then_some(number as i64)
    };
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
        Value::String(text) => text.trim().parse().ok().or_else(|| text.trim().parse().ok().and_then(whole)),
        _ => None,
    }
}

/// Whether something is true, given as a boolean, or as a word by tolerant providers.
#[must_use]
pub fn truth(value: &Value) -> bool {
    value.as_bool().unwrap_or(value == "true")
}

/// A stand-in for the id of an item that has none: the same item has the same.
#[must_use]
pub fn digest(value: &Value) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(value.to_string())))
}
