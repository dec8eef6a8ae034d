//! One provider call from claim to result: `sending` is durable before it, its result after it; never made twice unasked.

use super::ready::{Obstacle, Ready};
use super::{STILL, patience};
use crate::channels::{Pace, Providers, SendError, Sending, Sent};
use crate::engine::{Engine, OccurError};
use crate::health::Health;
use crate::log::{Beside, LogError, OutboxCall, OutboxStep};
use shared::command::Occurrence;
use shared::fault;
use shared::id::MessageId;
use shared::interaction::{Delivery, Failure, FailureKind};
use shared::time::{Span, Timestamp};
use tracing::Instrument;

/// What a call is made with.
pub(super) struct Post {
    pub(super) engine: Engine,
    pub(super) providers: Providers,
    pub(super) health: Health,
}

impl Post {
    /// Makes the call of a message, if it still waits, and writes down what came of it. Returns until when the whole
    /// account is to be left alone, when the provider asks for that.
    pub(super) async fn make(&self, message: MessageId) -> Option<Timestamp> {
        let span = tracing::info_span!("call", %message);
        match self.attempt(message).instrument(span).await {
            Ok(hold) => hold,
            Err(error) => {
                tracing::error!(%message, %error, "a message could not be sent for now");
                self.still().await;
                None
            }
        }
    }

    /// Gives a waiting message up that can no longer be sent, though its account is paused.
    pub(super) async fn give_up_late(&self, message: MessageId) -> Result<(), LogError> {
        let Some(call) = self.engine.log().outbox_call(message).await? else { return Ok(()) };
        let why = self.health.why_paused(call.connector);
        // Read before the rest is looked at: a window that closes first is the reason, however late it is by then.
        let now = self.now();
        match self.ready(&call).await? {
            Err(Obstacle::Fails(failure)) => self.fail(&call, failure).await,
            _ if now > call.written_at.plus(patience::OLDEST) => {
                let nothing = Failure { kind: FailureKind::Account, code: None };
                self.fail(&call, why.unwrap_or(nothing)).await;
            }
            _ => {}
        }
        Ok(())
    }

    async fn attempt(&self, id: MessageId) -> Result<Option<Timestamp>, LogError> {
        let Some(call) = self.engine.log().outbox_call(id).await? else { return Ok(None) };
        let done = OutboxStep::Done { message: id };
        if !waits(&call.message.delivery) {
            // A receipt was faster than we: the provider has it.
            self.settle(&call, call.message.delivery.clone(), None, done).await;
            return Ok(None);
        }
        let ready = match self.ready(&call).await? {
            Ok(ready) => ready,
            Err(Obstacle::Fails(failure)) => {
                self.fail(&call, failure).await;
                return Ok(None);
            }
            Err(Obstacle::Broken(failure)) => {
                self.health.broke(call.connector, &failure);
                return Ok(None);
            }
            Err(Obstacle::Until(at)) => {
                self.engine.log().postpone(id, at).await?;
                return Ok(None);
            }
        };
        let claim = OutboxStep::Claim { message: id };
        if fault!("claim-not-durable") {
            tracing::debug!("the call is made without being claimed");
        } else if let Err(error) = self.step(&call, Delivery::Sending, None, claim).await {
            tracing::warn!(message = %id, %error, "a call was not claimed");
            return if error == OccurError::Failed { Err(LogError::Closed) } else { Ok(None) };
        }
        // What came between the reading and the claim: an echo of an earlier try, which must not be sent again.
        if let Some(facts) = self.engine.log().message_facts(id).await?
            && !waits(&facts.delivery)
        {
            self.settle(&call, facts.delivery, None, done).await;
            return Ok(None);
        }
        let result = self.call(&ready, id).await;
        tracing::debug!(interaction = %call.interaction, taken = result.is_ok(), "the provider answered");
        Ok(self.concluded(&call, result).await)
    }

    /// Makes the call; once more with the tag where the window turned out to be closed and it may be claimed.
    async fn call(&self, ready: &Ready, key: MessageId) -> Result<Sent, SendError> {
        let out = Sending {
            connector: &ready.connector,
            token: ready.token.expose(),
            address: &ready.address,
            content: &ready.content,
            // Files have addresses so far.
            bytes: None,
            key,
            tag: ready.tag,
        };
        match self.providers.send(&out).await {
            Err(SendError::Outside(_)) if ready.human && !ready.tag => {
                self.providers.send(&Sending { tag: true, ..out }).await
            }
            result => result,
        }
    }

    /// Writes down what came of a call.
    async fn concluded(&self, call: &OutboxCall, result: Result<Sent, SendError>) -> Option<Timestamp> {
        let (id, connector) = (call.message.id, call.connector);
        let done = OutboxStep::Done { message: id };
        match result {
            Ok(Sent { external_id }) => {
                self.health.sent(connector);
                self.settle(call, Delivery::Sent, Some(external_id), done).await;
            }
            Err(SendError::Rejected(failure) | SendError::Outside(failure)) => {
                self.health.refused(connector, &failure);
                self.fail(call, failure).await;
            }
            Err(SendError::Unknown) => {
                tracing::warn!(message = %id, "the answer to a call was lost");
                let failure = Failure { kind: FailureKind::Provider, code: Some("no answer".to_owned()) };
                self.health.stumbled(connector, &failure);
                if fault!("unknown-is-sent-again") {
                    let again = OutboxStep::Retry { message: id, at: self.now() };
                    self.settle(call, Delivery::Sending, None, again).await;
                } else {
                    self.settle(call, Delivery::Unknown, None, done).await;
                }
            }
            Err(SendError::Broken(failure)) => {
                // First the gate, then the row: nothing may slip through between.
                self.health.broke(connector, &failure);
                let at = self.now();
                self.settle(call, Delivery::Sending, None, OutboxStep::Retry { message: id, at }).await;
            }
            Err(SendError::Temporary { retry_after, pace, failure }) => {
                return self.later(call, retry_after, pace, failure).await;
            }
        }
        None
    }

    /// Tries later, or gives up when patience is over.
    async fn later(
        &self,
        call: &OutboxCall,
        asked: Option<Span>,
        pace: Pace,
        failure: Failure,
    ) -> Option<Timestamp> {
        self.health.stumbled(call.connector, &failure);
        let now = self.now();
        // Without chance the pauses are merely even.
        let chance = getrandom::u32().unwrap_or(200);
        let pause = patience::pause(call.attempts.saturating_add(1), asked, pace, chance);
        // The time of a pause of the account is not the message's.
        let began_at =
            call.began_at.unwrap_or(now).max(self.health.open_since(call.connector).unwrap_or(Timestamp(0)));
        match patience::again(began_at, now, pause) {
            Some(_) if fault!("retry-forgotten") => {
                let done = OutboxStep::Done { message: call.message.id };
                self.settle(call, Delivery::Sending, None, done).await;
            }
            Some(at) => {
                let retry = OutboxStep::Retry { message: call.message.id, at };
                self.settle(call, Delivery::Sending, None, retry).await;
            }
            None => self.fail(call, failure).await,
        }
        (pace == Pace::Account).then(|| now.plus(pause))
    }

    async fn fail(&self, call: &OutboxCall, failure: Failure) {
        tracing::info!(message = %call.message.id, kind = ?failure.kind, code = ?failure.code, "a message was not delivered");
        let done = OutboxStep::Done { message: call.message.id };
        self.settle(call, Delivery::Failed(failure), None, done).await;
    }

    /// Writes down what came of a call, and does not give up while the log fails: the call cannot be taken back. Should
    /// the process end before, the next start finds the call begun and makes it unknown.
    async fn settle(&self, call: &OutboxCall, to: Delivery, external_id: Option<String>, outbox: OutboxStep) {
        loop {
            match self.step(call, to.clone(), external_id.clone(), outbox).await {
                Ok(()) => return,
                Err(OccurError::Refused(_)) => {
                    tracing::error!(message = %call.message.id, "the result of a call was refused");
                    return;
                }
                Err(OccurError::Failed) => self.still().await,
            }
        }
    }

    async fn step(
        &self,
        call: &OutboxCall,
        to: Delivery,
        external_id: Option<String>,
        outbox: OutboxStep,
    ) -> Result<(), OccurError> {
        // Receipts may have moved it since the call was read.
        let known = self.engine.log().message_facts(call.message.id).await.map_err(|_| OccurError::Failed)?;
        let message = known.unwrap_or_else(|| call.message.clone());
        let occurrence =
            Occurrence::Delivered { interaction: call.interaction, message, to, external_id, pricing: None };
        self.engine.occur(occurrence, Beside { outbox: Some(outbox), ..Beside::default() }).await.map(drop)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.engine.clock().now()
    }

    async fn still(&self) {
        let later = self.now().plus(STILL);
        self.engine.clock().sleep_until(later).await;
    }
}

/// Whether a message still has to be sent, as far as it has come.
const fn waits(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::Queued | Delivery::Sending)
}
