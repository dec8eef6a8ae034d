//! Where the keys come from: the environment, or a file that its owner alone may read and that is made at the first start.

use super::key::Key;
use super::keyring::Keyring;
use crate::durable::sync_folder_of;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The environment's name for the keys themselves, separated by commas; the first seals.
const VARIABLE: &str = "SIGNALBOX_SECRET_KEY";

/// What the file says about itself.
const HEADING: &str = "# Signalbox: keys of the secrets in the database, one a line; the first seals, the others still open.\n\
                       # Whoever has this file and the database can read every access token: keep it apart from backups.\n";

/// Where the keys of a workspace are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// In the environment.
    #[default]
    Environment,
    /// In this file.
    File(PathBuf),
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// A line is no key. It is not repeated here: it may be a mistyped one.
    #[error("{0} holds a line that is no key: a key is 64 hexadecimal digits")]
    Malformed(String),
    /// There is no file.
    #[error("{} is missing: put the key file back from where you keep it", .0.display())]
    Missing(PathBuf),
    /// The file could not be read or written.
    #[error("the key file {} cannot be used: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The keys are in the environment, where only the operator can change them.
    #[error(
        "the keys are in {VARIABLE}: put a new one before the others there (64 hexadecimal digits, as \
         `openssl rand -hex 32` makes them), separated by a comma, and run this again"
    )]
    InEnvironment,
    /// The system has no randomness.
    #[error("the system has no randomness for a new key")]
    NoRandomness,
}

impl Place {
    /// The environment when it holds keys, else this file.
    #[must_use]
    pub fn find(file: PathBuf) -> Self {
        if std::env::var_os(VARIABLE).is_some_and(|keys| !keys.is_empty()) {
            Self::Environment
        } else {
            Self::File(file)
        }
    }

    /// Reads the keys.
    ///
    /// # Errors
    /// [`KeyFileError::Missing`] when there is no file, and whatever is wrong with what is there.
    pub fn read(&self) -> Result<Keyring, KeyFileError> {
        match self {
            Self::Environment => {
                let text = Zeroizing::new(std::env::var(VARIABLE).unwrap_or_default());
                self.keys_of(text.split(','))
            }
            Self::File(path) => {
                let text = std::fs::read_to_string(path).map(Zeroizing::new);
                let text = text.map_err(|error| match error.kind() {
                    ErrorKind::NotFound => KeyFileError::Missing(path.clone()),
                    _ => io(path, error),
                })?;
                let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
                self.keys_of(lines)
            }
        }
    }

    /// Makes the first key where there is no file yet; true when it did.
    ///
    /// # Errors
    /// When the file cannot be written, or the system has no randomness.
    pub fn make(&self) -> Result<bool, KeyFileError> {
        let Self::File(path) = self else { return Ok(false) };
        if path.exists() {
            return Ok(false);
        }
        let key = Key::fresh().ok_or(KeyFileError::NoRandomness)?;
        self.write(&[key.digits()])?;
        Ok(true)
    }

    /// Writes a file beside it and puts it in its place, so that a crash leaves either the old or the new keys.
    pub(super) fn write(&self, digits: &[Zeroizing<String>]) -> Result<(), KeyFileError> {
        let Self::File(path) = self else { return Err(KeyFileError::InEnvironment) };
        let fresh = path.with_added_extension("new");
        let written = || {
            let mut file = private(&fresh)?;
            file.write_all(HEADING.as_bytes())?;
            for line in digits {
                file.write_all(line.as_bytes())?;
                file.write_all(b"\n")?;
            }
            file.sync_all()?;
            std::fs::rename(&fresh, path)?;
            sync_folder_of(path)
        };
        written().map_err(|error| io(path, error))
    }

    fn keys_of<'a>(&self, lines: impl Iterator<Item = &'a str>) -> Result<Keyring, KeyFileError> {
        let lines = lines.map(str::trim).filter(|line| !line.is_empty());
        let keys: Option<Vec<Key>> = lines.map(Key::parse).collect();
        let keys = keys.filter(|keys| !keys.is_empty());
        let malformed = || KeyFileError::Malformed(self.to_string());
        Ok(Keyring::of(keys.ok_or_else(malformed)?, self.clone()))
    }

    /// Whether others than the owner may read the file.
    #[must_use]
    pub fn is_open_to_others(&self) -> bool {
        #[cfg(unix)]
        if let Self::File(path) = self {
            use std::os::unix::fs::PermissionsExt;
            return std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
        }
        false
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment => out.write_str(VARIABLE),
            Self::File(path) => path.display().fmt(out),
        }
    }
}

/// A new file that nobody but its owner may read.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn io(path: &Path, error: std::io::Error) -> KeyFileError {
    KeyFileError::Io { path: path.to_owned(), error }
}
