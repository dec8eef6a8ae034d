//! Ten thousand mutations of signed webhooks: none is taken and none leaves anything behind; what is right is.

use super::{Bed, bed, page, phone, said, sign, text};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

/// A step of a small generator: the same mutations in every run.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// One signed webhook: where it goes, the header's name, what stands in it before the digits, its secret, its body.
struct Signed {
    path: &'static str,
    header: &'static str,
    prefix: &'static str,
    secret: &'static str,
    raw: Vec<u8>,
}

fn signed() -> Vec<Signed> {
    let meta = |body: &Value| Signed {
        path: "/webhooks/meta/demo",
        header: "x-hub-signature-256",
        prefix: "sha256=",
        secret: "meta-secret",
        raw: body.to_string().into_bytes(),
    };
    let viber = json!({"event": "message", "message_token": 1, "sender": {"id": "01="}, "message": {"type": "text", "text": "x"}});
    vec![
        meta(&page(&text("8001", "m_1", "Dobrý den"))),
        meta(&phone(&json!([said("w1", "Hello")]), "Sheena")),
        meta(&json!({})),
        Signed {
            path: "/webhooks/viber/bot",
            header: "x-viber-content-signature",
            prefix: "",
            secret: "viber-token",
            raw: viber.to_string().into_bytes(),
        },
    ]
}

async fn send(bed: &Bed, path: &str, headers: &[(&str, String)], raw: Vec<u8>) -> StatusCode {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    bed.ask(request.body(Body::from(raw)).unwrap()).await.0
}

/// The right digits in headers that are not right.
fn headers(one: &Signed, digits: &str) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let right = format!("{}{digits}", one.prefix);
    let named = |value: String| vec![(one.header, value)];
    vec![
        ("none", vec![]),
        ("empty", named(String::new())),
        ("twice", vec![(one.header, right.clone()), (one.header, right.clone())]),
        ("the right one second", vec![(one.header, "x".into()), (one.header, right.clone())]),
        ("a list", named(format!("{right}, {right}"))),
        ("sha1 alone", vec![("x-hub-signature", format!("sha1={}", &digits[..40]))]),
        ("sha1 in its place", named(format!("sha1={}", &digits[..40]))),
        ("another word", named(format!("sha512={digits}"))),
        ("upper-case word", named(format!("SHA256={digits}"))),
        ("a blank inside", named(format!("{} {digits}", one.prefix))),
        ("quoted", named(format!("\"{right}\""))),
        ("0x", named(format!("{}0x{}", one.prefix, &digits[2..]))),
        ("under another name", vec![("x-signature", right.clone())]),
        (
            "in the other provider's header",
            vec![(
                if one.prefix.is_empty() { "x-hub-signature-256" } else { "x-viber-content-signature" },
                digits.to_owned(),
            )],
        ),
    ]
}

#[tokio::test]
async fn ten_thousand_mutations_of_signed_webhooks_are_refused() {
    let bed = bed().await;
    let mut tried = 0;
    let mut random = 0x9E37_79B9_7F4A_7C15;
    for one in signed() {
        let digits = sign(one.secret, &one.raw);
        let right = format!("{}{digits}", one.prefix);
        let mut refuse = async |header: Vec<(&str, String)>, raw: Vec<u8>, what: &str| {
            tried += 1;
            assert_eq!(
                send(&bed, one.path, &header, raw).await,
                StatusCode::UNAUTHORIZED,
                "{}: {what}",
                one.path
            );
        };
        let named = |value: String| vec![(one.header, value)];
        // Bits of the body, wherever they are: every one of short bodies, some of long ones.
        for _ in 0..1_600 {
            let mut raw = one.raw.clone();
            let bit = usize::try_from(next(&mut random)).unwrap() % (raw.len() * 8);
            raw[bit / 8] ^= 1 << (bit % 8);
            refuse(named(right.clone()), raw, "a bit of the body").await;
        }
        // Bits of the signature.
        for bit in 0..256 {
            let mut bytes = hex::decode(&digits).unwrap();
            bytes[bit / 8] ^= 1 << (bit % 8);
            refuse(
                named(format!("{}{}", one.prefix, hex::encode(bytes))),
                one.raw.clone(),
                "a bit of the signature",
            )
            .await;
        }
        // Every cut, of the header and of the body, and what is put behind.
        for length in 0..right.len() {
            refuse(named(right[..length].to_owned()), one.raw.clone(), "a cut signature").await;
        }
        for length in 0..one.raw.len() {
            refuse(named(right.clone()), one.raw[..length].to_vec(), "a cut body").await;
        }
        for behind in 0..=255_u8 {
            refuse(named(right.clone()), [&one.raw[..], &[behind]].concat(), "a longer body").await;
            refuse(
                named(right.clone()),
                [&[behind], &one.raw[..]].concat(),
                "a body with something before it",
            )
            .await;
        }
        // The same JSON in other bytes.
        let value: Value = serde_json::from_slice(&one.raw).unwrap();
        let pretty = serde_json::to_vec_pretty(&value).unwrap();
        if pretty != one.raw {
            refuse(named(right.clone()), pretty, "the same JSON, laid out").await;
        }
        // The header itself.
        for (what, headers) in headers(&one, &digits) {
            refuse(headers, one.raw.clone(), what).await;
        }
        // Other people's secrets, and guesses at ours.
        for secret in [
            "",
            "other-secret",
            "verify",
            "demo",
            "bot",
            "Meta-secret",
            "meta-secret ",
            "viber-token\n",
            super::super::routes::NOBODYS,
            "null",
        ] {
            refuse(named(format!("{}{}", one.prefix, sign(secret, &one.raw))), one.raw.clone(), secret).await;
        }
        // Signed for one address, sent to another.
        for path in [
            "/webhooks/meta/other",
            "/webhooks/meta/Demo",
            "/webhooks/meta/demo%20",
            "/webhooks/viber/other",
            "/webhooks/viber/BOT",
        ] {
            tried += 1;
            assert_eq!(
                send(&bed, path, &named(right.clone()), one.raw.clone()).await,
                StatusCode::UNAUTHORIZED,
                "{path}"
            );
        }
    }
    assert!(tried >= 10_000, "only {tried} mutations");
    assert!(bed.chats().is_empty());
    assert_eq!(bed.engine.log().new_items(10).await.unwrap().len(), 0, "nothing was kept");
    // What was mutated is taken as it was, with digits of either case.
    for one in signed() {
        for digits in [sign(one.secret, &one.raw), sign(one.secret, &one.raw).to_uppercase()] {
            let headers = [(one.header, format!("{}{digits}", one.prefix))];
            assert_eq!(send(&bed, one.path, &headers, one.raw.clone()).await, StatusCode::OK);
        }
    }
}
