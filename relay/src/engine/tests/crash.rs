//! Ends without a warning and starts again: what was acknowledged stays, what fell due meanwhile falls due.

use super::bed::{CONNECTOR, STATUS, identity, user};
use super::bed::{arrange, chat, check, command, done, live, queue, send, start, until, write};
use crate::clock::Clock;
use crate::engine::OccurError;
use crate::engine::impulse::RETURN;
use crate::log::tests::outbox;
use crate::log::{Beside, OutboxStep};
use shared::command::{Command, Occurrence};
use shared::config::{ConfigChange, Queue, Unattended};
use shared::id::CommandId;
use shared::interaction::{Delivery, Disconnection, MessageFacts, OfferState, Phase};
use shared::refusal::Refusal;
use shared::time::Span;
use shared::wire::Outcome;
use std::future::Future;
use std::path::Path;

/// Runs something as a process of its own that is killed at its end: its tasks are dropped wherever they are.
fn process<R>(work: impl Future<Output = R>) -> R {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(work)
}

fn file() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signalbox.db");
    (folder, path)
}

#[test]
fn whatever_was_acknowledged_is_there_after_a_kill() {
    let (_folder, path) = file();
    for round in 0..8_u128 {
        let path: &Path = &path;
        let acknowledged = process(async {
            let engine = start(path, Clock::system()).await;
            if round == 0 {
                arrange(&engine, 1).await;
            }
            let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
            for n in 0..400_u128 {
                let (engine, tell) = (engine.clone(), tell.clone());
                tokio::spawn(async move {
                    let external = format!("{round}-{n}");
                    if write(&engine, round * 1_000 + n % 50, &external).await.is_ok() {
                        let _ = tell.send(external);
                    }
                });
            }
            // The rest is on its way when the process ends.
            let mut acknowledged = Vec::new();
            for _ in 0..60 + 20 * round {
                acknowledged.push(told.recv().await.unwrap());
            }
            acknowledged
        });
        process(async {
            let engine = start(path, Clock::system()).await;
            for external in &acknowledged {
                assert!(engine.log().knows(CONNECTOR, external).await.unwrap(), "{external} was lost");
            }
            check(&engine).await;
        });
    }
}

#[test]
fn a_done_command_has_one_effect_and_one_answer_also_after_a_restart() {
    let (_folder, path) = file();
    let id = CommandId::from_u128(99);
    let (wish, first) = process(async {
        let engine = start(&path, Clock::system()).await;
        arrange(&engine, 2).await;
        let (interaction, _) = chat(&engine, 1, user(1)).await;
        let message = engine.fresh_message();
        let wish = Command::Send { interaction, message, text: "Hello".into(), seen: 0 };
        let first = engine.command(user(1), id, wish.clone()).await;
        assert_eq!(engine.command(user(1), id, wish.clone()).await, first);
        (wish, first)
    });
    let moved = done(first.clone());
    assert_eq!(moved.len(), 1);
    process(async {
        let engine = start(&path, Clock::system()).await;
        assert_eq!(engine.command(user(1), id, wish.clone()).await, first);
        let reused = Outcome::Refused { refusal: Refusal::KeyReused };
        assert_eq!(engine.command(user(2), id, wish.clone()).await, reused, "another person");
        assert_eq!(engine.command(user(1), id, Command::Resume).await, reused, "another wish");
        engine.look(|world| {
            let interaction = world.interaction(wish.interaction().unwrap()).unwrap();
            assert_eq!(interaction.version, moved[0].version, "nothing happened again");
        });
        check(&engine).await;
    });
}

#[test]
fn what_fell_due_while_nobody_watched_falls_due_at_the_start() {
    let (_folder, path) = file();
    process(async {
        let engine = start(&path, Clock::system()).await;
        arrange(&engine, 1).await;
        engine.reach(user(1), true);
        write(&engine, 1, "a").await.unwrap();
        until(&engine, |world| world.agent(user(1)).ringing.len() == 1).await;
    });
    process(async {
        let clock = Clock::system();
        clock.advance(Span::seconds(60));
        let engine = start(&path, clock).await;
        until(&engine, |world| world.agent(user(1)).ringing.is_empty()).await;
        let expired = engine.look(|world| {
            let one = world.live_of(CONNECTOR, identity(1)).unwrap();
            one.offers.iter().all(|offer| offer.state == OfferState::Expired) && one.offers.len() == 1
        });
        assert!(expired);
    });
    process(async {
        let clock = Clock::system();
        clock.advance(Span::hours(2));
        let engine = start(&path, clock).await;
        until(&engine, |world| world.live_of(CONNECTOR, identity(1)).is_none()).await;
        engine.look(|world| {
            let one = world.interactions().next().unwrap();
            assert_eq!((one.phase, one.disconnection), (Phase::Missed, Some(Disconnection::Timeout)));
        });
        check(&engine).await;
    });
}

#[test]
fn desks_get_time_to_come_back_before_anybody_is_turned_away() {
    let (_folder, path) = file();
    process(async {
        let clock = Clock::system();
        let engine = start(&path, clock.clone()).await;
        arrange(&engine, 1).await;
        let closing = Queue { unattended: Unattended::Close, ..queue(1) };
        let change = ConfigChange::QueueSaved(closing);
        engine.occur(Occurrence::Configure { by: None, change }, Beside::default()).await.unwrap();
        write(&engine, 1, "a").await.unwrap();
        write(&engine, 2, "b").await.unwrap();
        clock.advance(Span(RETURN.0 - 5_000));
        engine.reach(user(1), true);
        // Both ring at the agent who came back in time, so neither was turned away.
        until(&engine, |world| world.agent(user(1)).ringing.len() == 2).await;
        engine.reach(user(1), false);
        clock.advance(Span::minutes(1));
        // They rang in vain; nobody is there any more, and by now that counts.
        until(&engine, |world| world.live_of(CONNECTOR, identity(1)).is_none()).await;
        until(&engine, |world| world.live_of(CONNECTOR, identity(2)).is_none()).await;
        write(&engine, 3, "c").await.unwrap();
        until(&engine, |world| world.live_of(CONNECTOR, identity(3)).is_none()).await;
        check(&engine).await;
    });
}

#[test]
fn a_call_that_was_under_way_is_unknown_afterwards_and_not_made_again() {
    let (_folder, path) = file();
    let (running, ended, waiting) = process(async {
        let engine = start(&path, Clock::system()).await;
        arrange(&engine, 1).await;
        let (interaction, _) = chat(&engine, 1, user(1)).await;
        let running = send(&engine, user(1), interaction, "one").await;
        let (over, activity) = chat(&engine, 2, user(1)).await;
        let ended = send(&engine, user(1), over, "two").await;
        let waiting = send(&engine, user(1), interaction, "three").await;
        for (interaction, message) in [(interaction, running), (over, ended)] {
            let facts = MessageFacts::new(message, Delivery::Queued);
            let sending = Occurrence::Delivered {
                interaction,
                message: facts,
                to: Delivery::Sending,
                external_id: None,
                pricing: None,
            };
            let outbox = Some(OutboxStep::Claim { message });
            engine.occur(sending, Beside { outbox, ..Beside::default() }).await.unwrap();
        }
        let choose = Command::ChooseDisposition {
            interaction: over,
            activity,
            disposition: Some(STATUS),
            also: Vec::new(),
        };
        done(command(&engine, user(1), choose).await);
        done(command(&engine, user(1), Command::Close { interaction: over, activity, seen: u64::MAX }).await);
        assert!(live(&engine, 2).is_none());
        (running, ended, waiting)
    });
    process(async {
        let engine = start(&path, Clock::system()).await;
        for message in [running, ended] {
            let facts = engine.log().message_facts(message).await.unwrap().unwrap();
            assert_eq!(facts.delivery, Delivery::Unknown);
            assert_eq!(outbox(engine.log(), message).await, Some(("done".into(), 1)));
        }
        assert_eq!(outbox(engine.log(), waiting).await, Some(("waiting".into(), 0)));
        check(&engine).await;
        engine.stop().await;
        let after = write(&engine, 1, "late").await;
        assert_eq!(after, Err(OccurError::Failed), "who is stopped decides nothing");
    });
}
