//! Many people at once: the world that runs ahead and the log never come apart.

use super::bed::{QUEUE, arrange, check, command, live, start, user, write};
use crate::clock::Clock;
use crate::log::{self, Append, StreamState};
use shared::command::Command;
use shared::config::{ConfigChange, Pause};
use shared::event::{Actor, Change, Stream};
use shared::id::PauseId;
use shared::wire::Outcome;
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_mixed_wishes_at_once_leave_no_hole() {
    let folder = tempfile::tempdir().unwrap();
    let engine = start(&folder.path().join("signalbox.db"), Clock::system()).await;
    arrange(&engine, 8).await;
    for agent in 1..=8 {
        engine.reach(user(agent), true);
    }
    for customer in 0..40 {
        write(&engine, customer, &format!("first {customer}")).await.unwrap();
    }
    let mut events = engine.events();
    let before = engine.log().counts();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..500_u128 {
        let engine = engine.clone();
        tasks.spawn(async move {
            let (agent, customer) = (user(n % 8 + 1), n % 40);
            let Some((interaction, activity)) = live(&engine, customer) else { return (n, None) };
            let wish = match n % 7 {
                0 | 1 => Command::Accept { interaction, activity, offer: None },
                2 | 3 => {
                    Command::Send { interaction, message: engine.fresh_message(), text: "Hi".into(), seen: 0 }
                }
                4 => Command::Close { interaction, activity, seen: u64::MAX },
                5 => {
                    let _ = write(&engine, customer, &format!("more {n}")).await.unwrap();
                    return (n, None);
                }
                _ if n % 2 == 0 => Command::LeaveQueue { queue: QUEUE },
                _ => Command::JoinQueue { queue: QUEUE },
            };
            (n, Some(command(&engine, agent, wish).await))
        });
    }
    let answers = tasks.join_all().await;
    let done = answers.iter().filter(|(_, answer)| matches!(answer, Some(Outcome::Done { .. }))).count();
    let refused =
        answers.iter().filter(|(_, answer)| matches!(answer, Some(Outcome::Refused { .. }))).count();
    assert!(done > 100, "{done} done");
    assert!(refused > 20, "{refused} refused");
    let counts = engine.log().counts();
    let (jobs, commits) = (counts.jobs - before.jobs, counts.commits - before.commits);
    assert!(commits * 2 < jobs, "{commits} commits for {jobs} appends");
    engine.stop().await;
    check(&engine).await;
    let mut versions = BTreeMap::new();
    while let Ok(one) = events.try_recv() {
        let version = one.event.version;
        if let Some(last) = versions.insert(one.event.stream, version) {
            assert_eq!(version, last + 1, "events go out in order");
        }
    }
    for (stream, last) in versions {
        assert_eq!(engine.log().events_after(stream, last, 1).await.unwrap().len(), 0, "and all of them");
    }
}

#[tokio::test]
async fn a_stream_that_moved_behind_the_engine_is_read_anew_and_decided_on() {
    let folder = tempfile::tempdir().unwrap();
    let engine = start(&folder.path().join("signalbox.db"), Clock::system()).await;
    arrange(&engine, 1).await;
    let mut world = engine.look(Clone::clone);
    let pause = Pause::new(PauseId::from_u128(1), "Lunch");
    let reads = vec![(Stream::Config, world.version(Stream::Config))];
    let change = Change::Config(ConfigChange::PauseSaved(pause));
    let now = engine.clock().now();
    let event = world.record(Stream::Config, change, Actor::System, now).unwrap();
    let state = log::State::Config(Box::new(world.config.clone()));
    let states = vec![StreamState { stream: Stream::Config, state }];
    engine.log().append(&Append { reads, events: vec![event], states, ..Append::default() }).await.unwrap();
    // A first message reads the configuration.
    write(&engine, 1, "a").await.unwrap();
    assert!(engine.look(|world| world.config.pauses.contains_key(&PauseId::from_u128(1))));
    check(&engine).await;
}
