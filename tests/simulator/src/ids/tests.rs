//! Shapes of ids.

use super::*;

#[test]
fn base64_follows_the_rfc() {
    assert_eq!(base64(b"f", STANDARD, true), "Zg==");
    assert_eq!(base64(b"fo", STANDARD, true), "Zm8=");
    assert_eq!(base64(b"foobar", STANDARD, true), "Zm9vYmFy");
    assert_eq!(base64(b"\xff\xfe\xfd\xfc", URL, false), "__79_A");
}

#[test]
fn ids_have_the_providers_shapes() {
    let mid = messenger_mid();
    assert!(mid.starts_with("m_") && mid.len() == 88, "{mid}");
    assert_ne!(mid, messenger_mid());
    // The well-known beginning of ids for Czech numbers: length 12, then the number.
    assert!(wamid("420777120450", true).starts_with("wamid.HBgMNDIwNzc3MTIwNDUwFQIAEhgg"));
    assert!(wamid("420777120450", false).starts_with("wamid.HBgMNDIwNzc3MTIwNDUwFQIAERgS"));
    assert!(viber_token() > 1 << 53);
    assert_eq!(scoped_id().len(), 16);
    let viber = viber_user();
    assert!(viber.len() == 24 && viber.ends_with("=="), "{viber}");
    assert!(bsuid(Some("+420777120450")).starts_with("CZ."));
    assert!(phone_number().starts_with("+420") && phone_number().len() == 13);
}
