//! Work in an open chat: sending, delivery, status, close (T-12, R-07, R-09, R-16).

use super::{Composed, Context, Decision, OutgoingFacts, interaction, presence};
use crate::agent::{AgentChange, Undelivered};
use crate::config::{Config, Disposition, DispositionRef, User};
use crate::event::{Change, Stream};
use crate::fault;
use crate::id::{ActivityId, DispositionId, InteractionId, MessageId, QueueId, UserId};
use crate::interaction::{
    Activity, ActivityState, Delivery, Interaction, InteractionChange, MessageFacts, Pricing,
};
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
    permit::send(interaction(context, id)?, person.id, text, context.now).or_else(
        |refusal| match refusal {
            Refusal::WindowClosed { .. } if fault!("window-not-checked") => Ok(()),
            refusal => Err(refusal),
        },
    )?;
    write(context, person, id, message, seen, decision)
}

/// An agent sends something that is more than plain words; an approved template also outside the window.
pub(super) fn compose(
    context: Context<'_>,
    person: &User,
    wish: &Composed,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let state = interaction(context, wish.interaction)?;
    match permit::write(state, person.id, context.now) {
        Err(Refusal::WindowClosed { .. }) if !wish.content.needs_window() => {}
        other => other?,
    }
    wish.content.fits(state.channel)?;
    write(context, person, wish.interaction, wish.message, wish.seen, decision)
}

/// A message of this agent that may be sent.
fn write(
    context: Context<'_>,
    person: &User,
    id: InteractionId,
    message: MessageId,
    seen: u64,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let state = interaction(context, id)?;
    let account = context.world.config.connectors.get(&state.connector).filter(|account| account.enabled);
    account.ok_or_else(|| Refusal::NotFound { what: "account".into() })?;
    let activity = state.open_of(person.id).ok_or(Refusal::NotOpen)?.id;
    let seen = seen.min(state.last_customer_seq);
    let change = InteractionChange::AgentWrote { message, activity, author: person.reference(), seen };
    decision.push(Stream::Interaction(id), Change::Interaction(change));
    Ok(())
}

/// An agent has a message that failed, or may have, sent once more as a new one.
pub(super) fn resend(
    context: Context<'_>,
    person: &User,
    id: InteractionId,
    (message, again): (MessageId, MessageId),
    seen: u64,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let (_, facts) = unsettled(context, id, message)?;
    if again == message {
        return Err(Refusal::KeyReused);
    }
    let said = facts.content.clone().ok_or_else(|| Refusal::NotFound { what: "text".into() })?;
    let wish = Composed { interaction: id, message: again, content: said, seen };
    compose(context, person, &wish, decision)?;
    settle(context, person, id, message, Some(again), decision);
    Ok(())
}

/// An agent lets a message be that failed, or may have; also after the end, and of their own also where somebody else has
/// the chat by now.
pub(super) fn dismiss(
    context: Context<'_>,
    person: &User,
    id: InteractionId,
    message: MessageId,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let (state, _) = unsettled(context, id, message)?;
    let may = |one: &Activity| permit::work(one, person.id, helps(context, person, one)).is_ok();
    let own = misses(context, message).is_some_and(|author| author == person.id);
    if !own && !state.activities.iter().any(may) {
        return Err(Refusal::NotYours);
    }
    settle(context, person, id, message, None, decision);
    Ok(())
}

fn settle(
    context: Context<'_>,
    person: &User,
    id: InteractionId,
    message: MessageId,
    again: Option<MessageId>,
    decision: &mut Decision,
) {
    let change = InteractionChange::MessageSettled { message, by: person.reference(), again };
    decision.push(Stream::Interaction(id), Change::Interaction(change));
    if let Some(author) = misses(context, message) {
        let change = AgentChange::UndeliveredEnded(message);
        decision.push(Stream::Agent(author), Change::Agent(change));
    }
}

/// On whose stream this message stands as one that did not arrive.
fn misses(context: Context<'_>, message: MessageId) -> Option<UserId> {
    context.world.agents().find(|agent| agent.misses(message)).map(|agent| agent.user)
}

/// A message of this chat that failed or is unknown and that nobody took care of.
fn unsettled(
    context: Context<'_>,
    id: InteractionId,
    message: MessageId,
) -> Result<(&Interaction, &OutgoingFacts), Refusal> {
    let state = interaction(context, id)?;
    let facts = context.outgoing.filter(|facts| facts.interaction == id && facts.message.id == message);
    let facts = facts.ok_or_else(|| Refusal::NotFound { what: "message".into() })?;
    if facts.message.delivery.is_wrong() && !state.settled.contains(&message) {
        Ok((state, facts))
    } else {
        Err(Refusal::Settled)
    }
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
    let state = interaction(context, id)?;
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
    if climbs && (to.is_wrong() || message.delivery.is_wrong()) {
        tell(context, state, message, to, decision);
    }
    Ok(())
}

/// What goes wrong after its author let go of the chat stands on the author's own stream, since nobody looks at the chat
/// any more; what turns out to have arrived stands there no longer.
fn tell(
    context: Context<'_>,
    state: &Interaction,
    message: &MessageFacts,
    to: &Delivery,
    decision: &mut Decision,
) {
    let (interaction, identity, message, author) = (state.id, state.identity, message.id, message.author);
    let (agent, change) = match (misses(context, message), author) {
        (Some(author), _) if !to.is_wrong() => (author, AgentChange::UndeliveredEnded(message)),
        (None, Some(author)) if to.is_wrong() => {
            if state.open_of(author).is_some() || state.settled.contains(&message) {
                return;
            }
            (author, AgentChange::Undelivered(Undelivered { message, interaction, identity }))
        }
        _ => return,
    };
    decision.push(Stream::Agent(agent), Change::Agent(change));
}

/// The wanted statuses take the place of those that were chosen, or are none; after the end they may still be corrected,
/// but not taken back.
pub(super) fn choose(
    context: Context<'_>,
    person: &User,
    id: InteractionId,
    activity: ActivityId,
    wanted: &[DispositionId],
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let state = interaction(context, id)?;
    let piece = piece(state.activity(activity))?;
    permit::work(piece, person.id, helps(context, person, piece))?;
    let config = &context.world.config;
    let mut all: Vec<DispositionRef> = Vec::with_capacity(wanted.len());
    for one in wanted {
        // One that was switched off since may stay beside another that is chosen.
        let held = piece.outcomes().find(|held| held.id == *one);
        let one = held.map_or_else(|| find(config, piece.queue.id, *one), |held| Ok(held.clone()))?;
        if !all.contains(&one) {
            all.push(one);
        }
    }
    let several = config.queues.get(&piece.queue.id).is_some_and(|queue| queue.manner.several);
    if all.len() > 1 && !several {
        return Err(Refusal::DispositionUnknown);
    }
    if piece.outcomes().eq(&all) {
        return Ok(());
    }
    if all.is_empty() && piece.state == ActivityState::Close {
        return Err(Refusal::DispositionRequired);
    }
    let mut all = all.into_iter();
    let (disposition, also) = (all.next(), all.collect());
    let change = InteractionChange::DispositionChosen { activity, disposition, also, by: person.reference() };
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
    let (disposition, also) = (piece.disposition.clone(), piece.also.clone());
    let change = InteractionChange::Closed { activity, by: person.reference(), disposition, also, last };
    decision.push(Stream::Interaction(id), Change::Interaction(change));
    if let Some(owner) = piece.owner {
        let change = AgentChange::Released { interaction: id, activity, queue: piece.queue.id, lost: None };
        decision.push(Stream::Agent(owner), Change::Agent(change));
        if owner == person.id {
            presence::wrap_up(context, owner, piece.queue.id, decision);
        }
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
