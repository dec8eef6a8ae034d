//! The arbiter's loop: takes what waits, decides it on the world that runs ahead, hands it to the log; shows nothing.

use super::State;
use super::answer;
use super::impulse::RETURN;
use super::publish::{self, Committed};
use super::recent::Recent;
use super::timers::Timers;
use super::work::{Ask, Fault, InFlight, Marks, Step, What, Work};
use crate::log::{AppendError, LogError};
use shared::command::Occurrence;
use shared::decide::{self, Context, OutgoingFacts};
use shared::id::{CommandId, ConnectorId, InteractionId, MessageId};
use shared::interaction::Delivery;
use shared::refusal::Refusal;
use shared::time::Timestamp;
use shared::wire::Outcome;
use shared::world::World;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tracing::Instrument;

/// Decisions on their way at a time: two full groups of the writer, so that one gathers while one is synced.
pub(super) const DEPTH: usize = 256;

/// Wishes taken between two looks of routing, which walks over all that waits.
const BATCH: usize = 64;

/// Answers kept for repeated commands within a process; they are in the log as well.
const ANSWERS: usize = 10_000;

/// How far the newest messages have come, kept so that a receipt needs no reading. Far more than can be on its way.
const DELIVERIES: usize = 10_000;

/// Commits that may wait for their words; then the arbiter waits.
const UNPUBLISHED: usize = 1_024;

/// The one task that decides.
pub(super) struct Arbiter {
    pub(super) state: Arc<State>,
    pub(super) inbox: mpsc::Receiver<Ask>,
    /// The world as it is once everything on its way is committed.
    pub(super) world: World,
    pub(super) pipeline: VecDeque<InFlight>,
    /// What did not stand; while there is any, nothing new is decided and the pipeline drains.
    pub(super) faults: Vec<(Work, Fault)>,
    pub(super) answers: Recent<CommandId, (String, Outcome)>,
    pub(super) deliveries: Recent<MessageId, Delivery>,
    pub(super) commands: BTreeSet<CommandId>,
    pub(super) externals: BTreeSet<(ConnectorId, String)>,
    /// How many decisions on their way rest on an interaction.
    pub(super) touched: BTreeMap<InteractionId, usize>,
    /// Ended interactions still held, in the order in which they ended.
    pub(super) ended: VecDeque<InteractionId>,
    pub(super) timers: Timers,
    /// Whether routing has to look.
    pub(super) look: bool,
    /// From when on customers are turned away where nobody is there, and whether any would have been before.
    pub(super) turns_away_from: Timestamp,
    pub(super) turns_away_later: bool,
    /// When owners and pauses have to be looked at again although nothing happens.
    pub(super) again_at: Option<Timestamp>,
    /// Until when timers and routing keep still, because the log failed a moment ago.
    pub(super) still_until: Timestamp,
    pub(super) publisher: mpsc::Sender<Committed>,
    publishing: JoinHandle<()>,
}

impl Arbiter {
    /// An arbiter over the world of the log.
    pub fn new(state: Arc<State>, inbox: mpsc::Receiver<Ask>, world: World) -> Self {
        let (publisher, commits) = mpsc::channel(UNPUBLISHED);
        Self {
            publishing: tokio::spawn(publish::run(Arc::clone(&state), commits)),
            timers: Timers::of(&world, state.clock.now()),
            inbox,
            world,
            pipeline: VecDeque::with_capacity(DEPTH),
            faults: Vec::new(),
            answers: Recent::new(ANSWERS),
            deliveries: Recent::new(DELIVERIES),
            commands: BTreeSet::new(),
            externals: BTreeSet::new(),
            touched: BTreeMap::new(),
            ended: VecDeque::new(),
            look: true,
            turns_away_from: state.clock.now().plus(RETURN),
            turns_away_later: false,
            again_at: None,
            state,
            still_until: Timestamp(0),
            publisher,
        }
    }

    /// Runs until it is stopped or nobody can ask any more.
    pub async fn run(mut self) {
        let mut stopped: Vec<oneshot::Sender<()>> = Vec::new();
        let mut open = true;
        loop {
            if !self.faults.is_empty() && self.pipeline.is_empty() {
                self.recover().await;
                continue;
            }
            if !open && self.pipeline.is_empty() {
                break;
            }
            let mut due = None;
            if stopped.is_empty() && self.faults.is_empty() {
                self.fire().await;
                self.route().await;
                due = self.due();
            }
            let free = open && self.pipeline.len() < DEPTH && self.faults.is_empty();
            tokio::select! {
                biased;
                settled = front(&mut self.pipeline) => self.settle(settled).await,
                ask = self.inbox.recv(), if free => match ask {
                    Some(ask) => self.batch(ask, &mut stopped).await,
                    None => open = false,
                },
                () = self.state.reached.notified() => self.look = true,
                () = wait(&self.state, due) => {}
            }
        }
        drop(self.publisher);
        // An error means that the publisher panicked; everything is in the log all the same.
        let _ = self.publishing.await;
        for done in stopped {
            let _ = done.send(());
        }
    }

    /// Takes one ask and what waits behind it.
    async fn batch(&mut self, ask: Ask, stopped: &mut Vec<oneshot::Sender<()>>) {
        let mut next = Some(ask);
        let mut taken = 0;
        while let Some(ask) = next.take() {
            match ask {
                Ask::Work(work) => self.take(*work).await,
                Ask::Stop(done) => {
                    self.inbox.close();
                    stopped.push(done);
                }
            }
            taken += 1;
            if taken < BATCH && self.pipeline.len() < DEPTH && self.faults.is_empty() {
                next = self.inbox.try_recv().ok();
            }
        }
    }

    /// Decides one thing on the world that runs ahead, and hands it to the log.
    pub(super) async fn take(&mut self, work: Work) {
        let span = work.span.clone();
        self.decide(work).instrument(span).await;
    }

    async fn decide(&mut self, mut work: Work) {
        if !self.faults.is_empty() {
            self.faults.push((work, Fault::Shaken));
            return;
        }
        if self.repeats(&work) {
            work.look = true;
            self.pipeline.push_back(InFlight { work, step: Step::Held, marks: Marks::default() });
            return;
        }
        if let What::Command { id, digest, .. } = &work.what
            && let Some((known, outcome)) = self.answers.get(*id)
        {
            let outcome = answer::again(known, digest, outcome.clone());
            work.reply.outcome(outcome);
            return;
        }
        if let Err(error) = self.prepare(&mut work).await {
            tracing::error!(%error, "the log could not be read for a decision");
            work.reply.failed();
            return;
        }
        let now = self.state.clock.now();
        let decided = match &work.what {
            What::Command { user, command, identity, outgoing, composed, .. } => {
                let outgoing = outgoing.as_ref();
                let context = Context { world: &self.world, now, identity: *identity, outgoing };
                match composed {
                    Some(wish) => decide::compose(context, *user, wish),
                    None => decide::command(context, *user, command),
                }
            }
            What::Occurrence { occurrence, .. } => {
                let context = Context { world: &self.world, now, identity: None, outgoing: None };
                decide::occurrence(context, occurrence)
            }
        };
        match decided {
            Ok(decision) => self.hand_in(work, decision, now).await,
            Err(refusal) => self.push(work, Step::Refused(refusal), &[]),
        }
    }

    /// Whether the same wish or message is on its way already.
    fn repeats(&self, work: &Work) -> bool {
        match &work.what {
            What::Command { id, .. } => self.commands.contains(id),
            What::Occurrence { .. } => work
                .external()
                .is_some_and(|(connector, id)| self.externals.contains(&(connector, id.clone()))),
        }
    }

    /// Reads from the log what the decision needs and the world does not hold.
    async fn prepare(&mut self, work: &mut Work) -> Result<(), LogError> {
        if let Some(id) = work.names()
            && self.world.interaction(id).is_none()
            && let Some(found) = self.state.log.interaction(id).await?
        {
            self.adopt(found);
        }
        if work.look
            && let Some((connector, external)) = work.external()
            && self.state.log.knows(connector, external).await?
        {
            work.set_known();
        }
        if let What::Occurrence { occurrence: Occurrence::Delivered { message, to, .. }, .. } = &mut work.what
        {
            let known = self.deliveries.get(message.id).cloned();
            // Of what goes wrong its author may have to be told; the world does not say who that is.
            if (known.is_none() || to.is_wrong())
                && let Some(facts) = self.state.log.message_facts(message.id).await?
            {
                *message = facts;
            }
            if let Some(delivery) = known {
                message.delivery = delivery;
            }
        }
        if let What::Command { outgoing: Some(OutgoingFacts { message, .. }), .. } = &mut work.what
            && let Some(delivery) = self.deliveries.get(message.id)
        {
            message.delivery = delivery.clone();
        }
        Ok(())
    }
}

/// What became of the oldest decision on its way; never resolves while there is none.
async fn front(pipeline: &mut VecDeque<InFlight>) -> Result<(), AppendError> {
    match pipeline.front_mut() {
        Some(InFlight { step: Step::Written { pending, .. } | Step::Declined { pending, .. }, .. }) => {
            pending.settled().await
        }
        Some(_) => Ok(()),
        None => std::future::pending().await,
    }
}

/// Sleeps until something is due; for ever when nothing is.
async fn wait(state: &State, due: Option<Timestamp>) {
    match due {
        Some(at) => state.clock.sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// A refusal of a wish is written down but for two: the one that asks for a repetition, and the one of a wish that a
/// newer relay may understand.
pub(super) fn lasts(refusal: &Refusal) -> bool {
    !matches!(refusal, Refusal::NotSaved | Refusal::NotUnderstood)
}
