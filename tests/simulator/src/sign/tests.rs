//! Wire form and signatures against answers computed elsewhere.

use super::*;

#[test]
fn meta_escapes_beyond_ascii_and_slashes() {
    assert_eq!(meta_form(r#"{"t":"äöå / 😀"}"#), r#"{"t":"\u00e4\u00f6\u00e5 \/ \ud83d\ude00"}"#);
    let parsed: serde_json::Value = serde_json::from_str(&meta_form(r#"{"t":"ž/\"\\"}"#)).unwrap();
    assert_eq!(parsed["t"], "ž/\"\\");
}

#[test]
fn hmac_has_the_known_answer_of_rfc_4231() {
    assert_eq!(
        hmac_hex("Jefe", b"what do ya want for nothing?"),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

#[test]
fn signature_is_over_the_escaped_bytes() {
    let body = meta_form(r#"{"text":"ä a/b"}"#);
    assert_eq!(body, r#"{"text":"\u00e4 a\/b"}"#);
    assert_eq!(
        hmac_hex("demo-app-secret", body.as_bytes()),
        "e5159184be7c9b9fd20f3ab2ca6b97f6aac636815db4b6acee4f18dc9cf7a490"
    );
    assert_ne!(
        hmac_hex("demo-app-secret", body.as_bytes()),
        hmac_hex("demo-app-secret", r#"{"text":"ä a/b"}"#.as_bytes())
    );
}
