//! An agent's own wishes about being there: queues and pauses.

use super::{Context, Decision};
use crate::agent::{AgentChange, PauseCause, ResumeCause};
use crate::config::User;
use crate::event::{Change, Stream};
use crate::id::{PauseId, QueueId};
use crate::permission;
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
    let found = context.world.config.pauses.get(&pause).filter(|pause| pause.enabled && pause.choosable);
    let pause = found.ok_or_else(|| Refusal::NotFound { what: "pause".into() })?;
    let on = context.world.known_agent(person.id).and_then(|agent| agent.pause.as_ref());
    // Who chooses the very pause they were put on makes it their own: a late accept no longer lifts it.
    if on.is_none_or(|on| on.pause.id != pause.id || on.cause != PauseCause::Chosen) {
        let change = AgentChange::Paused { pause: pause.reference(), cause: PauseCause::Chosen };
        decision.push(Stream::Agent(person.id), Change::Agent(change));
    }
    Ok(())
}

/// Goes back to work.
pub(super) fn resume(context: Context<'_>, person: &User, decision: &mut Decision) {
    if context.world.known_agent(person.id).is_some_and(|agent| agent.pause.is_some()) {
        let change = AgentChange::Resumed { cause: ResumeCause::Chosen };
        decision.push(Stream::Agent(person.id), Change::Agent(change));
    }
}
