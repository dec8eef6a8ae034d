//! Offers: how they begin to ring and how they end unanswered (T-02 to T-04, R-05).

use super::{Context, Decision, interaction};
use crate::agent::{AgentChange, PauseCause, Paused, Ringing};
use crate::config::{Queue, User, UserRef};
use crate::event::{Change, Stream};
use crate::id::{ActivityId, InteractionId, OfferId, UserId};
use crate::interaction::{
    ActivityState, Interaction, InteractionChange, Offer, OfferKind, OfferState, WithdrawnBecause, Withheld,
};
use crate::permission;
use crate::permit;
use crate::refusal::Refusal;
use crate::routing::{Explanation, Verdict, verdict};
use crate::time::Span;

/// The sleep of an offer whose queue is gone from the configuration.
const SLEEP_WITHOUT_QUEUE: Span = Span::seconds(10);

/// An offer begins to ring (T-02).
pub(super) fn offer(
    context: Context<'_>,
    offer: OfferId,
    (id, activity): (InteractionId, ActivityId),
    agent: UserId,
    because: &Explanation,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let state = interaction(context, id)?;
    let piece =
        state.activity(activity).filter(|a| a.state == ActivityState::Wait).ok_or(Refusal::NotOpen)?;
    if state.ringing(activity).next().is_some() {
        return Err(Refusal::OfferOver);
    }
    let queue = context.world.config.queues.get(&piece.queue.id).ok_or(Refusal::NoRights)?;
    let person = context.world.active_user(agent).ok_or(Refusal::NoRights)?;
    if !queue.members.contains_key(&agent) {
        return Err(Refusal::NoRights);
    }
    let free = verdict(context.world, agent, queue, state, activity, true, 0, context.now);
    if !matches!(free, Verdict::Free { .. }) {
        return Err(Refusal::OfferOver);
    }
    decision.read(Stream::Config);
    let expires_at = context.now.plus(queue.ring);
    let kind = OfferKind::Queue;
    decision.push(
        Stream::Interaction(id),
        Change::Interaction(InteractionChange::Offered {
            offer,
            activity,
            agent: person.reference(),
            kind,
            expires_at,
            because: because.clone(),
        }),
    );
    decision.push(
        Stream::Agent(agent),
        Change::Agent(AgentChange::Rang(Ringing {
            offer,
            interaction: id,
            activity,
            kind,
            channel: state.channel,
            connector: state.connector,
            identity: state.identity,
            queue: piece.queue.clone(),
            queued_at: state.queue_entered_at.unwrap_or(context.now),
            offered_at: context.now,
            expires_at,
            link: queue.links.first().cloned(),
        })),
    );
    Ok(())
}

/// The reason why nobody is offered an activity changed.
pub(super) fn withhold(
    context: Context<'_>,
    id: InteractionId,
    activity: ActivityId,
    reason: Option<Withheld>,
    decision: &mut Decision,
) {
    let waiting = context.world.interaction(id).and_then(|state| state.activity(activity));
    if waiting.is_some_and(|a| a.state == ActivityState::Wait && a.withheld != reason) {
        let change = InteractionChange::Withheld { activity, reason };
        decision.push(Stream::Interaction(id), Change::Interaction(change));
    }
}

/// An agent refuses an offer (T-04).
pub(super) fn reject(
    context: Context<'_>,
    person: &User,
    id: InteractionId,
    offer: OfferId,
    reason: Option<&str>,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let state = interaction(context, id)?;
    decision.read(Stream::Interaction(id));
    let Some(found) = state.offer(offer) else {
        // Who answered is for those who may read the chat.
        if !permission::reads(&context.world.config, person, state) {
            return Err(Refusal::NoRights);
        }
        let by = super::owner_of(context, state).filter(|by| by.id != person.id).map(User::reference);
        return Err(if by.is_some() { Refusal::Taken { by } } else { Refusal::OfferOver });
    };
    if found.agent != person.id {
        return Err(Refusal::NotYours);
    }
    match found.state {
        OfferState::Ringing => {}
        OfferState::Rejected => return Ok(()),
        _ => return Err(Refusal::OfferOver),
    }
    let piece = state.activity(found.activity);
    if let Some(queue) = piece.and_then(|piece| context.world.config.queues.get(&piece.queue.id)) {
        permit::reject(&queue.manner, reason)?;
    }
    end_unanswered(context, state, found, OfferState::Rejected, reason, true, decision);
    Ok(())
}

/// The ring time of an offer is over (T-03); too early or too late it is nothing.
pub(super) fn ring_over(
    context: Context<'_>,
    id: InteractionId,
    offer: OfferId,
    reachable: bool,
    decision: &mut Decision,
) {
    let Some(state) = context.world.interaction(id) else { return };
    let Some(found) = state.offer(offer) else { return };
    if found.state == OfferState::Ringing && context.now >= found.expires_at {
        end_unanswered(context, state, found, OfferState::Expired, None, reachable, decision);
    }
}

/// Ends an offer by its agent's fault: it sleeps, and may put the agent on the queue's automatic pause.
fn end_unanswered(
    context: Context<'_>,
    state: &Interaction,
    offer: &Offer,
    how: OfferState,
    reason: Option<&str>,
    may_pause: bool,
    decision: &mut Decision,
) {
    let config = &context.world.config;
    let queue = state.activity(offer.activity).and_then(|a| config.queues.get(&a.queue.id));
    let sleep = queue.map_or(SLEEP_WITHOUT_QUEUE, |queue| queue.sleep);
    end(context, state, offer, how, Ended { reason, sleep: Some(sleep), taken_by: None }, decision);
    // The time after a chat is the weaker pause: it gives way.
    let stronger = |on: &Paused| on.cause != PauseCause::WrapUp;
    let agent = context.world.known_agent(offer.agent);
    let on_pause = agent.and_then(|agent| agent.pause.as_ref()).is_some_and(stronger);
    if !may_pause || on_pause {
        return;
    }
    let automatic = |queue: &Queue| config.pauses.get(&queue.automatic_pause?).filter(|pause| pause.enabled);
    if let Some(pause) = queue.and_then(automatic) {
        let cause = match how {
            OfferState::Rejected => PauseCause::Rejected { offer: offer.id },
            _ => PauseCause::NoAnswer { offer: offer.id },
        };
        let change = AgentChange::Paused { pause: pause.reference(), cause, until: None };
        decision.push(Stream::Agent(offer.agent), Change::Agent(change));
    }
}

/// What goes with the end of an offer.
#[derive(Clone, Copy, Default)]
struct Ended<'a> {
    /// Why it was rejected.
    reason: Option<&'a str>,
    /// How long the same agent is not asked again.
    sleep: Option<Span>,
    /// Who took the activity instead.
    taken_by: Option<&'a UserRef>,
}

/// Ends one ringing offer on both of its streams.
fn end(
    context: Context<'_>,
    state: &Interaction,
    offer: &Offer,
    how: OfferState,
    with: Ended<'_>,
    decision: &mut Decision,
) {
    let name = context.world.config.users.get(&offer.agent).map_or(String::new(), |user| user.name.clone());
    decision.push(
        Stream::Interaction(state.id),
        Change::Interaction(InteractionChange::OfferEnded {
            offer: offer.id,
            activity: offer.activity,
            agent: UserRef { id: offer.agent, name },
            state: how,
            sleep_until: with.sleep.map(|span| context.now.plus(span)),
            rang: context.now.since(offer.offered_at),
            reason: with.reason.map(str::to_owned),
        }),
    );
    decision.push(
        Stream::Agent(offer.agent),
        Change::Agent(AgentChange::RingEnded {
            offer: offer.id,
            interaction: state.id,
            state: how,
            taken_by: with.taken_by.cloned(),
        }),
    );
}

/// Withdraws every offer of an activity that still rings, but for the one that is being accepted.
pub(super) fn withdraw(
    context: Context<'_>,
    state: &Interaction,
    activity: ActivityId,
    because: WithdrawnBecause,
    taken_by: Option<&UserRef>,
    but: Option<OfferId>,
    decision: &mut Decision,
) {
    for offer in state.ringing(activity).filter(|offer| Some(offer.id) != but) {
        end(
            context,
            state,
            offer,
            OfferState::Withdrawn { because },
            Ended { taken_by, ..Ended::default() },
            decision,
        );
    }
}

/// Withdraws one offer, because its agent lost the right to it.
pub(super) fn withdraw_one(
    context: Context<'_>,
    state: &Interaction,
    offer: &Offer,
    decision: &mut Decision,
) {
    let how = OfferState::Withdrawn { because: WithdrawnBecause::NoRights };
    end(context, state, offer, how, Ended::default(), decision);
}
