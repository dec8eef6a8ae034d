//! Viber's events.

use super::{ignored, one, why, wrote};
use crate::channels::{Aliases, Provider, Step, Understood};
use serde_json::{Value, json};
use shared::interaction::{Failure, FailureKind, MessageKind};
use shared::time::Timestamp;

const TOKEN: u64 = 4_912_661_846_655_238_145;

fn understand(body: &Value) -> Understood {
    one(Provider::Viber, body)
}

fn message(message: &Value) -> Understood {
    understand(&json!({"event": "message", "timestamp": 1_782_000_000_123_i64, "message_token": TOKEN,
        "sender": {"id": "01234567890A=", "name": "John"}, "message": message}))
}

#[test]
fn text_comes_with_a_name_and_keeps_every_digit_of_its_token() {
    let said = wrote(message(&json!({"type": "text", "text": "Hi"})));
    assert_eq!(said.external_id, "4912661846655238145");
    assert_eq!(said.from, Aliases::one("01234567890A=".into()));
    assert_eq!((said.from.handle.as_str(), said.name.as_deref()), ("…567890A=", Some("John")));
    assert_eq!((said.said.kind, said.said.text.as_deref()), (MessageKind::Text, Some("Hi")));
    assert_eq!(said.sent_at, Timestamp(1_782_000_000_123));
}

#[test]
fn everything_else_that_is_sent_is_a_message_too() {
    // Without the place where the file is, or with an odd one, it is a message that cannot be drawn.
    for kind in ["picture", "video", "file", "sticker", "location", "hologram"] {
        let said = wrote(message(&json!({"type": kind, "media": "ftp://x", "sticker_id": "../1"}))).said;
        assert_eq!(said.kind, MessageKind::Unsupported, "{kind}");
    }
    assert_eq!(
        wrote(message(&json!({"type": "picture", "text": "look"}))).said.text.as_deref(),
        Some("look")
    );
    assert_eq!(wrote(message(&Value::Null)).said.kind, MessageKind::Unsupported);
}

#[test]
fn receipts_and_people_coming_and_going() {
    let event = |name: &str| {
        understand(
            &json!({"event": name, "timestamp": 1, "message_token": TOKEN, "user_id": "01=", "desc": "x"}),
        )
    };
    let unreachable = Failure { kind: FailureKind::Unreachable, code: None };
    let steps = [("delivered", Step::Delivered), ("seen", Step::Seen), ("failed", Step::Failed(unreachable))];
    for (name, step) in steps {
        let Understood::Receipt(receipt) = event(name) else { panic!("no receipt") };
        assert_eq!((receipt.step, receipt.external_ids), (step, vec![TOKEN.to_string()]));
    }
    assert_eq!(event("unsubscribed"), Understood::Left { customer: Aliases::one("01=".into()) });
    let user = |event: &str, subscribed: bool| {
        understand(&json!({"event": event, "user": {"id": "01=", "name": "John"}, "subscribed": subscribed}))
    };
    let here = Understood::Subscribed {
        customer: Aliases::one("01=".into()),
        name: Some("John".into()),
        avatar: None,
    };
    assert_eq!(user("subscribed", false), here);
    assert_eq!(user("conversation_started", true), here);
    assert!(ignored(user("conversation_started", false)).contains("nothing was written"));
    assert_eq!(
        understand(&json!({"event": "webhook", "timestamp": 5_474_765_000_000_000_000_i64})),
        Understood::Check
    );
}

#[test]
fn what_says_nothing_is_kept() {
    for body in [json!({}), json!([]), json!({"event": 7}), json!({"event": "brand_new"})] {
        assert_eq!(why(understand(&body)), "an event this version does not know");
    }
    for event in ["message", "unsubscribed", "subscribed"] {
        assert_eq!(why(understand(&json!({"event": event}))), "nobody is named in it");
    }
    assert!(why(understand(&json!({"event": "seen", "user_id": "01="}))).contains("without the message"));
}
