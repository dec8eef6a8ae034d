//! Customers' pictures: fetched like any file, and kept only as made anew from their pixels.

use super::fetch::{FetchError, Fetcher};
use super::{Blobs, Guard, Part, preview, sort};
use crate::config;
use shared::id::AttachmentId;
use shared::interaction::AttachmentKind;

/// Fetches a customer's picture and stores it under this id.
///
/// # Errors
/// Why it cannot be had.
pub async fn picture(
    fetcher: &Fetcher,
    blobs: &Blobs,
    guard: &Guard,
    url: &str,
    id: AttachmentId,
) -> Result<(), FetchError> {
    let mut response = fetcher.ask(guard, url, None).await?;
    let mut bytes = Vec::new();
    loop {
        let chunk = response.chunk().await.map_err(|_| FetchError::Later("it broke off"))?;
        let Some(chunk) = chunk else { break };
        if bytes.len() + chunk.len() > config::AVATAR_LIMIT {
            return Err(FetchError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    if sort::media_type(AttachmentKind::Image, &bytes).is_none() {
        return Err(FetchError::Forbidden);
    }
    let made = tokio::task::spawn_blocking(move || preview::preview(&bytes)).await;
    let Ok(Some((bytes, _))) = made else { return Err(FetchError::Forbidden) };
    blobs.put(id, Part::Preview, bytes).await?;
    Ok(())
}
