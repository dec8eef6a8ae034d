//! Sounds of the workspace's own as rows: their bytes and what they are; looks into none.

use super::db::{Row, query, query_scalar};
use super::{Log, LogError};
use sha2::{Digest, Sha256};
use shared::time::Timestamp;
use shared::wire::{SoundBody, SoundKind, SoundName};

/// What is known of a sound without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSound {
    /// As the API tells it.
    pub about: SoundBody,
    /// SHA-256 of the bytes, in hexadecimal digits: another sound has another one.
    pub digest: String,
}

impl Log {
    /// Keeps a sound in the place of the one that was there; durable when it returns.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_sound(&self, about: SoundBody, bytes: &[u8]) -> Result<(), LogError> {
        let (digest, content) = (hex::encode(Sha256::digest(bytes)), hex::encode(bytes));
        self.write(move |on| {
            Box::pin(async move {
                query(
                    "INSERT INTO sounds (name, kind, size, digest, content, at) VALUES ($1, $2, $3, $4, $5, $6) \
                     ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, size = excluded.size, \
                     digest = excluded.digest, content = excluded.content, at = excluded.at",
                )
                .bind(about.sound.key())
                .bind(about.kind.key())
                .bind(about.bytes)
                .bind(digest)
                .bind(content)
                .bind(about.at.0)
                .execute(on)
                .await
                .map(drop)
            })
        })
        .await
    }

    /// Removes a sound; false when there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_sound(&self, sound: SoundName) -> Result<bool, LogError> {
        self.write(move |on| {
            Box::pin(async move {
                let gone = query("DELETE FROM sounds WHERE name = $1").bind(sound.key()).execute(on).await?;
                Ok(gone > 0)
            })
        })
        .await
    }

    /// All sounds without their bytes, by name.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn sounds(&self) -> Result<Vec<StoredSound>, LogError> {
        let sql = "SELECT name, kind, size, digest, at FROM sounds ORDER BY name";
        let rows = query(sql).fetch_all(self.readers()).await?;
        rows.iter().map(stored).collect()
    }

    /// The bytes of a sound that has this digest; none when another one took its place meanwhile.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn sound_bytes(&self, sound: SoundName, digest: &str) -> Result<Option<Vec<u8>>, LogError> {
        // Large values leave the database on a thread of their own.
        let content: Option<String> =
            query_scalar("SELECT content FROM sounds WHERE name = $1 AND digest = $2")
                .bind(sound.key())
                .bind(digest)
                .fetch_optional(self.readers())
                .await?;
        content.map(|digits| hex::decode(digits).map_err(|_| UNREADABLE)).transpose()
    }
}

const UNREADABLE: LogError = LogError::Unreadable("sound");

fn stored(row: &Row) -> Result<StoredSound, LogError> {
    let kind = row.text(1)?;
    let about = SoundBody {
        sound: row.text(0)?.parse().map_err(|_| UNREADABLE)?,
        kind: SoundKind::ALL.into_iter().find(|one| one.key() == kind).ok_or(UNREADABLE)?,
        bytes: u32::try_from(row.try_get::<i64>(2)?).map_err(|_| UNREADABLE)?,
        at: Timestamp(row.try_get(4)?),
    };
    Ok(StoredSound { about, digest: row.try_get(3)? })
}
