//! Opening a workspace for a command: its files, its log, its engine; says plainly when a relay holds it.

use super::Fault;
use crate::clock::Clock;
use crate::config::Settings;
use crate::durable::private_folder;
use crate::engine::Engine;
use crate::log::{Log, LogError};
use std::path::{Path, PathBuf};

/// The database's file in the data folder.
#[must_use]
pub fn database(settings: &Settings) -> PathBuf {
    settings.data.join("signalbox.sqlite")
}

/// The folder of customers' files in the data folder; it need not be there.
#[must_use]
pub fn blobs(settings: &Settings) -> PathBuf {
    settings.data.join("files")
}

/// Opens the log of a workspace, in its file or on its server, and makes whatever there is not.
///
/// # Errors
/// When the folder cannot be made or the log cannot be opened.
pub async fn open(settings: &Settings) -> Result<Log, Fault> {
    make(&settings.data)?;
    let opened = match &settings.database {
        Some(address) => Log::connect(address.reveal()).await,
        None => Log::open(&database(settings)).await,
    };
    opened.map_err(|error| told(error, &name(settings)))
}

/// What a person calls the database; the address of a server may hold a password and is not shown.
#[must_use]
pub fn name(settings: &Settings) -> String {
    match &settings.database {
        Some(_) => "the PostgreSQL database".to_owned(),
        None => database(settings).display().to_string(),
    }
}

/// Makes the data folder.
///
/// # Errors
/// When it cannot be made.
pub fn make(data: &Path) -> Result<(), Fault> {
    private_folder(data).map_err(|error| format!("{} cannot be made: {error}", data.display()).into())
}

/// The database must be there; one on a server shows itself when it is opened.
///
/// # Errors
/// When there is no file.
pub fn existing(settings: &Settings) -> Result<(), Fault> {
    let path = database(settings);
    if settings.database.is_some() || path.exists() {
        return Ok(());
    }
    let next = "name the workspace with --config, or with SIGNALBOX_DATA";
    Err(format!("there is no database at {}: {next}", path.display()).into())
}

/// What an error of the log means for whoever typed the command.
#[must_use]
pub fn told(error: LogError, name: &str) -> Fault {
    match error {
        LogError::InUse => format!(
            "another process is using {name}: stop the relay first; while it runs, its API does the same"
        )
        .into(),
        other => format!("{name}: {other}").into(),
    }
}

/// Lets `act` change a workspace that no relay is serving, through the engine, and closes it again.
///
/// # Errors
/// When the workspace cannot be opened, or what `act` says.
pub async fn change<T>(
    settings: &Settings,
    act: impl AsyncFnOnce(&Engine) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let log = open(settings).await?;
    let engine = Engine::start(log.clone(), Clock::system()).await?;
    let done = act(&engine).await;
    engine.stop().await;
    log.close().await;
    done
}
