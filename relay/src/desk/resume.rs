//! The hello answered: for every stream whether it goes on, and then what the desk missed; never a gap, never a double.

use super::line::{End, Line};
use super::socket::Hello;
use crate::config;
use crate::log::LogError;
use shared::event::Stream;
use shared::fault;
use shared::wire::{Bye, PROTOCOL, Position, RelayFrame, Resume, Resumed};

impl Line<'_> {
    /// Answers the hello: the welcome first, then the missed events of resumed streams, then the lists.
    pub async fn welcome(&mut self, hello: Hello) -> Result<(), End> {
        let user = self.pass.user;
        let epoch = self.hub.engine.log().epoch().to_owned();
        let same = hello.epoch.as_deref() == Some(epoch.as_str());
        let mut streams = Vec::with_capacity(hello.resume.len() + 1);
        let mut missed = Vec::new();
        for held in hello.resume {
            if streams.iter().any(|one: &Resumed| one.stream == held.stream) {
                continue;
            }
            let how = self.judge(held, same).await?;
            streams.push(Resumed { stream: held.stream, how });
            if how == Resume::Resumed {
                missed.push(held);
            }
        }
        let own = Stream::Agent(user);
        if streams.iter().all(|one| one.stream != own) {
            streams.push(Resumed { stream: own, how: Resume::Anew });
        }
        let person =
            self.hub.engine.look(|world| world.active_user(user).map(shared::config::User::reference));
        let person = person.ok_or(End::Bye(Bye::LoggedOut))?;
        let now = self.hub.engine.clock().now();
        let welcome = RelayFrame::Welcome { protocol: PROTOCOL, epoch, now, user: person, streams };
        self.out.send(&welcome).await?;
        self.ear = Some(self.hub.attention.join(user));
        self.letters = Some(self.hub.drafts.join(user));
        self.tell_sounds().await?;
        for held in missed {
            let version = self.catch_up(held).await?;
            match held.stream {
                Stream::Interaction(id) => drop(self.watched.insert(id, version)),
                Stream::Agent(_) => self.agent = version,
                Stream::Config => {}
            }
        }
        self.show_lists().await
    }

    /// Whether a held stream goes on.
    async fn judge(&self, held: Position, same_epoch: bool) -> Result<Resume, LogError> {
        let engine = &self.hub.engine;
        let stands = match held.stream {
            Stream::Interaction(id) => match self.readable(id).await? {
                Some(version) => version,
                None => return Ok(Resume::Forget),
            },
            Stream::Agent(user) if user != self.pass.user => return Ok(Resume::Forget),
            Stream::Agent(user) => engine.look(|world| world.agent(user).version),
            // Of the configuration a desk is only told that it changed.
            Stream::Config => {
                let version = engine.look(|world| world.config.version);
                return Ok(if same_epoch && version == held.version {
                    Resume::Resumed
                } else {
                    Resume::Anew
                });
            }
        };
        let behind = stands.checked_sub(held.version);
        let goes_on = same_epoch && behind.is_some_and(|behind| behind <= u64::from(config::RESUME_MAX));
        Ok(if goes_on { Resume::Resumed } else { Resume::Anew })
    }

    /// Sends what happened to a stream after a version; returns the version up to which it was sent.
    pub(super) async fn catch_up(&self, held: Position) -> Result<u64, End> {
        let mut version = held.version + u64::from(fault!("resume-skips-one"));
        if held.stream == Stream::Config {
            return Ok(version);
        }
        loop {
            let log = self.hub.engine.log();
            let mut events = log.events_after(held.stream, version, config::PAGE_MAX).await?;
            if fault!("resume-out-of-order") {
                events.reverse();
            }
            for published in &events {
                self.tell(published).await?;
                version = published.event.version;
            }
            if events.len() < usize::try_from(config::PAGE_MAX).unwrap_or(usize::MAX) {
                return Ok(version);
            }
        }
    }
}
