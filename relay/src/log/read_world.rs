//! Reading state back: the whole live world at a start, one interaction when an ended one is named again; never events.

use super::db::{query, query_scalar};
use super::{Log, LogError, keys};
use shared::id::InteractionId;
use shared::interaction::Interaction;
use shared::world::World;

impl Log {
    /// The configuration, every agent, and every live interaction, all as of one instant.
    ///
    /// # Errors
    /// When the database fails or holds a state that cannot be read.
    pub async fn world(&self) -> Result<World, LogError> {
        let rows =
            query("SELECT stream, state FROM streams WHERE live = 1").fetch_all(self.readers()).await?;
        let mut world = World::default();
        for row in rows {
            let (stream, state) = (row.text(0)?, row.text(1)?);
            if stream.starts_with("interaction:") {
                world.adopt(keys::parse(&state, "interaction")?);
            } else if stream.starts_with("agent:") {
                world.adopt_agent(keys::parse(&state, "agent")?);
            } else {
                world.config = keys::parse(&state, "configuration")?;
            }
        }
        Ok(world)
    }

    /// One interaction, live or ended.
    ///
    /// # Errors
    /// When the database fails or holds a state that cannot be read.
    pub async fn interaction(&self, id: InteractionId) -> Result<Option<Interaction>, LogError> {
        let state: Option<String> = query_scalar("SELECT state FROM streams WHERE stream = $1")
            .bind(keys::stream(shared::event::Stream::Interaction(id)))
            .fetch_optional(self.by_key())
            .await?;
        state.map(|state| keys::parse(&state, "interaction")).transpose()
    }
}
