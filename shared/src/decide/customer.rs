//! What customers do, and how their waiting ends without an answer (T-01, T-07 to T-09, R-03, R-07, R-17).

use super::{Context, Decision, offer};
use crate::command::{Occurrence, Welcome};
use crate::config::{Connector, Queue, Unattended};
use crate::event::{Actor, Change, Stream};
use crate::fault;
use crate::id::{ActivityId, ConnectorId, IdentityId, InteractionId};
use crate::interaction::{
    ActivityState, Amended, Amendment, Direction, Disconnection, Interaction, InteractionChange, Notice,
    WithdrawnBecause,
};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// A customer wrote: into their live interaction, or a new one that enters the connector's queue.
pub(super) fn wrote(context: Context<'_>, what: &Occurrence, decision: &mut Decision) -> Result<(), Refusal> {
    let Occurrence::CustomerWrote { connector, identity, known, fresh, welcomes, .. } = what else {
        return Ok(());
    };
    let Some(wrote) = message(what).filter(|_| !*known) else { return Ok(()) };
    decision.actor = Actor::Customer;
    let mut live = context.world.live_of(*connector, *identity).filter(|_| !fault!("second-live-chat"));
    if fault!("ended-chat-takes-it") {
        live = context.world.interactions().find(|one| one.identity == *identity);
    }
    let wrote = welcomes.iter().map(greeted).chain([wrote]);
    if let Some(live) = live {
        for change in wrote {
            decision.push(Stream::Interaction(live.id), Change::Interaction(change));
        }
        return Ok(());
    }
    let missing = |what: &str| Refusal::NotFound { what: what.into() };
    let account = context.world.config.connectors.get(connector).ok_or_else(|| missing("account"))?;
    let queue = entry_queue(context, account).ok_or_else(|| missing("queue"))?;
    let Some((interaction, activity)) = *fresh else { return Ok(()) };
    if context.world.interaction(interaction).is_some() {
        return Err(Refusal::KeyReused);
    }
    let stream = Stream::Interaction(interaction);
    decision.read(Stream::Config);
    let began = InteractionChange::Began {
        channel: account.channel,
        connector: account.id,
        connector_title: account.title.clone(),
        identity: *identity,
        direction: Direction::In,
        last_customer_at: None,
        human_agent: account.human_agent,
    };
    let queued = InteractionChange::Queued {
        activity,
        queue: queue.reference(),
        max_wait_until: queue.max_wait.map(|span| context.now.plus(span)),
    };
    for change in [began].into_iter().chain(wrote).chain([queued]) {
        decision.push(stream, Change::Interaction(change));
    }
    Ok(())
}

/// What greeted a customer is the first line of the chat that it led to.
fn greeted(welcome: &Welcome) -> InteractionChange {
    InteractionChange::SentAutomatically {
        message: welcome.message,
        sent_at: welcome.sent_at,
        delivery: welcome.delivery.clone(),
        external_id: Some(welcome.external_id.clone()),
    }
}

/// The change that a customer's message makes.
fn message(what: &Occurrence) -> Option<InteractionChange> {
    let Occurrence::CustomerWrote { message, kind, sent_at, attachments, reply_to, .. } = what else {
        return None;
    };
    Some(InteractionChange::CustomerWrote {
        message: *message,
        kind: *kind,
        sent_at: *sent_at,
        attachments: attachments.clone(),
        reply_to: *reply_to,
    })
}

/// Somebody wrote to a customer from elsewhere: whoever works on their live interaction sees it.
pub(super) fn sent_elsewhere(context: Context<'_>, what: &Occurrence, decision: &mut Decision) {
    let Occurrence::SentElsewhere { connector, identity, message, kind, sent_at, attachments, known } = what
    else {
        return;
    };
    if let Some(live) = context.world.live_of(*connector, *identity).filter(|_| !*known) {
        let change = InteractionChange::SentElsewhere {
            message: *message,
            kind: *kind,
            sent_at: *sent_at,
            attachments: attachments.clone(),
        };
        decision.push(Stream::Interaction(live.id), Change::Interaction(change));
    }
}

/// Something happened to a message, also after the end; what says nothing new changes nothing.
pub(super) fn amended(
    context: Context<'_>,
    id: InteractionId,
    message: &Amended,
    amendment: &Amendment,
    at: Timestamp,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    super::interaction(context, id)?;
    if message.takes(amendment, at) {
        let change = InteractionChange::Amended { message: message.id, amendment: amendment.clone(), at };
        decision.push(Stream::Interaction(id), Change::Interaction(change));
    }
    Ok(())
}

/// Something about a customer that is no message: a line for whoever holds their live interaction.
pub(super) fn noted(
    context: Context<'_>,
    connector: ConnectorId,
    identity: IdentityId,
    notice: &Notice,
    decision: &mut Decision,
) {
    if let Some(live) = context.world.live_of(connector, identity) {
        let change = InteractionChange::Noted { notice: notice.clone() };
        decision.push(Stream::Interaction(live.id), Change::Interaction(change));
    }
}

/// The connector's queue; while that is switched off, the first of the channel that is not; failing that, its own all
/// the same, because a customer is never turned away.
fn entry_queue<'a>(context: Context<'a>, connector: &Connector) -> Option<&'a Queue> {
    let queues = &context.world.config.queues;
    let own = connector.queue.and_then(|id| queues.get(&id));
    let others = queues.values().filter(|queue| queue.channel == connector.channel && queue.enabled);
    own.filter(|queue| queue.enabled).or_else(|| others.min_by_key(|queue| queue.number)).or(own)
}

/// A customer's name became known: whoever holds their live interaction is told.
pub(super) fn named(
    context: Context<'_>,
    connector: ConnectorId,
    identity: IdentityId,
    decision: &mut Decision,
) {
    if let Some(live) = context.world.live_of(connector, identity) {
        let change = InteractionChange::CustomerNamed { identity };
        decision.push(Stream::Interaction(live.id), Change::Interaction(change));
    }
}

/// A customer can no longer be written to (T-09); a chat that an agent has open stays open.
pub(super) fn left(
    context: Context<'_>,
    connector: ConnectorId,
    identity: IdentityId,
    decision: &mut Decision,
) {
    let Some(live) = context.world.live_of(connector, identity) else { return };
    if !live.subscribed {
        return;
    }
    decision.actor = Actor::Customer;
    decision.push(Stream::Interaction(live.id), Change::Interaction(InteractionChange::CustomerLeft));
    if let Some(waiting) = live.waiting().map(|activity| activity.id) {
        miss(context, live, waiting, WithdrawnBecause::CustomerLeft, Disconnection::Customer, decision);
    }
}

/// The longest waiting time is over (T-07); too early or too late it is nothing.
pub(super) fn wait_over(
    context: Context<'_>,
    id: InteractionId,
    activity: ActivityId,
    decision: &mut Decision,
) {
    let Some(state) = context.world.interaction(id) else { return };
    let over = state.activity(activity).is_some_and(|a| {
        a.state == ActivityState::Wait && a.max_wait_until.is_some_and(|until| context.now >= until)
    });
    if over {
        miss(context, state, activity, WithdrawnBecause::MaxWait, Disconnection::Timeout, decision);
    }
}

/// Nobody is there, and the queue does not let customers wait then (T-08).
pub(super) fn unattended(
    context: Context<'_>,
    id: InteractionId,
    activity: ActivityId,
    decision: &mut Decision,
) {
    let Some(state) = context.world.interaction(id) else { return };
    let Some(piece) = state.activity(activity).filter(|a| a.state == ActivityState::Wait) else { return };
    let Some(queue) = context.world.config.queues.get(&piece.queue.id) else { return };
    if queue.unattended == Unattended::Close && state.ringing(activity).next().is_none() {
        let why = if queue.enabled { Disconnection::NotAvailable } else { Disconnection::OutOfHours };
        decision.read(Stream::Config);
        miss(context, state, activity, WithdrawnBecause::MaxWait, why, decision);
    }
}

/// Ends a waiting activity unanswered.
fn miss(
    context: Context<'_>,
    state: &Interaction,
    activity: ActivityId,
    withdrawn: WithdrawnBecause,
    disconnection: Disconnection,
    decision: &mut Decision,
) {
    offer::withdraw(context, state, activity, withdrawn, None, None, decision);
    let change = InteractionChange::Missed { activity, disconnection };
    decision.push(Stream::Interaction(state.id), Change::Interaction(change));
}
