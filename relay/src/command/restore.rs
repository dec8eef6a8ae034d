//! `signalbox restore`: puts a backup in the place of a workspace's database, after checking it; says what is lost since.

use super::backup::{ABOUT, BLOBS, DATABASE, Manifest, copy_files, digest};
use super::{Configured, Fault, workspace};
use crate::clock::Clock;
use crate::config::Settings;
use crate::durable::sync_folder_of;
use crate::log::LogError;
use crate::log::file::{self, About, Anew, Held};
use crate::log::transfer;
use crate::utc;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What to restore.
#[derive(clap::Args)]
pub struct RestoreArguments {
    /// The folder that `signalbox backup` made, or a single database file.
    folder: PathBuf,
    /// Put it in the place of a database that is there; that one is kept under another name.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    configured: Configured,
}

/// Restores a backup.
///
/// # Errors
/// When a relay holds the database, one is there and `--force` was not given, or the backup is damaged or newer than this
/// program; the workspace is as it was then.
pub async fn run(arguments: RestoreArguments) -> Result<(), Fault> {
    let settings = arguments.configured.settings()?;
    let source = Source::find(&arguments.folder)?;
    source.check().await?;
    workspace::make(&settings.data)?;
    let restored = match &settings.database {
        Some(address) => to_server(&settings, address.reveal(), &source, arguments.force).await?,
        None => to_file(&settings, &source, arguments.force).await?,
    };
    println!("Restored: {}", workspace::name(&settings));
    if let Some(kept) = restored.kept {
        println!("The database that was there: {kept}");
    }
    match restored.about.newest_at {
        Some(at) => println!("Newest event: {}. Whatever happened after it is lost.", utc::words(at)),
        None => println!("It holds no event."),
    }
    println!("Messages that may have been sent since and become unknown: {}", restored.anew.uncertain);
    println!(
        "Sessions ended: {}. Everybody logs in again; every desk fetches everything anew.",
        restored.anew.sessions
    );
    Ok(())
}

/// What came of it.
struct Restored {
    /// Where that is which was there before.
    kept: Option<String>,
    about: About,
    anew: Anew,
}

/// Puts a backup in the place of the file in the data folder.
async fn to_file(settings: &Settings, source: &Source, force: bool) -> Result<Restored, Fault> {
    let database = workspace::database(settings);
    let held = Held::take(&database).map_err(|error| workspace::told(error, &workspace::name(settings)))?;
    if database.exists() && !force {
        return Err(occupied(&database.display().to_string()));
    }
    let (fresh, anew) = prepare(&database, source).await?;
    if let Some(blobs) = &source.blobs {
        copy_files(blobs, &workspace::blobs(settings))?;
    }
    let kept = set_aside(&database)?;
    std::fs::rename(&fresh, &database)?;
    sync_folder_of(&database)?;
    drop(held);
    let kept = kept.map(|kept| kept.display().to_string());
    Ok(Restored { kept, about: About::read(&database).await?, anew })
}

/// Puts a backup in the place of the tables on a server, all of it or nothing.
async fn to_server(
    settings: &Settings,
    address: &str,
    source: &Source,
    force: bool,
) -> Result<Restored, Fault> {
    let name = workspace::name(settings);
    let (fresh, anew) = prepare(&workspace::database(settings), source).await?;
    if let Some(blobs) = &source.blobs {
        copy_files(blobs, &workspace::blobs(settings))?;
    }
    let aside = format!("before_restore_{}", utc::compact(Clock::system().now()).to_lowercase());
    let put = transfer::put(&fresh, address, Some(aside.as_str()).filter(|_| force)).await;
    let about = About::read(&fresh).await;
    // It was only on its way; what is left of it is in the way of the next restore.
    remove(&fresh)?;
    let was_there = put.map_err(|error| match error {
        LogError::Occupied => occupied(&name),
        other => workspace::told(other, &name),
    })?;
    let kept = was_there.then(|| format!("its tables are in the schema {aside}"));
    Ok(Restored { kept, about: about?, anew })
}

fn occupied(name: &str) -> Fault {
    let sentence = "exists already: --force puts the backup in its place and keeps it under another name";
    format!("{name} {sentence}").into()
}

/// Copies a backup beside the database's place and begins the copy anew.
async fn prepare(database: &Path, source: &Source) -> Result<(PathBuf, Anew), Fault> {
    let fresh = database.with_added_extension("restoring");
    remove(&fresh)?;
    std::fs::copy(&source.database, &fresh)
        .map_err(|error| format!("the backup cannot be copied to {}: {error}", fresh.display()))?;
    let anew = file::begin_anew(&fresh).await?;
    File::open(&fresh)?.sync_all()?;
    Ok((fresh, anew))
}

/// A backup as it lies there.
struct Source {
    database: PathBuf,
    blobs: Option<PathBuf>,
    manifest: Option<Manifest>,
}

impl Source {
    fn find(place: &Path) -> Result<Self, Fault> {
        if place.is_file() {
            return Ok(Self { database: place.to_owned(), blobs: None, manifest: None });
        }
        let about = place.join(ABOUT);
        let text = std::fs::read(&about)
            .map_err(|error| format!("{} is no backup: {ABOUT} cannot be read: {error}", place.display()))?;
        let manifest: Manifest = serde_json::from_slice(&text)
            .map_err(|error| format!("{} cannot be understood: {error}", about.display()))?;
        let blobs = Some(place.join(BLOBS)).filter(|blobs| blobs.exists());
        Ok(Self { database: place.join(DATABASE), blobs, manifest: Some(manifest) })
    }

    /// Whether it is whole and can be understood; a flipped bit anywhere in the database is found by its digest.
    async fn check(&self) -> Result<(), Fault> {
        let name = self.database.display();
        let sum = digest(&self.database).map_err(|error| format!("{name} cannot be read: {error}"))?;
        if self.manifest.as_ref().is_some_and(|manifest| manifest.sha256 != sum) {
            return Err(format!("{name} was changed since the backup was taken: take another backup").into());
        }
        let damaged = |error| format!("{name} is damaged or no database of Signalbox: {error}");
        let found = file::check(&self.database).await.map_err(damaged)?;
        if let Some(first) = found.first() {
            return Err(format!("{name} is damaged: {first}").into());
        }
        About::read(&self.database).await.map_err(damaged)?;
        Ok(())
    }
}

/// Moves a database out of the way, its write-ahead log first: beside a new database it would be read as that one's.
fn set_aside(database: &Path) -> Result<Option<PathBuf>, Fault> {
    if !database.exists() {
        return Ok(None);
    }
    let kept =
        database.with_added_extension(format!("before-restore-{}", utc::compact(Clock::system().now())));
    for part in ["-wal", "-shm", ""] {
        let named = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(part);
            PathBuf::from(name)
        };
        match std::fs::rename(named(database), named(&kept)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(format!("{} cannot be moved: {error}", named(database).display()).into());
            }
        }
    }
    sync_folder_of(database)?;
    Ok(Some(kept))
}

/// Removes what an earlier restore left behind that was broken off.
fn remove(path: &Path) -> Result<(), Fault> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("{} cannot be removed: {error}", path.display()).into())
        }
        _ => Ok(()),
    }
}
