//! Each way of bending does what it says and nothing else.

use super::*;

fn body() -> Value {
    json!({"object": "page", "entry": [{"id": "12", "messaging": [
        {"sender": {"id": "345"}, "recipient": {"id": "12"}, "timestamp": 1_700_000_000_123_u64, "message": {"mid": "m_1", "text": "a"}},
    ]}]})
}

fn bent(twist: Value) -> Value {
    let twist: Twist = serde_json::from_value(twist).unwrap();
    assert!(!twist.is_none());
    let mut body = body();
    twist.apply(&mut body).unwrap();
    body
}

#[test]
fn ids_become_numbers_and_back() {
    let mut body = bent(json!({"ids": "number"}));
    assert_eq!(body["entry"][0]["id"], 12);
    assert_eq!(body["entry"][0]["messaging"][0]["sender"]["id"], 345);
    assert_eq!(body["entry"][0]["messaging"][0]["message"]["mid"], "m_1");
    let back: Twist = serde_json::from_value(json!({"ids": "string"})).unwrap();
    back.apply(&mut body).unwrap();
    assert_eq!(body, super::tests::body());
}

#[test]
fn times_have_every_form() {
    for (form, expected) in [
        ("seconds", json!(1_700_000_000)),
        ("milliseconds", json!(1_700_000_000_123_u64)),
        ("seconds_text", json!("1700000000")),
        ("milliseconds_text", json!("1700000000123")),
        ("huge", json!(1_700_000_000_123_000_000_u64)),
        ("zero", json!(0)),
        ("negative", json!(-1)),
        ("junk", json!("yesterday")),
        ("null", Value::Null),
    ] {
        assert_eq!(bent(json!({"time": form}))["entry"][0]["messaging"][0]["timestamp"], expected, "{form}");
    }
    let event = &bent(json!({"time": "absent"}))["entry"][0]["messaging"][0];
    assert!(event.get("timestamp").is_none() && event.get("message").is_some());
    // WhatsApp's are seconds as text.
    let mut body = json!({"entry": [{"messages": [{"timestamp": "1700000000"}]}]});
    let twist: Twist = serde_json::from_value(json!({"time": "milliseconds_text"})).unwrap();
    twist.apply(&mut body).unwrap();
    assert_eq!(body["entry"][0]["messages"][0]["timestamp"], "1700000000000");
}

#[test]
fn twins_extras_and_gaps() {
    let body = bent(json!({"twice": true, "extra": true, "without": ["recipient"]}));
    let events = body["entry"][0]["messaging"].as_array().unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0], events[1]);
    assert!(events[0]["message"]["zz_future"].is_object() && body["zz_future"].is_object());
    assert!(events[0].get("recipient").is_none());
    let twice: Twist = serde_json::from_value(json!({"twice": true})).unwrap();
    assert!(twice.apply(&mut json!({"event": "message"})).is_err());
}
