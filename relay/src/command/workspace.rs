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
    settings.data.join("blobs")
}

/// Opens the log of a workspace, and makes both when there is none.
///
/// # Errors
/// When the folder cannot be made or the log cannot be opened.
pub async fn open(settings: &Settings) -> Result<Log, Fault> {
    make(&settings.data)?;
    let path = database(settings);
    Log::open(&path).await.map_err(|error| told(error, &path))
}

/// Makes the data folder.
///
/// # Errors
/// When it cannot be made.
pub fn make(data: &Path) -> Result<(), Fault> {
    private_folder(data).map_err(|error| format!("{} cannot be made: {error}", data.display()).into())
}

/// The database that must be there.
///
/// # Errors
/// When it is not.
pub fn existing(settings: &Settings) -> Result<PathBuf, Fault> {
    let path = database(settings);
    if path.exists() {
        Ok(path)
    } else {
        Err(format!(
            "there is no database at {}: name the workspace with --config, or with SIGNALBOX_DATA",
            path.display()
        )
        .into())
    }
}

/// What an error of the log means for whoever typed the command.
#[must_use]
pub fn told(error: LogError, path: &Path) -> Fault {
    match error {
        LogError::InUse => format!(
            "another process is using {}: stop the relay first; while it runs, its API does the same",
            path.display()
        )
        .into(),
        other => format!("{}: {other}", path.display()).into(),
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
