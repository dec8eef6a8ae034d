//! Every command by every kind of person, about the first queue's and about the second queue's customers.

use super::super::bed::Bed;
use super::people::{self, AGENTS, Kind, PAUSES, QUEUES, ROLES, STATUSES};
use super::table::{COMMANDS, Right};
use crate::log::Beside;
use shared::command::{Command, Occurrence};
use shared::id::{ActivityId, IdentityId, InteractionId, MessageId, OfferId};
use shared::interaction::{Delivery, Failure, FailureKind, MessageFacts};
use shared::wire::Outcome;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

#[test]
fn every_command_is_in_the_table() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tests/golden");
    let mut there = BTreeSet::new();
    for entry in std::fs::read_dir(samples).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // The domain's own tests demand a sample of every command.
        let command = name.strip_prefix("Command-").and_then(|name| name.strip_suffix(".json"));
        there.extend(command.map(str::to_owned));
    }
    let table: BTreeSet<String> = COMMANDS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(table, there, "the table of rights, and the commands that there are");
}

#[tokio::test]
async fn everybody_may_give_the_commands_that_the_table_says_and_no_other() {
    let bed = people::bed().await;
    let mut cells = 0;
    for (name, right) in COMMANDS {
        for queue in 0..2 {
            for kind in ROLES {
                let command = build(&bed, name, queue, *right).await;
                let outcome = people::command(&bed, kind, command).await;
                let done = matches!(outcome, Outcome::Done { .. });
                assert_eq!(
                    done,
                    may(*right, kind, queue),
                    "{name} by {kind:?} in queue {queue}: {outcome:?}"
                );
                cells += 1;
            }
        }
    }
    assert_eq!(cells, COMMANDS.len() * 12);
}

fn may(right: Right, kind: Kind, queue: usize) -> bool {
    match right {
        Right::Member => kind.has(queue),
        Right::Offered | Right::Owner => kind == AGENTS[queue],
        Right::Helper => kind == AGENTS[queue] || (kind == Kind::Supervisor && kind.has(queue)),
        Right::Oneself => kind.is_in(),
        Right::Nobody => false,
    }
}

/// The command, about a new customer of the queue for whom everything is as the command wants it.
async fn build(bed: &Bed, name: &str, queue: usize, right: Right) -> Command {
    let engine = &bed.app.engine;
    let (interaction, activity, identity) = match right {
        Right::Member if ["Accept", "JoinQueue", "LeaveQueue"].contains(&name) => {
            people::waiting(bed, queue).await
        }
        Right::Member => ended(bed, queue).await,
        Right::Owner | Right::Helper => open(bed, queue).await,
        _ => people::waiting(bed, queue).await,
    };
    let (fresh, fresh_activity) = (engine.fresh_interaction(), engine.fresh_activity());
    let (message, text) = (engine.fresh_message(), "Hello".to_owned());
    let (named, disposition) = (QUEUES[queue], STATUSES[0]);
    match name {
        "Accept" => Command::Accept { interaction, activity, offer: None },
        "Reject" => Command::Reject {
            interaction,
            offer: offered(bed, queue, interaction, activity).await,
            reason: None,
        },
        "Send" => Command::Send { interaction, message, text, seen: u64::MAX },
        "Resend" => {
            let failed = failed(bed, queue, interaction).await;
            Command::Resend { interaction, message: failed, again: message, seen: u64::MAX }
        }
        "Dismiss" => Command::Dismiss { interaction, message: failed(bed, queue, interaction).await },
        "ChooseDisposition" => Command::ChooseDisposition {
            interaction,
            activity,
            disposition: Some(disposition),
            also: Vec::new(),
        },
        "Close" => Command::Close { interaction, activity, seen: u64::MAX },
        "StartChat" => {
            Command::StartChat { interaction: fresh, activity: fresh_activity, queue: named, identity }
        }
        "SendOnce" => Command::SendOnce {
            interaction: fresh,
            activity: fresh_activity,
            queue: named,
            identity,
            disposition: Some(disposition),
            message,
            text,
        },
        "JoinQueue" => Command::JoinQueue { queue: named },
        "LeaveQueue" => Command::LeaveQueue { queue: named },
        "Pause" => Command::Pause { pause: PAUSES[queue] },
        "Resume" => Command::Resume,
        "Unknown" => Command::Unknown,
        other => panic!("say here how to build the command {other}"),
    }
}

/// A message of the queue's agent that failed.
async fn failed(bed: &Bed, queue: usize, interaction: InteractionId) -> MessageId {
    let id = bed.app.engine.fresh_message();
    let send = Command::Send { interaction, message: id, text: "Hello".to_owned(), seen: u64::MAX };
    people::done(bed, AGENTS[queue], send).await;
    let message = MessageFacts::new(id, Delivery::Queued);
    let to = Delivery::Failed(Failure { kind: FailureKind::Provider, code: None });
    let failed = Occurrence::Delivered { interaction, message, to, external_id: None, pricing: None };
    bed.app.engine.occur(failed, Beside::default()).await.unwrap();
    id
}

/// A chat that its queue's agent works on.
async fn open(bed: &Bed, queue: usize) -> (InteractionId, ActivityId, IdentityId) {
    let (interaction, activity, identity) = people::waiting(bed, queue).await;
    people::done(bed, AGENTS[queue], Command::Accept { interaction, activity, offer: None }).await;
    (interaction, activity, identity)
}

/// A chat that has ended.
async fn ended(bed: &Bed, queue: usize) -> (InteractionId, ActivityId, IdentityId) {
    let (interaction, activity, identity) = open(bed, queue).await;
    people::done(bed, AGENTS[queue], Command::Close { interaction, activity, seen: u64::MAX }).await;
    (interaction, activity, identity)
}

/// An offer that rings at the queue's agent.
async fn offered(bed: &Bed, queue: usize, interaction: InteractionId, activity: ActivityId) -> OfferId {
    let agent = AGENTS[queue].user();
    // What waits from the cells before would ring first.
    let others: Vec<_> = bed.app.engine.look(|world| {
        let waits = world.interactions().filter(|one| one.id != interaction);
        waits
            .filter_map(|one| Some((one.id, one.waiting().filter(|a| a.queue.id == QUEUES[queue])?.id)))
            .collect()
    });
    for (interaction, activity) in others {
        people::done(bed, AGENTS[queue], Command::Accept { interaction, activity, offer: None }).await;
    }
    bed.app.engine.reach(agent, true);
    for _ in 0..500 {
        let offer = bed.app.engine.look(|world| {
            let state = world.interaction(interaction)?;
            state.ringing(activity).find(|offer| offer.agent == agent).map(|offer| offer.id)
        });
        if let Some(offer) = offer {
            bed.app.engine.reach(agent, false);
            return offer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody was offered the chat");
}
