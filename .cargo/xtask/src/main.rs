//! The one tool of the workspace: builds, checks, tests and starts Signalbox; holds no rule of the product.

mod arrange;
mod bench;
mod calls;
mod css;
mod desk;
mod dist;
mod function;
mod lint;
mod module;
mod run;
mod sh;
mod size;
mod step;
mod test;
mod tools;
mod words;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  run [args]         build desk, admin and relay, then start `signalbox demo` with these arguments
                     (data is kept in target/demo-data unless --data names a folder)
  test [--full]      format, lints, licences, desk build, size budget and every test; --full: ten times the
                     rounds of the property tests, all rounds of the invariants, and the seeded bugs
  build [--release]  desk and admin, then the relay; --release embeds them: target/release/signalbox is all
  lint               format, lints of host and browser code, licences and sources of dependencies
  dev [args]         the demo's relay on 8080 and the desk by Trunk on 8082, desk and admin rebuilt on every change
  bench relay        the relay's release beside what its parts could do alone, as ratios; about five minutes,
                     --quick for a look whether it runs, L5 (for one) for the lines measured with that one
  bench desk         the desk beside an equivalent page made of a kit for React, in Chromium, as ratios; about
                     eight minutes, --quick and D5 (for one) as above
  help               this text

Tools that are missing (trunk, wasm-bindgen, cargo-deny) are installed into ~/.cache/signalbox/tools;
SIGNALBOX_TOOLS names another folder. The first `test` or `run` therefore takes some minutes more.";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    match dispatch(&command, &rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, rest: &[String]) -> sh::Outcome {
    match command {
        "run" => run::run(rest),
        "dev" => run::dev(rest),
        "test" => test::test(flag(command, rest, "--full")?),
        "build" => desk::build_all(flag(command, rest, "--release")?),
        "lint" => {
            none(command, rest)?;
            lint::lint()
        }
        "bench" => bench::bench(rest),
        // Called by Trunk's post_build hook, see Trunk.toml.
        "finish-dist" => dist::finish_from_hook(),
        "" | "help" | "-h" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no command `{other}`\n\n{HELP}")),
    }
}

/// True when the only argument is `name`, false without arguments, an error otherwise.
fn flag(command: &str, rest: &[String], name: &str) -> Result<bool, String> {
    match rest {
        [] => Ok(false),
        [only] if only == name => Ok(true),
        _ => Err(format!("`{command}` takes {name} and nothing else, not `{}`", rest.join(" "))),
    }
}

fn none(command: &str, rest: &[String]) -> sh::Outcome {
    if rest.is_empty() { Ok(()) } else { Err(format!("`{command}` takes no arguments")) }
}
