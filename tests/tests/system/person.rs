//! What a provider tells about a customer beside their messages, through the real webhook: an opened conversation, ids that change, what they want to be sent.

use serde_json::json;
use shared::channel::Channel;
use shared::id::IdentityId;
use shared::interaction::{Delivery, InteractionChange, Notice};
use shared::thread::{Body, Message};
use shared::wire::InteractionSnapshot;
use tests::wait::until;
use tests::{Desk, Phones, Relay};

fn messages(chat: &InteractionSnapshot) -> Vec<Message> {
    let message = |entry: &shared::thread::Entry| match &entry.body {
        Body::Message(message) => Some(message.clone()),
        Body::Event { .. } => None,
    };
    chat.entries.iter().filter_map(message).collect()
}

fn notices(chat: &InteractionSnapshot) -> Vec<Notice> {
    let notice = |entry: &shared::thread::Entry| match &entry.body {
        Body::Event { change: InteractionChange::Noted { notice } } => Some(notice.clone()),
        _ => None,
    };
    chat.entries.iter().filter_map(notice).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_opens_the_conversation_is_greeted_on_their_phone_and_the_agent_sees_it() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let customer = phones.create(Channel::Viber, "Newcomer").await;
    customer.subscribe(false).await;
    let mut eva = Desk::open(&relay, "eva").await;
    let opened = customer.open().await;
    let words = opened["welcome"]["text"].as_str().unwrap().to_owned();
    assert_eq!(opened["status"], 200);
    customer.shows(&words).await;
    assert!(customer.open().await["welcome"].is_null(), "once is enough");
    assert_eq!(customer.thread().await.len(), 1);
    customer.write("Good day").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await;
    let lines = messages(&chat);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!((lines[0].text.as_deref(), lines[0].automatic), (Some(words.as_str()), true));
    assert_eq!(lines[0].delivery, Some(Delivery::Sent));
    // The chat is a chat like any other.
    eva.send(chat.interaction.id, "How can I help?").await;
    customer.shows("How can I help?").await;
    assert!(customer.open().await["welcome"].is_null(), "nobody is greeted in the middle of a chat");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_user_id_keeps_the_chat_and_a_choice_is_told_in_it() {
    let relay = Relay::start().await;
    let customer = Phones::of(&relay).customer(Channel::WhatsApp);
    let mut eva = Desk::open(&relay, "eva").await;
    customer.write("Hello").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await;
    let identity: IdentityId = chat.interaction.identity;
    customer.act(&json!({ "do": "update_user_id" })).await;
    customer.act(&json!({ "do": "prefer", "marketing": false })).await;
    customer.act(&json!({ "do": "change_number" })).await;
    customer.act(&json!({ "do": "prefer", "marketing": true })).await;
    customer.write("Still me").await;
    let found = until("the message after the change", || async {
        let found = eva.interaction(chat.interaction.id).await;
        (messages(&found).len() == 2).then_some(found)
    })
    .await;
    assert_eq!(found.interaction.identity, identity);
    assert_eq!(notices(&found), [Notice::MarketingStopped, Notice::NumberChanged, Notice::MarketingResumed]);
    eva.send(chat.interaction.id, "To the new number").await;
    customer.shows("To the new number").await;
}
