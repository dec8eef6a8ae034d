//! What the engine does of its own accord: timers that fall due and routing's looks; what comes of them the domain crate says.

use super::arbiter::{Arbiter, DEPTH};
use super::work::Work;
use shared::command::Occurrence;
use shared::fault;
use shared::id::{ActivityId, OfferId};
use shared::interaction::Interaction;
use shared::lost::{self, Finding};
use shared::routing::{self, Outlook};
use shared::time::{Span, Timestamp};
use shared::timer::{self, DueWhat};

/// Looks of routing in a row, should each cause the next.
const ROUNDS: usize = 8;

/// How long a timer that had no effect waits until it is looked at again.
const AGAIN: Span = Span::seconds(1);

/// How long after the start nobody is turned away because nobody is there, and no chat taken from whoever is away: so
/// long desks may take to come back.
pub(super) const RETURN: Span = lost::PATIENCE;

impl Arbiter {
    /// Lets everything occur that is due.
    pub(super) async fn fire(&mut self) {
        let now = self.state.clock.now();
        if now < self.still_until || fault!("timers-forgotten") {
            return;
        }
        while let Some((at, id)) = self.timers.first() {
            if at > now || self.pipeline.len() >= DEPTH || !self.faults.is_empty() {
                break;
            }
            let Some(interaction) = self.world.interaction(id) else {
                self.timers.set(id, None);
                continue;
            };
            let dues = timer::due(interaction).into_iter().filter(|due| due.at <= now);
            let mut occurrences = Vec::new();
            for due in dues {
                // Desks are still coming back.
                if matches!(due.what, DueWhat::OwnerLost(_)) && now < self.turns_away_from {
                    continue;
                }
                let reachable = self.reaches(interaction, due.what);
                occurrences.extend(timer::occurrence(interaction, due.what, reachable));
                self.look |= matches!(due.what, DueWhat::SleepOver(_));
            }
            for occurrence in occurrences {
                self.take(Work::internal(occurrence)).await;
            }
            self.timers.refresh(&self.world, id, now);
            if self.timers.at(id).is_some_and(|at| at <= now) {
                self.timers.set(id, Some(now.plus(AGAIN)));
            }
        }
    }

    /// Whether a desk of the agent is connected whom something that fell due is about.
    fn reaches(&self, interaction: &Interaction, what: DueWhat) -> bool {
        let owner = |id: ActivityId| interaction.activity(id).and_then(|activity| activity.owner);
        let agent = match what {
            DueWhat::RingOver(offer) => interaction.offer(offer).map(|offer| offer.agent),
            DueWhat::OwnerLost(activity) => owner(activity),
            DueWhat::WaitOver(_) | DueWhat::SleepOver(_) => None,
        };
        agent.is_some_and(|agent| self.state.reaches(agent))
    }

    /// Looks whose chats have an owner who is missing and whose pause is over, and has that written down.
    async fn miss(&mut self, now: Timestamp) {
        let (found, again) = lost::next(&self.world, |user| self.state.presence().absence(user), now);
        let ends: Vec<_> = timer::pauses(&self.world).collect();
        let later = ends.iter().map(|(_, at)| *at).filter(|at| *at > now).min();
        self.again_at = [again, later].into_iter().flatten().min();
        for (agent, _) in ends.into_iter().filter(|(_, at)| *at <= now) {
            self.take(Work::internal(Occurrence::PauseOver { agent })).await;
        }
        for Finding { interaction, activity, absence } in found {
            // What is left over is found again by the next look.
            if self.pipeline.len() >= 2 * DEPTH || !self.faults.is_empty() {
                self.look = true;
                return;
            }
            let missed = Occurrence::OwnerMissed { interaction, activity, absence };
            self.take(Work::internal(missed)).await;
        }
    }

    /// Lets routing look, and makes happen what it wants, until it wants nothing more.
    pub(super) async fn route(&mut self) {
        let now = self.state.clock.now();
        self.look |= self.turns_away_later && now >= self.turns_away_from;
        self.look |= self.again_at.is_some_and(|at| now >= at);
        for _ in 0..ROUNDS {
            let busy = self.pipeline.len() >= DEPTH || !self.faults.is_empty();
            if !self.look || busy || now < self.still_until {
                return;
            }
            self.look = false;
            self.turns_away_later = false;
            self.miss(now).await;
            let reachable = self.state.reachable();
            for outlook in routing::next(&self.world, &reachable, now) {
                // What is left over is found again by the next look.
                if self.pipeline.len() >= 2 * DEPTH || !self.faults.is_empty() {
                    self.look = true;
                    break;
                }
                if matches!(outlook, Outlook::GiveUp { .. }) && now < self.turns_away_from {
                    self.turns_away_later = true;
                    continue;
                }
                let offer = OfferId(self.state.clock.fresh());
                let occurrence = match outlook {
                    Outlook::Offer { interaction, activity, agent, because } => {
                        Occurrence::Offer { offer, interaction, activity, agent, because }
                    }
                    Outlook::Withhold { interaction, activity, reason } => {
                        Occurrence::Withhold { interaction, activity, reason: Some(reason) }
                    }
                    Outlook::GiveUp { interaction, activity } => {
                        Occurrence::Unattended { interaction, activity }
                    }
                };
                self.take(Work::internal(occurrence)).await;
            }
        }
    }

    /// When the loop has to look again by itself.
    pub(super) fn due(&self) -> Option<Timestamp> {
        let still = Some(self.still_until).filter(|until| self.look && *until > self.state.clock.now());
        let timer = self.timers.first().map(|(at, _)| at);
        let away = self.turns_away_later.then_some(self.turns_away_from);
        let next =
            [timer, away, self.again_at].into_iter().flatten().min().map(|at| at.max(self.still_until));
        // A full pipeline looks again when it moves.
        let next = next.filter(|_| self.pipeline.len() < DEPTH);
        [still, next].into_iter().flatten().min()
    }
}
