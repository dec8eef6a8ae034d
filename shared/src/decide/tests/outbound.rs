//! Writing first: T-10, T-11 and what stands against them.

use super::{ANY, accept, choose, close, open, send};
use crate::channel::Channel;
use crate::command::{Command, Occurrence};
use crate::config::ConfigChange;
use crate::decide::IdentityFacts;
use crate::fixture::{ADMIN, EVA, PETR, SOLVED, Stage, account, connector, customer, queue};
use crate::id::{ActivityId, InteractionId, MessageId, QueueId};
use crate::interaction::{ActivityKind, CloseReason, Direction, Phase};
use crate::refusal::Refusal;
use crate::time::Span;

fn missing(what: &str) -> Refusal {
    Refusal::NotFound { what: what.into() }
}

fn start(stage: &mut Stage) -> Command {
    let interaction = InteractionId::from_u128(stage.id());
    let activity = ActivityId::from_u128(stage.id());
    Command::StartChat { interaction, activity, queue: queue(ANY), identity: customer(ANY, 0) }
}

fn once(stage: &mut Stage, words: &str) -> Command {
    Command::SendOnce {
        interaction: InteractionId::from_u128(stage.id()),
        activity: ActivityId::from_u128(stage.id()),
        queue: queue(ANY),
        identity: customer(ANY, 0),
        disposition: Some(SOLVED),
        message: MessageId::from_u128(stage.id()),
        text: words.into(),
    }
}

/// A stage whose first customer has written before and whose chat has ended.
fn known() -> (Stage, (InteractionId, ActivityId)) {
    let (mut stage, ids) = open();
    stage.does(EVA, &choose(ids)).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
    (stage, ids)
}

#[test]
fn t10_an_agent_starts_a_chat_with_somebody_who_wrote_before() {
    let (mut stage, _) = known();
    let wish = start(&mut stage);
    stage.does(EVA, &wish).unwrap();
    let state = stage.world.live_of(connector(ANY), customer(ANY, 0)).unwrap().clone();
    assert_eq!((state.phase, state.direction), (Phase::Active, Direction::Out));
    assert_eq!((state.activities[0].kind, state.activities[0].owner), (ActivityKind::Outbound, Some(EVA)));
    assert_eq!(stage.world.agent(EVA).open.len(), 1);
    let wish = send(&mut stage, state.id, "hello again");
    stage.does(EVA, &wish).expect("the window of the earlier chat is still open");
    assert_eq!(stage.writes(ANY, 0).0, state.id, "the customer's answer joins it");
}

#[test]
fn t10_a_chat_outside_the_window_can_be_started_but_not_written_in() {
    let (mut stage, _) = known();
    stage.now = stage.now.plus(Span::hours(25));
    let wish = start(&mut stage);
    stage.does(EVA, &wish).unwrap();
    let live = stage.world.live_of(connector(ANY), customer(ANY, 0)).unwrap().id;
    let wish = send(&mut stage, live, "hello again");
    assert!(matches!(stage.does(EVA, &wish), Err(Refusal::WindowClosed { since: Some(_) })));
}

#[test]
fn t11_a_single_message_begins_and_ends_an_interaction() {
    let (mut stage, _) = known();
    let wish = once(&mut stage, "Your parcel is here");
    let events = stage.does(EVA, &wish).unwrap();
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    let state = stage.interaction(wish.interaction().unwrap());
    assert_eq!((state.phase, state.activities[0].close_reason), (Phase::Ended, Some(CloseReason::Sent)));
    assert_eq!(state.activities[0].disposition.as_ref().unwrap().id, SOLVED);
    assert!(stage.world.agent(EVA).open.is_empty());
    assert!(stage.world.live_of(connector(ANY), customer(ANY, 0)).is_none());
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::KeyReused));
}

#[test]
fn t11_a_single_message_minds_status_text_and_window() {
    let (mut stage, _) = known();
    let mut wish = once(&mut stage, "hello");
    if let Command::SendOnce { disposition, .. } = &mut wish {
        *disposition = None;
    }
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::DispositionRequired));
    let blank = once(&mut stage, "  ");
    assert_eq!(stage.does(EVA, &blank), Err(Refusal::Empty));
    let long = once(&mut stage, &"a".repeat(2_001));
    assert!(matches!(stage.does(EVA, &long), Err(Refusal::TooLong { size: 2_001, max: 2_000, .. })));
    stage.now = stage.now.plus(Span::hours(25));
    let late = once(&mut stage, "hello");
    assert!(matches!(stage.does(EVA, &late), Err(Refusal::WindowClosed { since: Some(_) })));
}

#[test]
fn somebody_unknown_or_who_never_wrote_or_who_left_cannot_be_written_to() {
    let mut stage = Stage::new();
    let wish = start(&mut stage);
    assert_eq!(stage.does(EVA, &wish), Err(missing("customer")));
    let facts = IdentityFacts {
        id: customer(ANY, 0),
        connector: connector(ANY),
        last_customer_at: None,
        subscribed: true,
    };
    stage.facts.insert(facts.id, facts);
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::NeverWrote));
    let (mut stage, _) = known();
    stage.occurs(&Occurrence::CustomerLeft { connector: connector(ANY), identity: facts.id }).unwrap();
    let wish = start(&mut stage);
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::Unsubscribed));
}

#[test]
fn a_customer_who_waits_or_is_in_a_chat_is_not_written_to_twice() {
    let mut stage = Stage::new();
    let ids = stage.writes(ANY, 0);
    let wish = start(&mut stage);
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::AlreadyLive { with: None }), "queued: accept it instead");
    stage.does(PETR, &accept(ids.0, ids.1, None)).unwrap();
    let with = Some(stage.world.config.users[&PETR].reference());
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::AlreadyLive { with }));
}

#[test]
fn with_whom_a_customer_is_in_a_chat_is_told_to_who_may_read_it() {
    let mut stage = Stage::new();
    let ids = stage.writes(ANY, 0);
    stage.does(PETR, &accept(ids.0, ids.1, None)).unwrap();
    // The chat is in one queue of the channel, and Eva has another one alone.
    let mut other = stage.world.config.queues[&queue(ANY)].clone();
    (other.id, other.number) = (QueueId::from_u128(0x99), 999);
    stage.saves(ConfigChange::QueueSaved(other.clone())).unwrap();
    let mut wish = start(&mut stage);
    if let Command::StartChat { queue, .. } = &mut wish {
        *queue = other.id;
    }
    let with = Some(stage.world.config.users[&PETR].reference());
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::AlreadyLive { with }));
    stage.queue(ANY, |queue| queue.members.retain(|id, _| *id != EVA));
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::AlreadyLive { with: None }));
}

#[test]
fn queue_account_and_rights_must_fit() {
    let (stage, _) = known();
    let at = |channel| {
        let mut stage = stage.clone();
        let mut wish = start(&mut stage);
        if let Command::StartChat { queue: line, .. } = &mut wish {
            *line = queue(channel);
        }
        (stage, wish)
    };
    let (mut other, wish) = at(Channel::Viber);
    assert_eq!(other.does(EVA, &wish), Err(Refusal::OtherChannel));
    let (mut other, wish) = at(ANY);
    assert_eq!(other.does(ADMIN, &wish), Err(Refusal::NoRights));
    other.queue(ANY, |queue| queue.enabled = false);
    assert_eq!(other.does(EVA, &wish), Err(missing("queue")));
    let (mut other, wish) = at(ANY);
    let mut off = account(ANY);
    off.enabled = false;
    other.saves(ConfigChange::ConnectorSaved(off)).unwrap();
    assert_eq!(other.does(EVA, &wish), Err(missing("account")));
}

#[test]
fn an_id_that_names_another_chat_or_activity_is_refused() {
    let (mut stage, _) = known();
    let other = stage.writes(ANY, 1);
    stage.does(EVA, &accept(other.0, other.1, None)).unwrap();
    for which in [0, 1] {
        let mut wish = start(&mut stage);
        if let Command::StartChat { interaction, activity, .. } = &mut wish {
            if which == 0 { *interaction = other.0 } else { *activity = other.1 }
        }
        assert_eq!(stage.does(EVA, &wish), Err(Refusal::KeyReused));
    }
    assert_eq!(stage.world.agent(EVA).open.len(), 1, "no tab was swallowed");
}
