//! Tests of who gets the next offer, and of the reasons beside each choice.

use super::{Explanation, Outlook, Verdict, next};
use crate::channel::Channel;
use crate::command::Command;
use crate::fixture::{DANA, EVA, PETR, Stage, queue};
use crate::id::{InteractionId, UserId};
use crate::interaction::Withheld;
use crate::time::Span;

const ANY: Channel = Channel::Messenger;

/// A customer who waits while nobody is connected, so that one look can be taken at several.
fn waiting(stage: &mut Stage, channel: Channel, n: u128) -> InteractionId {
    let reachable = std::mem::take(&mut stage.reachable);
    let (id, _) = stage.writes(channel, n);
    stage.reachable = reachable;
    id
}

fn offers(stage: &Stage) -> Vec<(InteractionId, UserId)> {
    let looked = next(&stage.world, &stage.reachable, stage.now);
    let offers = looked.into_iter().filter_map(|outlook| match outlook {
        Outlook::Offer { interaction, agent, .. } => Some((interaction, agent)),
        _ => None,
    });
    offers.collect()
}

fn work(stage: &mut Stage, agent: UserId, n: u128) {
    let (interaction, activity) = stage.writes(ANY, n);
    stage.does(agent, &Command::Accept { interaction, activity, offer: None }).unwrap();
}

fn reason(stage: &Stage, id: InteractionId) -> Option<Withheld> {
    stage.interaction(id).waiting().unwrap().withheld
}

#[test]
fn the_oldest_is_served_first_and_a_better_priority_before_that() {
    let mut stage = Stage::new();
    let first = waiting(&mut stage, ANY, 0);
    stage.now = stage.now.plus(Span::seconds(1));
    let second = waiting(&mut stage, Channel::Viber, 0);
    assert_eq!(offers(&stage).iter().map(|one| one.0).collect::<Vec<_>>(), [first, second]);
    stage.queue(Channel::Viber, |queue| queue.priority = 0);
    assert_eq!(offers(&stage).iter().map(|one| one.0).collect::<Vec<_>>(), [second, first]);
}

#[test]
fn the_agent_idle_longest_in_the_queue_is_asked_first_and_a_penalty_counts_more() {
    let mut stage = Stage::new();
    work(&mut stage, EVA, 0);
    let id = waiting(&mut stage, ANY, 1);
    assert_eq!(offers(&stage), [(id, PETR)], "who never worked there is idle longest");
    stage.passes(Span::seconds(5));
    let (id, _) = stage.writes(ANY, 2);
    let ringing = stage.ringing(id).unwrap();
    stage.does(PETR, &Command::Accept { interaction: id, activity: ringing.activity, offer: None }).unwrap();
    stage.passes(Span::seconds(60));
    stage.does(EVA, &Command::Resume).unwrap();
    stage.does(PETR, &Command::Resume).unwrap();
    stage.queue(ANY, |queue| queue.members.get_mut(&EVA).unwrap().penalty = 9);
    let other = waiting(&mut stage, ANY, 3);
    stage.reachable = [EVA, PETR].into();
    assert!(offers(&stage).iter().filter(|one| one.0 == other).all(|one| one.1 == PETR));
}

#[test]
fn several_who_wait_are_spread_over_who_is_free() {
    let mut stage = Stage::new();
    let (first, second) = (waiting(&mut stage, ANY, 0), waiting(&mut stage, ANY, 1));
    let third = waiting(&mut stage, ANY, 2);
    assert_eq!(
        offers(&stage),
        [(first, EVA), (second, PETR), (third, EVA)],
        "whom less rings at comes first"
    );
    stage.settle();
    assert_eq!(stage.world.agent(PETR).ringing.len(), 1);
}

#[test]
fn capacity_counts_open_ringing_and_what_the_same_look_hands_out() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    stage.person(EVA, |eva| eva.capacity = 2);
    work(&mut stage, EVA, 0);
    let first = waiting(&mut stage, ANY, 1);
    let second = waiting(&mut stage, ANY, 2);
    assert_eq!(offers(&stage), [(first, EVA)]);
    stage.settle();
    assert_eq!(reason(&stage, second), Some(Withheld::AllBusy));
    let ids = (second, stage.interaction(second).waiting().unwrap().id);
    let pick = Command::Accept { interaction: ids.0, activity: ids.1, offer: None };
    stage.does(EVA, &pick).expect("capacity gates distribution only");
}

#[test]
fn every_reason_why_nobody_is_asked_is_recorded() {
    let mut stage = Stage::new();
    let id = waiting(&mut stage, ANY, 0);
    assert_eq!(reason(&stage, id), Some(Withheld::NobodyThere));
    stage.queue(ANY, |queue| queue.members.clear());
    stage.settle();
    assert_eq!(reason(&stage, id), Some(Withheld::NoMembers));
    stage.queue(ANY, |queue| queue.members = [(EVA, crate::config::Member::default())].into());
    stage.does(EVA, &Command::LeaveQueue { queue: queue(ANY) }).unwrap();
    stage.settle();
    assert_eq!(reason(&stage, id), Some(Withheld::NobodyThere), "logged out");
    stage.does(EVA, &Command::JoinQueue { queue: queue(ANY) }).unwrap();
    stage.settle();
    assert_eq!(reason(&stage, id), None);
    stage.passes(Span::seconds(20));
    assert_eq!(reason(&stage, id), Some(Withheld::AllPaused), "by the automatic pause");
    stage.does(EVA, &Command::Resume).unwrap();
    stage.settle();
    let until = stage.now.plus(Span::seconds(10));
    assert_eq!(reason(&stage, id), Some(Withheld::AllAsked { until }), "asleep");
    stage.passes(Span::seconds(9));
    assert!(stage.ringing(id).is_none());
    stage.passes(Span::seconds(1));
    assert_eq!(stage.ringing(id).unwrap().agent, EVA);
}

#[test]
fn the_explanation_names_the_chosen_first_and_the_finding_about_each() {
    let mut stage = Stage::new();
    let id = waiting(&mut stage, ANY, 0);
    stage.does(EVA, &Command::Pause { pause: crate::fixture::LUNCH }).unwrap();
    let looked = next(&stage.world, &stage.reachable, stage.now);
    let [Outlook::Offer { interaction, agent, because, .. }] = looked.as_slice() else {
        panic!("{looked:?}")
    };
    assert_eq!((*interaction, *agent), (id, PETR));
    let found: Vec<_> = because.considered.iter().map(|one| (one.agent.id, one.verdict)).collect();
    let free = Verdict::Free { idle_since: None, ringing: 0 };
    assert_eq!(found, [(PETR, free), (EVA, Verdict::Paused), (DANA, Verdict::Unreachable)]);
}

#[test]
fn an_explanation_names_no_more_than_a_reader_wants() {
    let mut stage = Stage::new();
    for n in 0..30_u128 {
        let id = UserId::from_u128(0x500 + n);
        let one = crate::fixture::user(id, &format!("agent{n}"), crate::config::Role::Agent);
        stage.saves(crate::config::ConfigChange::UserSaved(one)).unwrap();
        stage.queue(ANY, |queue| queue.members.extend([(id, crate::config::Member::default())]));
        stage.reachable.insert(id);
    }
    waiting(&mut stage, ANY, 0);
    let looked = next(&stage.world, &stage.reachable, stage.now);
    let [Outlook::Offer { because, .. }] = looked.as_slice() else { panic!("{looked:?}") };
    assert_eq!(because.considered.len(), Explanation::MOST);
}

#[test]
fn a_look_at_an_unchanged_world_finds_nothing() {
    let mut stage = Stage::new();
    stage.writes(ANY, 0);
    stage.reachable.clear();
    stage.writes(ANY, 1);
    assert_eq!(next(&stage.world, &stage.reachable, stage.now), []);
}
