//! Random sequences of wishes and occurrences against the whole domain, and random text against what reads the wire.
//!
//! `SIGNALBOX_ROUNDS` sets how many sequences are played, `SIGNALBOX_SEED` repeats a run.

mod coverage;
mod desk;
mod fuzz;
mod game;
mod judge;
mod lost;
mod message;
mod office;
mod pauses;
mod player;
mod receipts;
mod replay;
mod rights;
mod state;
mod undelivered;

use coverage::Coverage;
use game::Game;
use proptest::collection::vec;
use proptest::num::u64::ANY;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};

/// How many sequences are played unless the environment says otherwise.
const ROUNDS: u32 = 10_000;

/// How many threads play; each with a seed of its own.
const PLAYERS: u32 = 2;

fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

pub(crate) fn seed() -> u64 {
    number("SIGNALBOX_SEED").unwrap_or_else(|| RandomState::new().hash_one(0_u8))
}

pub(crate) fn runner(seed: u64, cases: u32) -> TestRunner {
    let bytes: Vec<u8> = (0..4_u64).flat_map(|n| seed.wrapping_add(n).to_le_bytes()).collect();
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4_096, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

#[test]
fn random_sequences_keep_every_invariant_and_reach_everything() {
    let rounds: u32 = number("SIGNALBOX_ROUNDS").unwrap_or(ROUNDS);
    let seed = seed();
    println!("SIGNALBOX_SEED={seed} SIGNALBOX_ROUNDS={rounds}");
    let play = |seed: u64| {
        let seen = RefCell::new(Coverage::default());
        let played = runner(seed, rounds.div_ceil(PLAYERS)).run(&vec(ANY, 8..48), |dice| {
            seen.borrow_mut().merge(&Game::play(&dice));
            Ok(())
        });
        played.map(|()| seen.into_inner()).map_err(|error| error.to_string())
    };
    let parts: Vec<_> = std::thread::scope(|scope| {
        let players: Vec<_> = (0..u64::from(PLAYERS))
            .map(|n| scope.spawn(move || play(seed.wrapping_add(n.wrapping_mul(0x1234_5678_9ABC)))))
            .collect();
        players.into_iter().map(|player| player.join().unwrap()).collect()
    });
    let mut seen = Coverage::default();
    for part in parts {
        match part {
            Ok(part) => seen.merge(&part),
            Err(error) => panic!("SIGNALBOX_SEED={seed}: {error}"),
        }
    }
    match seen.verdict() {
        Ok(table) => println!("{table}"),
        Err(table) if rounds >= ROUNDS => panic!("SIGNALBOX_SEED={seed} reached too little:\n{table}"),
        Err(table) => println!("too few rounds to judge what was reached:\n{table}"),
    }
}
