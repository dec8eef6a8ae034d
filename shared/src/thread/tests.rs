//! Tests of the visible history: order, words, deliveries, pages read late.

use super::*;
use crate::channel::Channel;
use crate::command::{Command, Occurrence};
use crate::event::Stream;
use crate::fixture::{EVA, Stage};
use crate::id::InteractionId;

/// A chat with one message each way, of which the second was delivered.
fn chat() -> (Stage, InteractionId, MessageId) {
    let mut stage = Stage::new();
    let (interaction, activity) = stage.writes(Channel::Messenger, 0);
    stage.does(EVA, &Command::Accept { interaction, activity, offer: None }).unwrap();
    let message = MessageId::from_u128(stage.id());
    let wish = Command::Send { interaction, message, text: "Hello".into(), seen: 2 };
    stage.does(EVA, &wish).unwrap();
    let facts = stage.outgoing[0].1.clone();
    let (to, external_id, pricing) = (Delivery::Delivered, None, None);
    stage.occurs(&Occurrence::Delivered { interaction, message: facts, to, external_id, pricing }).unwrap();
    (stage, interaction, message)
}

fn events(stage: &Stage, id: InteractionId) -> Vec<Event> {
    stage.log.iter().filter(|event| event.stream == Stream::Interaction(id)).cloned().collect()
}

fn words(message: MessageId) -> Vec<Content> {
    vec![Content::Text { message, text: "Hello".into() }]
}

fn delivery(thread: &Thread, id: MessageId) -> Option<Delivery> {
    thread.entries().find_map(|entry| match &entry.body {
        Body::Message(message) if message.id == id => message.delivery.clone(),
        _ => None,
    })
}

#[test]
fn messages_and_events_stand_in_one_order_with_their_words() {
    let (stage, id, message) = chat();
    let mut thread = Thread::default();
    assert!(thread.is_empty() && thread.first().is_none());
    for event in &events(&stage, id) {
        thread.apply(event, &words(message));
    }
    assert_eq!((thread.len(), thread.first(), thread.last()), (5, Some(1), Some(5)));
    let Some(Entry { body: Body::Message(last), .. }) = thread.entries().next_back() else { panic!() };
    assert_eq!((last.text.as_deref(), last.author.as_ref().unwrap().id), (Some("Hello"), EVA));
    assert_eq!(last.delivery, Some(Delivery::Delivered));
}

#[test]
fn the_same_event_twice_changes_nothing() {
    let (stage, id, message) = chat();
    let mut thread = Thread::default();
    for event in &events(&stage, id) {
        thread.apply(event, &words(message));
    }
    let once = thread.clone();
    for event in &events(&stage, id) {
        thread.apply(event, &[]);
    }
    assert_eq!(thread, once);
}

#[test]
fn a_page_newer_than_the_events_lets_a_delivery_climb_and_one_older_does_not_lower_it() {
    let (stage, id, message) = chat();
    let all = events(&stage, id);
    let (mut behind, mut whole) = (Thread::default(), Thread::default());
    for event in &all[..all.len() - 1] {
        behind.apply(event, &words(message));
    }
    for event in &all {
        whole.apply(event, &words(message));
    }
    assert_eq!(delivery(&behind, message), Some(Delivery::Queued));
    let mut thread = behind.clone();
    thread.adopt(whole.entries().cloned());
    assert_eq!(thread, whole);
    thread.adopt(behind.entries().cloned());
    assert_eq!(thread, whole);
}

#[test]
fn erased_words_and_events_of_other_streams_leave_no_mark() {
    let (stage, id, message) = chat();
    let mut thread = Thread::default();
    for event in &events(&stage, id) {
        thread.apply(event, &[]);
    }
    assert!(thread.entries().all(|entry| match &entry.body {
        Body::Message(message) => message.text.is_none(),
        Body::Event { .. } => true,
    }));
    let before = thread.clone();
    let others = stage.log.iter().filter(|event| event.stream == Stream::Agent(EVA));
    for event in others {
        thread.apply(event, &words(message));
    }
    assert_eq!(thread, before);
}

#[test]
fn what_happened_to_a_message_stays_when_an_older_page_comes_late() {
    let (stage, id, message) = chat();
    let mut thread = Thread::default();
    for event in &events(&stage, id) {
        thread.apply(event, &words(message));
    }
    let page: Vec<Entry> = thread.entries().cloned().collect();
    let amended = |amendment, seconds| Event {
        stream: Stream::Interaction(id),
        version: 99,
        seq: None,
        at: stage.now,
        actor: crate::event::Actor::Customer,
        change: Change::Interaction(InteractionChange::Amended {
            message,
            amendment,
            at: stage.now.plus(crate::time::Span::seconds(seconds)),
        }),
    };
    let held = |thread: &Thread| {
        let found = thread.entries().find_map(|entry| match &entry.body {
            Body::Message(one) if one.id == message => Some(one.clone()),
            _ => None,
        });
        found.unwrap()
    };
    let reacted = Amendment::Reacted { by: Direction::In, emoji: Some("👍".into()) };
    thread.apply(&amended(reacted, 1), &[]);
    assert_eq!(held(&thread).reactions, [Reaction { by: Direction::In, emoji: "👍".into() }]);
    let new = vec![Content::Text { message, text: "Hello again".into() }];
    thread.apply(&amended(Amendment::Edited, 2), &new);
    thread.adopt(page.clone());
    assert_eq!(held(&thread).text.as_deref(), Some("Hello again"));
    thread.apply(&amended(Amendment::Unsent, 3), &[]);
    thread.adopt(page);
    let gone = held(&thread);
    assert!(gone.text.is_none() && gone.unsent_at.is_some(), "what was taken back does not come back");
    thread.apply(&amended(Amendment::Edited, 4), &new);
    assert!(held(&thread).text.is_none());
}
