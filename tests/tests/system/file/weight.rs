//! Webhooks of more parts than their length explains: each is kept, none takes much more memory than ten times its size, and no neighbour notices (I-35).

use crate::signed::{memory, message, peak, post, post_raw, previews};
use serde_json::json;
use shared::channel::Channel;
use tests::relay::Database;
use tests::{Phones, Relay, Setup};

/// The largest body that is taken.
const LARGEST: usize = 4 * 1024 * 1024;

/// What the relay may take besides ten times the body: what a small body may weigh, and the pages that it keeps at hand.
const BESIDES: usize = 48 * 1024 * 1024;

/// A body of the largest size, of one part over and over.
fn full(open: &str, part: &str, close: &str) -> String {
    [open, &part.repeat((LARGEST - open.len() - close.len()) / part.len()), close].concat()
}

/// Five hundred messages of a customer whose name is two million characters long.
fn named() -> String {
    let mut body = message(1, "long0", "hello");
    let value = body.pointer_mut("/entry/0/changes/0/value").unwrap();
    value["contacts"][0]["profile"]["name"] = json!("Eva ".repeat(500_000));
    let one = value["messages"][0].clone();
    let all = (0..500).map(|n| {
        let mut one = one.clone();
        one["id"] = json!(format!("long{n}"));
        one
    });
    value["messages"] = all.collect();
    body.to_string()
}

#[tokio::test]
async fn i35_no_body_takes_much_more_than_ten_times_its_size() {
    let page = "{\"object\":\"page\",\"entry\":[{\"id\":\"1\",\"messaging\":[";
    let number = Phones::account(Channel::WhatsApp);
    let statuses = format!(
        "{{\"object\":\"whatsapp_business_account\",\"entry\":[{{\"id\":\"1\",\"changes\":[{{\"field\":\"messages\",\
         \"value\":{{\"metadata\":{{\"phone_number_id\":\"{number}\"}},\"statuses\":["
    );
    let bodies = [
        ("numbers", full("[", "0,", "0]")),
        ("objects", full("[", "{\"a\":0},", "0]")),
        ("open arrays", full("", "[", "")),
        ("items of a page", full(page, "0,", "0]}]}")),
        ("items of a number", full(&statuses, "{},", "{}]}}]}]}")),
        // Just so that it is read, and just as many as are taken one by one.
        ("more items than are taken", full(page, &format!("\"{}\",", "x".repeat(47)), "0]}]}")),
        ("as many items as are taken", full(page, &format!("\"{}\",", "x".repeat(210)), "0]}]}")),
        ("quotes", full("\"", "\\\"", "\"")),
        ("a long name", named()),
    ];
    for (what, body) in bodies {
        // A relay of its own for each, for memory that is free again is not given back at once.
        let relay = Relay::start_with(Setup { database: Database::File, ..Setup::default() }).await;
        let eva = relay.token("eva").await;
        assert_eq!(post(&relay.http, &relay.base, &message(0, "before", "before")).await, Some(200));
        let (before, size) = (memory(&relay), body.len());
        assert_eq!(post_raw(&relay.http, &relay.base, body).await, Some(200), "{what}");
        assert_eq!(post(&relay.http, &relay.base, &message(0, "after", "after")).await, Some(200), "{what}");
        tests::wait::until("the message after it", || async {
            previews(&relay, &eva).await.contains(&"after".to_owned()).then_some(())
        })
        .await;
        let took = peak(&relay).saturating_sub(before);
        println!("I-35: {what}: {} MB for {} MB", took / 1_000_000, size / 1_000_000);
        assert!(took <= 10 * size + BESIDES, "{what}: {took} bytes for a body of {size}");
    }
}
