//! Messages that go wrong after their chats were closed: they stand on the author's own stream, over restarts, until somebody took care of them (D-044).

use serde_json::json;
use shared::agent::AgentChange;
use shared::channel::Channel;
use shared::command::Command;
use shared::event::Change;
use shared::id::{InteractionId, MessageId};
use shared::interaction::{Delivery, InteractionChange};
use shared::refusal::Refusal;
use shared::thread::Content;
use shared::wire::RelayFrame;
use tests::wait::until;
use tests::{Customer, Desk, Phones, Relay};

/// A chat that Eva closes while a message in it is on its way: the provider keeps its calls, or its answers, back.
async fn left(relay: &Relay, held: &str) -> (Customer, Desk, InteractionId, MessageId) {
    let phones = Phones::of(relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    let customer = phones.create(Channel::WhatsApp, "Anna").await;
    customer.write("Is it ready?").await;
    let mut eva = Desk::open(relay, "eva").await;
    let card = eva.card().await;
    let state = eva.accept(&card).await.interaction;
    let account = Phones::account(Channel::WhatsApp);
    phones.post("/control/hold", &json!({ "what": held, "account": account })).await;
    let message = eva.send(state.id, "It is ready").await;
    let leaves = |change: &InteractionChange| match change {
        InteractionChange::DeliveryChanged { delivery, .. } => (*delivery == Delivery::Sending).then_some(()),
        _ => None,
    };
    eva.change(state.id, "the call", leaves).await;
    eva.close(state.id, state.activities[0].id).await;
    (customer, eva, state.id, message)
}

/// What stands on the stream of whoever's desk this is as not arrived.
async fn undelivered(desk: &Desk) -> Vec<MessageId> {
    desk.snapshot().await.agent.undelivered.iter().map(|one| one.message).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_refused_after_its_chat_was_closed_is_told_its_author_also_after_a_restart() {
    let mut relay = Relay::start_apart().await;
    let (customer, eva, chat, message) = left(&relay, "requests").await;
    customer.change(&json!({ "blocked": true })).await;
    Phones::of(&relay).post("/control/release", &json!({})).await;
    let told = |frame: &RelayFrame| {
        let RelayFrame::Event { event, content } = frame else { return None };
        let Change::Agent(AgentChange::Undelivered(one)) = &event.change else { return None };
        Some((one.interaction, one.message, content.clone()))
    };
    let (interaction, of, content) = eva.ever("what did not arrive", told).await;
    assert_eq!((interaction, of), (chat, message));
    let named = |content: &[Content]| {
        content.iter().any(|one| matches!(one, Content::Name { name: Some(name), .. } if name == "Anna"))
    };
    assert!(named(&content), "the customer is named, whose chat the desk no longer has");
    relay.kill_and_restart().await;
    let petr = Desk::open(&relay, "petr").await;
    assert_eq!(undelivered(&petr).await, []);
    assert_eq!(petr.refused(Command::Dismiss { interaction: chat, message }).await, Refusal::NotYours);
    let eva = Desk::open(&relay, "eva").await;
    let snapshot = eva.snapshot().await;
    assert!(named(&snapshot.content));
    assert_eq!(undelivered(&eva).await, [message]);
    eva.done(Command::Dismiss { interaction: chat, message }).await;
    assert_eq!(undelivered(&eva).await, []);
    relay.kill_and_restart().await;
    let eva = Desk::open(&relay, "eva").await;
    assert_eq!(undelivered(&eva).await, []);
    assert_eq!(customer.times("It is ready").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_answer_was_lost_after_the_close_is_taken_off_once_it_turns_out_to_have_arrived() {
    let mut relay = Relay::start_apart().await;
    let (customer, _, _, message) = left(&relay, "answers").await;
    customer.shows("It is ready").await;
    relay.kill_and_restart().await;
    let eva = Desk::open(&relay, "eva").await;
    until("a message nobody knows of", || async { (undelivered(&eva).await == [message]).then_some(()) })
        .await;
    Phones::of(&relay).post("/control/release", &json!({})).await;
    customer.deliver().await;
    until("its receipt", || async { undelivered(&eva).await.is_empty().then_some(()) }).await;
    assert_eq!(customer.times("It is ready").await, 1);
}
