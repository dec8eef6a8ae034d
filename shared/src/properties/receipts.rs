//! What providers tell of one message, in any order and again and again: what is shown of it only climbs, and comes as far as was told (I-08).

use super::{number, runner, seed};
use crate::channel::Channel;
use crate::command::{Command, Occurrence};
use crate::event::Change;
use crate::fixture::{EVA, Stage};
use crate::id::MessageId;
use crate::interaction::{Delivery, Failure, FailureKind, InteractionChange};
use proptest::collection::vec;

/// Orders unless the environment says otherwise.
const ROUNDS: u32 = 10_000;

/// What can be told, by height; failure stands apart.
fn told(n: usize) -> Delivery {
    match n {
        0 => Delivery::Sending,
        1 => Delivery::Unknown,
        2 => Delivery::Sent,
        3 => Delivery::Delivered,
        4 => Delivery::Seen,
        _ => Delivery::Failed(Failure { kind: FailureKind::Provider, code: None }),
    }
}

/// Where it ends, by the rule in words: the highest that was told before a failure; a failure is final, unless the
/// customer has the message.
fn end(all: &[usize]) -> Option<usize> {
    let mut at: Option<usize> = None;
    for next in all.iter().copied() {
        at = match (at, next) {
            (Some(5), _) => Some(5),
            (Some(3 | 4), 5) => at,
            (before, next) => before.max(Some(next)),
        };
    }
    at
}

#[test]
fn receipts_in_any_order_only_climb() {
    let rounds: u32 = number("SIGNALBOX_ROUNDS").unwrap_or(ROUNDS);
    let seed = seed();
    println!("SIGNALBOX_SEED={seed}");
    let outcome = runner(seed, rounds).run(&vec(0_usize..6, 1..16), |all| {
        let mut stage = Stage::new();
        let (interaction, activity) = stage.writes(Channel::Messenger, 0);
        stage.does(EVA, &Command::Accept { interaction, activity, offer: None }).unwrap();
        let message = MessageId::from_u128(0xE0);
        stage.does(EVA, &Command::Send { interaction, message, text: "Hello".into(), seen: 9 }).unwrap();
        let from = stage.log.len();
        for step in &all {
            let facts = stage.outgoing.iter().find(|(_, facts)| facts.id == message).unwrap().1.clone();
            let to = told(*step);
            // One that changes nothing is done too.
            let _ = stage.occurs(&Occurrence::Delivered {
                interaction,
                message: facts,
                to,
                external_id: None,
                pricing: None,
            });
        }
        let shown: Vec<&Delivery> = stage.log[from..]
            .iter()
            .filter_map(|event| match &event.change {
                Change::Interaction(InteractionChange::DeliveryChanged { delivery, .. }) => Some(delivery),
                _ => None,
            })
            .collect();
        let heights: Vec<usize> = shown
            .iter()
            .map(|one| (0..6).find(|n| told(*n) == **one).expect("a step that was told"))
            .collect();
        assert!(heights.is_sorted_by(|one, next| one < next), "{heights:?} after {all:?}");
        assert_eq!(heights.last().copied(), end(&all), "after {all:?}");
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("SIGNALBOX_SEED={seed}: {error}"));
}
