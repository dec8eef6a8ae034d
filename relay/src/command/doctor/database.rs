//! The database and its secrets: there, whole, of this version, synced, opened by the keys at hand; reads alone.

use super::report::Report;
use crate::clock::Clock;
use crate::command::workspace;
use crate::config::Settings;
use crate::log::file::{self, About, Held};
use crate::log::wal::Found;
use crate::log::{Log, LogError};
use crate::seal::{KeyFileError, Place};
use crate::utc;
use shared::time::Span;
use std::path::Path;

/// 1 min: so far a clock may have been set back without a word.
const BACK: Span = Span::minutes(1);

/// Whether another process, a relay, holds the database.
pub async fn held(settings: &Settings, report: &mut Report) -> bool {
    let (held, next) = match &settings.database {
        Some(address) => (Log::taken(address.reveal()).await, SERVER),
        None => (
            Held::elsewhere(&workspace::database(settings)),
            "give the data folder to the user that runs the relay",
        ),
    };
    match held {
        Ok(true) => {
            report.good("relay", "running on this database");
            true
        }
        Ok(false) => {
            report.good("relay", "not running");
            false
        }
        Err(error) => {
            report.bad("relay", &error.to_string(), next);
            false
        }
    }
}

/// What to do when a server cannot be used.
const SERVER: &str = "start the server, and mend its settings or the address in `database`";

/// What to do when a file cannot be read.
const RESTORE: &str = "stop the relay, keep the files, and run `signalbox restore` with the newest backup";

/// Looks at the database; the log when everything in it can be read.
pub async fn look(settings: &Settings, report: &mut Report) -> Option<Log> {
    let path = workspace::database(settings);
    if settings.database.is_none() && !whole(&path, report).await {
        return None;
    }
    let about = match &settings.database {
        Some(address) => Log::about(address.reveal()).await,
        None => About::read(&path).await,
    };
    let about = match about {
        Ok(about) => about,
        Err(error) => {
            let next = match &error {
                LogError::Newer(_) => "run the version of signalbox that wrote it",
                LogError::Unreadable(_) => {
                    "start `signalbox serve`, which makes what is missing, or restore a backup"
                }
                _ if settings.database.is_some() => SERVER,
                _ => RESTORE,
            };
            report.bad("database", &error.to_string(), next);
            return None;
        }
    };
    if !about.pending.is_empty() {
        let what = format!("of version {}, which is older than this program", about.version);
        report.look("database", &what, "run `signalbox migrate`, or start the relay, which does the same");
        return None;
    }
    report.good("database", &format!("version {}, {} events", about.version, about.events));
    let now = Clock::system().now();
    if let Some(at) = about.newest_at.filter(|at| *at > now.plus(BACK)) {
        let what = format!("it is before the newest event, which is of {}", utc::words(at));
        report.bad("clock", &what, "set the system's clock");
    }
    let log = match &settings.database {
        Some(address) => Log::look_at(address.reveal()).await,
        None => Log::look(&path).await,
    };
    let log = match log {
        Ok(log) => log,
        Err(error) => {
            report.bad("database", &error.to_string(), RESTORE);
            return None;
        }
    };
    match log.is_durable().await {
        Ok(()) => report.good("durability", "every commit is synced"),
        Err(error) => {
            let next = "put the data folder on a local disk; network folders cannot keep a write-ahead log";
            report.bad("durability", &error.to_string(), next);
        }
    }
    secrets(log, &Place::find(settings.key_file()), report).await
}

/// Whether there is a file and nothing in it is damaged.
async fn whole(path: &Path, report: &mut Report) -> bool {
    if !path.exists() {
        let next = "start `signalbox serve`, which makes one, or run `signalbox restore`";
        report.bad("database", &format!("there is none at {}", path.display()), next);
        return false;
    }
    if !log_whole(path, report) {
        return false;
    }
    let found = file::check(path).await;
    let pages = file::damaged(path);
    let damaged = |what: &str| match pages.as_slice() {
        [] => format!("damaged: {what}"),
        pages => format!("damaged at the pages {pages:?}, counted from 1: {what}"),
    };
    match found {
        Ok(found) if found.is_empty() => {
            sums(path, report);
            true
        }
        Ok(found) => {
            report.bad("database", &damaged(&found.join("; ")), RESTORE);
            false
        }
        Err(error @ LogError::Damaged(_)) => {
            report.bad("database", &damaged(&error.to_string()), RESTORE);
            false
        }
        Err(error) => {
            report.bad("database", &error.to_string(), RESTORE);
            false
        }
    }
}

/// Whether the write-ahead log of a relay that does not run is whole: what recovery would pass over is lost in silence.
fn log_whole(path: &Path, report: &mut Report) -> bool {
    match file::log_beside(path) {
        Ok(Found::Whole) => return true,
        Ok(Found::Flipped { frame, .. }) => {
            let what = format!("a bit of frame {frame} is flipped");
            report.bad("write-ahead log", &what, "look at the disk, and start the relay, which mends it");
        }
        Ok(Found::Broken { frame }) => {
            let what = format!("damaged at frame {frame}; what was saved after it cannot be reached");
            report.bad("write-ahead log", &what, RESTORE);
        }
        Err(error) => report.bad("write-ahead log", &error.to_string(), RESTORE),
    }
    false
}

/// Whether damage would be noticed in a file that is whole.
fn sums(path: &Path, report: &mut Report) {
    match file::is_summed(path) {
        Ok(true) => report.good("database", "whole, every page with its checksum"),
        Ok(false) => {
            report.good("database", "whole");
            let next = "start the relay or run `signalbox migrate`, while nothing else reads the database";
            report.look("checksums", "the pages of the database carry none yet", next);
        }
        Err(error) => report.bad("database", &error.to_string(), RESTORE),
    }
}

async fn secrets(log: Log, place: &Place, report: &mut Report) -> Option<Log> {
    let sealing = match log.sealing_keys().await {
        Ok(sealing) => sealing,
        Err(error) => {
            report.bad("secrets", &error.to_string(), "restore a backup");
            return None;
        }
    };
    if sealing.contains_key("") {
        report.look("secrets", "some are not sealed yet", "start the relay, which seals them");
    }
    let keys = match place.read() {
        Ok(keys) => keys,
        Err(KeyFileError::Missing(_)) if sealing.keys().all(String::is_empty) => return Some(log),
        Err(error) => {
            report.bad("key of the secrets", &error.to_string(), "see above; without it no account works");
            return Some(log);
        }
    };
    let log = log.with_keys(keys);
    match log.closed_secrets().await {
        Ok(closed) if closed.is_empty() => report.good("secrets", "all open"),
        Ok(closed) => {
            for (_, error) in closed {
                let next = format!(
                    "put the right key into {place}, or run `signalbox secrets forget` and enter it anew"
                );
                report.bad("secrets", &error.to_string(), &next);
            }
        }
        Err(error) => report.bad("secrets", &error.to_string(), "restore a backup"),
    }
    Some(log)
}
