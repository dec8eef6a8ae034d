//! The look itself: oldest waiting first, to whoever can take it and has been idle longest in that queue; never decides.

use super::{Considered, Explanation, Strategy, Verdict};
use crate::config::{Queue, Unattended};
use crate::id::{ActivityId, InteractionId, UserId};
use crate::interaction::{Activity, Interaction, Withheld};
use crate::time::Timestamp;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// What routing wants to happen to one waiting activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// Ring at this agent.
    Offer {
        /// The interaction.
        interaction: InteractionId,
        /// The waiting activity.
        activity: ActivityId,
        /// The agent.
        agent: UserId,
        /// Why.
        because: Explanation,
    },
    /// Nobody can be offered it, for another reason than recorded so far.
    Withhold {
        /// The interaction.
        interaction: InteractionId,
        /// The waiting activity.
        activity: ActivityId,
        /// Why.
        reason: Withheld,
    },
    /// Nobody is there and its queue does not let customers wait then.
    GiveUp {
        /// The interaction.
        interaction: InteractionId,
        /// The waiting activity.
        activity: ActivityId,
    },
}

/// Looks at every activity that waits and does not ring, in the order in which they are to be served: what went back to
/// its queue because its owner was lost comes before all that has waited there.
///
/// `reachable` are the people with a connected desk. Only what differs from the recorded state is returned.
#[must_use]
pub fn next(world: &World, reachable: &BTreeSet<UserId>, now: Timestamp) -> Vec<Outlook> {
    let mut waiting: Vec<((u8, bool, Timestamp), &Interaction, &Activity)> = world
        .interactions()
        .filter_map(|interaction| {
            let activity = interaction.waiting()?;
            let silent = interaction.ringing(activity.id).next().is_none();
            let priority =
                world.config.queues.get(&activity.queue.id).map_or(u8::MAX, |queue| queue.priority);
            let (fresh, since) = (activity.requeued_at.is_none(), activity.wait_at.unwrap_or(now));
            silent.then_some(((priority, fresh, since), interaction, activity))
        })
        .collect();
    waiting.sort_by_key(|(place, interaction, _)| (*place, interaction.id));
    let mut given: BTreeMap<UserId, usize> = BTreeMap::new();
    waiting
        .into_iter()
        .filter_map(|(_, interaction, activity)| {
            let outlook = look(world, reachable, now, interaction, activity, &given)?;
            if let Outlook::Offer { agent, .. } = &outlook {
                *given.entry(*agent).or_default() += 1;
            }
            Some(outlook)
        })
        .collect()
}

/// Looks at one waiting activity; `given` is the work this look has handed out already.
fn look(
    world: &World,
    reachable: &BTreeSet<UserId>,
    now: Timestamp,
    interaction: &Interaction,
    activity: &Activity,
    given: &BTreeMap<UserId, usize>,
) -> Option<Outlook> {
    let Some(queue) = world.config.queues.get(&activity.queue.id) else {
        return withholding(interaction, activity, Withheld::NoMembers);
    };
    let mut considered: Vec<(u8, Considered)> = queue
        .members
        .iter()
        .filter_map(|(id, member)| {
            let extra = given.get(id).copied().unwrap_or_default();
            let verdict =
                verdict(world, *id, queue, interaction, activity.id, reachable.contains(id), extra, now);
            let agent = world.config.users.get(id)?.reference();
            Some((member.penalty, Considered { agent, verdict }))
        })
        .collect();
    considered.sort_by_key(|(penalty, one)| match one.verdict {
        Verdict::Free { idle_since, ringing } => (false, *penalty, ringing, idle_since, one.agent.id),
        _ => (true, *penalty, 0, None, one.agent.id),
    });
    let first = considered.first().filter(|(_, one)| matches!(one.verdict, Verdict::Free { .. }));
    if let Some(agent) = first.map(|(_, one)| one.agent.id) {
        let considered = considered.into_iter().map(|(_, one)| one).take(Explanation::MOST).collect();
        let because = Explanation { strategy: Strategy::LongestIdle, considered };
        return Some(Outlook::Offer { interaction: interaction.id, activity: activity.id, agent, because });
    }
    let reason = withheld(considered.iter().map(|(_, one)| one.verdict));
    let nobody = matches!(reason, Withheld::NoMembers | Withheld::NobodyThere);
    if nobody && queue.unattended == Unattended::Close {
        return Some(Outlook::GiveUp { interaction: interaction.id, activity: activity.id });
    }
    withholding(interaction, activity, reason)
}

/// The outlook of an activity that nobody can be offered; none if that reason is recorded already.
fn withholding(interaction: &Interaction, activity: &Activity, reason: Withheld) -> Option<Outlook> {
    (activity.withheld != Some(reason)).then_some(Outlook::Withhold {
        interaction: interaction.id,
        activity: activity.id,
        reason,
    })
}

/// Whether one member can take an activity. `extra` is work about to be given to them.
#[expect(clippy::too_many_arguments, reason = "every input of the rule is named where it is asked")]
pub(crate) fn verdict(
    world: &World,
    user: UserId,
    queue: &Queue,
    interaction: &Interaction,
    activity: ActivityId,
    reachable: bool,
    extra: usize,
    now: Timestamp,
) -> Verdict {
    let Some(person) = world.active_user(user) else { return Verdict::Inactive };
    let nothing_yet = crate::agent::Agent::new(user);
    let agent = world.known_agent(user).unwrap_or(&nothing_yet);
    let asleep = interaction
        .offers
        .iter()
        .filter(|offer| offer.agent == user && offer.activity == activity)
        .find_map(|offer| offer.sleep_until.filter(|until| *until > now));
    let capacity = usize::from(person.capacity);
    if agent.logged_out.contains(&queue.id) {
        Verdict::LoggedOut
    } else if !reachable {
        Verdict::Unreachable
    } else if agent.pause.is_some() {
        Verdict::Paused
    } else if interaction.open_of(user).is_some() {
        Verdict::Inside
    } else if capacity > 0 && agent.load() + extra >= capacity {
        Verdict::Busy
    } else if let Some(until) = asleep {
        Verdict::Asleep { until }
    } else {
        Verdict::Free {
            idle_since: agent.last_worked.get(&queue.id).copied(),
            ringing: u32::try_from(agent.ringing.len() + extra).unwrap_or(u32::MAX),
        }
    }
}

/// The reason that says most about a list of people none of whom is free.
fn withheld(verdicts: impl Iterator<Item = Verdict> + Clone) -> Withheld {
    let mut there = verdicts
        .clone()
        .filter(|one| !matches!(one, Verdict::Inactive | Verdict::LoggedOut | Verdict::Unreachable))
        .peekable();
    if there.peek().is_none() {
        let any = verdicts.into_iter().any(|one| one != Verdict::Inactive);
        return if any { Withheld::NobodyThere } else { Withheld::NoMembers };
    }
    let there: Vec<Verdict> = there.collect();
    let asleep = there.iter().filter_map(|one| match one {
        Verdict::Asleep { until } => Some(*until),
        _ => None,
    });
    if let Some(until) = asleep.min() {
        Withheld::AllAsked { until }
    } else if there.contains(&Verdict::Busy) {
        Withheld::AllBusy
    } else {
        Withheld::AllPaused
    }
}
