//! Ten thousand sends against the providers' rates: no second and no person ever gets more than is allowed, and nobody waits behind another.

use super::limiter::{Admission, Door, Limiter, Wanted};
use shared::channel::Channel;
use shared::id::{ConnectorId, IdentityId};
use shared::time::{Span, Timestamp};
use std::collections::{BTreeMap, VecDeque};

const ONE: ConnectorId = ConnectorId::from_u128(1);
const OTHER: ConnectorId = ConnectorId::from_u128(2);
const START: Timestamp = Timestamp(1_800_000_000_000);

fn person(n: u128) -> IdentityId {
    IdentityId::from_u128(n)
}

fn to(connector: ConnectorId, identity: IdentityId) -> Wanted {
    Wanted { connector, identity, media: false }
}

/// Sends so many to so many people as fast as it is let; what went when to whom, and how often was asked.
fn flood(channel: Channel, sends: usize, people: usize) -> (Vec<(Timestamp, IdentityId)>, usize) {
    let mut limiter = Limiter::default();
    let mut waiting: VecDeque<(Timestamp, IdentityId)> =
        (0..sends).map(|n| (START, person((n % people) as u128))).collect();
    let (mut now, mut went, mut asked) = (START, Vec::new(), 0_usize);
    while !waiting.is_empty() {
        let mut next = None::<Timestamp>;
        for _ in 0..waiting.len() {
            let Some((at, who)) = waiting.pop_front() else { break };
            if at > now {
                next = Some(next.map_or(at, |next| next.min(at)));
                waiting.push_back((at, who));
                continue;
            }
            asked += 1;
            match limiter.admit(channel, &to(ONE, who), now) {
                Admission::Go => {
                    limiter.ended(ONE);
                    went.push((now, who));
                }
                Admission::Account(at) => {
                    next = Some(at);
                    waiting.push_front((now, who));
                    break;
                }
                Admission::Message(at) => {
                    next = Some(next.map_or(at, |next| next.min(at)));
                    waiting.push_back((at, who));
                }
            }
        }
        if let Some(next) = next {
            now = next.max(now.plus(Span(1)));
        }
    }
    (went, asked)
}

/// The most within any span of that length.
fn most(instants: &[Timestamp], within: Span) -> usize {
    let mut window = VecDeque::new();
    let mut most = 0;
    for at in instants {
        window.push_back(*at);
        while window.front().is_some_and(|first: &Timestamp| at.since(*first) >= within) {
            window.pop_front();
        }
        most = most.max(window.len());
    }
    most
}

#[test]
fn ten_thousand_sends_keep_to_the_rate_of_the_account() {
    for (channel, each_second) in
        [(Channel::WhatsApp, 80), (Channel::Messenger, 40), (Channel::Instagram, 100)]
    {
        let (went, asked) = flood(channel, 10_000, 5_000);
        assert!(asked <= 2 * 10_000, "{channel:?} was asked {asked} times");
        assert_eq!(went.len(), 10_000);
        let instants: Vec<_> = went.iter().map(|(at, _)| *at).collect();
        assert!(most(&instants, Span::seconds(1)) <= each_second, "{channel:?}");
        let seconds = usize::try_from(instants.last().unwrap().since(START).whole_seconds()).unwrap();
        assert!(seconds <= 10_000 * 10 / 9 / each_second + 2, "{channel:?} took {seconds} s");
    }
}

#[test]
fn one_person_on_whatsapp_gets_a_burst_and_then_one_in_six_seconds() {
    let (went, _) = flood(Channel::WhatsApp, 300, 3);
    let mut by_person: BTreeMap<IdentityId, Vec<Timestamp>> = BTreeMap::new();
    for (at, who) in went {
        by_person.entry(who).or_default().push(at);
    }
    for instants in by_person.values() {
        assert_eq!(instants.len(), 100);
        assert!(most(instants, Span::seconds(6)) <= 46);
        let late: Vec<_> = instants.iter().skip(50).copied().collect();
        assert_eq!(most(&late, Span::seconds(6)), 1);
    }
}

#[test]
fn a_person_who_waits_costs_the_account_nothing_and_holds_up_nobody() {
    let mut limiter = Limiter::default();
    let mut now = START;
    while limiter.admit(Channel::WhatsApp, &to(ONE, person(1)), now) == Admission::Go {
        limiter.ended(ONE);
        now = now.plus(Span(20));
    }
    for _ in 0..1_000 {
        let again = limiter.admit(Channel::WhatsApp, &to(ONE, person(1)), now);
        assert!(matches!(again, Admission::Message(at) if at > now), "{again:?}");
    }
    // The account's own rate is not what they were held by.
    assert_eq!(limiter.admit(Channel::WhatsApp, &to(ONE, person(2)), now), Admission::Go);
    assert_eq!(limiter.admit(Channel::WhatsApp, &to(OTHER, person(3)), now), Admission::Go);
}

#[test]
fn an_account_has_so_many_places_and_one_while_it_proves_itself() {
    let mut limiter = Limiter::default();
    assert_eq!(limiter.door(ONE, true, START), Door::Open);
    limiter.admit(Channel::Viber, &to(ONE, person(1)), START);
    assert_eq!(limiter.door(ONE, true, START), Door::Full);
    assert_eq!(limiter.door(ONE, false, START), Door::Open);
    for n in 2..=32 {
        assert_eq!(limiter.admit(Channel::Viber, &to(ONE, person(n)), START), Admission::Go);
    }
    assert_eq!(limiter.door(ONE, false, START), Door::Full);
    limiter.ended(ONE);
    assert_eq!(limiter.door(ONE, false, START), Door::Open);
    let until = START.plus(Span::seconds(30));
    limiter.hold(ONE, until);
    limiter.hold(ONE, START);
    assert_eq!(limiter.door(ONE, false, START), Door::ClosedUntil(until), "the longer pause holds");
    assert_eq!(limiter.admit(Channel::Viber, &to(ONE, person(1)), START), Admission::Account(until));
    assert_eq!(limiter.door(ONE, false, until), Door::Open);
}

#[test]
fn files_are_counted_apart_and_a_file_that_waits_lets_words_pass() {
    let mut limiter = Limiter::default();
    let file = |n| Wanted { media: true, ..to(ONE, person(n)) };
    assert_eq!(limiter.admit(Channel::Messenger, &file(1), START), Admission::Go);
    let Admission::Message(next) = limiter.admit(Channel::Messenger, &file(2), START) else {
        panic!("ten files a second")
    };
    assert!(next > START && next <= START.plus(Span(112)), "{next:?}");
    assert_eq!(limiter.admit(Channel::Messenger, &to(ONE, person(3)), START), Admission::Go);
    assert_eq!(limiter.admit(Channel::Messenger, &file(2), next), Admission::Go);
}
