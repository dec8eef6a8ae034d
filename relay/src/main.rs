//! The `signalbox` binary: reads what the command line asks for and has it done; holds no other logic.

mod channels;
mod clock;
mod command;
mod config;
mod delivery;
#[cfg(feature = "demo")]
mod demo;
mod desk;
mod durable;
mod engine;
mod figures;
mod health;
mod http;
mod ingest;
mod log;
mod logging;
mod media;
mod metrics;
mod seal;
mod start;
mod utc;

use clap::{Parser, Subcommand};
use command::{Configured, Fault, Tool};
use std::process::ExitCode;

/// Messages are many small pieces, made by one thread and let go by another, for which it takes less time than the
/// system's allocator; and a desk that looks on takes a fifth less memory with it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The open desk for customers on Messenger, WhatsApp, Viber and Instagram.
#[derive(Parser)]
#[command(name = "signalbox", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a workspace.
    Serve(Configured),
    /// Serve a demo workspace with a simulator of the four providers, on this machine alone.
    #[cfg(feature = "demo")]
    Demo(start::DemoArguments),
    #[command(flatten)]
    Tool(Tool),
}

#[tokio::main]
async fn main() -> ExitCode {
    #[cfg(feature = "faults")]
    if let Ok(name) = std::env::var("SIGNALBOX_FAULT") {
        shared::fault::switch_on(&name);
    }
    let done: Result<ExitCode, Fault> = match Arguments::parse().command {
        Command::Serve(configured) => start::serve(&configured).await.map(|()| ExitCode::SUCCESS),
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => start::demo(arguments).await.map(|()| ExitCode::SUCCESS),
        Command::Tool(tool) => tool.run().await,
    };
    done.unwrap_or_else(|error| {
        eprintln!("signalbox: {error}");
        ExitCode::FAILURE
    })
}
