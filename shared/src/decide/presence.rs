//! An agent's own wishes about being there: queues and pauses.

use super::{Context, Decision};
use crate::agent::{AgentChange, PauseCause, ResumeCause};
use crate::config::{SystemPause, User};
use crate::event::{Change, Stream};
use crate::id::{PauseId, QueueId, UserId};
use crate::permission;
use crate::permit;
use crate::refusal::Refusal;

/// Logs in to a queue or out of it.
pub(super) fn queue(
    context: Context<'_>,
    person: &User,
    queue: QueueId,
    join: bool,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    if !permission::has_queue(&context.world.config, person, queue) {
        return Err(Refusal::NoRights);
    }
    let out = context.world.known_agent(person.id).is_some_and(|agent| agent.logged_out.contains(&queue));
    if out == join {
        let change = if join { AgentChange::JoinedQueue { queue } } else { AgentChange::LeftQueue { queue } };
        decision.push(Stream::Agent(person.id), Change::Agent(change));
    }
    Ok(())
}

/// Goes on a pause; what rings goes on ringing.
pub(super) fn pause(
    context: Context<'_>,
    person: &User,
    pause: PauseId,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let config = &context.world.config;
    let found = config.pauses.get(&pause).filter(|pause| pause.enabled && pause.choosable);
    let pause = found.ok_or_else(|| Refusal::NotFound { what: "pause".into() })?;
    let on = context.world.known_agent(person.id).and_then(|agent| agent.pause.as_ref());
    // Who chooses the very pause they were put on makes it their own: a late accept no longer lifts it.
    if on.is_none_or(|on| on.pause.id != pause.id || on.cause != PauseCause::Chosen) {
        // Who is too long on it has to be moved somewhere.
        let longest = pause.longest.filter(|_| config.system_pause(SystemPause::Inactive).is_some());
        let until = longest.map(|longest| {
            let agent = context.world.agent(person.id);
            permit::pause(&agent, pause.id, longest, context.now)
        });
        let change = AgentChange::Paused {
            pause: pause.reference(),
            cause: PauseCause::Chosen,
            until: until.transpose()?,
        };
        decision.push(Stream::Agent(person.id), Change::Agent(change));
    }
    Ok(())
}

/// The time of a pause is over: the time after a chat ends, any other was too long. Too early it is nothing.
pub(super) fn over(context: Context<'_>, user: UserId, decision: &mut Decision) {
    let Some(on) = context.world.known_agent(user).and_then(|agent| agent.pause.as_ref()) else { return };
    if on.until.is_none_or(|until| context.now < until) {
        return;
    }
    decision.read(Stream::Config);
    let inactive = context.world.config.system_pause(SystemPause::Inactive);
    let change = match (on.cause, inactive) {
        (PauseCause::WrapUp, _) => AgentChange::Resumed { cause: ResumeCause::WrapUpOver },
        (_, Some(inactive)) => {
            AgentChange::Paused { pause: inactive.reference(), cause: PauseCause::TooLong, until: None }
        }
        // It was taken out of use meanwhile: the pause goes on, without an end.
        (cause, None) => AgentChange::Paused { pause: on.pause.clone(), cause, until: None },
    };
    decision.push(Stream::Agent(user), Change::Agent(change));
}

/// The time after a chat begins, where its queue leaves any and the agent is on no pause yet.
pub(super) fn wrap_up(context: Context<'_>, user: UserId, queue: QueueId, decision: &mut Decision) {
    let config = &context.world.config;
    let span = config.queues.get(&queue).and_then(|queue| queue.manner.wrap_up);
    let paused = context.world.known_agent(user).is_some_and(|agent| agent.pause.is_some());
    if let (Some(span), Some(pause), false) = (span, config.system_pause(SystemPause::WrapUp), paused) {
        let until = Some(context.now.plus(span));
        let change = AgentChange::Paused { pause: pause.reference(), cause: PauseCause::WrapUp, until };
        decision.push(Stream::Agent(user), Change::Agent(change));
    }
}

/// Goes back to work.
pub(super) fn resume(context: Context<'_>, person: &User, decision: &mut Decision) {
    if context.world.known_agent(person.id).is_some_and(|agent| agent.pause.is_some()) {
        let change = AgentChange::Resumed { cause: ResumeCause::Chosen };
        decision.push(Stream::Agent(person.id), Change::Agent(change));
    }
}
