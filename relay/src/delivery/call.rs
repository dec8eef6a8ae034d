//! One provider call from claim to result: `sending` is durable before it, its result after it; never made twice unasked.

use super::{STILL, patience};
use crate::channels::{Pace, Providers, SendError, Sending, Sent};
use crate::engine::{Engine, OccurError};
use crate::health::Health;
use crate::log::{Beside, LogError, OutboxCall, OutboxStep};
use shared::channel::{Channel, Outgoing, UNANSWERED_WITHIN, WindowState};
use shared::command::{IdentityFacts, Occurrence};
use shared::config::Connector;
use shared::id::MessageId;
use shared::interaction::{Delivery, Failure, FailureKind};
use shared::time::{Span, Timestamp};

/// What a call is made with.
pub(super) struct Post {
    pub(super) engine: Engine,
    pub(super) providers: Providers,
    pub(super) health: Health,
}

/// What stands in the way of a call.
enum Obstacle {
    /// For good.
    Fails(Failure),
    /// Until somebody mends the account.
    Broken(Failure),
    /// Until that instant.
    Until(Timestamp),
}

/// What a call is about, once nothing stands in its way.
struct Ready {
    connector: Connector,
    token: String,
    address: String,
    content: Outgoing,
    /// Whether only the human agent's window is open.
    tag: bool,
}

impl Post {
    /// Makes the call of a message, if it still waits, and writes down what came of it. Returns until when the whole
    /// account is to be left alone, when the provider asks for that.
    pub(super) async fn make(&self, message: MessageId) -> Option<Timestamp> {
        match self.attempt(message).await {
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
        if let Err(error) = self.step(&call, Delivery::Sending, None, claim).await {
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
        Ok(self.concluded(&call, result).await)
    }

    /// Makes the call; once more with the tag where the window turned out to be closed and the account has the right.
    async fn call(&self, ready: &Ready, key: MessageId) -> Result<Sent, SendError> {
        let out = Sending {
            connector: &ready.connector,
            token: &ready.token,
            address: &ready.address,
            content: &ready.content,
            // Files have addresses so far.
            bytes: None,
            key,
            tag: ready.tag,
        };
        match self.providers.send(&out).await {
            Err(SendError::Outside(_)) if ready.connector.human_agent && !ready.tag => {
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
                self.settle(call, Delivery::Unknown, None, done).await;
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
            Some(at) => {
                let retry = OutboxStep::Retry { message: call.message.id, at };
                self.settle(call, Delivery::Sending, None, retry).await;
            }
            None => self.fail(call, failure).await,
        }
        (pace == Pace::Account).then(|| now.plus(pause))
    }

    /// Looks whether the call may be made: the account works, the customer is there, the window is open.
    async fn ready(&self, call: &OutboxCall) -> Result<Result<Ready, Obstacle>, LogError> {
        let no = |kind| Ok(Err(Obstacle::Fails(Failure { kind, code: None })));
        let connector = self.engine.look(|world| world.config.connectors.get(&call.connector).cloned());
        let Some(connector) = connector.filter(|one| one.enabled) else { return no(FailureKind::Account) };
        let Some(content) = call.content.clone() else { return no(FailureKind::Content) };
        let facts = self.engine.log().identity_facts(call.identity).await?;
        let (Some(facts), Some(address)) = (facts, call.address.clone()) else {
            return no(FailureKind::Unreachable);
        };
        let now = self.now();
        let window = connector.channel.capabilities().window;
        let state = |human| window.of_account(human).state(facts.last_customer_at, facts.subscribed, now);
        match state(connector.human_agent) {
            WindowState::Closed(_) if content.needs_window() => return no(FailureKind::Window),
            WindowState::Unsubscribed => return no(FailureKind::Unreachable),
            WindowState::OpenUntil(_) | WindowState::Open | WindowState::Closed(_) => {}
        }
        if let Some(obstacle) = self.unanswered(connector.channel, &facts, call).await? {
            return Ok(Err(obstacle));
        }
        let name = format!("connector:{}:token", connector.id);
        let Some(token) = self.engine.log().secret(&name).await? else {
            let code = Some(crate::health::NO_TOKEN.to_owned());
            return Ok(Err(Obstacle::Broken(Failure { kind: FailureKind::Account, code })));
        };
        let tag = content.needs_window() && !state(false).is_open();
        Ok(Ok(Ready { connector, token, address, content, tag }))
    }

    /// Whether the customer must answer before more may be sent to them within an hour.
    async fn unanswered(
        &self,
        channel: Channel,
        facts: &IdentityFacts,
        call: &OutboxCall,
    ) -> Result<Option<Obstacle>, LogError> {
        let Some(most) = channel.rates().unanswered else { return Ok(None) };
        let now = self.now();
        let hour = now.plus(Span(-UNANSWERED_WITHIN.0));
        let since = facts.last_customer_at.unwrap_or_default().max(hour);
        let (count, first) = self.engine.log().sent_since(facts.id, since, call.message.id).await?;
        let Some(first) = first.filter(|_| count >= most) else { return Ok(None) };
        if now > call.written_at.plus(patience::OLDEST) {
            let code = Some("unanswered".to_owned());
            return Ok(Some(Obstacle::Fails(Failure { kind: FailureKind::Limit, code })));
        }
        Ok(Some(Obstacle::Until(first.plus(UNANSWERED_WITHIN).max(now.plus(Span::seconds(1))))))
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

    fn now(&self) -> Timestamp {
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
