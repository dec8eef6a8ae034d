//! What a commit brings about: the committed world moves on, listeners are told, whoever waits is answered.

use super::arbiter::{Arbiter, lasts};
use super::work::{Fault, InFlight, Marks, Reply, Step, What, Work};
use crate::log::{Append, AppendError, CommandRow};
use crate::metrics::{self, Decision, Item};
use shared::event::{Event, Stream};
use shared::fault;
use shared::id::InteractionId;
use shared::interaction::Interaction;
use shared::refusal::Refusal;
use shared::thread::Content;
use shared::wire::{Outcome, Position};
use shared::world::Applied;
use std::sync::PoisonError;

/// Ended interactions that stay at hand: receipts and late corrections of the last hours need no reading.
const ENDED: usize = 1_000;

impl Arbiter {
    /// The oldest decision on its way has been written, or not.
    pub(super) async fn settle(&mut self, settled: Result<(), AppendError>) {
        let Some(InFlight { work, step, marks }) = self.pipeline.pop_front() else { return };
        self.unmark(marks);
        match (step, settled) {
            (Step::Declined { .. }, Err(error)) => self.not_declined(work, error).await,
            (_, Err(error)) => self.faults.push((work, Fault::Append(error))),
            (Step::Written { events, content, moved, .. }, Ok(())) => {
                self.committed(work, events, content, moved).await;
            }
            (Step::Declined { refusal, .. }, Ok(())) => self.declined(work, refusal),
            // Not written anywhere, and perhaps decided on what was not written either.
            (_, Ok(())) if !self.faults.is_empty() => self.faults.push((work, Fault::Shaken)),
            (Step::Refused(refusal), Ok(())) => self.refuse(work, refusal).await,
            (Step::Nothing, Ok(())) => {
                metrics::decision(Decision::Nothing);
                work.reply.done(Vec::new());
            }
            (Step::Held, Ok(())) => self.take(work).await,
        }
    }

    /// A decision is durable.
    async fn committed(
        &mut self,
        work: Work,
        events: Vec<Event>,
        content: Vec<Content>,
        moved: Vec<Position>,
    ) {
        metrics::decision(Decision::Written);
        tracing::debug!(parent: &work.span, events = events.len(), "committed");
        if let What::Occurrence { beside, .. } = &work.what
            && beside.journal.is_some()
        {
            metrics::item(Item::Understood);
        }
        let mut ended = Vec::new();
        {
            let mut world = self.state.committed.write().unwrap_or_else(PoisonError::into_inner);
            for event in &events {
                if world.apply(event) != Applied::Yes {
                    tracing::error!(stream = ?event.stream, version = event.version, "a committed event does not fit");
                }
            }
            for place in &moved {
                if let Stream::Interaction(id) = place.stream
                    && world.interaction(id).is_some_and(|one| !one.is_live())
                {
                    ended.push(id);
                }
            }
        }
        for id in ended {
            self.keep_ended(id);
        }
        if !events.is_empty() && self.publisher.send((events, content)).await.is_err() {
            tracing::error!("the publisher has stopped");
        }
        if let (What::Command { id, digest, .. }, Reply::Command(_)) = (&work.what, &work.reply) {
            self.answers.insert(*id, (digest.clone(), Outcome::Done { moved: moved.clone() }));
        }
        work.reply.done(moved);
    }

    /// A wish or an occurrence comes to nothing, and everything that this rests on is committed. The refusal of a wish
    /// joins what is written next, so that no decision waits for it; whoever wished waits until it is there.
    pub(super) async fn refuse(&mut self, work: Work, refusal: Refusal) {
        let What::Command { user, id, digest, .. } = &work.what else {
            metrics::decision(Decision::Refused);
            work.reply.refused(refusal);
            return;
        };
        if !lasts(&refusal) || fault!("refusal-not-kept") {
            self.declined(work, refusal);
            return;
        }
        let outcome = Outcome::Refused { refusal: refusal.clone() };
        let at = self.state.clock.now();
        let row = CommandRow { id: *id, user: *user, digest: digest.clone(), outcome, at };
        match self.state.log.submit(&Append { command: Some(row), ..Append::default() }).await {
            Ok(pending) => self.push(work, Step::Declined { pending, refusal }, &[]),
            Err(error) => self.not_declined(work, AppendError::Failed(error)).await,
        }
    }

    /// A wish is refused for good.
    fn declined(&mut self, work: Work, refusal: Refusal) {
        metrics::decision(Decision::Refused);
        if let What::Command { id, digest, .. } = &work.what
            && refusal != Refusal::NotSaved
        {
            let outcome = Outcome::Refused { refusal: refusal.clone() };
            self.answers.insert(*id, (digest.clone(), outcome));
        }
        work.reply.refused(refusal);
    }

    /// A refusal could not be written: no answer is given that a restart would forget. Nothing rests on a refusal, so
    /// what was decided since stands.
    async fn not_declined(&mut self, work: Work, error: AppendError) {
        if let AppendError::Duplicate(_) = error {
            self.stored(work).await;
            return;
        }
        tracing::error!(%error, "a refusal could not be saved");
        metrics::decision(Decision::Failed);
        work.reply.failed();
    }

    /// An interaction read from the log joins both worlds. Nothing about it is on its way: it would be held then.
    pub(super) fn adopt(&mut self, interaction: Interaction) {
        let id = interaction.id;
        self.state.committed.write().unwrap_or_else(PoisonError::into_inner).adopt(interaction.clone());
        self.world.adopt(interaction);
        self.keep_ended(id);
    }

    /// Keeps the last that ended, and lets go of one that ended long ago.
    fn keep_ended(&mut self, id: InteractionId) {
        if !self.ended.contains(&id) {
            self.ended.push_back(id);
        }
        if self.ended.len() > ENDED
            && let Some(oldest) = self.ended.pop_front()
        {
            if self.touched.contains_key(&oldest) {
                self.ended.push_back(oldest);
            } else {
                self.state.committed.write().unwrap_or_else(PoisonError::into_inner).release(oldest);
                self.world.release(oldest);
                self.timers.set(oldest, None);
            }
        }
    }

    fn unmark(&mut self, marks: Marks) {
        if let Some(id) = marks.command {
            self.commands.remove(&id);
        }
        if let Some(key) = marks.external {
            self.externals.remove(&key);
        }
        for id in marks.interactions {
            if let Some(count) = self.touched.get_mut(&id) {
                *count -= 1;
                if *count == 0 {
                    self.touched.remove(&id);
                }
            }
        }
    }
}
