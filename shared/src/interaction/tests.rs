//! Tests of applying changes that no decision would make: whatever is read from a log, nothing breaks.

use super::*;
use crate::channel::Channel;
use crate::command::Command;
use crate::config::{QueueRef, UserRef};
use crate::fixture::{EVA, SOLVED, Stage, customer};
use crate::id::{MessageId, QueueId};
use crate::time::Span;

const NOON: Timestamp = Timestamp(1_000_000);

fn begun() -> Interaction {
    let change = InteractionChange::Began {
        channel: Channel::Viber,
        connector: crate::fixture::connector(Channel::Viber),
        connector_title: "Shop".into(),
        identity: customer(Channel::Viber, 0),
        direction: Direction::In,
        last_customer_at: None,
        human_agent: false,
    };
    Interaction::begin(InteractionId::from_u128(1), NOON, &change).unwrap()
}

fn queued(activity: u128) -> InteractionChange {
    let queue = QueueRef { id: QueueId::from_u128(1), number: 1, title: "Shop".into() };
    InteractionChange::Queued { activity: ActivityId::from_u128(activity), queue, max_wait_until: None }
}

fn accepted(activity: u128) -> InteractionChange {
    let owner = UserRef { id: EVA, name: "Eva".into() };
    let activity = ActivityId::from_u128(activity);
    InteractionChange::Accepted { activity, offer: None, owner, waited: Span::seconds(1) }
}

#[test]
fn only_a_beginning_begins() {
    assert!(Interaction::begin(InteractionId::from_u128(1), NOON, &queued(2)).is_none());
    let state = begun();
    assert_eq!((state.version, state.seq, state.phase), (1, 1, Phase::Routing));
    assert!(state.is_live());
}

#[test]
fn a_change_about_something_unknown_moves_only_version_and_history() {
    let mut state = begun();
    state.apply(NOON, &queued(2));
    let before = state.clone();
    let ended = InteractionChange::OfferEnded {
        offer: OfferId::from_u128(9),
        activity: ActivityId::from_u128(9),
        agent: UserRef { id: EVA, name: "Eva".into() },
        state: OfferState::Expired,
        sleep_until: None,
        rang: Span::seconds(1),
        reason: None,
    };
    state.apply(NOON, &ended);
    let reason = Some(Withheld::AllBusy);
    state.apply(NOON, &InteractionChange::Withheld { activity: ActivityId::from_u128(9), reason });
    assert_eq!(state, Interaction { version: before.version + 2, seq: before.seq + 1, ..before });
}

#[test]
fn the_phase_is_what_the_activities_say() {
    let mut state = begun();
    state.apply(NOON, &queued(2));
    state.apply(NOON, &queued(3));
    assert_eq!(state.phase, Phase::Queued);
    state.apply(NOON, &accepted(2));
    assert_eq!(state.phase, Phase::Active, "one open activity makes it active, whatever waits beside it");
    let by = UserRef { id: EVA, name: "Eva".into() };
    let closed = |activity, last| InteractionChange::Closed {
        activity: ActivityId::from_u128(activity),
        by: by.clone(),
        disposition: None,
        also: Vec::new(),
        last,
    };
    state.apply(NOON, &closed(2, false));
    assert_eq!((state.phase, state.disconnection), (Phase::Queued, None));
    state.apply(NOON, &accepted(3));
    state.apply(NOON, &closed(3, true));
    assert_eq!(
        (state.phase, state.ended_at, state.disconnection),
        (Phase::Ended, Some(NOON), Some(Disconnection::Agent))
    );
}

#[test]
fn the_window_counts_from_the_customers_own_time() {
    let mut state = begun();
    let wrote = |n, sent_at| InteractionChange::CustomerWrote {
        message: MessageId::from_u128(n),
        kind: MessageKind::Text,
        sent_at,
        attachments: Vec::new(),
        reply_to: None,
    };
    let earlier = Timestamp(NOON.0 - 5_000);
    state.apply(NOON, &wrote(1, earlier));
    assert_eq!((state.first_customer_at, state.last_customer_at), (Some(NOON), Some(earlier)));
    state.apply(NOON, &wrote(2, Timestamp(0)));
    assert_eq!(state.last_customer_at, Some(earlier));
    assert_eq!(state.last_customer_seq, 3);
}

#[test]
fn steps_of_delivery_only_climb() {
    let failed = Delivery::Failed(Failure { kind: FailureKind::Limit, code: Some("4".into()) });
    let climb = [
        Delivery::Queued,
        Delivery::Sending,
        Delivery::Unknown,
        Delivery::Sent,
        Delivery::Delivered,
        Delivery::Seen,
    ];
    for (n, low) in climb.iter().enumerate() {
        assert!(!low.climbs_to(low));
        assert!(!failed.climbs_to(low), "failure is final");
        for high in &climb[n + 1..] {
            assert!(low.climbs_to(high) && !high.climbs_to(low));
        }
        assert_eq!(low.climbs_to(&failed), !matches!(low, Delivery::Delivered | Delivery::Seen));
    }
    assert!(!failed.climbs_to(&failed));
}

#[test]
fn what_is_remembered_of_offers_stays_small() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    stage.queue(Channel::Viber, |queue| queue.automatic_pause = None);
    let (id, activity) = stage.writes(Channel::Viber, 0);
    stage.passes(Span::minutes(10));
    assert_eq!(stage.interaction(id).offers.len(), 1, "one per agent, however often it rang");
    stage.does(EVA, &Command::Accept { interaction: id, activity, offer: None }).unwrap();
    assert!(stage.interaction(id).offers.is_empty());
    let choose =
        Command::ChooseDisposition { interaction: id, activity, disposition: Some(SOLVED), also: Vec::new() };
    stage.does(EVA, &choose).unwrap();
    assert!(crate::timer::due(stage.interaction(id)).is_empty(), "an open chat has no clock");
}
