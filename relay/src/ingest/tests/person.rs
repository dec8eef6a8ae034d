//! What is told about a customer apart from messages: ids that change, and what they want to be sent.

use super::*;
use crate::channels::{self, Provider};
use crate::log::JournalItem;
use shared::event::{Change, Stream};
use shared::interaction::{InteractionChange, Notice};
use shared::time::Timestamp;

/// A change of WhatsApp's with one element under its field.
fn field(name: &str, element: &Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "w", "changes": [{"field": name, "value": {
        "metadata": {"phone_number_id": "300"}, name: [element]}}]}]})
}

fn moved(before: &str, after: &str) -> Value {
    field(
        "user_id_update",
        &json!({"user_id": {"previous": before, "current": after}, "timestamp": "1793500000"}),
    )
}

fn writes(who: &str, id: &str) -> Value {
    let message = json!({"from_user_id": who, "id": id, "type": "text", "text": {"body": id}});
    json!({"object": "whatsapp_business_account", "entry": [{"id": "w", "changes": [{"field": "messages", "value": {
        "metadata": {"phone_number_id": "300"}, "contacts": [{"profile": {"name": "S"}, "user_id": who}], "messages": [message]}}]}]})
}

fn number(who: &str, new: &str) -> Value {
    let system = json!({"type": "user_changed_number", "wa_id": new, "body": "a new number"});
    let message = json!({"from_user_id": who, "id": new, "type": "system", "system": system});
    json!({"object": "whatsapp_business_account", "entry": [{"id": "w", "changes": [{"field": "messages", "value": {
        "metadata": {"phone_number_id": "300"}, "messages": [message]}}]}]})
}

impl Bed {
    async fn notices(&self) -> Vec<Notice> {
        let stream = Stream::Interaction(self.chats()[0].id);
        let events = self.engine.log().events_after(stream, 0, 1_000).await.unwrap();
        let notice = |one: &crate::log::Published| match &one.event.change {
            Change::Interaction(InteractionChange::Noted { notice }) => Some(notice.clone()),
            _ => None,
        };
        events.iter().filter_map(notice).collect()
    }
}

#[test]
fn whoever_gets_a_new_id_stays_in_one_lane() {
    let read = |(id, body): (i64, &Value)| {
        let item = channels::split(Provider::Meta, "demo", body.to_string().as_bytes()).remove(0);
        let row = JournalItem { id, account: "demo".into(), received_at: Timestamp(0), item: String::new() };
        let understood = channels::understand(&item, Timestamp(0));
        (row, item, understood)
    };
    let bodies = [
        writes("US.1", "a"),
        writes("US.3", "early"),
        writes("US.9", "stranger"),
        moved("US.1", "US.2"),
        writes("US.2", "b"),
        moved("US.2", "US.3"),
        moved("US.7", "US.8"),
        moved("US.8", "US.7"),
        // A new number, told under the old id, and then a new id with that number.
        number("US.10", "420777"),
        field(
            "user_preferences",
            &json!({"user_id": "US.11", "wa_id": "420777", "category": "marketing_messages", "value": "stop"}),
        ),
        writes("US.11", "c"),
    ];
    let lanes = super::super::worker::lanes((1..).zip(&bodies).map(read).collect());
    let ids: Vec<Vec<i64>> =
        lanes.into_iter().map(|lane| lane.iter().map(|(row, ..)| row.id).collect()).collect();
    assert_eq!(ids, [vec![1, 2, 4, 5, 6], vec![3], vec![7, 8], vec![9, 10, 11]]);
}

#[tokio::test]
async fn a_new_user_id_is_the_same_customer_in_the_same_chat() {
    let bed = bed().await;
    bed.meta(&writes("US.1", "w1")).await;
    bed.meta(&moved("US.1", "US.2")).await;
    bed.meta(&writes("US.2", "w2")).await;
    bed.meta(&moved("US.1", "US.2")).await;
    bed.ends(4, "done").await;
    assert_eq!(bed.chats().len(), 1);
    assert_eq!(bed.words(bed.chats()[0].id).await, ["S US.1", "w1", "w2"]);
    assert!(bed.notices().await.is_empty(), "the number is not said to be new");
    bed.meta(&moved("US.8", "US.9")).await;
    bed.ends(5, "done").await;
    assert_eq!(bed.chats().len(), 1, "it starts no chat");
}

#[tokio::test]
async fn a_message_that_is_faster_than_its_new_id_makes_no_second_customer() {
    let bed = bed().await;
    // The chat under the first id goes on: the second id had written nothing yet that is live.
    bed.meta(&writes("US.1", "w1")).await;
    bed.ends(1, "done").await;
    let (log, now) = (bed.engine.log().clone(), bed.engine.clock().now());
    let connector = account(2).id;
    let stranger =
        log.identify(connector, &["US.2".into()], "US.2", bed.engine.fresh_identity(), now).await.unwrap();
    bed.meta(&moved("US.1", "US.2")).await;
    bed.meta(&writes("US.2", "w2")).await;
    bed.ends(3, "done").await;
    let chat = bed.chats().remove(0);
    assert_eq!((bed.chats().len(), bed.words(chat.id).await.len()), (1, 3));
    assert_ne!(chat.identity, stranger);
    // The chat under the second id is the one that lives: it keeps the customer.
    bed.meta(&writes("US.4", "w4")).await;
    bed.ends(4, "done").await;
    log.identify(connector, &["US.3".into()], "US.3", bed.engine.fresh_identity(), now).await.unwrap();
    bed.meta(&moved("US.3", "US.4")).await;
    bed.ends(5, "done").await;
    let live = bed.chats().into_iter().find(|one| one.id != chat.id).unwrap();
    for id in ["US.3", "US.4"] {
        assert_eq!(log.identity_of(connector, &[id.into()]).await.unwrap(), Some(live.identity));
    }
    // Two that live stay two.
    bed.meta(&moved("US.1", "US.4")).await;
    bed.ends(6, "done").await;
    assert_eq!(log.identity_of(connector, &["US.1".into()]).await.unwrap(), Some(chat.identity));
    assert_eq!(log.identity_of(connector, &["US.4".into()]).await.unwrap(), Some(live.identity));
}

#[tokio::test]
async fn what_a_customer_wants_to_be_sent_is_kept_and_told_once() {
    let bed = bed().await;
    let says = |value: &str, at: i64| {
        let element = json!({"user_id": "US.1", "detail": "?", "category": "marketing_messages", "value": value, "timestamp": at});
        field("user_preferences", &element)
    };
    bed.meta(&says("stop", 1_793_500_000)).await;
    bed.ends(1, "done").await;
    assert!(bed.chats().is_empty(), "nobody we know, and no chat of its own");
    bed.meta(&writes("US.1", "w1")).await;
    for (value, at) in
        [("stop", 1_793_500_010), ("stop", 1_793_500_010), ("resume", 1_793_500_020), ("stop", 1_793_500_010)]
    {
        bed.meta(&says(value, at)).await;
    }
    bed.ends(6, "done").await;
    assert_eq!(bed.notices().await, [Notice::MarketingStopped, Notice::MarketingResumed]);
    let (log, identity) = (bed.engine.log(), bed.chats()[0].identity);
    assert!(!log.is_news(identity, true, Timestamp(1_793_500_030_000)).await.unwrap());
    assert!(log.is_news(identity, false, Timestamp(1_793_500_030_000)).await.unwrap());
    assert!(!log.is_news(identity, false, Timestamp(1_793_500_010_000)).await.unwrap(), "that is old");
}
