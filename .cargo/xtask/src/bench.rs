//! The benchmark suites: builds what is measured as a release is built, then runs the suite; judges no figure.

use crate::sh::{self, Outcome};

/// `bench relay`: the release binary beside its baselines.
pub fn bench(arguments: &[String]) -> Outcome {
    match arguments.split_first() {
        Some((suite, rest)) if suite == "relay" => relay(rest),
        _ => Err("`bench` takes the name of a suite: relay".to_owned()),
    }
}

fn relay(arguments: &[String]) -> Outcome {
    // Over the whole workspace, so that binary and suite share their dependencies.
    let build = ["build", "--locked", "--release", "--workspace", "--bin", "signalbox"];
    sh::run(&mut sh::command("cargo", &build))?;
    let mut suite = sh::command("cargo", &["bench", "--locked", "--workspace", "--bench", "relay", "--"]);
    let binary = format!("signalbox{}", std::env::consts::EXE_SUFFIX);
    suite.args(arguments).env("SIGNALBOX_BIN", sh::target().join("release").join(binary));
    sh::run(&mut suite)
}
