//! One provider call from claim to result: `sending` is durable before it, its result after it; never made twice unasked.

use super::{STILL, patience};
use crate::channels::{Outgoing, Providers, SendError, Sent};
use crate::engine::{Engine, OccurError};
use crate::log::{Beside, LogError, OutboxCall, OutboxStep};
use crate::seal::Secret;
use shared::channel::WindowState;
use shared::command::Occurrence;
use shared::config::Connector;
use shared::fault;
use shared::id::MessageId;
use shared::interaction::{Delivery, Failure, FailureKind};
use tracing::Instrument;

/// Makes the call of a message, if it still waits, and writes down what came of it.
pub(super) async fn make(engine: &Engine, providers: &Providers, message: MessageId) {
    let span = tracing::info_span!("call", %message);
    match attempt(engine, providers, message).instrument(span).await {
        Ok(()) => {}
        Err(error) => {
            tracing::error!(%message, %error, "a message could not be sent for now");
            let later = engine.clock().now().plus(STILL);
            engine.clock().sleep_until(later).await;
        }
    }
}

async fn attempt(engine: &Engine, providers: &Providers, id: MessageId) -> Result<(), LogError> {
    let Some(call) = engine.log().outbox_call(id).await? else { return Ok(()) };
    if !matches!(call.message.delivery, Delivery::Queued | Delivery::Sending) {
        // A receipt was faster than we: the provider has it.
        settle(engine, &call, call.message.delivery.clone(), None, OutboxStep::Done { message: id }).await;
        return Ok(());
    }
    let ready = match ready(engine, &call).await? {
        Ok(ready) => ready,
        Err(failure) => {
            fail(engine, &call, failure).await;
            return Ok(());
        }
    };
    let claim = OutboxStep::Claim { message: id };
    if fault!("claim-not-durable") {
        tracing::debug!("the call is made without being claimed");
    } else if let Err(error) = step(engine, &call, Delivery::Sending, None, claim).await {
        tracing::warn!(message = %id, %error, "a call was not claimed");
        return if error == OccurError::Failed { Err(LogError::Closed) } else { Ok(()) };
    }
    let began_at = call.began_at.unwrap_or_else(|| engine.clock().now());
    let out = Outgoing {
        connector: &ready.connector,
        token: ready.token.expose(),
        address: &ready.address,
        text: &ready.text,
        key: id,
    };
    let result = providers.send(&out).await;
    tracing::debug!(interaction = %call.interaction, taken = result.is_ok(), "the provider answered");
    match result {
        Ok(Sent { external_id }) => {
            settle(engine, &call, Delivery::Sent, Some(external_id), OutboxStep::Done { message: id }).await;
        }
        Err(SendError::Rejected(failure)) => fail(engine, &call, failure).await,
        Err(SendError::Unknown) => {
            tracing::warn!(message = %id, "the answer to a call was lost");
            let step = if fault!("unknown-is-sent-again") {
                OutboxStep::Retry { message: id, at: engine.clock().now() }
            } else {
                OutboxStep::Done { message: id }
            };
            let to = if fault!("unknown-is-sent-again") { Delivery::Sending } else { Delivery::Unknown };
            settle(engine, &call, to, None, step).await;
        }
        Err(SendError::Temporary { retry_after, failure }) => {
            let now = engine.clock().now();
            // Without chance the pauses are merely even.
            let chance = getrandom::u32().unwrap_or(200);
            match patience::again(began_at, now, call.attempts.saturating_add(1), retry_after, chance) {
                Some(_) if fault!("retry-forgotten") => {
                    settle(engine, &call, Delivery::Sending, None, OutboxStep::Done { message: id }).await;
                }
                Some(at) => {
                    settle(engine, &call, Delivery::Sending, None, OutboxStep::Retry { message: id, at })
                        .await;
                }
                None => fail(engine, &call, failure).await,
            }
        }
    }
    Ok(())
}

/// What a call is made with.
struct Ready {
    connector: Connector,
    token: Secret,
    address: String,
    text: String,
}

/// Looks whether the call may still be made: the account works, the customer is there, the window is open.
async fn ready(engine: &Engine, call: &OutboxCall) -> Result<Result<Ready, Failure>, LogError> {
    let no = |kind| Ok(Err(Failure { kind, code: None }));
    let connector = engine.look(|world| world.config.connectors.get(&call.connector).cloned());
    let Some(connector) = connector.filter(|one| one.enabled) else { return no(FailureKind::Account) };
    let Some(token) = engine.log().secret(&format!("connector:{}:token", connector.id)).await? else {
        return no(FailureKind::Account);
    };
    let Some(text) = call.text.clone() else { return no(FailureKind::Content) };
    let facts = engine.log().identity_facts(call.identity).await?;
    let (Some(facts), Some(address)) = (facts, call.address.clone()) else {
        return no(FailureKind::Unreachable);
    };
    let window = connector.channel.capabilities().window;
    match window.state(facts.last_customer_at, facts.subscribed, engine.clock().now()) {
        WindowState::OpenUntil(_) | WindowState::Open => Ok(Ok(Ready { connector, token, address, text })),
        WindowState::Closed(_) => no(FailureKind::Window),
        WindowState::Unsubscribed => no(FailureKind::Unreachable),
    }
}

async fn fail(engine: &Engine, call: &OutboxCall, failure: Failure) {
    tracing::info!(message = %call.message.id, kind = ?failure.kind, code = ?failure.code, "a message was not delivered");
    let done = OutboxStep::Done { message: call.message.id };
    settle(engine, call, Delivery::Failed(failure), None, done).await;
}

/// Writes down what came of a call, and does not give up while the log fails: the call cannot be taken back. Should the
/// process end before, the next start finds the call begun and makes it unknown.
async fn settle(
    engine: &Engine,
    call: &OutboxCall,
    to: Delivery,
    external_id: Option<String>,
    outbox: OutboxStep,
) {
    loop {
        match step(engine, call, to.clone(), external_id.clone(), outbox).await {
            Ok(()) => return,
            Err(OccurError::Refused(_)) => {
                tracing::error!(message = %call.message.id, "the result of a call was refused");
                return;
            }
            Err(OccurError::Failed) => {
                let later = engine.clock().now().plus(STILL);
                engine.clock().sleep_until(later).await;
            }
        }
    }
}

async fn step(
    engine: &Engine,
    call: &OutboxCall,
    to: Delivery,
    external_id: Option<String>,
    outbox: OutboxStep,
) -> Result<(), OccurError> {
    // Receipts may have moved it since the call was read.
    let known = engine.log().message_facts(call.message.id).await.map_err(|_| OccurError::Failed)?;
    let message = known.unwrap_or_else(|| call.message.clone());
    let occurrence =
        Occurrence::Delivered { interaction: call.interaction, message, to, external_id, pricing: None };
    engine.occur(occurrence, Beside { outbox: Some(outbox), ..Beside::default() }).await.map(drop)
}
