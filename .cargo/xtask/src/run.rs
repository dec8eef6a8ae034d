//! Starts the demo: once for a look (`run`), or with the desk rebuilt on every change (`dev`).

use crate::sh::{self, Outcome};
use crate::{desk, tools};
use std::process::Command;

/// `run`: the built desk behind the relay on 8080, the customers' phones on 8081, their files on 8083.
pub fn run(arguments: &[String]) -> Outcome {
    tools::desk()?;
    desk::build()?;
    desk::relay(false)?;
    become_program(&mut demo(arguments))
}

/// `dev`: the same demo, Trunk on 8082 with the desk, passing /api and /admin on to it, and another Trunk that builds the
/// admin for the relay to serve.
pub fn dev(arguments: &[String]) -> Outcome {
    tools::desk()?;
    desk::fetch()?;
    desk::relay(false)?;
    let relay = demo(arguments).spawn().map_err(|error| format!("cannot start the relay: {error}"))?;
    let admin = desk::trunk(&["watch"]).args(desk::ADMIN).spawn();
    if let Err(error) = &admin {
        println!("The admin is not built anew: {error}");
    }
    println!("The desk is at http://127.0.0.1:8082 as soon as Trunk has built it, the admin under /admin/.");
    // An absolute base, because no relay rewrites it here and deep links must reload.
    let served = sh::run(&mut desk::trunk(&["serve", "--public-url", "/"]));
    for mut child in [Ok(relay), admin].into_iter().flatten() {
        let stopped = child.kill().and_then(|()| child.wait());
        stopped.map_err(|error| format!("a program could not be stopped: {error}"))?;
    }
    served
}

/// `signalbox demo`, with a data folder that is kept between runs unless the caller names one.
fn demo(arguments: &[String]) -> Command {
    let program = sh::target().join("debug/signalbox");
    let mut command = Command::new(program);
    command.current_dir(sh::root()).arg("demo").args(arguments);
    let named = arguments.iter().any(|argument| argument == "--data" || argument.starts_with("--data="));
    if !named {
        let data = sh::target().join("demo-data");
        println!("Data is kept in {}; delete that folder to start anew.", data.display());
        command.arg("--data").arg(data);
    }
    command
}

/// Replaces this process, so that signals and the exit code are the demo's own.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    Err(format!("cannot start the relay: {}", command.exec()))
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Outcome {
    sh::run(command)
}
