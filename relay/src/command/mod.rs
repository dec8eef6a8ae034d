//! What the command line can ask for, one file each; reading its words is main's, serving is the start's.

pub mod backup;
pub mod doctor;
pub mod migrate;
pub mod password;
pub mod restore;
pub mod secrets;
pub mod user;
pub mod workspace;

use crate::config::{LogFormat, Settings};
use crate::logging;
use std::path::PathBuf;
use std::process::ExitCode;

/// Whatever keeps a command from being done, said to the person at the terminal.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// What is done once, besides serving.
#[derive(clap::Subcommand)]
pub enum Tool {
    /// Bring an existing database to this version, after a copy of it was made.
    Migrate(Configured),
    /// Add people and set passwords, while no relay runs.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Name what is wrong with a workspace, and the next step.
    Doctor(doctor::DoctorArguments),
    /// Save the database and the customers' files into a folder, also while a relay runs.
    Backup(backup::BackupArguments),
    /// Put a backup in the place of the database.
    Restore(restore::RestoreArguments),
    /// Change the key of the secrets.
    #[command(subcommand)]
    Secrets(secrets::SecretsCommand),
}

impl Tool {
    /// Does it. Whoever typed it is told by its own words; the log adds only what is odd.
    ///
    /// # Errors
    /// Whatever kept it from being done.
    pub async fn run(self) -> Result<ExitCode, Fault> {
        logging::start(LogFormat::Text, "warn");
        match self {
            Self::Migrate(configured) => migrate::migrate(&configured).await?,
            Self::User(command) => user::run(command).await?,
            Self::Doctor(arguments) => return Ok(doctor::run(arguments).await),
            Self::Backup(arguments) => backup::run(arguments).await?,
            Self::Restore(arguments) => restore::run(arguments).await?,
            Self::Secrets(command) => secrets::run(command).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Where a command finds its workspace.
#[derive(Clone, clap::Args)]
pub struct Configured {
    /// The configuration, TOML; `SIGNALBOX_*` variables are laid over it.
    #[arg(long, env = "SIGNALBOX_CONFIG")]
    pub config: Option<PathBuf>,
}

impl Configured {
    /// Reads the settings.
    ///
    /// # Errors
    /// When the file cannot be read or a setting is wrong.
    pub fn settings(&self) -> Result<Settings, Fault> {
        let text = match &self.config {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| format!("{} cannot be read: {error}", path.display()))?,
            None => String::new(),
        };
        Ok(Settings::read(&text, |name| std::env::var(name).ok())?)
    }
}
