//! Who may read what, in random workspaces after random work, against a reference that knows the events alone (I-18).

use super::{number, runner, seed};
use crate::channel::Channel;
use crate::command::Command;
use crate::config::{ConfigChange, Member, Role};
use crate::event::{Change, Event, Stream};
use crate::fixture::{PEOPLE, Stage, queue};
use crate::id::{InteractionId, QueueId, UserId};
use crate::interaction::InteractionChange;
use crate::permission;
use proptest::collection::vec;
use proptest::num::u64::ANY;
use std::collections::BTreeSet;

/// Sequences unless the environment says otherwise; each asks about every person and every chat after every step.
const ROUNDS: u32 = 1_000;

/// What the events say, kept as plain facts: no rule of the product is used.
#[derive(Default)]
struct Reference {
    members: BTreeSet<(UserId, QueueId)>,
    active: BTreeSet<UserId>,
    went_through: BTreeSet<(InteractionId, QueueId)>,
    worked_on: BTreeSet<(InteractionId, UserId)>,
}

impl Reference {
    fn hear(&mut self, event: &Event) {
        match (event.stream, &event.change) {
            (_, Change::Config(ConfigChange::UserSaved(user))) => {
                if user.active {
                    self.active.insert(user.id);
                } else {
                    self.active.remove(&user.id);
                }
            }
            (_, Change::Config(ConfigChange::QueueSaved(queue))) => {
                self.members.retain(|(_, of)| *of != queue.id);
                self.members.extend(queue.members.keys().map(|user| (*user, queue.id)));
            }
            (Stream::Interaction(id), Change::Interaction(InteractionChange::Queued { queue, .. })) => {
                self.went_through.insert((id, queue.id));
            }
            (Stream::Interaction(id), Change::Interaction(InteractionChange::Accepted { owner, .. })) => {
                self.worked_on.insert((id, owner.id));
            }
            _ => {}
        }
    }

    fn reads(&self, user: UserId, chat: InteractionId) -> bool {
        let through = self.went_through.iter().filter(|(of, _)| *of == chat);
        let member = through.map(|(_, queue)| (user, *queue)).any(|one| self.members.contains(&one));
        self.active.contains(&user) && (member || self.worked_on.contains(&(chat, user)))
    }
}

/// One step: somebody writes, takes a chat, closes it, or rights change.
fn step(stage: &mut Stage, dice: u64) {
    let pick = |sides: u64, shift: u32| usize::try_from((dice >> shift) % sides).unwrap();
    let channel = Channel::ALL[pick(4, 8)];
    let person = PEOPLE[pick(4, 16)];
    let waiting = |stage: &Stage| {
        let all: Vec<_> = stage
            .world
            .interactions()
            .flat_map(|one| one.activities.iter().map(|piece| (one.id, piece.id)))
            .collect();
        all.get(pick(all.len().max(1) as u64, 24)).copied()
    };
    match dice % 8 {
        0..3 => drop(stage.writes(channel, u128::from(dice >> 32) % 4)),
        3 | 4 => {
            if let Some((interaction, activity)) = waiting(stage) {
                // Whoever may not is refused, and nothing happened.
                let _ = stage.does(person, &Command::Accept { interaction, activity, offer: None });
            }
        }
        5 => {
            if let Some((interaction, activity)) = waiting(stage) {
                let seen = u64::MAX;
                let _ = stage.does(person, &Command::Close { interaction, activity, seen });
            }
        }
        6 => {
            let mut line = stage.world.config.queues[&queue(channel)].clone();
            if line.members.remove(&person).is_none() {
                line.members.insert(person, Member { penalty: 0 });
            }
            let _ = stage.saves(ConfigChange::QueueSaved(line));
        }
        _ => {
            let mut user = stage.world.config.users[&person].clone();
            user.role = [Role::Agent, Role::Supervisor, Role::Admin][pick(3, 40)];
            user.active = pick(4, 44) > 0;
            // The last admin stays one.
            let _ = stage.saves(ConfigChange::UserSaved(user));
        }
    }
}

#[test]
fn nobody_reads_what_the_events_give_them_no_right_to() {
    let rounds: u32 = number("SIGNALBOX_ROUNDS").map_or(ROUNDS, |rounds: u32| rounds.div_ceil(10));
    let seed = seed();
    println!("SIGNALBOX_SEED={seed}");
    let asked = std::cell::Cell::new((0_u64, 0_u64));
    let outcome = runner(seed, rounds).run(&vec(ANY, 4..24), |dice| {
        let (mut stage, mut reference) = (Stage::new(), Reference::default());
        // How the stage begins is no event of its log.
        for channel in Channel::ALL {
            let queue = &stage.world.config.queues[&queue(channel)];
            reference.members.extend(queue.members.keys().map(|user| (*user, queue.id)));
        }
        reference.active.extend(PEOPLE);
        let mut heard = 0;
        for dice in dice {
            step(&mut stage, dice);
            for event in &stage.log[heard..] {
                reference.hear(event);
            }
            heard = stage.log.len();
            for chat in stage.world.interactions() {
                for user in PEOPLE {
                    let person = &stage.world.config.users[&user];
                    let reads = permission::reads(&stage.world.config, person, chat);
                    assert_eq!(reads, reference.reads(user, chat.id), "{user} and {}", chat.id);
                    let (all, granted) = asked.get();
                    asked.set((all + 1, granted + u64::from(reads)));
                }
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("SIGNALBOX_SEED={seed}: {error}"));
    let (all, granted) = asked.get();
    println!("asked {all} times, granted {granted} times");
    assert!(all > 10_000 && granted > all / 10 && granted < all * 9 / 10, "{granted} of {all} show nothing");
}
