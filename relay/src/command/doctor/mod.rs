//! `signalbox doctor`: names what is wrong with a workspace and the next step; changes nothing and prints no secret.

mod accounts;
mod database;
mod network;
mod place;
mod report;

use super::Configured;
use report::Report;
use std::process::ExitCode;

/// How to look.
#[derive(clap::Args)]
pub struct DoctorArguments {
    /// Also try whether the providers can be reached from here.
    #[arg(long)]
    online: bool,
    #[command(flatten)]
    configured: Configured,
}

/// Looks at everything that can be looked at; a failure where something is wrong that keeps customers from being served.
pub async fn run(arguments: DoctorArguments) -> ExitCode {
    let mut report = Report::default();
    match arguments.configured.settings() {
        Ok(settings) => {
            report.good("configuration", "understood");
            place::look(&settings, &mut report);
            let held = database::held(&settings, &mut report).await;
            if let Some(log) = database::look(&settings, &mut report).await {
                accounts::look(&log, arguments.online, &mut report).await;
            }
            network::look(&settings, held, &mut report).await;
        }
        Err(error) => {
            report.bad("configuration", &error.to_string(), "mend the file, or name another by --config");
        }
    }
    report.print();
    if report.is_bad() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
