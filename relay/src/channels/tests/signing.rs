//! Signatures with known answers (made with another implementation), and the handshake.

use crate::channels::sign;

const SIGNED: &[u8] = br#"{"object":"page","entry":[{"id":"1","messaging":[{"sender":{"id":"2"},"message":{"mid":"m","text":"gr\u00e4n http:\/\/a.b"}}]}]}"#;
const BY_META: &str = "sha256=e027d8447348fb2d35bce810da80c86d123fda1641beb625faee77b5c37ffbad";
const CHECK: &[u8] = br#"{"event":"webhook","timestamp":1457764197627,"message_token":241256543215}"#;
const BY_VIBER: &str = "3244b0e52133578155da1898e25e2bdeb8aa6b85035b1c3401ea0c9dda504fb9";

fn secrets<'a>(all: &[&'a str]) -> Vec<&'a str> {
    all.to_vec()
}

#[test]
fn the_bytes_are_signed_and_not_their_meaning() {
    let ours = secrets(&["demo-app-secret"]);
    assert!(sign::meta(SIGNED, Some(BY_META), &ours));
    let again = serde_json::from_slice::<serde_json::Value>(SIGNED).unwrap().to_string();
    assert!(!sign::meta(again.as_bytes(), Some(BY_META), &ours), "escapes are part of what is signed");
}

#[test]
fn two_secrets_are_valid_while_one_is_changed() {
    assert!(sign::meta(SIGNED, Some(BY_META), &secrets(&["old", "demo-app-secret"])));
    assert!(sign::meta(SIGNED, Some(BY_META), &secrets(&["demo-app-secret", "new"])));
    assert!(!sign::meta(SIGNED, Some(BY_META), &secrets(&["old", "new"])));
    assert!(!sign::meta(SIGNED, Some(BY_META), &[]));
}

#[test]
fn a_missing_or_malformed_signature_is_a_no() {
    let ours = secrets(&["demo-app-secret"]);
    let bare = BY_META.trim_start_matches("sha256=");
    let cut = &BY_META[..70];
    let long = format!("{BY_META}00");
    let other = BY_META.replace("e027", "e028");
    let junk = format!("sha256={}", "zz".repeat(32));
    for header in ["", "sha256=", bare, cut, &long, &other, &junk, "sha1=00"] {
        assert!(!sign::meta(SIGNED, Some(header), &ours), "{header}");
    }
    assert!(!sign::meta(SIGNED, None, &ours));
}

#[test]
fn viber_signs_with_the_token_and_without_a_prefix() {
    assert!(sign::viber(CHECK, Some(BY_VIBER), "4453b6ac1234-5678"));
    assert!(!sign::viber(CHECK, Some(BY_VIBER), "4453b6ac12345678"), "dashes are part of the key");
    assert!(!sign::viber(CHECK, Some(&format!("sha256={BY_VIBER}")), "4453b6ac1234-5678"));
    assert!(!sign::viber(CHECK, None, "4453b6ac1234-5678"));
}

#[test]
fn an_empty_secret_signs_nothing() {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"").unwrap();
    mac.update(CHECK);
    let forged = hex::encode(mac.finalize().into_bytes());
    assert!(!sign::viber(CHECK, Some(&forged), ""));
    assert!(!sign::meta(CHECK, Some(&format!("sha256={forged}")), &secrets(&[""])));
}

#[test]
fn the_handshake_gives_back_a_plain_challenge() {
    let ask = |mode, token, challenge| sign::handshake(mode, token, challenge, "demo-verify-token");
    assert_eq!(ask("subscribe", "demo-verify-token", "1158201444"), Some("1158201444"));
    assert_eq!(ask("subscribe", "demo-verify-token", "Ab_-9"), Some("Ab_-9"));
    assert_eq!(ask("unsubscribe", "demo-verify-token", "1"), None);
    assert_eq!(ask("subscribe", "demo-verify-toke", "1"), None);
    assert_eq!(ask("subscribe", "demo-verify-token", ""), None);
    assert_eq!(ask("subscribe", "demo-verify-token", "<script>"), None);
    assert_eq!(ask("subscribe", "demo-verify-token", &"1".repeat(129)), None);
    assert_eq!(sign::handshake("subscribe", "", "1", ""), None, "no secret is no permission");
}
