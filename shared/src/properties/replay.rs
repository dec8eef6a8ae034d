//! Checks that state is nothing but its events: old snapshots catch up, repetition changes nothing, JSON carries all of it.

use crate::event::{Change, Event, Stream};
use crate::fixture::Stage;
use crate::id::{InteractionId, MessageId};
use crate::interaction::{Amendment, Interaction, InteractionChange};
use crate::thread::{Body, Content, Entry, Thread};
use crate::world::{Applied, World};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

pub(super) type Words = BTreeMap<MessageId, String>;

pub(super) fn round<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let text = serde_json::to_string(value).expect("everything can be written");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// A world read back from its written parts.
pub(super) fn reload(world: &World) -> World {
    let mut fresh = World::default();
    fresh.config = round(&world.config);
    for agent in world.agents() {
        fresh.adopt_agent(round(agent));
    }
    for one in world.interactions() {
        fresh.adopt(round::<Interaction>(one));
    }
    fresh
}

/// An older world, through JSON or not, catches up with the present one.
pub(super) fn catch_up(mut old: World, from: usize, stage: &Stage, written: bool) {
    if written {
        old = reload(&old);
    }
    for event in &stage.log[from..] {
        if written {
            let read: Event = round(event);
            assert_eq!(&read, event);
            assert_eq!(old.apply(&read), Applied::Yes);
        } else {
            assert_eq!(old.apply(event), Applied::Yes);
        }
    }
    assert_eq!(old, stage.world, "an old snapshot and its events are not the present state");
}

/// Every event of the log is known to the present world, and one from the future is a gap.
pub(super) fn known(stage: &Stage, from: usize) {
    let mut world = stage.world.clone();
    for event in &stage.log[from..] {
        assert_eq!(world.apply(event), Applied::Known);
        let ahead = Event { version: world.version(event.stream) + 2, ..event.clone() };
        assert_eq!(world.apply(&ahead), Applied::Gap);
    }
    assert_eq!(world, stage.world, "what was known changed something");
}

/// A thread begun from any page, older or newer than the events after it, is the thread of all events.
pub(super) fn threads(stage: &Stage, words: &Words, cut: usize) {
    for one in stage.world.interactions() {
        let events: Vec<&Event> =
            stage.log.iter().filter(|event| event.stream == Stream::Interaction(one.id)).collect();
        let whole = thread(&events, words);
        assert_eq!(whole.len(), usize::try_from(one.seq).unwrap());
        assert_eq!(
            whole.entries().map(|entry| entry.seq).collect::<Vec<_>>(),
            (1..=one.seq).collect::<Vec<_>>()
        );
        let cut = cut % (events.len() + 1);
        // The page was read after `cut` events; the events come from a little before it on, some of them twice.
        let mut paged = Thread::default();
        paged.adopt(thread(&events[..cut], words).entries().map(|entry: &Entry| round(entry)));
        for event in events[cut.saturating_sub(3)..].iter().chain(&events[cut..]) {
            paged.apply(event, &content(event, words));
        }
        assert_eq!(paged, whole);
        // The events came first and the page, newer than they, after them.
        let mut late = thread(&events[..cut], words);
        late.adopt(whole.entries().cloned());
        assert_eq!(late, whole);
    }
}

fn thread(events: &[&Event], words: &Words) -> Thread {
    let mut thread = Thread::default();
    for event in events {
        thread.apply(event, &content(event, words));
    }
    thread
}

fn content(event: &Event, words: &Words) -> Vec<Content> {
    let message = match &event.change {
        Change::Interaction(
            InteractionChange::CustomerWrote { message, .. }
            | InteractionChange::SentElsewhere { message, .. }
            | InteractionChange::SentAutomatically { message, .. }
            | InteractionChange::AgentWrote { message, .. }
            | InteractionChange::Amended { message, amendment: Amendment::Edited, .. },
        ) => *message,
        _ => return Vec::new(),
    };
    words.get(&message).map(|text| Content::Text { message, text: text.clone() }).into_iter().collect()
}

/// The newest message of the thread as its reader sees it, for one interaction.
pub(super) fn deliveries(stage: &Stage, id: InteractionId) {
    let events: Vec<&Event> = stage.log.iter().filter(|e| e.stream == Stream::Interaction(id)).collect();
    for entry in thread(&events, &Words::new()).entries() {
        if let Body::Message(message) = &entry.body
            && let Some(delivery) = &message.delivery
        {
            let facts = stage.outgoing.iter().find(|(_, facts)| facts.id == message.id).unwrap();
            assert_eq!(delivery, &facts.1.delivery, "the thread and the log disagree about a delivery");
        }
    }
}
