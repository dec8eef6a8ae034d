//! Buckets let through exactly what their rate allows, at any start and in any rhythm.

use crate::channel::{Bucket, Channel, Rate};
use crate::time::{Span, Timestamp};
use proptest::prelude::*;

/// Takes as fast as it is let for so long; the instants at which it was let.
fn greedy(rate: Rate, from: Timestamp, span: Span) -> Vec<Timestamp> {
    let (mut bucket, mut now, mut taken) = (Bucket::default(), from, Vec::new());
    let end = from.plus(span);
    while now < end {
        match bucket.take(rate, now) {
            Ok(()) => taken.push(now),
            Err(next) => {
                assert!(next > now, "a bucket said to come back at once");
                now = next;
            }
        }
    }
    taken
}

#[test]
fn whatsapp_lets_45_through_to_one_person_and_then_one_in_six_seconds() {
    let pair = Channel::WhatsApp.rates().person.unwrap();
    let taken = greedy(pair, Timestamp(1_000_000), Span::minutes(1));
    assert_eq!(taken.iter().filter(|at| at.0 == 1_000_000).count(), 45);
    let later: Vec<_> = taken.iter().skip(45).map(|at| at.0 - 1_000_000).collect();
    assert_eq!(later, [6_000, 12_000, 18_000, 24_000, 30_000, 36_000, 42_000, 48_000, 54_000]);
}

#[test]
fn the_figures_are_those_of_the_providers() {
    // The most in any second.
    let most = |rate: Option<Rate>| rate.map(|rate| rate.count + rate.burst);
    let account = Channel::ALL.map(|channel| most(channel.rates().account));
    assert_eq!(account, [Some(40), Some(80), None, Some(100)]);
    let media = Channel::ALL.map(|channel| most(channel.rates().media));
    assert_eq!(media, [Some(10), None, None, Some(10)]);
    let unanswered = Channel::ALL.map(|channel| channel.rates().unanswered);
    assert_eq!(unanswered, [None, None, Some(100), None]);
}

#[test]
fn what_is_put_back_can_be_taken_again() {
    let rate = Rate { count: 1, per: Span::seconds(1), burst: 1 };
    let (mut bucket, now) = (Bucket::default(), Timestamp(5_000));
    assert!(bucket.is_full(now));
    bucket.take(rate, now).unwrap();
    assert!(!bucket.is_full(now) && bucket.is_full(Timestamp(6_000)));
    assert_eq!(bucket.take(rate, now), Err(Timestamp(6_000)));
    bucket.put_back(rate);
    assert_eq!(bucket.take(rate, now), Ok(()));
}

proptest! {
    #[test]
    fn never_more_than_the_burst_and_what_was_earned(
        count in 1_u32..500, per in 1_i64..10_000, burst in 1_u32..100, start in 0_i64..2_000_000_000_000,
    ) {
        let rate = Rate { count, per: Span(per), burst };
        let span = Span((per * 3).min(3_000));
        let taken = greedy(rate, Timestamp(start), span);
        for (n, from) in taken.iter().enumerate() {
            for (m, to) in taken.iter().enumerate().skip(n) {
                let within = i64::try_from(m - n + 1).unwrap();
                // One more than earned, because the instants are whole milliseconds.
                let earned = to.since(*from).0 * i64::from(count) / per + 1;
                prop_assert!(within <= i64::from(burst) + earned, "{within} in {:?}", to.since(*from));
            }
            if n > 60 { break; }
        }
        let least = span.0 * i64::from(count) / per / 2;
        prop_assert!(i64::try_from(taken.len()).unwrap() >= least.min(1), "nothing went");
    }
}
