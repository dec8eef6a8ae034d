//! The `signalbox` binary: reads what the command line asks for and starts it; holds no other logic.

mod channels;
mod clock;
mod config;
mod delivery;
#[cfg(feature = "demo")]
mod demo;
mod desk;
mod engine;
mod health;
mod http;
mod ingest;
mod log;
mod media;
mod start;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

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
    Serve {
        /// The configuration, TOML; `SIGNALBOX_*` variables are laid over it.
        #[arg(long, env = "SIGNALBOX_CONFIG")]
        config: Option<PathBuf>,
    },
    /// Serve a demo workspace with a simulator of the four providers, on this machine alone.
    #[cfg(feature = "demo")]
    Demo(start::DemoArguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("SIGNALBOX_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match Arguments::parse().command {
        Command::Serve { config } => start::serve(config).await,
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => start::demo(arguments).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("signalbox: {error}");
            ExitCode::FAILURE
        }
    }
}
