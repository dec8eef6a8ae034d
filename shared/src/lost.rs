//! Owners who are lost: whose chats are about to go back to their queue, why and when; a pure look, as routing's is, that never decides.

use crate::id::{ActivityId, InteractionId, UserId};
use crate::interaction::{Activity, ActivityState, Lost, LostBecause};
use crate::permission;
use crate::time::{Span, Timestamp};
use crate::world::World;

/// How long a missing desk is nothing to write down: desks come back within their longest pause between two attempts,
/// 30 seconds, and a little for the greeting.
pub const PATIENCE: Span = Span::seconds(35);

/// That no desk of a person is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Since when.
    pub since: Timestamp,
    /// Whether they logged out.
    pub logged_out: bool,
}

/// An open activity whose owner is there again, or no longer, or for another reason than recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The interaction.
    pub interaction: InteractionId,
    /// The open activity.
    pub activity: ActivityId,
    /// How its owner is missing; none while a desk of theirs is connected.
    pub absence: Option<Absence>,
}

/// Looks at every open activity. `absent` says how somebody is missing; none while a desk of theirs is connected.
///
/// Only what differs from the recorded state is returned, and with it when to look again although nothing happens.
#[must_use]
pub fn next(
    world: &World,
    absent: impl Fn(UserId) -> Option<Absence>,
    now: Timestamp,
) -> (Vec<Finding>, Option<Timestamp>) {
    let (mut found, mut again) = (Vec::new(), None);
    for interaction in world.interactions().filter(|one| one.is_live()) {
        for activity in interaction.activities.iter().filter(|one| one.state == ActivityState::Open) {
            let Some(owner) = activity.owner else { continue };
            let absence = absent(owner);
            if mark(world, activity, owner, absence, now) != activity.lost {
                found.push(Finding { interaction: interaction.id, activity: activity.id, absence });
            } else if let Some(absence) = absence.filter(|_| activity.lost.is_none()) {
                let at = Some(absence.since.plus(PATIENCE)).filter(|at| *at > now);
                again = [again, at].into_iter().flatten().min();
            }
        }
    }
    (found, again)
}

/// Why and when an open activity goes back to its queue; none while its owner works on it. Whatever is recorded for the
/// same reason stands, with its deadline.
pub(crate) fn mark(
    world: &World,
    activity: &Activity,
    owner: UserId,
    absence: Option<Absence>,
    now: Timestamp,
) -> Option<Lost> {
    let (config, known) = (&world.config, activity.lost);
    let because = |because| known.is_some_and(|lost| lost.because == because);
    let (reason, since) = match world.active_user(owner) {
        None => (LostBecause::Deactivated, now),
        Some(person) if !permission::has_queue(config, person, activity.queue.id) => {
            (LostBecause::NoRights, now)
        }
        Some(_) => {
            let Absence { since, logged_out } = absence?;
            // What was recorded before a restart holds until they come: who logged out is not merely away since.
            let away = because(LostBecause::Away) || now.since(since) >= PATIENCE;
            if logged_out || because(LostBecause::LoggedOut) {
                (LostBecause::LoggedOut, since)
            } else if away && config.workspace.lost_after.is_some() {
                (LostBecause::Away, since)
            } else {
                return None;
            }
        }
    };
    known
        .filter(|lost| lost.because == reason)
        .or_else(|| Some(Lost { because: reason, until: since.plus(config.workspace.grace()) }))
}
