//! Offers: T-02 to T-04, R-05, R-23, R-28, every final state, the automatic pause and sleep.

use super::{ANY, accept};
use crate::agent::PauseCause;
use crate::command::{Command, Occurrence};
use crate::event::Change;
use crate::fixture::{DANA, EVA, INACTIVE, LUNCH, PETR, Stage};
use crate::id::OfferId;
use crate::interaction::{InteractionChange, OfferState, WithdrawnBecause, Withheld};
use crate::refusal::Refusal;
use crate::routing::{Explanation, Strategy};
use crate::time::Span;

fn because() -> Explanation {
    Explanation { strategy: Strategy::LongestIdle, considered: vec![] }
}

#[test]
fn t02_an_offer_rings_on_both_streams_with_one_deadline() {
    let mut stage = Stage::new();
    let (id, activity) = stage.writes(ANY, 0);
    let offer = stage.ringing(id).unwrap();
    assert_eq!((offer.activity, offer.state), (activity, OfferState::Ringing));
    assert_eq!(offer.expires_at, stage.now.plus(Span::seconds(20)));
    let card = stage.world.agent(EVA).ringing[0].clone();
    assert_eq!((card.offer, card.expires_at), (offer.id, offer.expires_at));
    assert_eq!(card.link.unwrap().title, "Orders");
}

#[test]
fn t02_an_offer_is_refused_while_another_rings_or_to_who_cannot_take_it() {
    let mut stage = Stage::new();
    let (interaction, activity) = stage.writes(ANY, 0);
    let offer = |agent| Occurrence::Offer {
        offer: OfferId::from_u128(9),
        interaction,
        activity,
        agent,
        because: because(),
    };
    assert_eq!(stage.occurs(&offer(PETR)), Err(Refusal::OfferOver), "it rings already");
    let card = stage.ringing(interaction).unwrap();
    stage.does(EVA, &Command::Reject { interaction, offer: card.id, reason: None }).unwrap();
    assert_eq!(stage.occurs(&offer(EVA)), Err(Refusal::OfferOver), "on a pause and asleep");
    assert_eq!(stage.occurs(&offer(crate::fixture::ADMIN)), Err(Refusal::NoRights));
    stage.does(PETR, &accept(interaction, activity, None)).unwrap();
    assert_eq!(stage.occurs(&offer(PETR)), Err(Refusal::NotOpen), "it waits no longer");
}

#[test]
fn t03_an_expired_offer_sleeps_pauses_its_agent_and_rings_at_the_next() {
    let mut stage = Stage::new();
    let (id, _) = stage.writes(ANY, 0);
    let card = stage.ringing(id).unwrap();
    stage.passes(Span::seconds(20));
    let expired = stage.interaction(id).offer(card.id).unwrap().clone();
    assert_eq!(expired.state, OfferState::Expired);
    assert_eq!(expired.sleep_until, Some(stage.now.plus(Span::seconds(10))));
    assert_eq!(stage.ringing(id).unwrap().agent, PETR);
    assert_eq!(stage.world.agent(EVA).pause.unwrap().pause.id, INACTIVE);
}

#[test]
fn t03_who_was_not_connected_is_never_paused() {
    let mut stage = Stage::new();
    let (id, _) = stage.writes(ANY, 0);
    stage.reachable.clear();
    stage.passes(Span::seconds(20));
    assert_eq!(stage.world.agent(EVA).pause, None);
    assert!(stage.ringing(id).is_none());
}

#[test]
fn t04_a_rejected_offer_pauses_and_rings_at_the_next() {
    let mut stage = Stage::new();
    let (id, _) = stage.writes(ANY, 0);
    let card = stage.ringing(id).unwrap();
    let reject = Command::Reject { interaction: id, offer: card.id, reason: None };
    stage.does(EVA, &reject).unwrap();
    stage.settle();
    assert_eq!(stage.interaction(id).offer(card.id).unwrap().state, OfferState::Rejected);
    assert_eq!(stage.world.agent(EVA).pause.unwrap().cause, PauseCause::Rejected { offer: card.id });
    assert_eq!(stage.ringing(id).unwrap().agent, PETR);
    assert_eq!(stage.does(EVA, &reject), Ok(vec![]), "once more is nothing");
}

#[test]
fn t04_a_queue_without_automatic_pause_leaves_the_agent_ready() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    stage.queue(ANY, |queue| queue.automatic_pause = None);
    let (id, activity) = stage.writes(ANY, 0);
    let card = stage.ringing(id).unwrap();
    stage.does(EVA, &Command::Reject { interaction: id, offer: card.id, reason: None }).unwrap();
    stage.settle();
    let until = stage.now.plus(Span::seconds(10));
    assert_eq!(
        stage.interaction(id).activity(activity).unwrap().withheld,
        Some(Withheld::AllAsked { until })
    );
    stage.passes(Span::seconds(10));
    let again = stage.ringing(id).unwrap();
    assert!(again.agent == EVA && again.id != card.id, "after the sleep the only agent is asked again");
    assert_eq!(stage.interaction(id).offers.len(), 1, "one offer per agent is remembered");
}

#[test]
fn an_automatic_pause_that_is_switched_off_or_comes_second_is_none() {
    let mut stage = Stage::new();
    let (first, _) = stage.writes(ANY, 0);
    stage.does(EVA, &Command::Pause { pause: LUNCH }).unwrap();
    let card = stage.ringing(first).unwrap();
    stage.does(EVA, &Command::Reject { interaction: first, offer: card.id, reason: None }).unwrap();
    assert_eq!(stage.world.agent(EVA).pause.unwrap().pause.id, LUNCH, "the chosen pause stays");
    stage.settle();
    let mut inactive = stage.world.config.pauses[&INACTIVE].clone();
    inactive.enabled = false;
    stage.saves(crate::config::ConfigChange::PauseSaved(inactive)).unwrap();
    stage.passes(Span::seconds(20));
    assert_eq!(stage.world.agent(PETR).pause, None);
}

#[test]
fn only_who_was_offered_rejects() {
    let mut stage = Stage::new();
    let (interaction, _) = stage.writes(ANY, 0);
    let offer = stage.ringing(interaction).unwrap().id;
    assert_eq!(
        stage.does(PETR, &Command::Reject { interaction, offer, reason: None }),
        Err(Refusal::NotYours)
    );
    let unknown = Command::Reject { interaction, offer: OfferId::from_u128(1), reason: None };
    assert_eq!(stage.does(EVA, &unknown), Err(Refusal::OfferOver));
}

#[test]
fn r05_reject_and_expiry_make_one_end_and_one_pause_in_either_order() {
    let mut stage = Stage::new();
    let (interaction, _) = stage.writes(ANY, 0);
    let offer = stage.ringing(interaction).unwrap().id;
    stage.now = stage.now.plus(Span::seconds(20));
    let mut other = stage.clone();
    let over = Occurrence::RingOver { interaction, offer, reachable: true };
    let reject = Command::Reject { interaction, offer, reason: None };
    stage.occurs(&over).unwrap();
    assert_eq!(stage.does(EVA, &reject), Err(Refusal::OfferOver));
    assert_eq!(stage.world.agent(EVA).pause.unwrap().cause, PauseCause::NoAnswer { offer });
    other.does(EVA, &reject).unwrap();
    assert_eq!(other.occurs(&over), Ok(vec![]));
    assert_eq!(other.world.agent(EVA).pause.unwrap().cause, PauseCause::Rejected { offer });
}

#[test]
fn r23_a_clock_that_fires_too_early_ends_nothing() {
    let mut stage = Stage::new();
    let (interaction, activity) = stage.writes(ANY, 0);
    let offer = stage.ringing(interaction).unwrap();
    stage.now = crate::time::Timestamp(offer.expires_at.0 - 1);
    let early = Occurrence::RingOver { interaction, offer: offer.id, reachable: true };
    assert_eq!(stage.occurs(&early), Ok(vec![]));
    stage.now = offer.expires_at;
    let ended = stage.occurs(&early).unwrap();
    assert!(ended.iter().all(|event| event.at == offer.expires_at), "times come from the context alone");
    assert_eq!(stage.occurs(&Occurrence::WaitOver { interaction, activity }), Ok(vec![]), "no limit, no end");
}

#[test]
fn r28_a_reconfigured_ring_time_leaves_the_true_deadline_of_what_rings() {
    let mut stage = Stage::new();
    let (id, _) = stage.writes(ANY, 0);
    let deadline = stage.ringing(id).unwrap().expires_at;
    stage.passes(Span::seconds(19));
    stage.queue(ANY, |queue| queue.ring = Span::seconds(60));
    assert_eq!(stage.world.agent(EVA).ringing[0].expires_at, deadline);
    stage.passes(Span::seconds(1));
    assert!(stage.world.agent(EVA).ringing.is_empty());
}

#[test]
fn who_loses_the_right_or_is_deactivated_loses_the_card_without_penalty() {
    for by_queue in [true, false] {
        let mut stage = Stage::new();
        let (id, _) = stage.writes(ANY, 0);
        let card = stage.ringing(id).unwrap();
        if by_queue {
            stage.queue(ANY, |queue| queue.members.retain(|id, _| *id != EVA));
        } else {
            stage.person(EVA, |eva| eva.active = false);
        }
        let how = OfferState::Withdrawn { because: WithdrawnBecause::NoRights };
        assert_eq!(stage.interaction(id).offer(card.id).unwrap().state, how);
        let eva = stage.world.agent(EVA);
        assert!(eva.ringing.is_empty() && eva.pause.is_none());
        stage.settle();
        assert_eq!(stage.ringing(id).unwrap().agent, PETR);
    }
}

#[test]
fn a_renamed_queue_or_person_withdraws_nothing() {
    let mut stage = Stage::new();
    let (id, _) = stage.writes(ANY, 0);
    stage.queue(ANY, |queue| queue.title = "New".into());
    stage.person(EVA, |eva| eva.name = "New".into());
    stage.person(DANA, |dana| dana.active = false);
    assert_eq!(stage.ringing(id).unwrap().agent, EVA);
}

#[test]
fn a_reason_is_recorded_once_and_only_while_it_waits() {
    let mut stage = Stage::new();
    stage.reachable.clear();
    let (interaction, activity) = stage.writes(ANY, 0);
    let withheld = |stage: &Stage| stage.interaction(interaction).activity(activity).unwrap().withheld;
    assert_eq!(withheld(&stage), Some(Withheld::NobodyThere));
    let withhold = |reason| Occurrence::Withhold { interaction, activity, reason };
    assert_eq!(stage.occurs(&withhold(Some(Withheld::NobodyThere))), Ok(vec![]));
    stage.occurs(&withhold(None)).unwrap();
    assert_eq!(withheld(&stage), None);
    stage.does(EVA, &accept(interaction, activity, None)).unwrap();
    assert_eq!(stage.occurs(&withhold(Some(Withheld::AllBusy))), Ok(vec![]));
}

#[test]
fn d011_an_offer_is_rejected_only_where_and_why_its_queue_says() {
    let mut stage = Stage::new();
    let (interaction, _) = stage.writes(ANY, 0);
    let offer = stage.ringing(interaction).unwrap().id;
    let reject =
        |reason: Option<&str>| Command::Reject { interaction, offer, reason: reason.map(Into::into) };
    stage.queue(ANY, |queue| queue.manner.reject = false);
    assert_eq!(stage.does(EVA, &reject(None)), Err(Refusal::NoReject));
    stage.queue(ANY, |queue| {
        queue.manner.reject = true;
        queue.manner.reject_reasons = vec!["Busy".into(), "Wrong queue".into()];
    });
    assert_eq!(stage.does(EVA, &reject(None)), Err(Refusal::ReasonRequired));
    assert_eq!(stage.does(EVA, &reject(Some("No"))), Err(Refusal::ReasonRequired));
    let events = stage.does(EVA, &reject(Some("Busy"))).unwrap();
    let told = events.iter().find_map(|event| match &event.change {
        Change::Interaction(InteractionChange::OfferEnded { reason, .. }) => reason.as_deref(),
        _ => None,
    });
    assert_eq!(told, Some("Busy"));
}
