//! Owners who are missing, and their chats that go back to the queue (D-142, T-22, R-19).

use super::{Context, Decision};
use crate::agent::AgentChange;
use crate::config::{User, UserRef};
use crate::event::{Change, Stream};
use crate::id::{ActivityId, InteractionId, UserId};
use crate::interaction::{Activity, ActivityState, InteractionChange, LostBecause};
use crate::lost::{self, Absence};
use crate::permission;

/// The owner of an open activity is missing, or there again: what is recorded of that follows.
pub(super) fn missed(
    context: Context<'_>,
    id: InteractionId,
    activity: ActivityId,
    absence: Option<Absence>,
    decision: &mut Decision,
) {
    let Some((piece, owner)) = open(context, id, activity) else { return };
    let lost = lost::mark(context.world, piece, owner, absence, context.now);
    if lost != piece.lost {
        // Rights, and how long somebody may be missing.
        decision.read(Stream::Config);
        let change = InteractionChange::OwnerMissed { activity, lost };
        decision.push(Stream::Interaction(id), Change::Interaction(change));
    }
}

/// The owner of an open activity was missing for too long (T-22); too early, or when they are back, it is nothing.
pub(super) fn lost(
    context: Context<'_>,
    id: InteractionId,
    activity: ActivityId,
    reachable: bool,
    decision: &mut Decision,
) {
    let Some((piece, owner)) = open(context, id, activity) else { return };
    let Some(lost) = piece.lost.filter(|lost| context.now >= lost.until) else { return };
    let config = &context.world.config;
    let person = context.world.active_user(owner);
    let stays = match lost.because {
        LostBecause::Away => reachable || config.workspace.lost_after.is_none(),
        LostBecause::LoggedOut => reachable,
        LostBecause::Deactivated => person.is_some(),
        LostBecause::NoRights => {
            person.is_some_and(|person| permission::has_queue(config, person, piece.queue.id))
        }
    };
    if stays {
        return;
    }
    decision.read(Stream::Config);
    let nameless = || UserRef { id: owner, name: String::new() };
    let max_wait = config.queues.get(&piece.queue.id).and_then(|queue| queue.max_wait);
    let change = InteractionChange::Requeued {
        activity,
        owner: config.users.get(&owner).map_or_else(nameless, User::reference),
        because: lost.because,
        // They have waited once and were answered: the longest wait begins anew.
        max_wait_until: max_wait.map(|span| context.now.plus(span)),
    };
    decision.push(Stream::Interaction(id), Change::Interaction(change));
    let (queue, lost) = (piece.queue.id, Some(lost.because));
    let change = AgentChange::Released { interaction: id, activity, queue, lost };
    decision.push(Stream::Agent(owner), Change::Agent(change));
}

/// An open activity and its owner.
fn open(context: Context<'_>, id: InteractionId, activity: ActivityId) -> Option<(&Activity, UserId)> {
    let piece = context.world.interaction(id)?.activity(activity)?;
    Some((piece, piece.owner.filter(|_| piece.state == ActivityState::Open)?))
}
