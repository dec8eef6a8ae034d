//! Folders for the owner alone, and names of files that survive a loss of power; knows nothing of what is in them.

use std::fs::{DirBuilder, File};
use std::path::Path;

/// Makes a folder, and those above it, that nobody but its owner may look into; one that is there stays as it is.
///
/// # Errors
/// What the system says.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Syncs the folder in which this file lies: a rename is on the disk only then.
///
/// # Errors
/// What the system says.
pub fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    sync_folder(folder.unwrap_or_else(|| Path::new(".")))
}

/// Syncs a folder's own entries.
///
/// # Errors
/// What the system says.
pub fn sync_folder(folder: &Path) -> std::io::Result<()> {
    // Only Unix opens folders as files; elsewhere the file system keeps names by itself.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
