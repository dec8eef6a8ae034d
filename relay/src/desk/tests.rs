//! Rows of lists: who sees which, and what is told of a change.

use super::lists::{Lists, preview};
use crate::health::Trouble;
use shared::channel::Channel;
use shared::config::{ConfigChange, Member, Queue, Role, Unattended, User};
use shared::event::{Actor, Change, Stream};
use shared::id::{ConnectorId, QueueId, UserId};
use shared::time::{Span, Timestamp};
use shared::wire::{AccountTrouble, AccountWrong, ListUpdate, Presence};
use shared::world::World;
use std::collections::{BTreeMap, BTreeSet};

const EVA: UserId = UserId::from_u128(1);
const PETR: UserId = UserId::from_u128(2);
const BOSS: UserId = UserId::from_u128(3);

fn user(id: UserId, login: &str) -> ConfigChange {
    let (login, name) = (login.to_owned(), login.to_owned());
    ConfigChange::UserSaved(User { id, login, name, role: Role::Agent, active: true, capacity: 0 })
}

fn queue(number: u32, members: &[UserId]) -> ConfigChange {
    ConfigChange::QueueSaved(Queue {
        id: QueueId::from_u128(u128::from(number)),
        number,
        title: format!("Queue {number}"),
        channel: Channel::Viber,
        enabled: true,
        priority: 0,
        ring: Span::seconds(30),
        sleep: Span::seconds(10),
        max_wait: None,
        automatic_pause: None,
        disposition_required: false,
        dispositions: Vec::new(),
        unattended: Unattended::Wait,
        members: members.iter().map(|id| (*id, Member::default())).collect(),
        links: Vec::new(),
        manner: shared::config::Manner::default(),
    })
}

fn world(changes: Vec<ConfigChange>) -> World {
    let mut world = World::default();
    for change in changes {
        world.record(Stream::Config, Change::Config(change), Actor::System, Timestamp(0)).unwrap();
    }
    world
}

fn lists(world: &World, reachable: &[UserId]) -> Lists {
    Lists::of(world, &reachable.iter().copied().collect::<BTreeSet<_>>(), &BTreeMap::new())
}

#[test]
fn a_person_sees_their_queues_and_who_shares_one() {
    let world = world(vec![
        user(EVA, "eva"),
        user(PETR, "petr"),
        user(BOSS, "boss"),
        queue(1, &[EVA, PETR]),
        queue(2, &[BOSS]),
    ]);
    let updates = lists(&world, &[PETR]).updates(None, EVA);
    assert_eq!(updates.len(), 4, "every list is reset after a hello");
    for update in updates {
        match update {
            ListUpdate::Waiting { reset, upsert, remove } => {
                assert!(reset && upsert.is_empty() && remove.is_empty());
            }
            ListUpdate::Queues { reset, upsert, .. } => {
                let numbers: Vec<u32> = upsert.iter().map(|row| row.queue.number).collect();
                assert!(reset && numbers == [1] && upsert.iter().all(|row| row.ready == 1));
            }
            ListUpdate::Colleagues { reset, upsert, .. } => {
                assert!(reset && upsert.len() == 1);
                assert!(upsert.iter().all(|row| row.user.id == PETR && row.presence == Presence::Ready));
            }
            ListUpdate::Accounts { troubles, .. } => assert!(troubles.is_empty()),
            ListUpdate::Unknown => panic!("a list of its own"),
        }
    }
}

#[test]
fn only_what_changed_is_told_and_lost_rights_take_rows_away() {
    let people = || vec![user(EVA, "eva"), user(PETR, "petr")];
    let mut before = people();
    before.extend([queue(1, &[EVA, PETR]), queue(2, &[EVA])]);
    let mut after = people();
    after.extend([queue(1, &[EVA, PETR]), queue(2, &[PETR])]);
    let (before, after) = (lists(&world(before), &[EVA]), lists(&world(after), &[EVA]));
    assert!(before.updates(Some(&before), EVA).is_empty());
    let gone = ListUpdate::Queues { reset: false, upsert: Vec::new(), remove: vec![QueueId::from_u128(2)] };
    assert_eq!(after.updates(Some(&before), EVA), [gone]);
    assert_eq!(after.updates(Some(&before), PETR).len(), 1, "and give them to whoever got them");
    assert_eq!(after.updates(Some(&before), BOSS), [], "a stranger hears nothing");
}

#[test]
fn admins_hear_what_to_mend_and_agents_of_the_channel_that_messages_wait() {
    let mut boss = user(BOSS, "boss");
    if let ConfigChange::UserSaved(user) = &mut boss {
        user.role = Role::Admin;
    }
    let world = world(vec![user(EVA, "eva"), user(PETR, "petr"), boss, queue(1, &[EVA])]);
    let trouble = |agents: Option<&str>| Trouble {
        connector: ConnectorId::from_u128(1),
        channel: Channel::Viber,
        title: "Shop".into(),
        admins: (AccountWrong::Token, "mend it".into()),
        agents: agents.map(Into::into),
    };
    let before = lists(&world, &[]);
    let paused = lists(&world, &[]).with(vec![trouble(Some("it waits"))]);
    let told = |all: &[(AccountWrong, &str)]| {
        let trouble = |wrong| AccountTrouble { title: "Shop".into(), wrong };
        let (troubles, sentences) = all.iter().map(|(wrong, said)| (trouble(*wrong), (*said).into())).unzip();
        vec![ListUpdate::Accounts { troubles, sentences }]
    };
    assert_eq!(paused.updates(Some(&before), BOSS), told(&[(AccountWrong::Token, "mend it")]));
    assert_eq!(paused.updates(Some(&before), EVA), told(&[(AccountWrong::Waiting, "it waits")]));
    assert_eq!(paused.updates(Some(&before), PETR), [], "their customers are on other channels");
    let soon = lists(&world, &[]).with(vec![trouble(None)]);
    assert_eq!(soon.updates(Some(&before), EVA), [], "agents can do nothing about it");
    assert_eq!(before.updates(Some(&paused), EVA), told(&[]));
}

#[test]
fn many_rows_travel_in_pieces_that_begin_with_the_only_reset() {
    let mut changes = vec![user(EVA, "eva")];
    changes.extend((1..=450).map(|number| queue(number, &[EVA])));
    let updates = lists(&world(changes), &[]).updates(None, EVA);
    let pieces: Vec<(bool, usize)> = updates
        .iter()
        .filter_map(|update| match update {
            ListUpdate::Queues { reset, upsert, .. } => Some((*reset, upsert.len())),
            _ => None,
        })
        .collect();
    assert_eq!(pieces, [(true, 200), (false, 200), (false, 50)]);
}

#[test]
fn previews_are_short_and_on_one_line() {
    assert_eq!(preview("  one\n\ttwo  three "), "one two three");
    assert_eq!(preview(&"ž".repeat(500)).chars().count(), 120);
    assert_eq!(preview(" \n "), "");
}
