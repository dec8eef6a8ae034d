//! Where files lie: a folder of this machine; keys are made by us, so no name of a customer's ever becomes a path.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload};
use shared::id::AttachmentId;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

/// The files of one workspace. Copies share the store.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
}

/// What of an attachment is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its bytes as the provider gave them.
    Original,
    /// A picture made anew from a picture's pixels, for screens.
    Preview,
}

/// Why a file could not be stored or read; never holds a byte of it.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// It is not there.
    #[error("the file is not there")]
    Missing,
    /// The store refused or failed.
    #[error("the file store failed: {0}")]
    Store(object_store::Error),
    /// Writing failed on the way.
    #[error("the file store failed: {0}")]
    Io(#[from] std::io::Error),
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other => Self::Store(other),
        }
    }
}

/// A stored file that is being read.
pub struct Reading {
    /// Its whole size in bytes.
    pub size: u64,
    /// The part of it that follows.
    pub range: Range<u64>,
    /// Its bytes.
    pub bytes: BoxStream<'static, Result<Bytes, BlobError>>,
}

/// A file that is being written; it is there once [`Writing::finish`] returned well, and not at all otherwise.
pub struct Writing {
    writer: BufWriter,
}

impl Blobs {
    /// The store in this folder, which is made when there is none.
    ///
    /// # Errors
    /// When the folder cannot be made or used.
    pub fn in_folder(folder: &Path) -> Result<Self, BlobError> {
        std::fs::create_dir_all(folder)?;
        // Synced before it is there under its name: a file that a message names outlives a power loss.
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// Stores a file that is at hand.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put(&self, id: AttachmentId, part: Part, bytes: Bytes) -> Result<(), BlobError> {
        self.store.put(&key(id, part), PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    /// Begins to store a file that comes in pieces.
    #[must_use]
    pub fn write(&self, id: AttachmentId) -> Writing {
        Writing { writer: BufWriter::new(Arc::clone(&self.store), key(id, Part::Original)) }
    }

    /// Reads a file, or a range of it.
    ///
    /// # Errors
    /// [`BlobError::Missing`], or whatever the store says.
    pub async fn read(
        &self,
        id: AttachmentId,
        part: Part,
        range: Option<GetRange>,
    ) -> Result<Reading, BlobError> {
        let options = GetOptions { range, ..GetOptions::default() };
        let found = self.store.get_opts(&key(id, part), options).await?;
        let (size, range) = (found.meta.size, found.range.clone());
        Ok(Reading { size, range, bytes: found.into_stream().map_err(BlobError::from).boxed() })
    }

    /// Removes everything of an attachment; what is not there is removed already.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove(&self, id: AttachmentId) -> Result<(), BlobError> {
        for part in [Part::Original, Part::Preview] {
            match self.store.delete(&key(id, part)).await.map_err(BlobError::from) {
                Ok(()) | Err(BlobError::Missing) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Reading {
    /// All of it at once, for files whose size is known to be small.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn whole(self) -> Result<Vec<u8>, BlobError> {
        self.bytes
            .try_fold(Vec::new(), |mut all, next| async move {
                all.extend_from_slice(&next);
                Ok(all)
            })
            .await
    }
}

impl Writing {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        Ok(self.writer.write_all(bytes).await?)
    }

    /// Makes the file be there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn finish(mut self) -> Result<(), BlobError> {
        Ok(self.writer.shutdown().await?)
    }

    /// Lets go of what was written.
    pub async fn abandon(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(%error, "a half-written file could not be removed");
        }
    }
}

/// Spread over folders by the last digits of the id, which are random; its first ones are the time.
fn key(id: AttachmentId, part: Part) -> Key {
    let name = id.0.simple().to_string();
    let shelf: String = name.chars().skip(30).collect();
    let end = match part {
        Part::Original => "",
        Part::Preview => ".preview",
    };
    Key::from(format!("media/{shelf}/{name}{end}"))
}
