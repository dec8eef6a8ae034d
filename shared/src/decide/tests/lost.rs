//! Owners who are missing: in time, too late, logged out, let go (D-142, T-22, R-19).

use super::{ANY, accept, choose, close, open, send};
use crate::command::{Command, Occurrence};
use crate::config::{ConfigChange, Workspace};
use crate::fixture::{ADMIN, DANA, EVA, PETR, Stage, queue};
use crate::id::{ActivityId, InteractionId, UserId};
use crate::interaction::{Activity, ActivityState, InteractionChange, Lost, LostBecause, Phase};
use crate::lost::{self, PATIENCE};
use crate::refusal::Refusal;
use crate::time::Span;

const TEN: Span = Span::minutes(10);

fn piece(stage: &Stage, (id, activity): (InteractionId, ActivityId)) -> &Activity {
    stage.interaction(id).activity(activity).unwrap()
}

fn because(stage: &Stage, ids: (InteractionId, ActivityId)) -> Option<LostBecause> {
    piece(stage, ids).lost.map(|lost| lost.because)
}

/// Why chats went back, of all events so far.
fn requeued(stage: &Stage) -> Vec<LostBecause> {
    let because = |event: &crate::event::Event| match &event.change {
        crate::event::Change::Interaction(InteractionChange::Requeued { because, .. }) => Some(*because),
        _ => None,
    };
    stage.log.iter().filter_map(because).collect()
}

fn tabs(stage: &Stage, user: UserId) -> usize {
    stage.world.agent(user).open.len()
}

#[test]
fn t22_a_lost_owners_chat_goes_back_to_the_queue_and_rings_at_the_next() {
    let (mut stage, ids) = open();
    stage.does(EVA, &choose(ids)).unwrap();
    let before = piece(&stage, ids).clone();
    let entered = stage.interaction(ids.0).queue_entered_at;
    let gone = stage.now;
    stage.reachable.remove(&EVA);
    stage.passes(Span::seconds(34));
    assert_eq!(because(&stage, ids), None, "a reload is nothing to write down");
    stage.passes(Span::seconds(1));
    let mark = Lost { because: LostBecause::Away, until: gone.plus(TEN) };
    assert_eq!(piece(&stage, ids).lost, Some(mark), "counted from when their last desk went");
    assert_eq!((stage.interaction(ids.0).phase, tabs(&stage, EVA)), (Phase::Active, 1));
    stage.passes(Span::minutes(9));
    assert_eq!(tabs(&stage, EVA), 1);
    stage.passes(Span::seconds(25));
    assert_eq!(requeued(&stage), [LostBecause::Away]);
    let now = piece(&stage, ids);
    assert_eq!((now.state, now.owner, now.open_at, now.lost), (ActivityState::Wait, None, None, None));
    assert_eq!((now.wait_at, now.requeued_at), (before.wait_at, Some(gone.plus(TEN))));
    assert_eq!(now.disposition, before.disposition, "what was chosen stays chosen");
    let state = stage.interaction(ids.0);
    assert_eq!((state.queue_entered_at, state.answered), (entered, true));
    assert_eq!(stage.ringing(ids.0).unwrap().agent, PETR);
    let agent = stage.world.agent(EVA);
    assert!(agent.open.is_empty());
    assert_eq!(agent.lost.iter().map(|one| one.interaction).collect::<Vec<_>>(), [ids.0]);
    stage.passes(Span::seconds(5));
    let offer = stage.ringing(ids.0).unwrap().id;
    stage.does(PETR, &accept(ids.0, ids.1, Some(offer))).unwrap();
    let accepted = stage.log.iter().rev().find_map(|event| match &event.change {
        crate::event::Change::Interaction(InteractionChange::Accepted { waited, .. }) => Some(*waited),
        _ => None,
    });
    assert_eq!(accepted, Some(Span::seconds(5)), "waited since it came back");
    stage.does(PETR, &close(ids, u64::MAX)).unwrap();
}

#[test]
fn d142_who_is_back_in_time_keeps_the_chat_and_begins_anew_the_next_time() {
    let (mut stage, ids) = open();
    for _ in 0..3 {
        stage.reachable.remove(&EVA);
        stage.passes(Span::seconds(599));
        assert_eq!(because(&stage, ids), Some(LostBecause::Away));
        stage.reachable.insert(EVA);
        stage.settle();
        assert_eq!(piece(&stage, ids).lost, None);
    }
    stage.passes(Span::hours(2));
    assert_eq!((requeued(&stage), tabs(&stage, EVA)), (vec![], 1));
    assert_eq!(stage.does(EVA, &choose(ids)).unwrap().len(), 1, "and works on");
}

#[test]
fn d142_who_is_back_in_the_very_instant_keeps_the_chat() {
    let (mut stage, ids) = open();
    stage.reachable.remove(&EVA);
    stage.passes(PATIENCE);
    stage.now = piece(&stage, ids).lost.unwrap().until;
    let lost = |reachable| Occurrence::OwnerLost { interaction: ids.0, activity: ids.1, reachable };
    assert_eq!(stage.occurs(&lost(true)), Ok(vec![]));
    assert_eq!(stage.occurs(&lost(false)).unwrap().len(), 2);
    assert_eq!(stage.occurs(&lost(false)), Ok(vec![]), "once");
}

#[test]
fn d142_late_sends_of_the_lost_are_refused_in_words() {
    let (mut stage, ids) = open();
    stage.reachable = [PETR].into();
    stage.passes(TEN);
    let late = send(&mut stage, ids.0, "One moment");
    assert_eq!(stage.does(EVA, &late), Err(Refusal::Requeued));
    let offer = stage.ringing(ids.0).unwrap().id;
    stage.does(PETR, &accept(ids.0, ids.1, Some(offer))).unwrap();
    assert_eq!(stage.does(EVA, &late), Err(Refusal::NotYours));
    assert_eq!(stage.does(EVA, &close(ids, u64::MAX)), Err(Refusal::NotYours));
}

#[test]
fn t22_what_came_back_is_served_before_all_that_waits() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    stage.queue(ANY, |queue| queue.members.retain(|id, _| [EVA, PETR].contains(id)));
    stage.person(EVA, |eva| eva.capacity = 1);
    stage.person(PETR, |petr| petr.capacity = 1);
    let (waits, _) = stage.writes(ANY, 1);
    let (first, second) = (stage.writes(ANY, 2), stage.writes(ANY, 3));
    for ids in [first, second] {
        stage.does(EVA, &accept(ids.0, ids.1, None)).unwrap();
    }
    stage.reachable.clear();
    stage.passes(TEN);
    assert_eq!(requeued(&stage).len(), 2);
    stage.reachable = [PETR].into();
    let mut rang = Vec::new();
    for _ in 0..3 {
        stage.settle();
        let ids = [waits, first.0, second.0];
        let rings = ids.into_iter().find(|id| stage.ringing(*id).is_some()).unwrap();
        rang.push(rings);
        let activity = stage.interaction(rings).activities[0].id;
        stage.does(PETR, &accept(rings, activity, None)).unwrap();
        stage.does(PETR, &choose((rings, activity))).unwrap();
        stage.does(PETR, &close((rings, activity), u64::MAX)).unwrap();
    }
    assert_eq!(rang, [first.0, second.0, waits], "older among themselves, and before who waited longer");
}

#[test]
fn d142_nobody_is_lost_where_the_workspace_says_never_but_who_logs_out_leaves() {
    let (mut stage, ids) = open();
    stage
        .saves(ConfigChange::WorkspaceSaved(Workspace { lost_after: None, ..Workspace::default() }))
        .unwrap();
    stage.reachable.remove(&EVA);
    stage.passes(Span::hours(20));
    assert_eq!((because(&stage, ids), tabs(&stage, EVA)), (None, 1));
    stage.logs_out(EVA);
    assert_eq!(because(&stage, ids), Some(LostBecause::LoggedOut));
    stage.passes(TEN);
    assert_eq!(requeued(&stage), [LostBecause::LoggedOut]);
}

#[test]
fn d142_a_change_to_never_lifts_what_runs() {
    let (mut stage, ids) = open();
    stage.reachable.remove(&EVA);
    stage.passes(Span::minutes(5));
    stage
        .saves(ConfigChange::WorkspaceSaved(Workspace { lost_after: None, ..Workspace::default() }))
        .unwrap();
    stage.settle();
    assert_eq!(because(&stage, ids), None);
    let minute = Workspace { lost_after: Some(Span::minutes(1)), ..Workspace::default() };
    stage.saves(ConfigChange::WorkspaceSaved(minute)).unwrap();
    stage.settle();
    assert_eq!(requeued(&stage), [LostBecause::Away], "missing for longer already");
}

#[test]
fn d142_the_minutes_are_from_one_to_a_day_and_only_admins_set_them() {
    let mut stage = Stage::new();
    let minutes = |n| {
        ConfigChange::WorkspaceSaved(Workspace { lost_after: Some(Span::minutes(n)), ..Workspace::default() })
    };
    for n in [0, 24 * 60 + 1] {
        assert!(matches!(
            stage.saves(minutes(n)),
            Err(Refusal::Invalid { field, .. }) if field == "lost_after"
        ));
    }
    assert_eq!(stage.saves(minutes(10)), Ok(vec![]), "as it is");
    assert_eq!(stage.saves(minutes(1)).unwrap().len(), 1);
    let by_eva = Occurrence::Configure { by: Some(EVA), change: minutes(5) };
    assert_eq!(stage.occurs(&by_eva), Err(Refusal::NoRights));
}

#[test]
fn r19_who_is_let_go_keeps_the_chat_for_the_grace_and_who_is_let_in_again_for_good() {
    for (let_go, why) in [
        (deactivated as fn(&mut Stage, bool), LostBecause::Deactivated),
        (expelled as fn(&mut Stage, bool), LostBecause::NoRights),
    ] {
        let (mut stage, ids) = open();
        let_go(&mut stage, true);
        stage.settle();
        assert_eq!(because(&stage, ids), Some(why));
        stage.passes(Span::seconds(599));
        let_go(&mut stage, false);
        // Before anybody looked again: the deadline alone takes nothing away.
        stage.now = stage.now.plus(Span::seconds(2));
        let lost = Occurrence::OwnerLost { interaction: ids.0, activity: ids.1, reachable: true };
        assert_eq!(stage.occurs(&lost), Ok(vec![]));
        stage.settle();
        assert_eq!((because(&stage, ids), tabs(&stage, EVA)), (None, 1));
        let_go(&mut stage, true);
        stage.settle();
        stage.passes(TEN);
        assert_eq!((requeued(&stage), tabs(&stage, EVA)), (vec![why], 0));
        assert_eq!(stage.ringing(ids.0).unwrap().agent, PETR);
    }
}

fn deactivated(stage: &mut Stage, gone: bool) {
    stage.person(EVA, |eva| eva.active = !gone);
}

fn expelled(stage: &mut Stage, gone: bool) {
    stage.queue(ANY, |queue| {
        if gone {
            queue.members.remove(&EVA);
        } else {
            queue.members.insert(EVA, crate::config::Member::default());
        }
    });
}

#[test]
fn t22_the_longest_wait_begins_anew_and_a_chat_that_was_answered_ends() {
    let (mut stage, ids) = open();
    stage.queue(ANY, |queue| queue.max_wait = Some(Span::minutes(2)));
    stage.reachable.clear();
    stage.passes(TEN);
    assert_eq!(piece(&stage, ids).max_wait_until, Some(stage.now.plus(Span::minutes(2))));
    stage.passes(Span::minutes(2));
    assert_eq!(stage.interaction(ids.0).phase, Phase::Ended, "somebody had answered");
}

#[test]
fn t22_a_chat_an_agent_began_waits_like_any_other() {
    let mut stage = Stage::new();
    let ended = stage.writes(ANY, 0);
    stage.does(EVA, &accept(ended.0, ended.1, None)).unwrap();
    stage.does(EVA, &choose(ended)).unwrap();
    stage.does(EVA, &close(ended, u64::MAX)).unwrap();
    let identity = stage.interaction(ended.0).identity;
    let (interaction, activity) = (InteractionId::from_u128(0xC1), ActivityId::from_u128(0xC2));
    let start = Command::StartChat { interaction, activity, queue: queue(ANY), identity };
    stage.does(EVA, &start).unwrap();
    stage.reachable = [PETR].into();
    stage.passes(TEN);
    let back = stage.now;
    assert_eq!(stage.interaction(interaction).queue_entered_at, Some(back));
    assert_eq!(piece(&stage, (interaction, activity)).wait_at, Some(back));
    assert_eq!(stage.ringing(interaction).unwrap().agent, PETR);
}

#[test]
fn a_look_says_when_to_look_again() {
    let (mut stage, _) = open();
    stage.passes(Span::seconds(1));
    let look = |stage: &Stage| lost::next(&stage.world, |user| stage.gone.get(&user).copied(), stage.now);
    assert_eq!(look(&stage), (vec![], None), "the owner is here");
    stage.reachable.remove(&EVA);
    let gone = stage.now;
    stage.passes(Span::seconds(3));
    assert_eq!(look(&stage), (vec![], Some(gone.plus(PATIENCE))));
    stage.passes(Span::minutes(1));
    assert_eq!(look(&stage), (vec![], None), "what is recorded has its own timer");
    assert!(![ADMIN, DANA].iter().any(|user| tabs(&stage, *user) > 0));
}
