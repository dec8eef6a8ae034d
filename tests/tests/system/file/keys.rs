//! A wish under an id that was used before: the same wish gets the same answer, another one is refused, also after a restart (I-23).

use shared::channel::Channel;
use shared::command::Command;
use shared::id::{CommandId, InteractionId, MessageId};
use shared::refusal::Refusal;
use shared::wire::Outcome;
use tests::seed::{self, Seed};
use tests::{Desk, Phones, Relay};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn i23_one_id_is_one_wish_with_one_answer() {
    let mut seed = Seed::of("I-23");
    let mut relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    phones.unlimited(Channel::Messenger).await;
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::Messenger).write("Hello").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await.interaction.id;
    let rounds = seed::rounds(2_000);
    let mut wishes: Vec<(CommandId, Command, Outcome)> = Vec::new();
    let mut asked = 0;
    for round in 0..rounds {
        if round == rounds / 2 {
            relay.kill_and_restart().await;
            eva = Desk::open(&relay, "eva").await;
        }
        // Every fourth id is a new one; the others were used before, a little or a long time ago.
        if wishes.is_empty() || seed.once_in(4) {
            let (id, command) = (CommandId(Uuid::now_v7()), wish(chat, round, &mut seed));
            let outcome = eva.command_as(id, command.clone()).await;
            wishes.push((id, command, outcome));
            continue;
        }
        asked += 1;
        let (id, command, outcome) = &wishes[usize::try_from(seed.below(wishes.len() as u64)).unwrap()];
        if seed.once_in(2) {
            assert_eq!(eva.command_as(*id, command.clone()).await, *outcome, "{command:?}");
        } else {
            let other = eva.command_as(*id, wish(chat, rounds + round, &mut seed)).await;
            assert_eq!(other, Outcome::Refused { refusal: Refusal::KeyReused }, "after {command:?}");
        }
    }
    assert!(asked > rounds / 2, "{asked} repetitions are too few to show anything");
    let done = wishes.iter().filter(|(.., outcome)| matches!(outcome, Outcome::Done { .. }));
    let stored = tests::ledger::Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    let kept = stored.messages.iter().filter(|message| message.direction == "out").count();
    assert_eq!(kept, done.count(), "each wish has one effect");
}

#[tokio::test(flavor = "multi_thread")]
async fn i23_a_refusal_stays_one_over_a_restart_though_it_would_be_none_by_then() {
    let mut relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::Messenger).write("Hello").await;
    let card = eva.card().await;
    let state = eva.accept(&card).await.interaction;
    let (interaction, activity) = (state.id, state.activities[0].id);
    let close = |seen| Command::Close { interaction, activity, seen };
    let id = CommandId(Uuid::now_v7());
    let refused = Outcome::Refused { refusal: Refusal::DispositionRequired };
    assert_eq!(eva.command_as(id, close(u64::MAX)).await, refused);
    // As soon as it was said, it is there.
    relay.kill_and_restart().await;
    eva = Desk::open(&relay, "eva").await;
    let disposition = Some(eva.snapshot().await.config.queues[0].dispositions[0].id);
    eva.done(Command::ChooseDisposition { interaction, activity, disposition, also: Vec::new() }).await;
    assert_eq!(eva.command_as(id, close(u64::MAX)).await, refused, "the same wish, the same answer");
    let other = eva.command_as(id, close(1)).await;
    assert_eq!(other, Outcome::Refused { refusal: Refusal::KeyReused }, "another wish");
    eva.done(close(u64::MAX)).await;
    relay.kill_and_restart().await;
    eva = Desk::open(&relay, "eva").await;
    assert_eq!(eva.command_as(id, close(u64::MAX)).await, refused, "and so it stays");
}

/// Something to wish: most are done, and leave a trace.
fn wish(interaction: InteractionId, round: usize, seed: &mut Seed) -> Command {
    let text = if seed.once_in(8) { String::new() } else { format!("wish {round}") };
    Command::Send { interaction, message: MessageId(Uuid::now_v7()), text, seen: u64::MAX }
}
