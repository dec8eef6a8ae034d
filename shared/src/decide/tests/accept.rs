//! Accepting: T-05, T-06, R-01 to.

use super::{ANY, accept, agent, of, open, send};
use crate::agent::{AgentChange, PauseCause, ResumeCause};
use crate::command::{Command, Occurrence};
use crate::event::Change;
use crate::fixture::{ADMIN, DANA, EVA, INACTIVE, LUNCH, PETR, Stage, connector, customer};
use crate::id::{ActivityId, InteractionId};
use crate::interaction::{InteractionChange, OfferState, Phase, WithdrawnBecause};
use crate::refusal::Refusal;
use crate::time::Span;

#[test]
fn t05_the_offered_agent_accepts_the_card_and_gets_a_tab() {
    let mut stage = Stage::new();
    let (id, activity) = stage.writes(ANY, 0);
    stage.passes(Span::seconds(4));
    let offer = stage.ringing(id).unwrap();
    assert_eq!(offer.agent, EVA);
    let events = stage.does(EVA, &accept(id, activity, Some(offer.id))).unwrap();
    let waited = events.iter().find_map(|event| match &event.change {
        Change::Interaction(InteractionChange::Accepted { offer, waited, .. }) => Some((*offer, *waited)),
        _ => None,
    });
    assert_eq!(waited, Some((Some(offer.id), Span::seconds(4))));
    let state = stage.interaction(id);
    assert_eq!((state.phase, state.answered, state.offers.len()), (Phase::Active, true, 0));
    assert_eq!(state.activity(activity).unwrap().owner, Some(EVA));
    let eva = stage.world.agent(EVA);
    assert!(eva.ringing.is_empty());
    assert_eq!(eva.open.iter().map(|held| held.activity).collect::<Vec<_>>(), [activity]);
}

#[test]
fn t06_a_list_pick_withdraws_a_colleagues_card_without_penalty() {
    let mut stage = Stage::new();
    let (id, activity) = stage.writes(ANY, 0);
    let card = stage.ringing(id).unwrap();
    let events = stage.does(PETR, &accept(id, activity, None)).unwrap();
    let ended = of(&events, agent(EVA));
    let [Change::Agent(AgentChange::RingEnded { offer, state, taken_by, .. })] = ended.as_slice() else {
        panic!("{ended:?}")
    };
    assert_eq!((*offer, taken_by.as_ref().unwrap().id), (card.id, PETR));
    assert_eq!(*state, OfferState::Withdrawn { because: WithdrawnBecause::Taken });
    assert_eq!(stage.world.agent(EVA).pause, None);
}

#[test]
fn t06_the_list_serves_who_is_logged_out_of_the_queue_or_on_a_pause() {
    let mut stage = Stage::new();
    let (id, activity) = stage.writes(ANY, 0);
    stage.does(DANA, &Command::LeaveQueue { queue: crate::fixture::queue(ANY) }).unwrap();
    stage.does(DANA, &Command::Pause { pause: LUNCH }).unwrap();
    stage.does(DANA, &accept(id, activity, None)).unwrap();
    assert!(stage.world.agent(DANA).pause.is_some(), "a chosen pause goes on");
}

#[test]
fn who_has_no_rights_to_the_queue_or_is_inactive_accepts_nothing() {
    let mut stage = Stage::new();
    let (id, activity) = stage.writes(ANY, 0);
    assert_eq!(stage.does(ADMIN, &accept(id, activity, None)), Err(Refusal::NoRights));
    stage.person(PETR, |petr| petr.active = false);
    assert_eq!(stage.does(PETR, &accept(id, activity, None)), Err(Refusal::NoRights));
    let what = "chat".to_owned();
    let unknown = accept(InteractionId::from_u128(1), activity, None);
    assert_eq!(stage.does(EVA, &unknown), Err(Refusal::NotFound { what: what.clone() }));
    let unknown = accept(id, ActivityId::from_u128(1), None);
    assert_eq!(stage.does(EVA, &unknown), Err(Refusal::NotFound { what }));
}

#[test]
fn r01_of_two_who_accept_the_first_wins_and_the_other_learns_who() {
    let mut stage = Stage::new();
    let (id, activity) = stage.writes(ANY, 0);
    let card = stage.ringing(id).unwrap();
    stage.does(PETR, &accept(id, activity, None)).unwrap();
    let by = Some(stage.world.config.users[&PETR].reference());
    assert_eq!(stage.does(EVA, &accept(id, activity, Some(card.id))), Err(Refusal::Taken { by: by.clone() }));
    assert_eq!(
        stage.does(EVA, &Command::Reject { interaction: id, offer: card.id, reason: None }),
        Err(Refusal::Taken { by })
    );
    let eva = stage.world.agent(EVA);
    assert!(eva.open.is_empty() && eva.ringing.is_empty() && eva.pause.is_none());
}

#[test]
fn r01_who_has_no_rights_does_not_learn_who_was_first() {
    for ended in [false, true] {
        let mut stage = Stage::new();
        let ids = stage.writes(ANY, 0);
        let card = stage.ringing(ids.0).unwrap();
        assert_eq!(card.agent, EVA);
        stage.does(PETR, &accept(ids.0, ids.1, None)).unwrap();
        if ended {
            stage.does(PETR, &super::choose(ids)).unwrap();
            let seen = stage.interaction(ids.0).seq;
            stage.does(PETR, &super::close(ids, seen)).unwrap();
        }
        stage.queue(ANY, |queue| queue.members.retain(|id, _| *id != EVA));
        let reject = Command::Reject { interaction: ids.0, offer: card.id, reason: None };
        for user in [EVA, ADMIN] {
            assert_eq!(stage.does(user, &accept(ids.0, ids.1, Some(card.id))), Err(Refusal::NoRights));
            assert_eq!(stage.does(user, &reject), Err(Refusal::NoRights));
        }
    }
}

#[test]
fn ones_own_chat_stays_ones_own_without_the_queue() {
    let (mut stage, (id, activity)) = open();
    stage.queue(ANY, |queue| queue.members.retain(|id, _| *id != EVA));
    assert_eq!(stage.does(EVA, &accept(id, activity, None)), Ok(vec![]), "still the same accept");
    let by = Some(stage.world.config.users[&EVA].reference());
    assert_eq!(stage.does(PETR, &accept(id, activity, None)), Err(Refusal::Taken { by }));
}

#[test]
fn r02_a_late_accept_is_a_list_pick_and_lifts_the_pause_of_that_offer() {
    let mut stage = Stage::new();
    let (id, activity) = stage.writes(ANY, 0);
    let card = stage.ringing(id).unwrap();
    stage.passes(Span::seconds(20));
    let pause = stage.world.agent(EVA).pause.unwrap();
    assert_eq!((pause.pause.id, pause.cause), (INACTIVE, PauseCause::NoAnswer { offer: card.id }));
    let other = stage.ringing(id).unwrap();
    assert_eq!(other.agent, PETR, "it rings at the next meanwhile");
    let events = stage.does(EVA, &accept(id, activity, Some(card.id))).unwrap();
    let cause = ResumeCause::LateAccept { offer: card.id };
    assert!(of(&events, agent(EVA)).contains(&&Change::Agent(AgentChange::Resumed { cause })));
    assert_eq!(stage.world.agent(EVA).pause, None);
    assert!(stage.world.agent(PETR).ringing.is_empty() && stage.world.agent(PETR).pause.is_none());
    assert_eq!(stage.interaction(id).activity(activity).unwrap().owner, Some(EVA));
}

#[test]
fn r02_a_late_accept_leaves_a_pause_that_was_chosen_or_caused_by_another_offer() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    let (id, activity) = stage.writes(ANY, 0);
    let card = stage.ringing(id).unwrap();
    stage.passes(Span::seconds(20));
    stage.does(EVA, &Command::Pause { pause: LUNCH }).unwrap();
    stage.does(EVA, &accept(id, activity, Some(card.id))).unwrap();
    assert_eq!(stage.world.agent(EVA).pause.unwrap().pause.id, LUNCH);
}

#[test]
fn r03_whoever_comes_first_wins_between_accept_and_the_end_of_waiting() {
    let mut stage = Stage::new();
    stage.queue(ANY, |queue| queue.max_wait = Some(Span::seconds(30)));
    let (id, activity) = stage.writes(ANY, 0);
    let mut other = stage.clone();
    stage.now = stage.now.plus(Span::seconds(30));
    other.now = stage.now;
    let over = Occurrence::WaitOver { interaction: id, activity };
    stage.occurs(&over).unwrap();
    assert_eq!(stage.does(EVA, &accept(id, activity, None)), Err(Refusal::CustomerGone));
    assert_eq!(stage.interaction(id).phase, Phase::Missed);
    other.does(EVA, &accept(id, activity, None)).unwrap();
    assert_eq!(other.occurs(&over), Ok(vec![]), "the clock is void");
    assert_eq!(other.interaction(id).phase, Phase::Active);
}

#[test]
fn r03_an_accept_after_the_customer_left_says_so() {
    let mut stage = Stage::new();
    let (id, activity) = stage.writes(ANY, 0);
    let left = Occurrence::CustomerLeft { connector: connector(ANY), identity: customer(ANY, 0) };
    stage.occurs(&left).unwrap();
    assert_eq!(stage.does(EVA, &accept(id, activity, None)), Err(Refusal::CustomerGone));
}

#[test]
fn r04_r22_the_same_accept_again_changes_nothing_and_opens_no_second_tab() {
    let (mut stage, (id, activity)) = open();
    assert_eq!(stage.does(EVA, &accept(id, activity, None)), Ok(vec![]));
    assert_eq!(stage.world.agent(EVA).open.len(), 1);
}

#[test]
fn an_accept_of_ones_own_ended_chat_says_that_it_ended() {
    let (mut stage, ids) = open();
    stage.does(EVA, &super::choose(ids)).unwrap();
    let seen = stage.interaction(ids.0).seq;
    stage.does(EVA, &super::close(ids, seen)).unwrap();
    assert_eq!(stage.does(EVA, &accept(ids.0, ids.1, None)), Err(Refusal::Ended));
    let by = Some(stage.world.config.users[&EVA].reference());
    assert_eq!(stage.does(PETR, &accept(ids.0, ids.1, None)), Err(Refusal::Taken { by }));
    let late = send(&mut stage, ids.0, "more");
    assert_eq!(stage.does(EVA, &late), Err(Refusal::Ended));
}

#[test]
fn a_rejected_activity_can_be_taken_from_the_list_by_the_same_agent_who_stays_on_the_pause() {
    let mut stage = Stage::new();
    let (id, activity) = stage.writes(ANY, 0);
    let card = stage.ringing(id).unwrap();
    stage.does(EVA, &Command::Reject { interaction: id, offer: card.id, reason: None }).unwrap();
    stage.settle();
    stage.does(EVA, &accept(id, activity, Some(card.id))).unwrap();
    let cause = stage.world.agent(EVA).pause.unwrap().cause;
    assert_eq!(
        cause,
        PauseCause::Rejected { offer: card.id },
        "a refusal was meant, only a miss is forgiven"
    );
    assert_eq!(
        stage.does(EVA, &Command::Reject { interaction: id, offer: card.id, reason: None }),
        Err(Refusal::OfferOver)
    );
}
