//! Watching an interaction from the version of a snapshot on; who may not read it is told to forget it.

use super::line::{End, Line};
use crate::config;
use shared::event::Stream;
use shared::id::InteractionId;
use shared::wire::{Position, RelayFrame};

impl Line<'_> {
    /// From now on, every event of the interaction after this version. What happened since the snapshot is read from
    /// the log; what comes over the line as well is known by its version then.
    pub(super) async fn watch(&mut self, id: InteractionId, version: u64) -> Result<(), End> {
        let stream = Stream::Interaction(id);
        self.watched.remove(&id);
        let Some(stands) = self.readable(id).await? else {
            return Ok(self.out.send(&RelayFrame::Forget { stream }).await?);
        };
        let behind = stands.checked_sub(version);
        if behind.is_none_or(|behind| behind > u64::from(config::RESUME_MAX)) {
            // Too much to tell one by one, or a version that never was: a snapshot is the way.
            return Ok(self.out.send(&RelayFrame::Reveal { stream }).await?);
        }
        let told = self.catch_up(Position { stream, version }).await?;
        self.watched.insert(id, told);
        Ok(())
    }
}
