//! When something falls due in an interaction; the relay sleeps until the earliest and then lets it occur.

use crate::command::Occurrence;
use crate::id::{ActivityId, OfferId, UserId};
use crate::interaction::{ActivityState, Interaction, OfferState};
use crate::time::Timestamp;
use crate::world::World;

/// Something that falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: DueWhat,
}

/// What falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueWhat {
    /// An offer stops ringing.
    RingOver(OfferId),
    /// A customer has waited long enough.
    WaitOver(ActivityId),
    /// An agent may be asked again: routing looks anew.
    SleepOver(ActivityId),
    /// The owner of an open activity was missing for too long.
    OwnerLost(ActivityId),
}

/// Everything that falls due in this interaction, in no order. An end of sleep is due once and then lies in the past.
#[must_use]
pub fn due(interaction: &Interaction) -> Vec<Due> {
    let mut all = Vec::new();
    for offer in &interaction.offers {
        if offer.state == OfferState::Ringing {
            all.push(Due { at: offer.expires_at, what: DueWhat::RingOver(offer.id) });
        } else if let Some(at) = offer.sleep_until {
            all.push(Due { at, what: DueWhat::SleepOver(offer.activity) });
        }
    }
    for activity in &interaction.activities {
        if activity.state == ActivityState::Wait
            && let Some(at) = activity.max_wait_until
        {
            all.push(Due { at, what: DueWhat::WaitOver(activity.id) });
        }
        if activity.state == ActivityState::Open
            && let Some(lost) = activity.lost
        {
            all.push(Due { at: lost.until, what: DueWhat::OwnerLost(activity.id) });
        }
    }
    all
}

/// Whose pauses end by themselves, and when, in no order.
pub fn pauses(world: &World) -> impl Iterator<Item = (UserId, Timestamp)> {
    world.agents().filter_map(|agent| Some((agent.user, agent.pause.as_ref()?.until?)))
}

/// The occurrence of something that fell due; none for the end of a sleep, which is routing's affair. `reachable` says
/// whether a desk of the agent is connected whom it is about.
#[must_use]
pub fn occurrence(interaction: &Interaction, what: DueWhat, reachable: bool) -> Option<Occurrence> {
    match what {
        DueWhat::RingOver(offer) => {
            Some(Occurrence::RingOver { interaction: interaction.id, offer, reachable })
        }
        DueWhat::WaitOver(activity) => Some(Occurrence::WaitOver { interaction: interaction.id, activity }),
        DueWhat::OwnerLost(activity) => {
            Some(Occurrence::OwnerLost { interaction: interaction.id, activity, reachable })
        }
        DueWhat::SleepOver(_) => None,
    }
}
