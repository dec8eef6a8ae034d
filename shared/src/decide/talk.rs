//! Work in an open chat: sending, delivery, status, close (T-12, R-07, R-09, R-16).

use super::{Context, Decision, interaction};
use crate::agent::AgentChange;
use crate::config::{Config, Disposition, DispositionRef, User};
use crate::event::{Change, Stream};
use crate::fault;
use crate::id::{ActivityId, DispositionId, InteractionId, MessageId, QueueId};
use crate::interaction::{Activity, ActivityState, Delivery, InteractionChange, MessageFacts, Pricing};
use crate::refusal::Refusal;
use crate::{permission, permit};

/// An agent sends text.
pub(super) fn send(
    context: Context<'_>,
    person: &User,
    id: InteractionId,
    message: MessageId,
    text: &str,
    seen: u64,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let state = interaction(context, id)?;
    permit::send(state, person.id, text, context.now).or_else(|refusal| match refusal {
        Refusal::WindowClosed { .. } if fault!("window-not-checked") => Ok(()),
        refusal => Err(refusal),
    })?;
    let account = context.world.config.connectors.get(&state.connector).filter(|account| account.enabled);
    account.ok_or_else(|| Refusal::NotFound { what: "account".into() })?;
    let activity = state.open_of(person.id).ok_or(Refusal::NotOpen)?.id;
    let seen = seen.min(state.last_customer_seq);
    let change = InteractionChange::AgentWrote { message, activity, author: person.reference(), seen };
    decision.push(Stream::Interaction(id), Change::Interaction(change));
    Ok(())
}

/// A message climbs a step, also after the end; a step that is none changes nothing.
pub(super) fn delivered(
    context: Context<'_>,
    id: InteractionId,
    message: &MessageFacts,
    to: &Delivery,
    (external_id, pricing): (Option<&str>, Option<&Pricing>),
    decision: &mut Decision,
) -> Result<(), Refusal> {
    interaction(context, id)?;
    let climbs = message.delivery.climbs_to(to) || fault!("receipt-goes-back");
    // A receipt may overtake the answer of the send; the provider's id that the answer brings is kept all the same.
    let overtaken = external_id.is_some() && to.climbs_to(&message.delivery);
    // What it costs comes with a step that may be known already, but never before anything was sent.
    let pricing = pricing.filter(|_| !message.priced && (climbs || message.delivery != Delivery::Queued));
    if climbs || overtaken || pricing.is_some() {
        let delivery = if climbs { to.clone() } else { message.delivery.clone() };
        let (external_id, pricing) = (external_id.map(Into::into), pricing.cloned());
        let change =
            InteractionChange::DeliveryChanged { message: message.id, delivery, external_id, pricing };
        decision.push(Stream::Interaction(id), Change::Interaction(change));
    }
    Ok(())
}

/// A status is chosen or taken back; after the end it may still be corrected, but not taken back.
pub(super) fn choose(
    context: Context<'_>,
    person: &User,
    id: InteractionId,
    activity: ActivityId,
    wanted: Option<DispositionId>,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let state = interaction(context, id)?;
    let piece = piece(state.activity(activity))?;
    permit::work(piece, person.id, helps(context, person, piece))?;
    let disposition = wanted.map(|one| find(&context.world.config, piece.queue.id, one)).transpose()?;
    if piece.disposition == disposition {
        return Ok(());
    }
    if disposition.is_none() && piece.state == ActivityState::Close {
        return Err(Refusal::DispositionRequired);
    }
    let change = InteractionChange::DispositionChosen { activity, disposition, by: person.reference() };
    decision.push(Stream::Interaction(id), Change::Interaction(change));
    Ok(())
}

/// An agent closes an activity; the last one ends the interaction.
pub(super) fn close(
    context: Context<'_>,
    person: &User,
    id: InteractionId,
    activity: ActivityId,
    seen: u64,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let state = interaction(context, id)?;
    let piece = piece(state.activity(activity))?;
    let required = required(&context.world.config, piece.queue.id);
    permit::close(state, piece, person.id, helps(context, person, piece), required, seen)?;
    let last = state.activities.iter().all(|a| a.id == activity || a.state == ActivityState::Close);
    let disposition = piece.disposition.clone();
    let change = InteractionChange::Closed { activity, by: person.reference(), disposition, last };
    decision.push(Stream::Interaction(id), Change::Interaction(change));
    if let Some(owner) = piece.owner {
        let change = AgentChange::Released { interaction: id, activity, queue: piece.queue.id };
        decision.push(Stream::Agent(owner), Change::Agent(change));
    }
    Ok(())
}

/// Whether a queue demands a status; void while it has none to choose from.
pub(super) fn required(config: &Config, queue: QueueId) -> bool {
    let demands = config.queues.get(&queue).is_some_and(|queue| queue.disposition_required);
    demands && config.dispositions_of(queue).next().is_some()
}

/// A status of this queue that can be chosen.
pub(super) fn find(config: &Config, queue: QueueId, id: DispositionId) -> Result<DispositionRef, Refusal> {
    let found = config.dispositions_of(queue).find(|one| one.id == id);
    found.map(Disposition::reference).ok_or(Refusal::DispositionUnknown)
}

fn piece(activity: Option<&Activity>) -> Result<&Activity, Refusal> {
    activity.ok_or_else(|| Refusal::NotFound { what: "chat".into() })
}

/// Whether this person may help with somebody else's activity: they supervise and have rights to its queue.
fn helps(context: Context<'_>, person: &User, piece: &Activity) -> bool {
    permission::supervises(person) && permission::has_queue(&context.world.config, person, piece.queue.id)
}
