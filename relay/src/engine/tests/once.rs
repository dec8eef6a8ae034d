//! What comes twice happens once, what ended stays within reach, and an offer brings the words its card shows.

use super::bed::{CONNECTOR, arrange, chat, check, command, done, identity, live, message, send, start};
use super::bed::{until, user, write};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::log::tests::{item, journal, know};
use crate::log::{Beside, JournalDone};
use shared::agent::AgentChange;
use shared::command::{Command, Occurrence};
use shared::event::Change;
use shared::id::CommandId;
use shared::interaction::{Delivery, InteractionChange, MessageFacts};
use shared::refusal::Refusal;
use shared::thread::Content;
use shared::time::Span;
use shared::wire::Outcome;

async fn bed(agents: u128) -> (tempfile::TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = start(&folder.path().join("signalbox.db"), Clock::system()).await;
    arrange(&engine, agents).await;
    (folder, engine)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_delivered_many_times_at_once_is_one_message() {
    let (_folder, engine) = bed(1).await;
    let mut tasks = tokio::task::JoinSet::new();
    let mut items = Vec::new();
    for _ in 0..20 {
        let item = journal(engine.log()).await;
        items.push(item);
        let engine = engine.clone();
        tasks.spawn(async move {
            let (occurrence, mut beside) = message(&engine, 1, "same");
            let Occurrence::CustomerWrote { message, .. } = occurrence else { panic!() };
            beside.journal = Some(JournalDone { item, message: Some(message) });
            engine.occur(occurrence, beside).await
        });
    }
    let results = tasks.join_all().await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(results.iter().flatten().filter(|moved| !moved.is_empty()).count(), 1);
    // Again, when it is in the log already.
    assert_eq!(write(&engine, 1, "same").await, Ok(Vec::new()));
    let (interaction, _) = live(&engine, 1).unwrap();
    let events =
        engine.log().events_after(shared::event::Stream::Interaction(interaction), 0, 100).await.unwrap();
    let wrote = events.iter().filter(|one| {
        matches!(&one.event.change, Change::Interaction(InteractionChange::CustomerWrote { .. }))
    });
    assert_eq!(wrote.count(), 1);
    let mut became = 0;
    for id in items {
        let (state, message) = item(engine.log(), id).await;
        assert_eq!(state, "done");
        became += usize::from(message.is_some());
    }
    assert_eq!(became, 1, "one item became the message");
    check(&engine).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_has_one_live_interaction_however_many_messages_come_at_once() {
    let (_folder, engine) = bed(1).await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..200_u128 {
        let engine = engine.clone();
        tasks.spawn(async move { write(&engine, n % 10, &format!("m{n}")).await });
    }
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
    assert_eq!(engine.look(|world| world.interactions().count()), 10);
    check(&engine).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_command_at_once_has_one_effect() {
    let (_folder, engine) = bed(1).await;
    let (interaction, _) = chat(&engine, 1, user(1)).await;
    let id = CommandId::from_u128(5);
    let wish = Command::Send { interaction, message: engine.fresh_message(), text: "Hi".into(), seen: 0 };
    let before = engine.look(|world| world.interaction(interaction).unwrap().version);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (engine, wish) = (engine.clone(), wish.clone());
        tasks.spawn(async move { engine.command(user(1), id, wish).await });
    }
    let answers = tasks.join_all().await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(done(answers[0].clone())[0].version, before + 1);
    let same_message = command(&engine, user(1), wish).await;
    assert_eq!(same_message, Outcome::Refused { refusal: Refusal::KeyReused }, "a message is written once");
    check(&engine).await;
}

#[tokio::test]
async fn a_refusal_is_repeated_and_its_id_stays_taken() {
    let (_folder, engine) = bed(2).await;
    write(&engine, 1, "a").await.unwrap();
    let (interaction, activity) = live(&engine, 1).unwrap();
    let id = CommandId::from_u128(5);
    let close = Command::Close { interaction, activity, seen: 0 };
    let refused = Outcome::Refused { refusal: Refusal::NotOpen };
    assert_eq!(engine.command(user(1), id, close.clone()).await, refused);
    done(command(&engine, user(1), Command::Accept { interaction, activity, offer: None }).await);
    assert_eq!(engine.command(user(1), id, close).await, refused, "the answer does not change");
    let other = engine.command(user(1), id, Command::Resume).await;
    assert_eq!(other, Outcome::Refused { refusal: Refusal::KeyReused });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_in_the_log_before_it_is_told_and_outlives_the_process() {
    let (folder, engine) = bed(2).await;
    write(&engine, 1, "a").await.unwrap();
    let (interaction, activity) = live(&engine, 1).unwrap();
    let id = CommandId::from_u128(5);
    let close = Command::Close { interaction, activity, seen: 0 };
    let refused = Outcome::Refused { refusal: Refusal::NotOpen };
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (engine, close) = (engine.clone(), close.clone());
        tasks.spawn(async move { engine.command(user(1), id, close).await });
    }
    assert!(tasks.join_all().await.iter().all(|answer| *answer == refused), "also at once");
    assert_eq!(engine.log().answered(id).await.unwrap().unwrap().outcome, refused);
    done(command(&engine, user(1), Command::Accept { interaction, activity, offer: None }).await);
    engine.stop().await;
    engine.log().close().await;
    drop(engine);
    let engine = start(&folder.path().join("signalbox.db"), Clock::system()).await;
    assert_eq!(engine.command(user(1), id, close).await, refused, "though it could be done by now");
    let other = engine.command(user(1), id, Command::Resume).await;
    assert_eq!(other, Outcome::Refused { refusal: Refusal::KeyReused });
    check(&engine).await;
}

#[tokio::test]
async fn what_is_not_understood_is_no_answer_for_a_relay_that_would() {
    let (folder, engine) = bed(1).await;
    let id = CommandId::from_u128(5);
    let refused = Outcome::Refused { refusal: Refusal::NotUnderstood };
    assert_eq!(engine.command(user(1), id, Command::Unknown).await, refused);
    assert!(engine.log().answered(id).await.unwrap().is_none());
    engine.stop().await;
    engine.log().close().await;
    drop(engine);
    let engine = start(&folder.path().join("signalbox.db"), Clock::system()).await;
    assert!(matches!(engine.command(user(1), id, Command::Resume).await, Outcome::Done { .. }));
}

#[tokio::test]
async fn delivery_climbs_after_the_end_and_never_falls() {
    let (_folder, engine) = bed(1).await;
    let (interaction, activity) = chat(&engine, 1, user(1)).await;
    let id = send(&engine, user(1), interaction, "Hi").await;
    done(command(&engine, user(1), Command::Close { interaction, activity, seen: u64::MAX }).await);
    // Whoever reports knows only an old state of the message.
    let report = async |to: Delivery| {
        let message = MessageFacts::new(id, Delivery::Queued);
        let occurrence = Occurrence::Delivered { interaction, message, to, external_id: None, pricing: None };
        engine.occur(occurrence, Beside::default()).await.unwrap().len()
    };
    assert_eq!(report(Delivery::Seen).await, 1);
    assert_eq!(report(Delivery::Delivered).await, 0);
    assert_eq!(report(Delivery::Seen).await, 0);
    let facts = engine.log().message_facts(id).await.unwrap().unwrap();
    assert_eq!(facts.delivery, Delivery::Seen);
    check(&engine).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ended_interactions_are_let_go_of_and_read_again_when_named() {
    let (_folder, engine) = bed(1).await;
    let (first, activity) = chat(&engine, 5_000, user(1)).await;
    let id = send(&engine, user(1), first, "Hi").await;
    done(command(&engine, user(1), Command::Close { interaction: first, activity, seen: u64::MAX }).await);
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..1_050_u128 {
        let engine = engine.clone();
        tasks.spawn(async move {
            write(&engine, n, &n.to_string()).await.unwrap();
            let left = Occurrence::CustomerLeft { connector: CONNECTOR, identity: identity(n) };
            engine.occur(left, Beside::default()).await.unwrap();
        });
    }
    tasks.join_all().await;
    assert_eq!(engine.look(|world| world.interactions().count()), 1_000);
    assert!(engine.look(|world| world.interaction(first).is_none()));
    let message = MessageFacts::new(id, Delivery::Queued);
    let to = Delivery::Delivered;
    let late = Occurrence::Delivered {
        interaction: first,
        message,
        to,
        external_id: Some("p1".into()),
        pricing: None,
    };
    assert_eq!(engine.occur(late, Beside::default()).await.unwrap().len(), 1);
    assert!(engine.look(|world| world.interaction(first).is_some()));
    assert_eq!(engine.look(|world| world.interactions().count()), 1_000);
    check(&engine).await;
}

#[tokio::test]
async fn a_chat_can_be_started_with_a_customer_the_log_knows() {
    let (_folder, engine) = bed(1).await;
    know(engine.log(), identity(1), CONNECTOR).await;
    let start = |engine: &Engine| Command::StartChat {
        interaction: engine.fresh_interaction(),
        activity: engine.fresh_activity(),
        queue: super::bed::QUEUE,
        identity: identity(1),
    };
    let never = command(&engine, user(1), start(&engine)).await;
    assert_eq!(never, Outcome::Refused { refusal: Refusal::NeverWrote });
    let (interaction, activity) = chat(&engine, 1, user(1)).await;
    let live = command(&engine, user(1), start(&engine)).await;
    assert!(matches!(live, Outcome::Refused { refusal: Refusal::AlreadyLive { .. } }));
    done(command(&engine, user(1), Command::Close { interaction, activity, seen: u64::MAX }).await);
    done(command(&engine, user(1), start(&engine)).await);
    check(&engine).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_brings_the_name_and_the_last_words_and_rings_anew_after_its_sleep() {
    let (_folder, engine) = bed(1).await;
    let mut events = engine.events();
    write(&engine, 1, "a").await.unwrap();
    write(&engine, 1, "b").await.unwrap();
    engine.reach(user(1), true);
    engine.reach(user(1), true);
    engine.reach(user(1), false);
    assert_eq!(engine.reachable().len(), 1, "one of two desks went");
    let mut seen = Vec::new();
    let rang = loop {
        let one = events.recv().await.unwrap();
        seen.push((one.event.stream, one.event.version));
        if matches!(one.event.change, Change::Agent(AgentChange::Rang(_))) {
            break one;
        }
    };
    let named =
        |content: &Content| matches!(content, Content::Name { name: Some(n), .. } if n == "Customer 1");
    let worded = |content: &Content| matches!(content, Content::Text { text, .. } if text == "words of b");
    assert!(rang.content.iter().any(named) && rang.content.iter().any(worded));
    let resumed = engine.log().events_after(rang.event.stream, rang.event.version - 1, 1).await.unwrap();
    assert_eq!(resumed, [(*rang).clone()], "who resumes gets the same");
    for (stream, _) in &seen {
        let versions: Vec<u64> = seen.iter().filter(|(s, _)| s == stream).map(|(_, v)| *v).collect();
        assert!(versions.windows(2).all(|pair| pair[1] == pair[0] + 1), "{versions:?}");
    }
    let first = engine.look(|world| world.agent(user(1)).ringing[0].offer);
    engine.clock().advance(Span::seconds(11));
    until(&engine, |world| world.agent(user(1)).ringing.is_empty()).await;
    engine.clock().advance(Span::seconds(11));
    until(&engine, |world| world.agent(user(1)).ringing.iter().any(|one| one.offer != first)).await;
    check(&engine).await;
}
