//! The stage itself under the real relay: scripted customers ring, and the providers' own account joins what was told with what was taken.

use serde_json::json;
use shared::channel::Channel;
use tests::{Desk, Fault, Phones, Relay};

#[tokio::test(flavor = "multi_thread")]
async fn scripted_customers_ring_and_go_home() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.post("/control/crowd", &json!({ "customers": 8, "seed": 3, "pace": 100 })).await;
    let card = eva.card().await;
    eva.accept(&card).await;
    let written = phones.told().await;
    assert!(written.iter().any(|row| row.kind == "message" && row.customer.starts_with("crowd-")));
    phones.post("/control/crowd", &json!({ "customers": 1, "seed": 3 })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_twice_is_drawn_once_and_what_is_taken_is_counted() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.fault(&Fault::new("duplicate").at(Channel::WhatsApp).on("message")).await;
    let customer = phones.customer(Channel::WhatsApp);
    let external = customer.write("Hello").await;
    let card = eva.card().await;
    let snapshot = eva.accept(&card).await;
    eva.send(snapshot.interaction.id, "Good morning").await;
    customer.shows("Good morning").await;
    let row = tests::wait::until("both deliveries", || async {
        phones.told().await.into_iter().find(|row| row.id == external && row.accepted == 2)
    })
    .await;
    assert_eq!((row.kind.as_str(), row.webhooks, row.outcome.as_str()), ("message", 2, "accepted"));
    let drawn = eva.interaction(snapshot.interaction.id).await.entries.len();
    assert_eq!(drawn, snapshot.entries.len() + 1, "the answer alone was added");
    let taken = phones.taken().await;
    assert_eq!(taken.len(), 1);
    assert_eq!((taken[0].customer.as_str(), taken[0].answer.as_str()), (customer.key.as_str(), "answered"));
    let key = taken[0].key.clone().expect("the relay names what it sends");
    assert_eq!(phones.times(&key).await, 1);
}
