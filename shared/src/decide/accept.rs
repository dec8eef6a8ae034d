//! Accepting: from the card, late, or from the Waiting list (T-05, T-06, R-01 to R-04).

use super::{Context, Decision, interaction, offer};
use crate::agent::{AgentChange, PauseCause, ResumeCause};
use crate::config::User;
use crate::event::{Change, Stream};
use crate::fault;
use crate::id::{ActivityId, InteractionId, OfferId};
use crate::interaction::{ActivityState, InteractionChange, OfferState, WithdrawnBecause};
use crate::permission;
use crate::permit;
use crate::refusal::Refusal;

/// An agent takes a waiting activity.
pub(super) fn accept(
    context: Context<'_>,
    person: &User,
    id: InteractionId,
    activity: ActivityId,
    named: Option<OfferId>,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    let world = context.world;
    let state = interaction(context, id)?;
    decision.read(Stream::Interaction(id));
    decision.read(Stream::Agent(person.id));
    let piece = state.activity(activity).ok_or_else(|| Refusal::NotFound { what: "chat".into() })?;
    // One's own is one's own, also without the queue; of others' chats only who has rights learns anything.
    let own = piece.owner == Some(person.id);
    if !own && !permission::has_queue(&world.config, person, piece.queue.id) {
        return Err(Refusal::NoRights);
    }
    match (piece.state, piece.owner) {
        (ActivityState::Wait, _) => {}
        (ActivityState::Open, _) if fault!("taken-twice") => {}
        (ActivityState::Open, _) if own => return Ok(()),
        (ActivityState::Close, _) if own => return Err(Refusal::Ended),
        (_, Some(owner)) => {
            return Err(Refusal::Taken { by: world.config.users.get(&owner).map(User::reference) });
        }
        (_, None) => return Err(Refusal::CustomerGone),
    }
    // My own card rings: then it is that offer which is accepted, whichever button was used.
    let mine = state.ringing(activity).find(|offer| offer.agent == person.id).map(|offer| offer.id);
    if mine.is_none() {
        let out =
            world.known_agent(person.id).is_some_and(|agent| agent.logged_out.contains(&piece.queue.id));
        permit::pull(world.config.workspace, !out)?;
    }
    let owner = person.reference();
    offer::withdraw(context, state, activity, WithdrawnBecause::Taken, Some(&owner), mine, decision);
    decision.push(
        Stream::Interaction(id),
        Change::Interaction(InteractionChange::Accepted {
            activity,
            offer: mine,
            owner,
            waited: context.now.since(piece.requeued_at.or(piece.wait_at).unwrap_or(context.now)),
        }),
    );
    let me = Stream::Agent(person.id);
    if let Some(offer) = mine {
        let ended =
            AgentChange::RingEnded { offer, interaction: id, state: OfferState::Accepted, taken_by: None };
        decision.push(me, Change::Agent(ended));
    }
    // Late, but nobody was faster: the pause this very offer caused was not deserved.
    let cause = world.known_agent(person.id).and_then(|agent| agent.pause.as_ref()).map(|pause| pause.cause);
    if let (Some(PauseCause::NoAnswer { offer }), Some(named)) = (cause, named)
        && offer == named
    {
        let resumed = AgentChange::Resumed { cause: ResumeCause::LateAccept { offer } };
        decision.push(me, Change::Agent(resumed));
    }
    let took = AgentChange::Took { interaction: id, activity, queue: piece.queue.id };
    decision.push(me, Change::Agent(took));
    Ok(())
}
