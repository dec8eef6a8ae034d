//! The whole check of the workspace, step by step; everything a change must pass, on any machine.

use crate::sh::{self, Outcome};
use crate::step::Steps;
use crate::tools::{self, Browser};
use crate::{desk, lint, size};
use std::path::Path;

/// Random command sequences per property: the number the product promises, and ten times it for `--full`.
const ROUNDS: [&str; 2] = ["10000", "100000"];
/// The test target that drives browsers; it runs alone, at the end.
const BROWSER_TESTS: &str = "browser";
/// The test targets that do not start the system on a database of its own choice: they run once.
const ONCE: [&str; 3] = ["rules", "postgres", "faults"];
/// The module of whole-system tests that look into the log's file: they run once.
const ON_FILE: &str = "file::";
/// Lets tests that start a database take PostgreSQL instead of a file.
const ON_POSTGRES: (&str, &str) = ("SIGNALBOX_TEST_DATABASE", "postgres");

/// `test`: stops where later steps would have nothing to stand on, otherwise runs and reports all.
pub fn test(full: bool) -> Outcome {
    let mut steps = Steps::default();
    steps.gate("tools", tools::desk);
    steps.gate("format", lint::format);
    steps.gate("clippy, host", lint::clippy_host);
    steps.gate("clippy, browser", lint::clippy_browser);
    steps.check("dependencies", lint::dependencies);
    steps.gate("desk and admin", desk::build);
    steps.check("size budget", size::check);
    steps.gate("compile tests", compile);
    steps.check("unit and property tests", || unit(full));
    steps.check("documentation tests", || cargo_test(&["--doc"], &[]));
    steps.check("PostgreSQL", tools::postgres);
    steps.check("log tests on PostgreSQL", unit_on_postgres);
    if !tools::strace() {
        steps
            .skip("syncs before every 200", "skipped: strace is missing, or may not look at other processes");
    }
    steps.check("whole-system tests", || system(full));
    steps.check("the same on PostgreSQL", system_on_postgres);
    if full {
        steps.check("seeded bugs", seeded);
    }
    steps.check("tests in the browser engine", wasm);
    steps.check("browser tests", browser);
    steps.close()
}

/// Everything for this machine in one build: the binary under test and all tests share their dependencies.
fn compile() -> Outcome {
    sh::run(&mut sh::command("cargo", &["build", "--locked", "--workspace", "--bins", "--tests"]))
}

fn unit(full: bool) -> Outcome {
    let mut arguments = vec!["--lib".to_owned(), "--bins".to_owned()];
    for package in ["shared", "relay"] {
        arguments.extend(targets(&sh::root().join(package).join("tests"), |_| true));
    }
    let [usual, many] = ROUNDS;
    cargo_test(&arguments, &[("SIGNALBOX_ROUNDS", if full { many } else { usual })])
}

fn system(full: bool) -> Outcome {
    let arguments = targets(&sh::root().join("tests/tests"), |name| name != BROWSER_TESTS);
    if arguments.is_empty() {
        return Err("tests/tests holds no whole-system tests".to_owned());
    }
    // The invariants play a third of their rounds unless everything is asked for.
    let all: &[(&str, &str)] = if full { &[("SIGNALBOX_FULL", "1")] } else { &[] };
    cargo_test(&arguments, all)
}

/// The tests' own test, against a relay with seeded bugs. It is compiled for this alone, so it is no part of the usual
/// run; the binary that the other steps try is put back in its place.
fn seeded() -> Outcome {
    let build = ["build", "--locked", "--workspace", "--bin", "signalbox"];
    let relay = sh::target().join("debug").join(format!("signalbox{}", std::env::consts::EXE_SUFFIX));
    let faulty = relay.with_file_name("signalbox-faulty");
    sh::run(sh::command("cargo", &build).args(["--features", "relay/faults"]))?;
    std::fs::copy(&relay, &faulty).map_err(|error| format!("cannot copy {}: {error}", relay.display()))?;
    sh::run(&mut sh::command("cargo", &build))?;
    let faulty = faulty.to_string_lossy();
    cargo_test(
        &["--test", "faults", "--", "--ignored", "--nocapture"],
        &[("SIGNALBOX_FAULTY", faulty.as_ref())],
    )
}

/// The log and everything that builds on how it fails; the rest of the relay does not know which one it has.
fn unit_on_postgres() -> Outcome {
    let arguments = ["--bin", "signalbox", "--", "log::", "engine::", "ingest::", "delivery::"];
    cargo_test(&arguments, &[ON_POSTGRES])
}

fn system_on_postgres() -> Outcome {
    let wanted = |name: &str| name != BROWSER_TESTS && !ONCE.contains(&name);
    let mut arguments = targets(&sh::root().join("tests/tests"), wanted);
    arguments.extend(["--", "--skip", ON_FILE].map(str::to_owned));
    cargo_test(&arguments, &[ON_POSTGRES])
}

fn browser() -> Outcome {
    let found = tools::browser()?;
    packages()?;
    let driver = found.driver.to_string_lossy();
    let chromium = found.chromium.to_string_lossy();
    let environment =
        [("SIGNALBOX_CHROMIUM", chromium.as_ref()), ("SIGNALBOX_CHROMEDRIVER", driver.as_ref())];
    cargo_test(&["--test", BROWSER_TESTS, "--", "--test-threads=1"], &environment)
}

/// The tests of browser storage and the like, run inside Chromium by wasm-bindgen's runner.
fn wasm() -> Outcome {
    let Browser { chromium, driver } = tools::browser()?;
    let capabilities = sh::target().join("webdriver.json");
    let arguments = [
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "no-first-run",
    ];
    let text = format!(
        "{{\"goog:chromeOptions\": {{\"binary\": {:?}, \"args\": {arguments:?}}}}}\n",
        chromium.to_string_lossy()
    );
    sh::write(&capabilities, text.as_bytes())?;
    let mut command = sh::command(
        "cargo",
        &[
            "test",
            "--locked",
            "--no-fail-fast",
            "-p",
            "frontend",
            "--target",
            "wasm32-unknown-unknown",
            "--lib",
        ],
    );
    command
        .args(targets(&sh::root().join("frontend/tests"), |_| true))
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
        // Seconds for one whole run; the default of 20 is too short for a loaded machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        // Seconds until the driver listens; 5 are too few while a disk is busy.
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    // The runner would take the driver of another browser first.
    sh::run(command.env_remove("GECKODRIVER").env_remove("SAFARIDRIVER"))
}

/// The npm packages of the tests, where there are any.
fn packages() -> Outcome {
    let folder = sh::root().join("tests");
    if !folder.join("package.json").is_file() {
        return Ok(());
    }
    let how = if folder.join("package-lock.json").is_file() { "ci" } else { "install" };
    sh::run(sh::command("npm", &[how, "--no-audit", "--no-fund"]).current_dir(folder))
}

/// `--test NAME` for every test target in a folder: a file, or a folder with a `main.rs`.
fn targets(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_file = path.extension().is_some_and(|extension| extension == "rs");
        if let Some(name) = path.file_stem().and_then(|stem| stem.to_str())
            && (is_file || path.join("main.rs").is_file())
            && wanted(name)
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    names.into_iter().flat_map(|name| ["--test".to_owned(), name]).collect()
}

/// Always over the whole workspace, so that no step resolves features anew and compiles dependencies again.
fn cargo_test<A: AsRef<str>>(arguments: &[A], environment: &[(&str, &str)]) -> Outcome {
    let mut command = sh::command("cargo", &["test", "--locked", "--no-fail-fast", "--workspace"]);
    command.args(arguments.iter().map(AsRef::as_ref)).envs(environment.iter().copied());
    let program = format!("signalbox{}", std::env::consts::EXE_SUFFIX);
    sh::run(command.env("SIGNALBOX_BIN", sh::target().join("debug").join(program)))
}
