//! A log that cannot write: people are told so, nothing of it is seen anywhere, and work goes on afterwards.

use super::bed::{arrange, chat, check, command, live, start, until, user, write};
use crate::clock::Clock;
use crate::engine::OccurError;
use shared::command::Command;
use shared::event::Stream;
use shared::id::CommandId;
use shared::refusal::Refusal;
use shared::time::Span;
use shared::wire::Outcome;

const NOT_SAVED: Outcome = Outcome::Refused { refusal: Refusal::NotSaved };

#[tokio::test]
async fn a_wish_that_was_not_saved_leaves_no_trace_and_may_be_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let engine = start(&folder.path().join("signalbox.db"), Clock::system()).await;
    arrange(&engine, 1).await;
    let (interaction, _) = chat(&engine, 1, user(1)).await;
    let before = engine.look(Clone::clone);
    let mut events = engine.events();
    let id = CommandId::from_u128(1);
    let wish = Command::Send { interaction, message: engine.fresh_message(), text: "Hi".into(), seen: 0 };
    engine.log().fail_next(1);
    assert_eq!(engine.command(user(1), id, wish.clone()).await, NOT_SAVED);
    assert!(engine.look(|world| *world == before));
    let Outcome::Done { moved } = engine.command(user(1), id, wish).await else { panic!("not repeated") };
    let first = events.recv().await.unwrap();
    assert_eq!(first.event.stream, Stream::Interaction(interaction));
    assert_eq!(first.event.version, moved[0].version, "nothing was published before");
    check(&engine).await;
}

#[tokio::test]
async fn a_refusal_that_was_not_saved_is_none_and_takes_nothing_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let engine = start(&folder.path().join("signalbox.db"), Clock::system()).await;
    arrange(&engine, 1).await;
    let (interaction, activity) = chat(&engine, 1, user(1)).await;
    let id = CommandId::from_u128(1);
    let empty = Command::Send { interaction, message: engine.fresh_message(), text: " ".into(), seen: 0 };
    let before = engine.look(Clone::clone);
    engine.log().fail_next(1);
    assert_eq!(engine.command(user(1), id, empty.clone()).await, NOT_SAVED);
    assert!(engine.look(|world| *world == before));
    let close = Command::Close { interaction, activity, seen: u64::MAX };
    assert!(matches!(engine.command(user(1), id, close).await, Outcome::Done { .. }), "the id is free");
    assert_eq!(
        engine.command(user(1), id, empty).await,
        Outcome::Refused { refusal: Refusal::KeyReused },
        "and then it is taken"
    );
    check(&engine).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_built_on_a_failed_commit_is_decided_anew() {
    let folder = tempfile::tempdir().unwrap();
    let engine = start(&folder.path().join("signalbox.db"), Clock::system()).await;
    arrange(&engine, 4).await;
    for agent in 1..=4 {
        engine.reach(user(agent), true);
    }
    let (mut saved, mut lost) = (0, 0);
    // A third of the rounds meets no failure, so that alone saves 800, however writes are grouped in the others.
    for round in 0..60_u64 {
        engine.log().fail_next(round % 3);
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..40_u128 {
            let engine = engine.clone();
            tasks.spawn(async move {
                let external = format!("{round} {n}");
                let wrote = write(&engine, n % 12, &external).await;
                if let Some((interaction, activity)) = live(&engine, n % 12) {
                    let agent = user(n % 4 + 1);
                    let accept = Command::Accept { interaction, activity, offer: None };
                    command(&engine, agent, accept).await;
                    if n % 3 == 0 {
                        command(&engine, agent, Command::Close { interaction, activity, seen: u64::MAX })
                            .await;
                    }
                }
                (external, wrote)
            });
        }
        for (external, wrote) in tasks.join_all().await {
            let stored = engine.log().knows(super::bed::CONNECTOR, &external).await.unwrap();
            match wrote {
                Ok(_) => {
                    assert!(stored, "{external} was acknowledged and is not there");
                    saved += 1;
                }
                Err(error) => {
                    assert_eq!(error, OccurError::Failed);
                    assert!(!stored, "{external} was not saved and is there");
                    lost += 1;
                }
            }
        }
    }
    engine.log().fail_next(0);
    assert!(saved > 600 && lost > 20, "{saved} saved, {lost} lost");
    engine.stop().await;
    check(&engine).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn routing_and_timers_try_again_after_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let engine = start(&folder.path().join("signalbox.db"), Clock::system()).await;
    arrange(&engine, 1).await;
    write(&engine, 1, "a").await.unwrap();
    engine.log().fail_next(1);
    engine.reach(user(1), true);
    until(&engine, |world| world.agent(user(1)).ringing.len() == 1).await;
    engine.log().fail_next(1);
    engine.clock().advance(Span::seconds(11));
    until(&engine, |world| world.agent(user(1)).ringing.is_empty()).await;
    check(&engine).await;
}
