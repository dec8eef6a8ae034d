//! The benchmark suites: builds what is measured as a release is built, then runs the suite; judges no figure.

use crate::desk;
use crate::sh::{self, Outcome};
use crate::tools::{self, Browser};
use std::process::Command;

/// `bench relay`: the release binary beside its baselines. `bench desk`: the desk beside a page made of a kit for React.
pub fn bench(arguments: &[String]) -> Outcome {
    match arguments.split_first() {
        Some((suite, rest)) if suite == "relay" => relay(rest),
        Some((suite, rest)) if suite == "desk" => beside_a_page(rest),
        _ => Err("`bench` takes the name of a suite: desk or relay".to_owned()),
    }
}

fn relay(arguments: &[String]) -> Outcome {
    // Over the whole workspace, so that binary and suite share their dependencies.
    let build = ["build", "--locked", "--release", "--workspace", "--bin", "signalbox"];
    sh::run(&mut sh::command("cargo", &build))?;
    suite("relay", arguments, |_| ())
}

fn beside_a_page(arguments: &[String]) -> Outcome {
    let Browser { chromium, driver } = tools::browser()?;
    let page = sh::root().join("tests/bench");
    sh::run(sh::command("npm", &["ci", "--no-audit", "--no-fund"]).current_dir(&page))?;
    sh::run(sh::command("npm", &["run", "build"]).current_dir(&page))?;
    // The desk is inside of the binary, as people get it.
    desk::build_all(true)?;
    suite("desk", arguments, |command| {
        command.env("SIGNALBOX_CHROMIUM", chromium).env("SIGNALBOX_CHROMEDRIVER", driver);
    })
}

/// Runs a suite against the release binary.
fn suite(name: &str, arguments: &[String], prepare: impl FnOnce(&mut Command)) -> Outcome {
    let mut suite = sh::command("cargo", &["bench", "--locked", "--workspace", "--bench", name, "--"]);
    let binary = format!("signalbox{}", std::env::consts::EXE_SUFFIX);
    suite.args(arguments).env("SIGNALBOX_BIN", sh::target().join("release").join(binary));
    prepare(&mut suite);
    sh::run(&mut suite)
}
