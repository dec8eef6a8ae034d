//! What goes wrong after its author let go of the chat stands on the author's own stream until somebody took care of it: kept account of from events alone (D-044).

use super::coverage::Coverage;
use super::game::Game;
use crate::command::{Command, Occurrence};
use crate::fixture::Stage;
use crate::id::{ActivityId, InteractionId, MessageId, UserId};
use crate::interaction::{Delivery, Failure, FailureKind, InteractionChange};
use std::collections::{BTreeMap, BTreeSet};

/// So many are remembered of each author.
const MOST: usize = 50;

/// A message whose author has the chat no longer open goes wrong; at times it arrived all the same, or its author lets it
/// be.
pub(super) fn too_late(game: &mut Game) {
    let mut all = game.stage.outgoing.clone();
    all.retain(|(id, facts)| {
        let open = |author| game.stage.interaction(*id).open_of(author).is_some();
        facts.author.is_some_and(|author| !open(author)) && facts.delivery.climbs_to(&Delivery::Unknown)
    });
    let Some((interaction, facts)) = game.die.pick(&all) else { return };
    let (author, message) = (facts.author.unwrap(), facts.id);
    let failed = Delivery::Failed(Failure { kind: FailureKind::Provider, code: None });
    let steps = match game.die.below(4) {
        0 => vec![failed],
        1 => vec![Delivery::Unknown, failed],
        _ => vec![Delivery::Unknown, Delivery::Sent],
    };
    for to in steps {
        let facts = game.stage.outgoing.iter().find(|(_, facts)| facts.id == message).unwrap().1.clone();
        let step =
            Occurrence::Delivered { interaction, message: facts, to, external_id: None, pricing: None };
        game.befall(&step).unwrap();
    }
    if game.stage.world.agent(author).misses(message) && game.die.one_in(2) {
        let result = game.tell(author, &Command::Dismiss { interaction, message });
        assert_eq!(result.is_ok(), game.stage.world.active_user(author).is_some(), "{result:?}");
    }
}

#[derive(Debug, Default)]
pub(super) struct Undelivered {
    /// Who has which chat open, by the activity.
    holds: BTreeMap<ActivityId, (InteractionId, UserId)>,
    authors: BTreeMap<MessageId, UserId>,
    steps: BTreeMap<MessageId, Delivery>,
    settled: BTreeSet<MessageId>,
    /// What each author has to know of, oldest first.
    missing: BTreeMap<UserId, Vec<MessageId>>,
}

impl Undelivered {
    pub(super) fn read(&mut self, id: InteractionId, change: &InteractionChange, seen: &mut Coverage) {
        match change {
            InteractionChange::Accepted { activity, owner, .. }
            | InteractionChange::Started { activity, owner, .. } => {
                self.holds.insert(*activity, (id, owner.id));
            }
            InteractionChange::Closed { activity, .. } | InteractionChange::Requeued { activity, .. } => {
                self.holds.remove(activity);
            }
            InteractionChange::AgentWrote { message, author, .. } => {
                self.authors.insert(*message, author.id);
            }
            InteractionChange::MessageSettled { message, .. } => {
                self.settled.insert(*message);
                if self.over(*message) {
                    seen.count("D-044 cared for");
                }
            }
            InteractionChange::DeliveryChanged { message, delivery, .. } => {
                let moved = self.steps.insert(*message, delivery.clone()).as_ref() != Some(delivery);
                let wrong = matches!(delivery, Delivery::Failed(_) | Delivery::Unknown);
                match (moved, wrong) {
                    (true, true) => self.went_wrong(id, *message, seen),
                    (true, false) if self.over(*message) => seen.count("D-044 arrived after all"),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn went_wrong(&mut self, id: InteractionId, message: MessageId, seen: &mut Coverage) {
        let Some(author) = self.authors.get(&message).copied() else { return };
        let open = self.holds.values().any(|one| *one == (id, author));
        if open || self.settled.contains(&message) {
            return;
        }
        let all = self.missing.entry(author).or_default();
        if !all.contains(&message) {
            seen.count("D-044 after close");
            all.push(message);
            let surplus = all.len().saturating_sub(MOST);
            all.drain(..surplus);
        }
    }

    /// Nobody has to know of it any more; whether somebody had to.
    fn over(&mut self, message: MessageId) -> bool {
        let all = self.missing.values_mut();
        all.map(|all| all.extract_if(.., |one| *one == message).count()).sum::<usize>() > 0
    }

    pub(super) fn check(&self, stage: &Stage) {
        for agent in stage.world.agents() {
            let told: Vec<_> = agent.undelivered.iter().map(|one| one.message).collect();
            let missing = self.missing.get(&agent.user).map_or(&[][..], Vec::as_slice);
            assert_eq!(told, missing, "{} is not told of what did not arrive", agent.user);
        }
        for (author, all) in &self.missing {
            assert!(all.is_empty() || stage.world.known_agent(*author).is_some());
        }
    }
}
