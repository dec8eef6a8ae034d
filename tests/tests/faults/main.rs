//! The tests' own test: a relay with a seeded bug must turn a test of the invariants red; a bug that none finds fails the run.
//!
//! `cargo xtask test --full` builds such a relay, names it in `SIGNALBOX_FAULTY` and runs this; the usual run only
//! sees to it that the table is complete and that nothing for use has a bug seeded (`tests/tests/rules/seeded.rs`).

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod table;

use std::ffi::OsString;
use std::process::{Command, Stdio};
use table::SEEDED;

/// Runs tests of the invariants against the relay with this bug; true when all of them are green.
fn green(relay: &OsString, bug: &str, tests: &[&str]) -> bool {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let run = ["test", "--locked", "--quiet", "--workspace", "--test", "system", "--", "--exact"];
    let mut command = Command::new(cargo);
    command.args(run).args(tests).env("SIGNALBOX_BIN", relay).env("SIGNALBOX_FAULT", bug);
    command.env_remove("SIGNALBOX_FULL").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap().success()
}

#[test]
#[ignore = "needs a relay with seeded bugs: `cargo xtask test --full`"]
fn every_seeded_bug_is_found() {
    let relay =
        std::env::var_os("SIGNALBOX_FAULTY").expect("SIGNALBOX_FAULTY names the relay with seeded bugs");
    let mut all: Vec<&str> = SEEDED.iter().flat_map(|(_, tests)| tests.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    assert!(
        green(&relay, "none", &all),
        "without a bug switched on, every one of these must be green: {all:?}"
    );
    let mut missed = Vec::new();
    for (bug, tests) in SEEDED {
        let found = !green(&relay, bug, tests);
        println!("{bug}: {}", if found { "found" } else { "NOT FOUND" });
        if !found {
            missed.push(*bug);
        }
    }
    assert!(missed.is_empty(), "no test found {missed:?}");
}
