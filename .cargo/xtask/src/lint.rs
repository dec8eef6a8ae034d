//! The checks of form: format, lints of host and browser code, dependencies; changes nothing.

use crate::sh::{self, Outcome};
use crate::step::Steps;
use crate::tools;

/// `lint`: every check, all reported.
pub fn lint() -> Outcome {
    let mut steps = Steps::default();
    steps.gate("tools", tools::desk);
    steps.check("format", format);
    steps.check("clippy, host", clippy_host);
    steps.check("clippy, browser", clippy_browser);
    steps.check("dependencies", dependencies);
    steps.close()
}

/// Is everything formatted?
pub fn format() -> Outcome {
    sh::run(&mut sh::command("cargo", &["fmt", "--all", "--check"]))
        .map_err(|error| format!("{error}; `cargo fmt --all` repairs it"))
}

/// Every target of every package, as compiled for this machine.
pub fn clippy_host() -> Outcome {
    sh::run(&mut sh::command(
        "cargo",
        &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"],
    ))
}

/// The desk and its tests, as compiled for the browser.
pub fn clippy_browser() -> Outcome {
    let target = "wasm32-unknown-unknown";
    sh::run(&mut sh::command(
        "cargo",
        &[
            "clippy",
            "--locked",
            "-p",
            "frontend",
            "--all-targets",
            "--target",
            target,
            "--",
            "-D",
            "warnings",
        ],
    ))
}

/// Licences, bans and sources of all dependencies; known vulnerabilities where their database can be fetched.
pub fn dependencies() -> Outcome {
    if !tools::deny() {
        println!("Dependencies were NOT checked.");
        return Ok(());
    }
    sh::run(&mut sh::command(
        "cargo-deny",
        &["--log-level", "error", "check", "licenses", "bans", "sources"],
    ))?;
    if sh::output(&mut sh::command("cargo-deny", &["fetch", "db"])).is_none() {
        println!("The database of vulnerabilities cannot be reached: advisories were NOT checked.");
        return Ok(());
    }
    sh::run(&mut sh::command("cargo-deny", &["--log-level", "error", "check", "advisories"]))
}
