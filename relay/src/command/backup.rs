//! `signalbox backup`: one folder with the database as it is at one instant and the customers' files, also while a relay runs.
//!
//! A database on a server is saved in the form of a file too, so that a backup of either can be restored to both. The
//! folder is written under another name, synced and then renamed: one that is there is whole. The key of the secrets
//! is not in it, so that whoever finds a backup reads no access token.

use super::{Configured, Fault, workspace};
use crate::config::Settings;
use crate::durable::{private_folder, sync_folder, sync_folder_of};
use crate::log::file::{self, About};
use crate::log::transfer;
use crate::utc;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::time::Timestamp;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// The database in the folder.
pub const DATABASE: &str = "signalbox.sqlite";
/// The customers' files in the folder.
pub const BLOBS: &str = "blobs";
/// What the folder says about itself.
pub const ABOUT: &str = "backup.json";

/// What to back up, and where to.
#[derive(clap::Args)]
pub struct BackupArguments {
    /// The folder to make; there must be none.
    folder: PathBuf,
    #[command(flatten)]
    configured: Configured,
}

/// What a backup says about itself.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the program that took it.
    pub program: String,
    /// The newest migration of the database.
    pub version: i64,
    /// When it was taken, in milliseconds since 1970.
    pub taken_at: Timestamp,
    /// When the newest thing in it happened.
    pub newest_at: Option<Timestamp>,
    /// How many events it holds.
    pub events: i64,
    /// How many files of customers it holds.
    pub files: u64,
    /// SHA-256 of the database, in hexadecimal.
    pub sha256: String,
}

/// Takes a backup.
///
/// # Errors
/// When there is no database, the folder exists, or the disk is full; nothing is left behind then.
pub async fn run(arguments: BackupArguments) -> Result<(), Fault> {
    let settings = arguments.configured.settings()?;
    workspace::existing(&settings)?;
    let folder = &arguments.folder;
    if folder.exists() {
        return Err(format!("{} exists already: name a folder that is to be made", folder.display()).into());
    }
    let unfinished = folder.with_added_extension("unfinished");
    // What an earlier backup left that was broken off; mostly there is none.
    let _ = std::fs::remove_dir_all(&unfinished);
    let taken = take(&settings, &unfinished).await;
    let manifest = match taken {
        Ok(manifest) => manifest,
        Err(error) => {
            // What could not be finished is of no use; it may not have been begun.
            let _ = std::fs::remove_dir_all(&unfinished);
            return Err(error);
        }
    };
    std::fs::rename(&unfinished, folder)?;
    sync_folder_of(folder)?;
    println!("Backup: {}", folder.display());
    println!("Events: {}, files: {}", manifest.events, manifest.files);
    if let Some(at) = manifest.newest_at {
        println!("Newest: {}", utc::words(at));
    }
    println!(
        "The key of the secrets ({}) is not in it: keep a copy of that elsewhere.",
        settings.key_file().display()
    );
    Ok(())
}

/// Writes everything into this folder and syncs it. The database first: whatever file it names exists by then.
async fn take(settings: &Settings, to: &Path) -> Result<Manifest, Fault> {
    private_folder(to).map_err(|error| format!("{} cannot be made: {error}", to.display()))?;
    let copy = to.join(DATABASE);
    let saved = match &settings.database {
        Some(address) => transfer::save(address.reveal(), &copy).await,
        None => file::copy(&workspace::database(settings), &copy).await,
    };
    saved.map_err(|error| workspace::told(error, &workspace::name(settings)))?;
    let about = About::read(&copy).await?;
    let blobs = workspace::blobs(settings);
    let files = if blobs.exists() { copy_files(&blobs, &to.join(BLOBS))? } else { 0 };
    let manifest = Manifest {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        version: about.version,
        taken_at: crate::clock::Clock::system().now(),
        newest_at: about.newest_at,
        events: about.events,
        files,
        sha256: digest(&copy)?,
    };
    let path = to.join(ABOUT);
    std::fs::write(&path, serde_json::to_vec_pretty(&manifest)?)?;
    File::open(&path)?.sync_all()?;
    sync_folder(to)?;
    Ok(manifest)
}

/// Copies what is in a folder and is not there yet, and syncs it; returns how many files there are. One that vanishes
/// meanwhile was erased.
pub fn copy_files(from: &Path, to: &Path) -> Result<u64, Fault> {
    std::fs::create_dir_all(to)?;
    let mut files = 0;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            files += copy_files(&entry.path(), &place)?;
            continue;
        }
        if !place.exists() {
            match std::fs::copy(entry.path(), &place) {
                Ok(_) => File::open(&place)?.sync_all()?,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => {
                    return Err(format!("{} cannot be copied: {error}", entry.path().display()).into());
                }
            }
        }
        files += 1;
    }
    sync_folder(to)?;
    Ok(files)
}

/// SHA-256 of a file, in hexadecimal.
pub fn digest(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let (mut hash, mut part) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut part)?;
        let Some(bytes) = part.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hash.update(bytes);
    }
    Ok(hex::encode(hash.finalize()))
}
