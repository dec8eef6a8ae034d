//! Tests of an agent's own state: cards, tabs, capacity.

use super::*;
use crate::channel::Channel;
use crate::command::Command;
use crate::fixture::{EVA, Stage};
use crate::time::Span;

const ANY: Channel = Channel::WhatsApp;

#[test]
fn of_whom_nothing_happened_is_ready_and_logged_in_everywhere() {
    let agent = Stage::new().world.agent(EVA);
    assert_eq!(agent, Agent::new(EVA));
    assert!(agent.pause.is_none() && agent.logged_out.is_empty());
    assert_eq!(agent.load(), 0);
}

#[test]
fn load_counts_what_rings_and_what_is_open() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    let (interaction, activity) = stage.writes(ANY, 0);
    stage.writes(ANY, 1);
    stage.does(EVA, &Command::Accept { interaction, activity, offer: None }).unwrap();
    let agent = stage.world.agent(EVA);
    assert_eq!((agent.ringing.len(), agent.open.len(), agent.load()), (1, 1, 2));
    assert!(agent.rings(agent.ringing[0].offer));
    assert_eq!(agent.last_worked.get(&crate::fixture::queue(ANY)), Some(&stage.now));
}

#[test]
fn the_same_card_or_tab_is_never_there_twice() {
    let mut stage = Stage::new();
    let (interaction, activity) = stage.writes(ANY, 0);
    let mut agent = stage.world.agent(EVA);
    let card = agent.ringing[0].clone();
    agent.apply(stage.now, &AgentChange::Rang(card));
    assert_eq!(agent.ringing.len(), 1);
    let took = AgentChange::Took { interaction, activity, queue: crate::fixture::queue(ANY) };
    agent.apply(stage.now, &took);
    agent.apply(stage.now, &took);
    assert_eq!(agent.open.len(), 1);
}

#[test]
fn of_what_did_not_arrive_the_last_fifty_are_remembered_each_once() {
    let mut agent = Agent::new(EVA);
    let (interaction, identity) = (InteractionId::from_u128(1), crate::fixture::customer(ANY, 0));
    let message = |n: i64| MessageId::from_u128(u128::try_from(n).unwrap());
    for n in (1..=60).chain([60]) {
        let change = AgentChange::Undelivered(Undelivered { message: message(n), interaction, identity });
        agent.apply(Timestamp(n), &change);
    }
    let all: Vec<_> = agent.undelivered.iter().map(|one| one.message).collect();
    assert_eq!(all, (11..=60).map(message).collect::<Vec<_>>());
    agent.apply(Timestamp(61), &AgentChange::UndeliveredEnded(message(30)));
    assert!(!agent.misses(message(30)) && agent.misses(message(31)));
    assert_eq!(agent.undelivered.len(), 49);
}

#[test]
fn done_work_counts_as_work_for_the_longest_idle() {
    let mut agent = Agent::new(EVA);
    let queue = crate::fixture::queue(ANY);
    let (interaction, activity) = (InteractionId::from_u128(1), ActivityId::from_u128(2));
    agent.apply(Timestamp(10), &AgentChange::Took { interaction, activity, queue });
    agent.apply(
        Timestamp(10).plus(Span(5)),
        &AgentChange::Released { interaction, activity, queue, lost: None },
    );
    assert_eq!(agent.last_worked.get(&queue), Some(&Timestamp(15)));
    assert!(agent.open.is_empty());
    assert_eq!(agent.version, 2);
}
