//! Rows count deliveries and acceptances, keys count messages, and 100,000 rows are quick.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::*;

fn webhook(id: &str) -> Webhook {
    Webhook {
        account: "a".to_owned(),
        lane: "jana".to_owned(),
        url: String::new(),
        header: None,
        body: Arc::from(""),
        ticks: Vec::new(),
        events: vec![Event::new("message", id)],
        wait_ms: 0,
        apart: false,
        batch_ms: None,
    }
}

fn message(id: &str, key: &str) -> Message {
    let mut message = Message::new(id.to_owned(), false, "text".to_owned(), Value::Null, 5);
    message.opaque = Some(key.to_owned());
    message
}

#[test]
fn deliveries_are_counted_and_acceptance_stays() {
    let mut book = Book::default();
    let one = webhook("m1");
    book.made(&one, 1);
    book.made(&one, 2);
    book.posted(&one, Some(503));
    book.posted(&one, Some(200));
    book.posted(&one, None);
    book.ended(&one, "gave_up");
    let row = &book.told(0, 10)[0];
    assert_eq!((row.webhooks, row.posts, row.accepted, row.status), (2, 3, 1, None));
    assert_eq!(row.outcome, "accepted");
    let lost = webhook("m2");
    book.made(&lost, 3);
    book.ended(&lost, "gave_up");
    assert_eq!(book.told(1, 10)[0].outcome, "gave_up");
}

#[test]
fn a_key_accepted_twice_is_seen() {
    let mut book = Book::default();
    book.took("a", "jana", &message("m1", "k1"));
    book.took("a", "jana", &message("m2", "k2"));
    book.took("a", "jana", &message("m3", "k1"));
    book.answer("m2", "lost");
    assert_eq!((book.times("k1"), book.times("k2"), book.times("k3")), (2, 1, 0));
    assert_eq!(book.repeated(), [("k1", 2)]);
    assert_eq!(book.taken(1, 1)[0].answer, "lost");
}

#[test]
fn a_hundred_thousand_rows_are_quick() {
    let begun = Instant::now();
    let mut book = Book::default();
    for n in 0..100_000 {
        let one = webhook(&format!("m{n}"));
        book.made(&one, n);
        book.posted(&one, Some(200));
    }
    assert_eq!(book.told(99_990, 100).len(), 10);
    assert!(book.told(100_000, 1).is_empty());
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}
