//! What one desk holds and is told: its agent, the interactions it watches, the lists; rights are asked of the domain.

use super::attention::Ear;
use super::drafts::Letters;
use super::lists::Lists;
use super::outgoing::{Outgoing, Stalled};
use super::{Hub, Pass};
use crate::config;
use crate::log::{LogError, Published};
use shared::agent::AgentChange;
use shared::event::{Change, Stream};
use shared::fault;
use shared::id::InteractionId;
use shared::permission;
use shared::time::Span;
use shared::wire::{Bye, DeskFrame, RelayFrame};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{broadcast, watch};

/// How a socket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The desk went, or does not answer.
    Gone,
    /// It is sent away.
    Bye(Bye),
}

impl From<Stalled> for End {
    fn from(_: Stalled) -> Self {
        Self::Bye(Bye::TooSlow)
    }
}

impl From<LogError> for End {
    fn from(error: LogError) -> Self {
        tracing::error!(%error, "a desk could not be told what it missed");
        Self::Bye(Bye::Restarting)
    }
}

/// One desk's line to the relay.
pub struct Line<'a> {
    /// All desks.
    pub hub: Arc<Hub>,
    /// Who it is.
    pub pass: Pass,
    /// The way out.
    pub out: &'a Outgoing,
    /// Everything that happens, from before the hello on.
    pub events: broadcast::Receiver<Arc<Published>>,
    /// The newest lists.
    pub lists: watch::Receiver<Arc<Lists>>,
    /// Whether the person did something since the last beat.
    pub active: bool,
    /// Whether sounds are made here; none until it is welcome.
    pub(super) ear: Option<Ear>,
    /// What its person writes on other desks; none until it is welcome.
    pub(super) letters: Option<Letters>,
    /// The lists as the desk was shown them.
    pub(super) shown: Option<Arc<Lists>>,
    /// Interactions it is told of, each with the version up to which it was.
    pub(super) watched: BTreeMap<InteractionId, u64>,
    /// The version of its agent's stream up to which it was told.
    pub(super) agent: u64,
}

impl<'a> Line<'a> {
    /// A line on which nothing was said yet.
    pub fn new(
        hub: Arc<Hub>,
        pass: Pass,
        out: &'a Outgoing,
        events: broadcast::Receiver<Arc<Published>>,
    ) -> Self {
        let lists = hub.lists.clone();
        let (ear, letters, shown, watched) = (None, None, None, BTreeMap::new());
        Self { hub, pass, out, events, lists, active: false, ear, letters, shown, watched, agent: 0 }
    }

    /// Says what the desk said; commands go another way.
    pub async fn said(&mut self, frame: DeskFrame) -> Result<(), End> {
        match frame {
            DeskFrame::Ping => {
                let now = self.hub.engine.clock().now();
                Ok(self.out.send(&RelayFrame::Pong { now }).await?)
            }
            DeskFrame::Watch { interaction, version } => self.watch(interaction, version).await,
            DeskFrame::Unwatch { interaction } => {
                self.watched.remove(&interaction);
                Ok(())
            }
            DeskFrame::Attention => {
                if let Some(ear) = &mut self.ear {
                    ear.attend(tokio::time::Instant::now());
                }
                Ok(())
            }
            DeskFrame::Draft { interaction, text } => {
                self.drafted(interaction, text);
                Ok(())
            }
            DeskFrame::Hello { .. } => Err(End::Bye(Bye::Malformed)),
            DeskFrame::Command { .. } | DeskFrame::Unknown => Ok(()),
        }
    }

    /// Something happened: the desk is told when it holds the stream.
    pub async fn happened(
        &mut self,
        event: Result<Arc<Published>, broadcast::error::RecvError>,
    ) -> Result<(), End> {
        let published = match event {
            Ok(published) => published,
            Err(broadcast::error::RecvError::Lagged(_)) => return Err(End::Bye(Bye::TooSlow)),
            Err(broadcast::error::RecvError::Closed) => return Err(End::Bye(Bye::Restarting)),
        };
        let version = published.event.version;
        if fault!("event-dropped") && version.is_multiple_of(7) {
            return Ok(());
        }
        if fault!("event-told-twice") && version.is_multiple_of(7) {
            Box::pin(self.tell(&published)).await?;
        }
        match published.event.stream {
            Stream::Agent(user) if user == self.pass.user && version > self.agent => {
                self.agent = version;
                self.tell_all(&published).await?;
                Box::pin(self.reveal(&published)).await
            }
            Stream::Interaction(id) => {
                let Some(told) = self.watched.get_mut(&id).filter(|told| version > **told) else {
                    return Ok(());
                };
                *told = version;
                self.tell_all(&published).await
            }
            Stream::Config => Box::pin(self.reconfigured(version)).await,
            Stream::Agent(_) => Ok(()),
        }
    }

    /// Sends an event that other desks are sent just now too.
    async fn tell_all(&self, published: &Published) -> Result<(), End> {
        match self.hub.frames.of(published) {
            Ok(text) => Ok(self.out.send_text(text).await?),
            Err(_) => Box::pin(self.tell(published)).await,
        }
    }

    /// Sends an event to this desk alone.
    pub(super) async fn tell(&self, published: &Published) -> Result<(), End> {
        let event = Box::new(published.event.clone());
        let content = published.content.clone();
        Ok(self.out.send(&RelayFrame::Event { event, content }).await?)
    }

    /// What somebody takes, their desk is shown in full.
    async fn reveal(&self, published: &Published) -> Result<(), End> {
        if let Change::Agent(AgentChange::Took { interaction, .. }) = &published.event.change {
            let stream = Stream::Interaction(*interaction);
            self.out.send(&RelayFrame::Reveal { stream }).await?;
        }
        Ok(())
    }

    /// The configuration changed, and with it perhaps rights.
    async fn reconfigured(&mut self, version: u64) -> Result<(), End> {
        let user = self.pass.user;
        if self.hub.engine.look(|world| world.active_user(user).is_none()) {
            return Err(End::Bye(Bye::LoggedOut));
        }
        self.out.send(&RelayFrame::ConfigChanged { version }).await?;
        for id in self.watched.keys().copied().collect::<Vec<_>>() {
            if self.readable(id).await?.is_none() && !fault!("rights-kept") {
                self.watched.remove(&id);
                self.out.send(&RelayFrame::Forget { stream: Stream::Interaction(id) }).await?;
            }
        }
        Ok(())
    }

    /// The version at which an interaction stands, if this person may read it.
    pub(super) async fn readable(&self, id: InteractionId) -> Result<Option<u64>, LogError> {
        let Some(interaction) = self.hub.engine.log().interaction(id).await? else { return Ok(None) };
        let user = self.pass.user;
        let may = self.hub.engine.look(|world| {
            let person = world.active_user(user);
            person.is_some_and(|person| permission::reads(&world.config, person, &interaction))
                || fault!("rights-not-checked")
        });
        Ok(may.then_some(interaction.version))
    }

    /// The heartbeat: is the desk there, and may it still be?
    pub async fn beat(&mut self) -> Result<(), End> {
        if std::mem::take(&mut self.active) {
            let now = self.hub.wall.now();
            self.hub.engine.log().touch_session(self.pass.digest.clone(), now).await?;
        }
        self.admitted().await?;
        Ok(self.out.ping().await?)
    }

    /// Whether the session still is.
    pub async fn admitted(&self) -> Result<(), End> {
        let session = self.hub.engine.log().session(&self.pass.digest).await?;
        let (now, idle) = (self.hub.wall.now(), Span(config::SESSION_IDLE_MS));
        if session.is_none_or(|session| session.is_over(now, idle)) {
            return Err(End::Bye(Bye::LoggedOut));
        }
        Ok(())
    }
}
