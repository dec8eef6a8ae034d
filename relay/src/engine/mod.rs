//! The one place where anything is decided: commands and occurrences go in, committed events come out in order.
//!
//! One task, the arbiter, decides on a world that runs ahead of the log, hands each decision to the log's writer
//! without waiting, and shows, answers and publishes only what was committed. So that many decisions share one sync,
//! a bounded number of them is under way at a time. It holds no rule: what may be is asked of the domain crate.

mod answer;
mod arbiter;
mod hand_in;
mod impulse;
mod presence;
mod publish;
mod recent;
mod recover;
mod settle;
#[cfg(test)]
mod tests;
mod timers;
mod work;

pub use work::OccurError;

use crate::clock::Clock;
use crate::log::{Beside, Log, LogError, OutboxStep, Published};
use arbiter::Arbiter;
use presence::Presence;
use shared::command::{Command, Composed, Occurrence};
use shared::fault;
use shared::id::{ActivityId, AttachmentId, CommandId, IdentityId, InteractionId, MessageId, UserId};
use shared::interaction::Delivery;
use shared::refusal::Refusal;
use shared::wire::{Outcome, Position};
use shared::world::World;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tokio::sync::{Notify, broadcast, mpsc, oneshot};
use tracing::Instrument;
use tracing::field::display;
use work::{Ask, Reply, What, Work};

/// Wishes and occurrences that wait for their turn; whoever comes then waits for a place.
const WAITING: usize = 1_024;

/// Events that the slowest listener may be behind before it must read the log again.
const BEHIND: usize = 4_096;

/// The way to the arbiter, and what everybody may see of its world. Copies share both.
#[derive(Clone)]
pub struct Engine {
    asks: mpsc::Sender<Ask>,
    state: Arc<State>,
}

/// What the arbiter shares with everybody.
struct State {
    log: Log,
    clock: Clock,
    /// The world as the log has it.
    committed: RwLock<World>,
    /// Whose desks are connected.
    presence: Mutex<Presence>,
    /// Told whenever somebody became reachable or ceased to be.
    reached: Notify,
    events: broadcast::Sender<Arc<Published>>,
}

impl Engine {
    /// Rebuilds the live state and starts deciding. What fell due while nobody watched falls due now; a message whose
    /// provider call was under way when the last process ended becomes [`Delivery::Unknown`] and is not sent again.
    ///
    /// # Errors
    /// When the log cannot be read, or what was left under way cannot be written down.
    pub async fn start(log: Log, clock: Clock) -> Result<Self, LogError> {
        let world = log.world().await?;
        let left = log.left_sending().await?;
        let (asks, inbox) = mpsc::channel(WAITING);
        let state = Arc::new(State {
            presence: Mutex::new(Presence::new(clock.now())),
            log,
            clock,
            committed: RwLock::new(world.clone()),
            reached: Notify::new(),
            events: broadcast::channel(BEHIND).0,
        });
        tokio::spawn(Arbiter::new(Arc::clone(&state), inbox, world).run());
        let engine = Self { asks, state };
        for (interaction, message) in left {
            let id = message.id;
            let (to, step) = if fault!("unknown-is-sent-again-after-start") {
                let at = engine.clock().now();
                (Delivery::Sending, OutboxStep::Retry { message: id, at })
            } else {
                (Delivery::Unknown, OutboxStep::Done { message: id })
            };
            let outbox = Some(step);
            let lost = Occurrence::Delivered { interaction, message, to, external_id: None, pricing: None };
            match engine.occur(lost, Beside { outbox, ..Beside::default() }).await {
                Ok(_) => tracing::warn!(message = %id, "a message was on its way when the last run ended"),
                Err(OccurError::Refused(_)) => tracing::error!(message = %id, "a message without its chat"),
                Err(OccurError::Failed) => return Err(LogError::Closed),
            }
        }
        Ok(engine)
    }

    /// Does what a person wishes, or says why not. The same id with the same wish has one effect and one answer, also
    /// after a restart; with another wish it is [`Refusal::KeyReused`]. Whoever drops the future leaves the wish alone.
    pub async fn command(&self, user: UserId, id: CommandId, command: Command) -> Outcome {
        let interaction = command.interaction().map(display);
        let span = tracing::info_span!("command", command = %id, %user, interaction);
        let digest = answer::digest(user, &command);
        self.wish(user, id, digest, command, None).instrument(span).await
    }

    /// Sends what a composer made, as [`Self::command`] does what a person wishes.
    pub async fn compose(&self, user: UserId, id: CommandId, composed: Composed) -> Outcome {
        let digest = answer::digest(user, &composed);
        let Composed { interaction, message, seen, .. } = composed;
        let span = tracing::info_span!("command", command = %id, %user, interaction = %interaction);
        let text = composed.content.words();
        let command = Command::Send { interaction, message, text, seen };
        self.wish(user, id, digest, command, Some(composed)).instrument(span).await
    }

    async fn wish(
        &self,
        user: UserId,
        id: CommandId,
        digest: String,
        command: Command,
        composed: Option<Composed>,
    ) -> Outcome {
        let not_saved = || Outcome::Refused { refusal: Refusal::NotSaved };
        match self.state.log.answered(id).await {
            Ok(Some(known)) => return answer::again(&known.digest, &digest, known.outcome),
            Ok(None) => {}
            Err(_) => return not_saved(),
        }
        let identity = match &command {
            Command::StartChat { identity, .. } | Command::SendOnce { identity, .. } => {
                match self.state.log.identity_facts(*identity).await {
                    Ok(facts) => facts,
                    Err(_) => return not_saved(),
                }
            }
            _ => None,
        };
        let outgoing = match command.settles() {
            Some(message) => match self.state.log.outgoing_facts(message).await {
                Ok(facts) => facts,
                Err(_) => return not_saved(),
            },
            None => None,
        };
        let what = What::Command { user, id, digest, command, identity, outgoing, composed };
        let (reply, answer) = oneshot::channel();
        if self.asks.send(Ask::Work(Box::new(Work::new(what, Reply::Command(reply))))).await.is_err() {
            return not_saved();
        }
        answer.await.unwrap_or_else(|_| not_saved())
    }

    /// Lets something befall the system, with what is to be written beside it; returns the streams it moved.
    ///
    /// A customer's message whose provider id is known already is nothing: what stands in `beside` is still written
    /// but for the message's words.
    ///
    /// # Errors
    /// [`OccurError::Refused`] when it can have no effect, [`OccurError::Failed`] when it could not be saved; nothing
    /// is written then.
    pub async fn occur(&self, occurrence: Occurrence, beside: Beside) -> Result<Vec<Position>, OccurError> {
        let mut occurrence = occurrence;
        if let (Occurrence::CustomerWrote { connector, known, .. }, Some(external)) =
            (&mut occurrence, &beside.external_id)
        {
            *known |= self.state.log.knows(*connector, external).await.map_err(|_| OccurError::Failed)?;
        }
        let what = What::Occurrence { occurrence, beside };
        let (reply, answer) = oneshot::channel();
        let work = Box::new(Work::new(what, Reply::Occurrence(reply)));
        self.asks.send(Ask::Work(work)).await.map_err(|_| OccurError::Failed)?;
        answer.await.unwrap_or(Err(OccurError::Failed))
    }

    /// Every event from now on, after its commit and in the order of commits. Who falls too far behind is told so by
    /// the receiver and reads the log.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Arc<Published>> {
        self.state.events.subscribe()
    }

    /// Looks at the committed world: the configuration, all agents, every live interaction and those that ended last.
    /// Nothing is decided meanwhile, so a look is short.
    pub fn look<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        look(&self.state.committed.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A desk of this person connected, or went; one call of each kind per desk. Routing looks anew.
    pub fn reach(&self, user: UserId, connected: bool) {
        self.state.reach(user, connected);
    }

    /// This person logged out and has no other session: their chats do not wait for a desk that may come back.
    pub fn log_out(&self, user: UserId) {
        self.state.presence().log_out(user, self.state.clock.now());
        self.state.reached.notify_one();
    }

    /// The people with a connected desk.
    #[must_use]
    pub fn reachable(&self) -> BTreeSet<UserId> {
        self.state.reachable()
    }

    /// How many wishes and occurrences wait for their turn, and how many may.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        let cap = self.asks.max_capacity();
        (cap - self.asks.capacity(), cap)
    }

    /// The relay's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.state.clock
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.state.log
    }

    /// A new interaction's id.
    #[must_use]
    pub fn fresh_interaction(&self) -> InteractionId {
        InteractionId(self.state.clock.fresh())
    }

    /// A new activity's id.
    #[must_use]
    pub fn fresh_activity(&self) -> ActivityId {
        ActivityId(self.state.clock.fresh())
    }

    /// A new message's id.
    #[must_use]
    pub fn fresh_message(&self) -> MessageId {
        MessageId(self.state.clock.fresh())
    }

    /// A new customer's id.
    #[must_use]
    pub fn fresh_identity(&self) -> IdentityId {
        IdentityId(self.state.clock.fresh())
    }

    /// A new file's id.
    #[must_use]
    pub fn fresh_attachment(&self) -> AttachmentId {
        AttachmentId(self.state.clock.fresh())
    }

    /// Takes nothing more, finishes what is under way and publishes it. The log stays open.
    pub async fn stop(&self) {
        let (done, ended) = oneshot::channel();
        if self.asks.send(Ask::Stop(done)).await.is_ok() {
            // An error means that the arbiter has stopped already.
            let _ = ended.await;
        }
    }
}

impl State {
    fn presence(&self) -> MutexGuard<'_, Presence> {
        self.presence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reach(&self, user: UserId, connected: bool) {
        let changed = self.presence().reach(user, connected, self.clock.now());
        if changed {
            self.reached.notify_one();
        }
    }

    fn reachable(&self) -> BTreeSet<UserId> {
        self.presence().reachable()
    }

    fn reaches(&self, user: UserId) -> bool {
        self.presence().reaches(user)
    }
}
