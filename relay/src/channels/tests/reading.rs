//! Ids, instants, names and broken JSON as providers have been seen to send them.

use super::RECEIVED;
use crate::channels::read;
use serde_json::{Value, json};
use shared::time::Timestamp;

#[test]
fn instants_come_in_seconds_milliseconds_and_strings() {
    let cases = [
        (json!(1_782_000_000_123_i64), 1_782_000_000_123),
        (json!(1_782_000_000), 1_782_000_000_000),
        (json!("1782000000"), 1_782_000_000_000),
        (json!("1782000000123"), 1_782_000_000_123),
        (json!(1_782_000_000.7), 1_782_000_000_000),
        (json!(" 1782000000 "), 1_782_000_000_000),
        // Just ahead of our clock is believed.
        (json!(RECEIVED.0 + 60_000), RECEIVED.0 + 60_000),
    ];
    for (value, expected) in cases {
        assert_eq!(read::instant(&value, RECEIVED), Timestamp(expected), "{value}");
    }
}

#[test]
fn absurd_instants_are_the_time_of_receipt() {
    let day_ahead = json!(RECEIVED.0 + 86_400_000);
    let absurd = [
        json!(5_474_765_000_000_000_000_i64),
        json!(u64::MAX),
        json!(0),
        json!(-1),
        json!("soon"),
        json!("NaN"),
        json!("1e400"),
        json!(1e300),
        json!(null),
        json!([1]),
        json!({"a": 1}),
        json!(true),
        json!(86_400),
        day_ahead,
    ];
    for value in absurd {
        assert_eq!(read::instant(&value, RECEIVED), RECEIVED, "{value}");
    }
}

#[test]
fn ids_are_strings_or_whole_numbers() {
    assert_eq!(read::id(&json!("01234567890A=")), Some("01234567890A=".into()));
    assert_eq!(read::id(&json!(4_912_661_846_655_238_145_u64)), Some("4912661846655238145".into()));
    assert_eq!(read::id(&json!(u64::MAX)), Some("18446744073709551615".into()));
    let none = [json!(""), json!("  "), json!(1.5), json!(null), json!({}), json!(true), json!("a\u{0}b")];
    for value in none {
        assert_eq!(read::id(&value), None, "{value}");
    }
    assert_eq!(read::id(&json!("x".repeat(513))), None);
}

#[test]
fn names_are_one_visible_line_of_at_most_200_characters() {
    assert_eq!(read::name(&json!("A".repeat(10_000))), Some("A".repeat(200)));
    assert_eq!(read::name(&json!("ř".repeat(10_000))).unwrap().chars().count(), 200);
    assert_eq!(read::name(&json!("  Eva\n\tNová  ")), Some("Eva Nová".into()));
    assert_eq!(read::name(&json!("\u{202e}evil\u{200b}\u{2066}\u{0}\u{feff}")), Some("evil".into()));
    assert_eq!(read::name(&json!("שלום עולם")), Some("שלום עולם".into()), "right-to-left letters stay");
    assert_eq!(read::name(&json!("<b>Eva</b>")), Some("<b>Eva</b>".into()), "markup is only text");
    for empty in [json!(""), json!(" \u{200b} "), json!(null), json!(7)] {
        assert_eq!(read::name(&empty), None);
    }
}

#[test]
fn text_is_kept_but_for_nul() {
    let text = "  <b>\u{202e}\u{1f64f}\r\n ";
    assert_eq!(read::text(&json!(text)), Some(text.into()));
    assert_eq!(read::text(&json!("a\u{0}b")), Some("ab".into()));
    assert_eq!(read::text(&json!("\u{0}")), None);
}

#[test]
fn half_a_surrogate_pair_costs_nobody_a_message() {
    let text = |raw: &[u8]| read::parse(raw).map(|value| value["t"].as_str().unwrap().to_owned());
    assert_eq!(text(br#"{"t":"cut \ud83d"}"#), Some("cut \u{fffd}".into()));
    assert_eq!(text(br#"{"t":"\ude4f low first"}"#), Some("\u{fffd} low first".into()));
    assert_eq!(text(br#"{"t":"\ud83d\ude4f and \ud83dx"}"#), Some("\u{1f64f} and \u{fffd}x".into()));
    assert_eq!(
        text(br#"{"t":"\\ud83d \ud83d"}"#),
        Some("\\ud83d \u{fffd}".into()),
        "an escaped backslash is no escape"
    );
    assert_eq!(text(b"{\"t\":\"latin \xe4\"}"), Some("latin \u{fffd}".into()));
}

#[test]
fn endless_depth_is_not_read() {
    let deep = "[".repeat(100_000);
    assert_eq!(read::parse(deep.as_bytes()), None);
    assert_eq!(read::parse(b""), None);
    assert_eq!(read::parse(b"\\"), None);
    assert_eq!(read::parse(b"null"), Some(Value::Null));
}
