//! One random sequence being played: every step is decided, recorded, repeated and judged; what to do next is not chosen here.

use super::coverage::Coverage;
use super::judge::Judge;
use super::replay::{self, Words};
use crate::channel::Channel;
use crate::command::{Command, Occurrence, Welcome};
use crate::config::Manner;
use crate::event::Event;
use crate::fixture::{AGAIN, EVA, PEOPLE, Stage, Variants};
use crate::id::{ActivityId, InteractionId, MessageId, UserId};
use crate::interaction::{ActivityState, Amended, Amendment, Interaction, Offer};
use crate::refusal::Refusal;
use crate::world::World;

/// A stream of choices grown from one number, so that a sequence shrinks by dropping or lowering numbers.
#[derive(Debug)]
pub(super) struct Die(pub(super) u64);

impl Die {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    /// Once in `n` throws.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { from.get(self.below(from.len())).cloned() }
    }
}

#[derive(Debug)]
pub(super) struct Game {
    pub(super) stage: Stage,
    pub(super) seen: Coverage,
    pub(super) die: Die,
    pub(super) words: Words,
    pub(super) past: Vec<Occurrence>,
    pub(super) judge: Judge,
    snapshot: (World, usize),
}

impl Game {
    /// Plays a whole sequence; one number is one step.
    pub(super) fn play(dice: &[u64]) -> Coverage {
        let mut stage = Stage::new();
        // Half the channels let customers wait without limit.
        for channel in [Channel::WhatsApp, Channel::Viber] {
            stage.queue(channel, |queue| queue.max_wait = Some(crate::time::Span::seconds(25)));
        }
        stage.log.clear();
        let judge = Judge::new(&stage);
        let snapshot = (stage.world.clone(), 0);
        let (seen, words, past) = (Coverage::default(), Words::new(), Vec::new());
        let mut game = Self { stage, seen, die: Die(0), words, past, judge, snapshot };
        for number in dice {
            game.die = Die(*number);
            super::player::step(&mut game);
            game.rest();
            if game.die.one_in(12) {
                game.replays();
            }
        }
        game.go_home();
        game.seen
    }

    /// A person's wish, and the same wish once more.
    pub(super) fn tell(&mut self, user: UserId, command: &Command) -> Result<Vec<Event>, Refusal> {
        self.seen.count(command.variant());
        let before = self.stage.world.config.clone();
        let result = self.stage.does(user, command);
        self.note(&result);
        if let Err(refusal) = &result
            && super::state::named(&self.stage, user, command, refusal)
        {
            self.seen.count("a name that may be told");
        }
        if result.is_ok() {
            super::state::told(&before, &self.stage, command);
            if let Command::Send { message, text, .. } | Command::SendOnce { message, text, .. } = command {
                self.words.insert(*message, text.clone());
            }
            if let Command::Resend { again, .. } = command {
                self.words.insert(*again, AGAIN.into());
            }
        }
        let again = !matches!(command, Command::Send { .. }) && self.die.one_in(3);
        if again {
            let moved = self.stage.log.len();
            let second = self.stage.does(user, command);
            assert_eq!(self.stage.log.len(), moved, "the same wish had an effect twice: {command:?}");
            if let (Ok(first), Ok(second), Command::Accept { .. }) = (&result, second, command)
                && !first.is_empty()
            {
                assert!(second.is_empty());
                self.seen.count("R-04");
            }
        }
        self.judge.always(&self.stage);
        result
    }

    /// An occurrence, and the same occurrence once more.
    pub(super) fn befall(&mut self, occurrence: &Occurrence) -> Result<Vec<Event>, Refusal> {
        let result = self.stage.occurs(occurrence);
        self.note(&result);
        if let Occurrence::CustomerWrote { message, .. } | Occurrence::SentElsewhere { message, .. } =
            occurrence
        {
            self.words.insert(*message, format!("words of {message}"));
        }
        if let Occurrence::CustomerWrote { welcomes, .. } = occurrence {
            let words = |one: &Welcome| (one.message, format!("welcome {}", one.message));
            self.words.extend(welcomes.iter().map(words));
        }
        if !matches!(occurrence, Occurrence::CustomerNamed { .. } | Occurrence::Noted { .. }) {
            let moved = self.stage.log.len();
            let again = match occurrence.clone() {
                mut wrote @ Occurrence::CustomerWrote { .. } => {
                    self.seen.count("R-17 twice");
                    if let Occurrence::CustomerWrote { known, .. } = &mut wrote {
                        *known = true;
                    }
                    wrote
                }
                mut sent @ Occurrence::SentElsewhere { .. } => {
                    if let Occurrence::SentElsewhere { known, .. } = &mut sent {
                        *known = true;
                    }
                    sent
                }
                Occurrence::Delivered { interaction, message, to, pricing, .. } => {
                    let now = self.stage.outgoing.iter().find(|(_, facts)| facts.id == message.id);
                    let (message, external_id) = (now.unwrap().1.clone(), None);
                    Occurrence::Delivered { interaction, message, to, external_id, pricing }
                }
                Occurrence::Amended { interaction, message, amendment, at } => {
                    let message = self.facts(message.id, &amendment);
                    Occurrence::Amended { interaction, message, amendment, at }
                }
                other => other,
            };
            let _ = self.stage.occurs(&again);
            assert_eq!(self.stage.log.len(), moved, "the same thing happened twice: {occurrence:?}");
            self.past.push(again);
        }
        self.judge.always(&self.stage);
        result
    }

    fn note(&mut self, result: &Result<Vec<Event>, Refusal>) {
        self.judge.read(&self.stage, &mut self.seen);
        if let Err(refusal) = result {
            assert!(refusal.sentence().ends_with(['.', '?']), "{refusal:?} is no sentence");
            self.seen.count(refusal.variant());
        }
    }

    /// Clocks and routing come to rest, and everything is looked at.
    pub(super) fn rest(&mut self) {
        self.stage.settle();
        self.judge.read(&self.stage, &mut self.seen);
        self.judge.always(&self.stage);
        self.judge.at_rest(&self.stage);
    }

    fn replays(&mut self) {
        let written = self.die.one_in(3);
        let (world, from) =
            std::mem::replace(&mut self.snapshot, (self.stage.world.clone(), self.stage.log.len()));
        replay::known(&self.stage, from);
        replay::catch_up(world, from, &self.stage, written);
        self.deadlines();
        if self.die.one_in(3) {
            let cut = self.die.below(40);
            replay::threads(&self.stage, &self.words, cut);
            let ids: Vec<_> = self.stage.world.interactions().map(|one| one.id).collect();
            for id in ids {
                replay::deliveries(&self.stage, id);
            }
        }
    }

    /// A desk that reloads finds every card with its true deadline.
    fn deadlines(&mut self) {
        for user in PEOPLE {
            for card in replay::round(&self.stage.world.agent(user)).ringing {
                let offer = self.stage.interaction(card.interaction).offer(card.offer).unwrap();
                assert_eq!((card.offered_at, card.expires_at), (offer.offered_at, offer.expires_at));
                self.seen.count("R-28");
            }
        }
    }

    /// Everybody leaves, and what rings stops ringing.
    fn go_home(&mut self) {
        self.stage.reachable.clear();
        self.stage.now = self.stage.now.plus(crate::time::Span::minutes(2));
        self.rest();
        self.judge.at_the_end();
        self.replays();
    }

    /// What the log knows of a message that is to be amended.
    pub(super) fn facts(&self, id: MessageId, amendment: &Amendment) -> Amended {
        self.stage.messages.iter().find(|one| one.id == id).unwrap().facts(amendment)
    }

    pub(super) fn channel(&mut self) -> Channel {
        self.die.pick(&Channel::ALL).unwrap_or(Channel::Viber)
    }

    pub(super) fn anyone(&mut self) -> UserId {
        self.die.pick(&PEOPLE).unwrap_or(EVA)
    }

    pub(super) fn all(&self, wanted: impl Fn(&Interaction) -> bool) -> Vec<InteractionId> {
        self.stage.world.interactions().filter(|one| wanted(one)).map(|one| one.id).collect()
    }

    /// Some interaction, its last activity and that activity's owner.
    pub(super) fn some(
        &mut self,
        state: ActivityState,
    ) -> Option<(InteractionId, ActivityId, Option<UserId>)> {
        let fits = |one: &Interaction| one.activities.last().is_some_and(|activity| activity.state == state);
        let id = self.die.pick(&self.all(fits))?;
        let activity = self.stage.interaction(id).activities.last()?;
        Some((id, activity.id, activity.owner))
    }

    /// How offers are refused in the queue where a chat waits.
    pub(super) fn manner_of(&self, chat: InteractionId) -> Option<&Manner> {
        let queue = self.stage.world.interaction(chat)?.activities.last()?.queue.id;
        self.stage.world.config.queues.get(&queue).map(|queue| &queue.manner)
    }

    /// Some offer that fits, with its interaction.
    pub(super) fn offer(&mut self, wanted: impl Fn(&Offer) -> bool) -> Option<(InteractionId, Offer)> {
        let all =
            self.stage.world.interactions().flat_map(|one| one.offers.iter().map(|offer| (one.id, offer)));
        let fits: Vec<_> =
            all.filter(|(_, offer)| wanted(offer)).map(|(id, offer)| (id, offer.clone())).collect();
        self.die.pick(&fits)
    }
}
