//! What customers do: T-01, T-07 to T-09, R-07, R-17.

use super::{ANY, accept, close, open, send};
use crate::channel::{Channel, WindowState};
use crate::command::{Occurrence, Welcome};
use crate::config::{ConfigChange, Unattended};
use crate::event::{Actor, Change};
use crate::fixture::{ADMIN, EVA, Stage, Variants, account, connector, customer, queue};
use crate::id::{ConnectorId, QueueId};
use crate::interaction::{Delivery, Disconnection, InteractionChange, MessageKind, OfferState, Phase};
use crate::refusal::Refusal;
use crate::time::Span;

fn left() -> Occurrence {
    Occurrence::CustomerLeft { connector: connector(ANY), identity: customer(ANY, 0) }
}

#[test]
fn t01_the_first_message_enters_the_connectors_queue() {
    let mut stage = Stage::new();
    stage.queue(ANY, |queue| queue.max_wait = Some(Span::seconds(60)));
    let message = stage.message(ANY, 0);
    let events = stage.occurs(&message).unwrap();
    assert!(events.iter().all(|event| event.actor == Actor::Customer));
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    let live = stage.world.live_of(connector(ANY), customer(ANY, 0)).unwrap();
    let waiting = live.waiting().unwrap();
    assert_eq!((live.phase, waiting.queue.id, waiting.wait_at), (Phase::Queued, queue(ANY), Some(stage.now)));
    assert_eq!(waiting.max_wait_until, Some(stage.now.plus(Span::seconds(60))));
    assert_eq!(live.queue_entered_at, Some(stage.now));
}

#[test]
fn t01_a_switched_off_queue_gives_way_to_another_of_the_channel_but_never_turns_anybody_away() {
    let mut stage = Stage::new();
    let mut spare = crate::fixture::line(ANY);
    (spare.id, spare.number) = (QueueId::from_u128(0x99), 999);
    stage.saves(ConfigChange::QueueSaved(spare.clone())).unwrap();
    stage.queue(ANY, |queue| queue.enabled = false);
    let (id, _) = stage.writes(ANY, 0);
    assert_eq!(stage.interaction(id).activities[0].queue.id, spare.id);
    spare.enabled = false;
    stage.saves(ConfigChange::QueueSaved(spare)).unwrap();
    let (id, _) = stage.writes(ANY, 1);
    assert_eq!(stage.interaction(id).activities[0].queue.id, queue(ANY));
}

#[test]
fn what_greeted_a_customer_stands_before_what_they_wrote() {
    let mut stage = Stage::new();
    let greeting = |stage: &mut Stage| {
        let mut wrote = stage.message(Channel::Viber, 0);
        let message = crate::id::MessageId::from_u128(stage.id());
        let welcome = Welcome {
            message,
            sent_at: stage.now.plus(Span::minutes(-1)),
            delivery: Delivery::Sent,
            external_id: message.to_string(),
        };
        if let Occurrence::CustomerWrote { welcomes, .. } = &mut wrote {
            welcomes.push(welcome);
        }
        wrote
    };
    let wrote = greeting(&mut stage);
    let lines = |events: &[crate::event::Event]| {
        events
            .iter()
            .map(|event| match &event.change {
                Change::Interaction(change) => change.variant(),
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    let events = stage.occurs(&wrote).unwrap();
    let (greeted, came) = ("InteractionChange-SentAutomatically", "InteractionChange-CustomerWrote");
    assert_eq!(lines(&events), ["InteractionChange-Began", greeted, came, "InteractionChange-Queued"]);
    let wrote = greeting(&mut stage);
    let events = stage.occurs(&wrote).unwrap();
    assert_eq!(lines(&events), [greeted, came], "also in a chat that lives");
    let mut again = greeting(&mut stage);
    if let Occurrence::CustomerWrote { known, .. } = &mut again {
        *known = true;
    }
    assert_eq!(stage.occurs(&again), Ok(vec![]), "what is known brings nothing");
}

#[test]
fn only_who_comes_for_the_first_time_is_greeted() {
    let mut shop = account(Channel::Viber);
    assert_eq!(shop.greets(false, false), None);
    shop.welcome = Some("Hello!".into());
    assert_eq!(shop.greets(false, false), Some("Hello!"));
    assert_eq!((shop.greets(true, false), shop.greets(false, true)), (None, None));
    shop.enabled = false;
    assert_eq!(shop.greets(false, false), None);
}

#[test]
fn a_message_for_an_unknown_account_or_under_a_used_id_is_refused() {
    let mut stage = Stage::new();
    let mut message = stage.message(ANY, 0);
    if let Occurrence::CustomerWrote { connector, .. } = &mut message {
        *connector = ConnectorId::from_u128(9);
    }
    assert_eq!(stage.occurs(&message), Err(Refusal::NotFound { what: "account".into() }));
    let (id, activity) = stage.writes(ANY, 0);
    let mut message = stage.message(ANY, 1);
    if let Occurrence::CustomerWrote { fresh, .. } = &mut message {
        *fresh = Some((id, activity));
    }
    assert_eq!(stage.occurs(&message), Err(Refusal::KeyReused));
}

#[test]
fn t07_the_longest_wait_ends_the_interaction_as_missed() {
    let mut stage = Stage::new();
    stage.queue(ANY, |queue| queue.max_wait = Some(Span::seconds(30)));
    let (id, activity) = stage.writes(ANY, 0);
    stage.passes(Span::seconds(29));
    assert_eq!(stage.interaction(id).phase, Phase::Queued);
    let ringing = stage.ringing(id).unwrap();
    stage.passes(Span::seconds(1));
    let state = stage.interaction(id);
    assert_eq!((state.phase, state.disconnection), (Phase::Missed, Some(Disconnection::Timeout)));
    assert_eq!((state.ended_at, state.answered), (Some(stage.now), false));
    assert!(state.offers.is_empty() && stage.world.agent(ringing.agent).ringing.is_empty());
    assert!(stage.world.agent(ringing.agent).pause.is_none(), "a withdrawn offer never pauses");
    assert_eq!(stage.occurs(&Occurrence::WaitOver { interaction: id, activity }), Ok(vec![]));
}

#[test]
fn t08_a_queue_that_lets_nobody_wait_unattended_ends_at_once() {
    for (enabled, why) in [(true, Disconnection::NotAvailable), (false, Disconnection::OutOfHours)] {
        let mut stage = Stage::new();
        stage.reachable.clear();
        stage.queue(ANY, |queue| (queue.unattended, queue.enabled) = (Unattended::Close, enabled));
        let message = stage.message(ANY, 0);
        stage.occurs(&message).unwrap();
        stage.settle();
        let ended = stage.world.interactions().next().unwrap();
        assert_eq!((ended.phase, ended.disconnection), (Phase::Missed, Some(why)));
    }
}

#[test]
fn t08_nobody_is_given_up_who_rings_or_whose_queue_lets_them_wait() {
    let mut stage = Stage::new();
    let (interaction, activity) = stage.writes(ANY, 0);
    let unattended = Occurrence::Unattended { interaction, activity };
    assert_eq!(stage.occurs(&unattended), Ok(vec![]), "the queue lets them wait");
    stage.queue(ANY, |queue| queue.unattended = Unattended::Close);
    assert_eq!(stage.occurs(&unattended), Ok(vec![]), "it rings");
}

#[test]
fn t09_a_waiting_customer_who_leaves_is_missed() {
    let mut stage = Stage::new();
    let (id, _) = stage.writes(ANY, 0);
    let events = stage.occurs(&left()).unwrap();
    let state = stage.interaction(id);
    assert_eq!((state.phase, state.disconnection), (Phase::Missed, Some(Disconnection::Customer)));
    let withdrawn = events.iter().any(|event| {
        matches!(
            &event.change,
            Change::Interaction(InteractionChange::OfferEnded { state: OfferState::Withdrawn { .. }, .. })
        )
    });
    assert!(withdrawn && stage.world.agent(EVA).pause.is_none());
    assert_eq!(stage.occurs(&left()), Ok(vec![]), "once more is nothing");
}

#[test]
fn t09_an_open_chat_stays_open_but_nothing_can_be_sent_on_any_channel() {
    for channel in Channel::ALL {
        let mut stage = Stage::new();
        let (id, activity) = stage.writes(channel, 0);
        stage.does(EVA, &accept(id, activity, None)).unwrap();
        let identity = customer(channel, 0);
        stage.occurs(&Occurrence::CustomerLeft { connector: connector(channel), identity }).unwrap();
        assert_eq!(stage.interaction(id).phase, Phase::Active);
        assert_eq!(stage.interaction(id).window(stage.now), WindowState::Unsubscribed);
        let wish = send(&mut stage, id, "hello?");
        assert_eq!(stage.does(EVA, &wish), Err(Refusal::Unsubscribed));
        stage.writes(channel, 0);
        stage.does(EVA, &wish).unwrap();
    }
}

#[test]
fn r07_a_message_before_the_close_refuses_it_and_one_after_it_begins_anew() {
    let (mut stage, ids) = open();
    stage.does(EVA, &super::choose(ids)).unwrap();
    let seen = stage.interaction(ids.0).last_customer_seq;
    stage.writes(ANY, 0);
    let seq = stage.interaction(ids.0).last_customer_seq;
    assert_eq!(stage.does(EVA, &close(ids, seen)), Err(Refusal::NewMessage { seq }));
    stage.does(EVA, &close(ids, seq)).expect("close anyway");
    let (next, _) = stage.writes(ANY, 0);
    assert_ne!(next, ids.0);
    assert!(stage.ringing(next).is_some(), "it is routed from the beginning");
    assert_eq!(stage.interaction(ids.0).last_customer_seq, seq, "the old chat takes in nothing");
}

#[test]
fn r17_a_known_message_is_nothing_and_an_old_one_after_the_end_begins_anew() {
    let (mut stage, ids) = open();
    let again = |stage: &mut Stage, hours: i64, is_known: bool| {
        let mut message = stage.message(ANY, 0);
        if let Occurrence::CustomerWrote { known, sent_at, .. } = &mut message {
            (*known, *sent_at) = (is_known, stage.now.plus(Span::hours(-hours)));
        }
        stage.occurs(&message).unwrap()
    };
    assert!(again(&mut stage, 0, true).is_empty());
    let before = stage.interaction(ids.0).last_customer_at;
    assert_eq!(again(&mut stage, 5, false).len(), 1);
    assert_eq!(stage.interaction(ids.0).last_customer_at, before, "an older message moves no window");
    stage.does(EVA, &super::choose(ids)).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
    assert!(again(&mut stage, 5, true).is_empty());
    assert_eq!(again(&mut stage, 5, false).len(), 3);
}

#[test]
fn a_providers_clock_that_runs_ahead_lengthens_no_window() {
    let (mut stage, (id, _)) = open();
    let mut message = stage.message(ANY, 0);
    if let Occurrence::CustomerWrote { sent_at, kind, .. } = &mut message {
        (*sent_at, *kind) = (stage.now.plus(Span::hours(100)), MessageKind::Unsupported);
    }
    stage.occurs(&message).unwrap();
    assert_eq!(stage.interaction(id).last_customer_at, Some(stage.now));
}

#[test]
fn a_name_is_told_to_the_live_interaction_only_and_is_no_line_of_the_history() {
    let (mut stage, ids) = open();
    let named = Occurrence::CustomerNamed { connector: connector(ANY), identity: customer(ANY, 0) };
    let events = stage.occurs(&named).unwrap();
    assert_eq!((events.len(), events[0].seq), (1, None));
    stage.does(EVA, &super::choose(ids)).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
    assert_eq!(stage.occurs(&named), Ok(vec![]));
}

#[test]
fn a_connector_whose_queue_was_never_named_still_finds_one_of_its_channel() {
    let mut stage = Stage::new();
    let mut lost = account(ANY);
    lost.queue = None;
    // As an older log may hold it; the admin's page refuses it today.
    let change = Change::Config(ConfigChange::ConnectorSaved(lost));
    let actor = Actor::User(ADMIN);
    stage.world.record(crate::event::Stream::Config, change, actor, stage.now).unwrap();
    let (id, _) = stage.writes(ANY, 0);
    assert_eq!(stage.interaction(id).activities[0].queue.id, queue(ANY));
}
