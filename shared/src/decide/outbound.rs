//! Writing first: starting a chat and sending a single message (T-10, T-11, R-10).

use super::{Context, Decision, IdentityFacts, owner_of, talk};
use crate::agent::AgentChange;
use crate::command::Command;
use crate::config::{Connector, Queue, User};
use crate::event::{Change, Stream};
use crate::id::{ActivityId, IdentityId, InteractionId, QueueId};
use crate::interaction::{Direction, InteractionChange};
use crate::refusal::Refusal;
use crate::{permission, permit};

/// Decides the two commands that begin an interaction from our side.
pub(super) fn decide(
    context: Context<'_>,
    person: &User,
    command: &Command,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    match command {
        Command::StartChat { interaction, activity, queue, identity } => {
            let (queue, began) = begin(context, person, (*interaction, *activity), *queue, *identity)?;
            let started = InteractionChange::Started {
                activity: *activity,
                queue: queue.reference(),
                owner: person.reference(),
            };
            for change in [began, started] {
                decision.push(Stream::Interaction(*interaction), Change::Interaction(change));
            }
            let took = AgentChange::Took { interaction: *interaction, activity: *activity, queue: queue.id };
            decision.push(Stream::Agent(person.id), Change::Agent(took));
        }
        Command::SendOnce { interaction, activity, queue, identity, disposition, message, text } => {
            let (queue, began) = begin(context, person, (*interaction, *activity), *queue, *identity)?;
            let facts = facts(context, *identity)?;
            let rule = queue.channel.capabilities().window.of_account(extended(&began));
            permit::window(rule.state(facts.last_customer_at, facts.subscribed, context.now))?;
            permit::text(queue.channel, text)?;
            let config = &context.world.config;
            let disposition = disposition.map(|id| talk::find(config, queue.id, id)).transpose()?;
            if disposition.is_none() && talk::required(config, queue.id) {
                return Err(Refusal::DispositionRequired);
            }
            let (owner, queue) = (person.reference(), queue.reference());
            let wrote = InteractionChange::AgentWrote {
                message: *message,
                activity: *activity,
                author: owner.clone(),
                seen: 0,
            };
            let sent = InteractionChange::SentOnce { activity: *activity, queue, owner, disposition };
            for change in [began, wrote, sent] {
                decision.push(Stream::Interaction(*interaction), Change::Interaction(change));
            }
        }
        _ => return Err(Refusal::NotUnderstood),
    }
    Ok(())
}

/// What both have in common: rights, a known customer who is free, and the beginning.
fn begin<'a>(
    context: Context<'a>,
    person: &User,
    (id, activity): (InteractionId, ActivityId),
    queue: QueueId,
    identity: IdentityId,
) -> Result<(&'a Queue, InteractionChange), Refusal> {
    let config = &context.world.config;
    let missing = |what: &str| Refusal::NotFound { what: what.into() };
    // The desk makes these ids; a reused one would let one tab swallow another.
    let used = context.world.interactions().any(|one| one.activity(activity).is_some());
    if used || context.world.interaction(id).is_some() {
        return Err(Refusal::KeyReused);
    }
    let queue = config.queues.get(&queue).filter(|queue| queue.enabled).ok_or_else(|| missing("queue"))?;
    if !permission::has_queue(config, person, queue.id) {
        return Err(Refusal::NoRights);
    }
    let facts = facts(context, identity)?;
    let enabled = |one: &&Connector| one.enabled;
    let account =
        config.connectors.get(&facts.connector).filter(enabled).ok_or_else(|| missing("account"))?;
    if account.channel != queue.channel {
        return Err(Refusal::OtherChannel);
    }
    if facts.last_customer_at.is_none() {
        return Err(Refusal::NeverWrote);
    }
    if !facts.subscribed {
        return Err(Refusal::Unsubscribed);
    }
    if let Some(live) = context.world.live_of(account.id, identity) {
        // With whom is for those who may read that chat, which may be in another queue.
        let with = owner_of(context, live).filter(|_| permission::reads(config, person, live));
        return Err(Refusal::AlreadyLive { with: with.map(User::reference) });
    }
    let began = InteractionChange::Began {
        channel: account.channel,
        connector: account.id,
        connector_title: account.title.clone(),
        identity,
        direction: Direction::Out,
        last_customer_at: facts.last_customer_at,
        human_agent: account.human_agent,
    };
    Ok((queue, began))
}

/// Whether the account that begins it may answer for longer than its channel's window.
const fn extended(began: &InteractionChange) -> bool {
    matches!(began, InteractionChange::Began { human_agent: true, .. })
}

fn facts(context: Context<'_>, identity: IdentityId) -> Result<IdentityFacts, Refusal> {
    context
        .identity
        .filter(|facts| facts.id == identity)
        .ok_or_else(|| Refusal::NotFound { what: "customer".into() })
}
