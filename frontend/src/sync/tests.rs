//! The connection's machine and the measured clock, with a clock and chances of their own.

use super::clock::Clock;
use super::machine::{Act, Input, Machine, State, Stop};
use super::note::Hint;
use proptest::prelude::*;
use shared::id::InteractionId;
use shared::time::{Span, Timestamp};
use shared::wire::Bye;

const ALL: u32 = 1_000;

fn live(at: i64) -> Machine {
    let mut machine = Machine::new(true);
    assert_eq!(machine.step(at, ALL, Input::Start), [Act::Connect]);
    assert_eq!(machine.step(at, ALL, Input::Opened), [Act::Greet]);
    assert_eq!(machine.step(at, ALL, Input::Welcomed), []);
    assert_eq!(machine.state(), State::Live);
    machine
}

#[test]
fn waits_double_up_to_thirty_seconds_and_chance_spreads_them() {
    let mut machine = Machine::new(true);
    machine.step(0, ALL, Input::Start);
    let mut now = 0;
    for wait in [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
        assert_eq!(machine.step(now, ALL, Input::Lost), [Act::Close]);
        assert_eq!(machine.state(), State::Backoff { until: now + wait });
        assert_eq!(machine.step(now + wait - 1, ALL, Input::Tick), []);
        now += wait;
        assert_eq!(machine.step(now, ALL, Input::Tick), [Act::Connect]);
    }
    machine.step(now, 250, Input::Lost);
    assert_eq!(machine.state(), State::Backoff { until: now + 7_500 });
}

#[test]
fn a_good_connection_forgives_and_a_short_one_does_not() {
    let mut machine = live(0);
    machine.step(29_999, ALL, Input::Lost);
    assert_eq!(machine.state(), State::Backoff { until: 30_499 });
    machine.step(30_499, ALL, Input::Tick);
    machine.step(30_499, ALL, Input::Opened);
    machine.step(30_499, ALL, Input::Welcomed);
    machine.step(31_000, ALL, Input::Lost);
    assert_eq!(machine.state(), State::Backoff { until: 32_000 }, "the second attempt in a row waits longer");
    machine.step(32_000, ALL, Input::Tick);
    machine.step(32_000, ALL, Input::Opened);
    machine.step(32_000, ALL, Input::Welcomed);
    machine.step(62_000, ALL, Input::Lost);
    assert_eq!(machine.state(), State::Backoff { until: 62_500 }, "after thirty good seconds it begins anew");
}

#[test]
fn two_missed_pings_are_the_end() {
    let mut machine = live(0);
    assert_eq!(machine.step(19_999, ALL, Input::Tick), []);
    assert_eq!(machine.step(20_000, ALL, Input::Tick), [Act::Ping]);
    machine.step(20_100, ALL, Input::Heard);
    assert_eq!(machine.step(40_000, ALL, Input::Tick), [Act::Ping]);
    assert_eq!(machine.step(60_000, ALL, Input::Tick), [Act::Ping]);
    assert_eq!(machine.step(80_000, ALL, Input::Tick), [Act::Close]);
    assert!(matches!(machine.state(), State::Backoff { .. }));
}

#[test]
fn a_device_that_slept_does_not_trust_its_socket() {
    let mut machine = live(0);
    assert_eq!(machine.step(90_001, ALL, Input::Tick), [Act::Close]);
    let mut machine = live(0);
    assert_eq!(machine.step(5_000, ALL, Input::Shown), [Act::Ping]);
    assert_eq!(machine.step(100_000, ALL, Input::Shown), [Act::Close]);
}

#[test]
fn looking_and_network_try_at_once() {
    let mut machine = live(0);
    machine.step(1_000, ALL, Input::Lost);
    assert_eq!(machine.step(1_001, ALL, Input::Shown), [Act::Connect]);
    assert_eq!(machine.step(1_002, ALL, Input::Network(false)), [Act::Close]);
    assert_eq!(machine.state(), State::Offline);
    assert_eq!(machine.wake_at(), None);
    assert_eq!(machine.step(900_000, ALL, Input::Tick), []);
    assert_eq!(machine.step(900_001, ALL, Input::Network(true)), [Act::Connect]);
}

#[test]
fn who_does_not_answer_is_given_up() {
    let mut machine = Machine::new(true);
    machine.step(0, ALL, Input::Start);
    assert_eq!(machine.wake_at(), Some(10_000));
    assert_eq!(machine.step(10_000, ALL, Input::Tick), [Act::Close]);
    machine.step(10_500, ALL, Input::Tick);
    assert_eq!(machine.step(11_000, ALL, Input::Opened), [Act::Greet]);
    assert_eq!(machine.step(21_000, ALL, Input::Tick), [Act::Close]);
}

#[test]
fn every_farewell_is_understood() {
    let bye = |reason, retry_after| {
        let mut machine = live(0);
        assert_eq!(machine.step(100, 500, Input::Bye { reason, retry_after }), [Act::Close]);
        machine.state()
    };
    assert_eq!(bye(Bye::LoggedOut, None), State::Stopped(Stop::LoggedOut));
    assert_eq!(bye(Bye::Protocol, None), State::Stopped(Stop::Outdated));
    assert_eq!(bye(Bye::Unknown, None), State::Stopped(Stop::Outdated));
    assert_eq!(bye(Bye::TooSlow, None), State::Backoff { until: 350 });
    assert_eq!(bye(Bye::Restarting, Some(Span(2_000))), State::Backoff { until: 2_600 });
    assert_eq!(
        bye(Bye::Malformed, None),
        State::Backoff { until: 4_100 },
        "a fault is not asked for in circles"
    );
}

#[test]
fn whoever_logged_out_is_left_alone_until_asked() {
    let mut machine = live(0);
    machine.step(1, ALL, Input::Stop(Stop::LoggedOut));
    for input in [Input::Shown, Input::Network(true), Input::Tick, Input::Lost, Input::Opened] {
        assert_eq!(machine.step(1_000_000, ALL, input), []);
    }
    assert_eq!(machine.step(1_000_001, ALL, Input::Start), [Act::Connect]);
}

#[test]
fn the_fastest_answer_sets_the_clock() {
    let mut clock = Clock::guess(Timestamp(1_000_000), 0);
    assert_eq!(clock.now(5), Timestamp(1_000_005));
    // The device is an hour slow; the answer took 200 ms.
    clock.measure(1_000, 1_200, Timestamp(4_600_100));
    assert_eq!(clock.now(1_200), Timestamp(4_600_200));
    // A slow answer changes nothing, a faster one does, and an old measurement gives way.
    clock.measure(2_000, 4_000, Timestamp(9_999_999));
    assert_eq!(clock.now(1_200), Timestamp(4_600_200));
    clock.measure(5_000, 5_010, Timestamp(4_604_005));
    assert_eq!(clock.now(5_005), Timestamp(4_604_005));
    clock.measure(400_000, 401_000, Timestamp(5_000_000));
    assert_eq!(clock.now(400_500), Timestamp(5_000_000));
}

#[test]
fn hints_read_as_they_were_written() {
    let hint = Hint::Viewed { interaction: InteractionId::from_u128(1), seq: 3 };
    let text = serde_json::to_string(&hint).unwrap();
    assert_eq!(serde_json::from_str::<Hint>(&text).unwrap(), hint);
    assert!(
        serde_json::from_str::<Hint>("{\"hint\":\"else\"}").is_err(),
        "a newer tab's word is passed over"
    );
}

fn input() -> impl Strategy<Value = Input> {
    let reason = prop::sample::select(vec![Bye::TooSlow, Bye::Restarting, Bye::Malformed]);
    prop_oneof![
        Just(Input::Start),
        Just(Input::Opened),
        Just(Input::Welcomed),
        Just(Input::Heard),
        Just(Input::Lost),
        (reason, prop::option::of(0i64..5_000))
            .prop_map(|(reason, after)| Input::Bye { reason, retry_after: after.map(Span) }),
        any::<bool>().prop_map(Input::Network),
        Just(Input::Shown),
        Just(Input::Tick),
    ]
}

proptest! {
    /// Whatever happens, there is one socket at most, it is only spoken to while open, and with a network the desk
    /// always comes back by itself.
    #[test]
    fn one_socket_and_always_a_way_back(inputs in prop::collection::vec((input(), 0i64..40_000, 0u32..=1_000), 0..80)) {
        let mut machine = Machine::new(true);
        let (mut now, mut open) = (0, false);
        machine.step(0, 0, Input::Start);
        let mut socket = true;
        for (input, passed, chance) in inputs {
            now += passed;
            if input == Input::Opened && machine.state() == State::Connecting {
                open = true;
            }
            for act in machine.step(now, chance, input) {
                match act {
                    Act::Connect => {
                        prop_assert!(!socket, "the old socket was closed before");
                        (socket, open) = (true, false);
                    }
                    Act::Close => (socket, open) = (false, false),
                    Act::Greet | Act::Ping => prop_assert!(socket && open),
                }
            }
            let wants = matches!(machine.state(), State::Connecting | State::Greeting | State::Live);
            prop_assert_eq!(wants, socket);
        }
        machine.step(now, 0, Input::Network(true));
        for _ in 0..4 {
            if machine.state() == State::Live { break; }
            now = machine.wake_at().unwrap_or(now);
            machine.step(now, 0, Input::Tick);
            machine.step(now, 0, Input::Opened);
            machine.step(now, 0, Input::Welcomed);
        }
        prop_assert_eq!(machine.state(), State::Live);
    }
}
