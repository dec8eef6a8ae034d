//! After a decision that was not written: the world that ran ahead is thrown away and what did not stand is decided anew.

use super::answer;
use super::arbiter::Arbiter;
use super::timers::Timers;
use super::work::{Fault, What, Work};
use crate::log::{AppendError, Duplicate};
use crate::metrics::{self, Decision};
use shared::command::Occurrence;
use shared::refusal::Refusal;
use shared::time::Span;
use std::sync::PoisonError;

/// How often a decision may meet a conflict; one process writes, so more than one points at an error.
const CONFLICTS: u8 = 3;

/// How long timers and routing keep still after the log failed; people may try again at once.
const STILL: Span = Span::seconds(1);

impl Arbiter {
    /// Goes back to what is committed and decides anew, in the old order. Only called while nothing is on its way.
    pub(super) async fn recover(&mut self) {
        let faults = std::mem::take(&mut self.faults);
        let strange = |fault: &Fault| {
            matches!(
                fault,
                Fault::Append(AppendError::Conflict | AppendError::Duplicate(Duplicate::LiveIdentity))
            )
        };
        if faults.first().is_some_and(|(_, fault)| strange(fault)) {
            self.reload().await;
        }
        let now = self.state.clock.now();
        self.world = self.state.committed.read().unwrap_or_else(PoisonError::into_inner).clone();
        self.timers = Timers::of(&self.world, now);
        self.deliveries.clear();
        self.look = true;
        for (mut work, fault) in faults {
            match fault {
                Fault::Shaken => self.take(work).await,
                Fault::Broken => work.reply.failed(),
                Fault::Append(AppendError::Failed(error)) => {
                    tracing::error!(%error, "a decision could not be saved");
                    metrics::decision(Decision::Failed);
                    self.still_until = now.plus(STILL);
                    work.reply.failed();
                }
                Fault::Append(AppendError::Conflict | AppendError::Duplicate(Duplicate::LiveIdentity)) => {
                    metrics::decision(Decision::Conflict);
                    work.conflicts += 1;
                    if work.conflicts < CONFLICTS {
                        self.take(work).await;
                    } else {
                        tracing::error!("a decision met one conflict after another");
                        self.still_until = now.plus(STILL);
                        work.reply.failed();
                    }
                }
                Fault::Append(AppendError::Duplicate(Duplicate::ExternalId)) => self.known(work).await,
                Fault::Append(AppendError::Duplicate(Duplicate::Command)) => self.stored(work).await,
                Fault::Append(AppendError::Duplicate(Duplicate::Message)) => {
                    self.refuse(work, Refusal::KeyReused).await;
                }
            }
        }
    }

    /// The log has moved without this process: its world is read anew.
    async fn reload(&mut self) {
        match self.state.log.world().await {
            Ok(world) => {
                *self.state.committed.write().unwrap_or_else(PoisonError::into_inner) = world;
                self.ended.clear();
            }
            Err(error) => tracing::error!(%error, "the log could not be read anew"),
        }
    }

    /// A provider's id is stored already: a customer's message is nothing new, a step of delivery goes without it.
    async fn known(&mut self, mut work: Work) {
        if let What::Occurrence { occurrence: Occurrence::Delivered { external_id, .. }, .. } = &mut work.what
        {
            *external_id = None;
        }
        work.set_known();
        self.take(work).await;
    }

    /// The command was answered before: its stored answer is given again.
    pub(super) async fn stored(&mut self, work: Work) {
        let What::Command { id, digest, .. } = &work.what else {
            work.reply.failed();
            return;
        };
        match self.state.log.answered(*id).await {
            Ok(Some(known)) => {
                let outcome = answer::again(&known.digest, digest, known.outcome);
                work.reply.outcome(outcome);
            }
            Ok(None) | Err(_) => work.reply.failed(),
        }
    }
}
