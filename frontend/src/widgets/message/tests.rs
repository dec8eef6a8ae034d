//! How lines are laid out and put into words, without a browser; it mounts no view.

use super::bubble::only_emoji;
use super::rows::Rows;
use super::{events, words};
use crate::desk::{Line, LineBody, LineKey, Lines, Progress, Said};
use shared::config::{DispositionRef, UserRef};
use shared::id::{ActivityId, DispositionId, MessageId, OfferId, UserId};
use shared::interaction::{
    Delivery, Direction, Disconnection, Failure, FailureKind, InteractionChange, MessageKind, OfferState,
};
use shared::thread::Message;
use shared::time::{Span, Timestamp};

const DAY: i64 = 86_400_000;

fn day(at: i64) -> i64 {
    at.div_euclid(DAY)
}

fn eva() -> UserRef {
    UserRef { id: UserId::from_u128(1), name: "Eva Králová".to_owned() }
}

fn message(id: u128, at: i64, direction: Direction) -> Line {
    let message = Message {
        text: Some("text".to_owned()),
        author: (direction == Direction::Out).then(eva),
        ..Message::new(MessageId::from_u128(id), direction, MessageKind::Text)
    };
    let key = LineKey::Message(message.id);
    let said = Said { message, progress: None, unsettled: None, open: false };
    Line { key, at: Timestamp(at), actor: None, body: LineBody::Message(Box::new(said)) }
}

fn event(seq: u64, at: i64) -> Line {
    let body = LineBody::Event(InteractionChange::CustomerLeft);
    Line { key: LineKey::Event(seq), at: Timestamp(at), actor: None, body }
}

fn block(own: Vec<Line>) -> Lines {
    Lines { own, ..Lines::default() }
}

#[test]
fn a_turn_goes_on_from_block_to_block() {
    let lines = Lines {
        above: Some(message(1, 0, Direction::In)),
        own: vec![message(2, 1, Direction::In)],
        below: Some(message(3, 2, Direction::In)),
    };
    let rows = Rows::of(&lines, day);
    let only = rows.row(lines.own[0].key).unwrap();
    assert!(only.joined && !only.last && only.day.is_none());
}

#[test]
fn two_minutes_of_one_author_are_one_turn() {
    let lines = vec![
        message(1, 0, Direction::In),
        message(2, 120_000, Direction::In),
        message(3, 240_001, Direction::In),
        message(4, 240_002, Direction::Out),
        event(5, 240_003),
        message(6, 240_004, Direction::Out),
    ];
    let keys: Vec<LineKey> = lines.iter().map(|line| line.key).collect();
    let rows = Rows::of(&block(lines), day);
    let found: Vec<(bool, bool)> =
        keys.iter().map(|key| rows.row(*key).unwrap()).map(|row| (row.joined, row.last)).collect();
    assert_eq!(
        found,
        [(false, false), (true, true), (false, true), (false, true), (false, true), (false, true)]
    );
}

#[test]
fn a_day_begins_above_its_first_line_and_ends_the_turn() {
    let lines = block(vec![message(1, DAY - 1, Direction::In), message(2, DAY, Direction::In)]);
    let rows = Rows::of(&lines, day);
    let (first, second) = (rows.row(lines.own[0].key).unwrap(), rows.row(lines.own[1].key).unwrap());
    assert_eq!((first.day, second.day), (Some(DAY - 1), Some(DAY)));
    assert!(first.last && !second.joined);
}

#[test]
fn a_key_that_comes_twice_is_drawn_once() {
    let lines = block(vec![message(1, 0, Direction::In), message(1, 1, Direction::In)]);
    assert_eq!(Rows::of(&lines, day).order.len(), 1);
}

#[test]
fn events_are_put_into_plain_words() {
    let closed = InteractionChange::Closed {
        activity: ActivityId::from_u128(1),
        by: eva(),
        disposition: Some(DispositionRef { id: DispositionId::from_u128(1), title: "Solved".to_owned() }),
        also: vec![DispositionRef { id: DispositionId::from_u128(2), title: "Spam".to_owned() }],
        last: true,
    };
    assert_eq!(events::sentence(&closed).unwrap(), "Eva Králová closed the chat · Solved, Spam");
    let accepted = InteractionChange::Accepted {
        activity: ActivityId::from_u128(1),
        offer: None,
        owner: eva(),
        waited: Span::seconds(167),
    };
    assert_eq!(events::sentence(&accepted).unwrap(), "Eva Králová accepted · waited 2:47");
    let missed = InteractionChange::Missed {
        activity: ActivityId::from_u128(1),
        disconnection: Disconnection::Timeout,
    };
    assert_eq!(events::sentence(&missed).unwrap(), "Nobody answered in time");
    let ended = |state| InteractionChange::OfferEnded {
        offer: OfferId::from_u128(1),
        activity: ActivityId::from_u128(1),
        agent: eva(),
        state,
        sleep_until: None,
        rang: Span::seconds(20),
        reason: None,
    };
    for state in [OfferState::Rejected, OfferState::Expired, OfferState::Accepted] {
        assert_eq!(events::sentence(&ended(state)).is_some(), ended(state).is_visible());
    }
}

#[test]
fn every_trouble_says_what_to_do() {
    for kind in [
        FailureKind::Window,
        FailureKind::Unreachable,
        FailureKind::Account,
        FailureKind::Content,
        FailureKind::Limit,
        FailureKind::Provider,
    ] {
        let failed = Progress::Delivery(Delivery::Failed(Failure { kind, code: Some("131047".to_owned()) }));
        assert!(words::trouble(&failed).unwrap().ends_with("(131047)"));
        assert_eq!(words::progress(&failed).0, "failed");
    }
    assert_eq!(words::trouble(&Progress::Delivery(Delivery::Seen)), None);
    assert_eq!(words::progress(&Progress::Delivery(Delivery::Seen)).0, "seen");
}

#[test]
fn numbers_in_words() {
    assert_eq!(words::characters(1840), "1840 left");
    assert_eq!(words::bytes(-3), "3 bytes too many");
    assert_eq!(words::window_left(76_440_000), "Free reply for 21 h 14 min");
    assert_eq!(words::new_below(1), "1 new message");
}

#[test]
fn emoji_alone_are_drawn_large() {
    assert!(only_emoji("🙏"));
    assert!(only_emoji("👍🏽 ❤️"));
    assert!(!only_emoji("ok 👍"));
    assert!(!only_emoji("  "));
    assert!(!only_emoji("12"));
}
