//! What one agent did in a day, counted from events; holds no words and knows no clock.

use crate::agent::AgentChange;
use crate::event::{Actor, Change, Event, Stream};
use crate::id::{InteractionId, UserId};
use crate::interaction::{InteractionChange, OfferState};
use crate::wire::DayBody;
use std::collections::{BTreeMap, BTreeSet};

/// The counts of one agent so far; events come in the order of their streams.
#[derive(Clone, Debug)]
pub struct Day {
    user: UserId,
    accepted: u32,
    closed: u32,
    missed: u32,
    sent: u32,
    /// Chats they took or were done with.
    chats: BTreeSet<InteractionId>,
    /// Chats they accepted and have not written in yet, with when they did.
    unanswered: BTreeMap<InteractionId, i64>,
    /// How long each of the others waited for the first words, in milliseconds.
    replies: Vec<i64>,
}

impl Day {
    /// Nothing happened yet.
    #[must_use]
    pub fn of(user: UserId) -> Self {
        let (chats, unanswered, replies) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
        Self { user, accepted: 0, closed: 0, missed: 0, sent: 0, chats, unanswered, replies }
    }

    /// Counts what this event says of the agent: one of their own stream, or what they did in a chat.
    pub fn count(&mut self, event: &Event) {
        match (event.stream, &event.change) {
            (Stream::Agent(user), Change::Agent(change)) if user == self.user => match change {
                AgentChange::Took { interaction, .. } => {
                    self.accepted += 1;
                    self.chats.insert(*interaction);
                }
                AgentChange::Released { interaction, lost, .. } => {
                    self.closed += u32::from(lost.is_none());
                    self.chats.insert(*interaction);
                }
                AgentChange::RingEnded { state: OfferState::Expired, .. } => self.missed += 1,
                _ => {}
            },
            (Stream::Interaction(id), Change::Interaction(change))
                if event.actor == Actor::User(self.user) =>
            {
                match change {
                    InteractionChange::Accepted { .. } => drop(self.unanswered.insert(id, event.at.0)),
                    InteractionChange::AgentWrote { .. } => {
                        self.sent += 1;
                        if let Some(since) = self.unanswered.remove(&id) {
                            self.replies.push(event.at.0.saturating_sub(since));
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// The chats they took or were done with: what they did in these is to be counted too.
    #[must_use]
    pub const fn chats(&self) -> &BTreeSet<InteractionId> {
        &self.chats
    }

    /// The figures, with how many chats are open just now.
    #[must_use]
    pub fn figures(mut self, open: u32) -> DayBody {
        self.replies.sort_unstable();
        let middle = self.replies.get(self.replies.len() / 2).copied();
        DayBody {
            accepted: self.accepted,
            closed: self.closed,
            sent: self.sent,
            missed: self.missed,
            open,
            first_reply_ms: middle.map(|ms| u64::try_from(ms).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Channel;
    use crate::command::{Command, Occurrence};
    use crate::fixture::{EVA, PETR, Stage};
    use crate::id::MessageId;
    use crate::time::Span;

    fn figures(stage: &Stage, user: UserId) -> DayBody {
        let mut day = Day::of(user);
        stage.log.iter().for_each(|event| day.count(event));
        day.figures(u32::try_from(stage.world.agent(user).open.len()).unwrap())
    }

    #[test]
    fn a_day_is_counted_from_its_events() {
        let mut stage = Stage::new();
        let nothing = DayBody { accepted: 0, closed: 0, sent: 0, missed: 0, open: 0, first_reply_ms: None };
        assert_eq!(figures(&stage, EVA), nothing);
        let mut message = 0;
        for (customer, seconds) in [(0, 5), (1, 60), (2, 20)] {
            let (interaction, activity) = stage.writes(Channel::WhatsApp, customer);
            stage.does(EVA, &Command::Accept { interaction, activity, offer: None }).unwrap();
            for _ in 0..2 {
                stage.now = stage.now.plus(Span::seconds(seconds));
                message += 1;
                let text = "Hello".to_owned();
                let send = Command::Send {
                    interaction,
                    message: MessageId::from_u128(message),
                    text,
                    seen: u64::MAX,
                };
                stage.does(EVA, &send).unwrap();
            }
            if customer == 0 {
                let disposition = Some(crate::fixture::SOLVED);
                stage
                    .does(
                        EVA,
                        &Command::ChooseDisposition { interaction, activity, disposition, also: Vec::new() },
                    )
                    .unwrap();
                stage.does(EVA, &Command::Close { interaction, activity, seen: u64::MAX }).unwrap();
            }
        }
        let day =
            DayBody { accepted: 3, closed: 1, sent: 6, missed: 0, open: 2, first_reply_ms: Some(20_000) };
        assert_eq!(figures(&stage, EVA), day);
        assert_eq!(figures(&stage, PETR), nothing, "somebody else's work is theirs");
    }

    #[test]
    fn an_offer_that_rang_out_was_missed() {
        let mut stage = Stage::new();
        let (interaction, _) = stage.writes(Channel::Viber, 0);
        let offer = stage.ringing(interaction).unwrap();
        stage.now = offer.expires_at;
        stage.occurs(&Occurrence::RingOver { interaction, offer: offer.id, reachable: true }).unwrap();
        assert_eq!(figures(&stage, offer.agent).missed, 1);
    }
}
