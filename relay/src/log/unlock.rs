//! Brings keys and secrets together before anything runs; makes a key only where nothing was sealed under another.

use super::{Log, LogError, file};
use crate::seal::{KeyFileError, Place, SealError};

/// Why the secrets cannot be used; each says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// The keys cannot be read or made.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The database failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Secrets were sealed with a key that is not at hand.
    #[error(
        "{sealed} secrets in the database were sealed with the key {key}, which is not in {place}: add that key's line \
         to it and start again; where the key is lost, run `signalbox secrets forget` and enter the secrets anew"
    )]
    WrongKey {
        /// The key's id.
        key: String,
        /// How many it sealed.
        sealed: i64,
        /// Where the keys at hand are.
        place: Place,
    },
}

impl Log {
    /// The same log with the keys from their place. The first start of a workspace makes a key; rows that an older
    /// version left open are sealed. A single secret that was damaged is reported and costs its own account alone.
    ///
    /// # Errors
    /// When there are no keys, not the right ones, or the database fails.
    pub async fn unlock(self, place: &Place) -> Result<Self, UnlockError> {
        let log = self.with_keys_of(place).await?;
        let sealed = log.seal_secrets().await?;
        if sealed > 0 {
            // What lay open is gone from the file only once the write-ahead log is folded into it.
            file::fold(log.readers()).await?;
            tracing::info!(sealed, "secrets were sealed");
        }
        for (name, error) in log.closed_secrets().await? {
            tracing::error!(secret = name, %error, "a secret does not open");
        }
        Ok(log)
    }

    /// The same log with the keys from their place, which have sealed everything that is sealed; seals nothing.
    ///
    /// # Errors
    /// As [`Self::unlock`].
    pub async fn with_keys_of(self, place: &Place) -> Result<Self, UnlockError> {
        let sealing = self.sealing_keys().await?;
        if sealing.keys().all(String::is_empty) && place.make()? {
            tracing::warn!(
                %place,
                "a key for secrets was made: keep a copy of it apart from the backups of the database"
            );
        }
        let keys = place.read()?;
        let known = keys.ids();
        for (key, sealed) in sealing {
            if !key.is_empty() && !known.contains(&key) {
                return Err(UnlockError::WrongKey { key, sealed, place: place.clone() });
            }
        }
        Ok(self.with_keys(keys))
    }

    /// Forgets the secrets that do not open under the keys at hand, and returns their names.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_closed_secrets(&self) -> Result<Vec<String>, LogError> {
        let mut names = Vec::new();
        for (name, _) in self.closed_secrets().await? {
            if self.forget_secret(name.clone()).await? {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Makes a new key and seals every secret under it; the keys before it stay and still open what backups hold.
    ///
    /// # Errors
    /// When the new key cannot be kept, or the database fails.
    pub async fn rotate_secrets(&self) -> Result<u64, UnlockError> {
        self.keys.renew()?;
        Ok(self.seal_secrets().await?)
    }
}

impl From<SealError> for UnlockError {
    fn from(error: SealError) -> Self {
        Self::Log(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::UnlockError;
    use crate::log::db::query;
    use crate::log::{Log, LogError};
    use crate::seal::{Keyring, Place, SealError};
    use std::path::Path;
    use tempfile::tempdir;

    async fn open(folder: &Path) -> Log {
        crate::log::tests::open_locked(&folder.join("log.sqlite")).await.unwrap()
    }

    fn key(folder: &Path) -> Place {
        Place::File(folder.join("secret.key"))
    }

    /// Why the secrets do not open with the keys of this place.
    async fn refused(folder: &Path, place: &Place) -> UnlockError {
        let log = open(folder).await;
        let error = log.clone().unlock(place).await.err().unwrap();
        log.close().await;
        error
    }

    async fn plain(log: &Log, name: &'static str, value: &'static str) {
        log.write(move |on| {
            Box::pin(async move {
                let sql = "INSERT INTO secrets (name, value) VALUES ($1, $2)";
                query(sql).bind(name).bind(value).execute(on).await.map(drop)
            })
        })
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn what_an_older_version_left_open_is_sealed_at_the_start_and_is_nowhere_in_the_files() {
        let folder = tempdir().unwrap();
        let log = open(folder.path()).await;
        plain(&log, "app:main:secret", "left-open-by-the-old-version").await;
        let log = log.unlock(&key(folder.path())).await.unwrap();
        let opened = log.secret("app:main:secret").await.unwrap().unwrap();
        assert_eq!(opened.expose(), "left-open-by-the-old-version");
        log.save_secret("connector:1:token".into(), "entered-afterwards".to_owned()).await.unwrap();
        log.close().await;
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("left-open-by"), "the old page was overwritten");
            assert!(!text.contains("entered-afterwards"));
        }
    }

    #[tokio::test]
    async fn two_rows_in_each_others_place_and_a_flipped_bit_do_not_open_and_name_the_secret() {
        let folder = tempdir().unwrap();
        let log = open(folder.path()).await.unlock(&key(folder.path())).await.unwrap();
        for name in ["connector:1:token", "connector:2:token"] {
            log.save_secret(name.into(), format!("value of {name}")).await.unwrap();
        }
        log.write(|on| {
            Box::pin(async move {
                for sql in [
                    "UPDATE secrets SET name = 'swap' WHERE name = 'connector:1:token'",
                    "UPDATE secrets SET name = 'connector:1:token' WHERE name = 'connector:2:token'",
                    "UPDATE secrets SET name = 'connector:2:token' WHERE name = 'swap'",
                ] {
                    query(sql).execute(&mut *on).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
        for name in ["connector:1:token", "connector:2:token"] {
            let error = log.secret(name).await.err().unwrap();
            assert!(matches!(&error, LogError::Secret(SealError::Broken { name: named }) if named == name));
            assert!(!error.to_string().contains("value of"));
        }
        let names: Vec<String> =
            log.closed_secrets().await.unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["connector:1:token", "connector:2:token"]);
        assert_eq!(log.forget_closed_secrets().await.unwrap(), names);
        assert!(log.secret("connector:1:token").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn the_wrong_key_says_so_at_the_start_and_a_lost_key_file_is_not_made_anew() {
        let folder = tempdir().unwrap();
        let log = open(folder.path()).await.unlock(&key(folder.path())).await.unwrap();
        log.save_secret("app:main:secret".into(), "hidden".to_owned()).await.unwrap();
        log.close().await;
        std::fs::rename(folder.path().join("secret.key"), folder.path().join("kept.key")).unwrap();
        let lost = refused(folder.path(), &key(folder.path())).await;
        assert!(matches!(lost, UnlockError::Keys(_)), "{lost}");
        assert!(lost.to_string().contains("secret.key is missing"), "{lost}");
        let other = tempdir().unwrap();
        key(other.path()).make().unwrap();
        let wrong = refused(folder.path(), &key(other.path())).await;
        assert!(matches!(&wrong, UnlockError::WrongKey { sealed: 1, .. }), "{wrong}");
        assert!(wrong.to_string().contains("signalbox secrets forget"), "{wrong}");
        let right = Place::File(folder.path().join("kept.key"));
        let log = open(folder.path()).await.unlock(&right).await.unwrap();
        assert_eq!(log.secret("app:main:secret").await.unwrap().unwrap().expose(), "hidden");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn secrets_are_read_and_written_while_keys_change() {
        let folder = tempdir().unwrap();
        let log = open(folder.path()).await.unlock(&key(folder.path())).await.unwrap();
        for n in 0..20 {
            log.save_secret(format!("connector:{n}:token"), format!("value {n}")).await.unwrap();
        }
        let reading = tokio::spawn({
            let log = log.clone();
            async move {
                for round in 0..400 {
                    let n = round % 20;
                    let name = format!("connector:{n}:token");
                    let value = log.secret(&name).await.unwrap().unwrap();
                    assert_eq!(value.expose(), format!("value {n}"));
                    if round % 7 == 0 {
                        log.save_secret(name, format!("value {n}")).await.unwrap();
                    }
                }
            }
        });
        for _ in 0..5 {
            log.rotate_secrets().await.unwrap();
        }
        reading.await.unwrap();
        log.seal_secrets().await.unwrap();
        let sealing = log.sealing_keys().await.unwrap();
        assert_eq!(sealing, [(log.keys().ids()[0].clone(), 20)].into(), "all under the newest key");
        assert_eq!(log.keys().ids().len(), 6, "the keys before it still open older backups");
        assert!(log.closed_secrets().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_rotation_that_was_broken_off_leaves_every_secret_open() {
        let folder = tempdir().unwrap();
        let place = key(folder.path());
        let log = open(folder.path()).await.unlock(&place).await.unwrap();
        for n in 0..4 {
            log.save_secret(format!("connector:{n}:token"), format!("value {n}")).await.unwrap();
        }
        // As far as a process comes that is killed after the new key was written and two secrets were sealed.
        log.keys().renew().unwrap();
        for n in 0..2 {
            log.save_secret(format!("connector:{n}:token"), format!("value {n}")).await.unwrap();
        }
        assert_eq!(log.sealing_keys().await.unwrap().len(), 2);
        log.close().await;
        let log = open(folder.path()).await.unlock(&place).await.unwrap();
        for n in 0..4 {
            let value = log.secret(&format!("connector:{n}:token")).await.unwrap().unwrap();
            assert_eq!(value.expose(), format!("value {n}"));
        }
        assert_eq!(log.sealing_keys().await.unwrap().len(), 1, "the start finished it");
    }

    #[tokio::test]
    async fn a_log_without_keys_keeps_no_secret() {
        let folder = tempdir().unwrap();
        let log = open(folder.path()).await.with_keys(Keyring::default());
        let refused = log.save_secret("name".into(), "value".to_owned()).await;
        assert!(matches!(refused, Err(LogError::Secret(SealError::NoKey))));
    }
}
