//! A relay that is asked to stop under load: it ends in time and well, desks are told when to come back, and nothing that was acknowledged is lost (I-30).

use super::signed::{message, post, previews};
use shared::id::CommandId;
use shared::wire::{Bye, Outcome, RelayFrame};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tests::seed;
use tests::{Desk, Relay};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_under_load_ends_well_and_loses_nothing() {
    let mut relay = Relay::start_apart().await;
    let mut acknowledged = BTreeSet::new();
    let mut waits = BTreeSet::new();
    let rounds = seed::rounds(30);
    let session = relay.token("eva").await;
    for round in 0..rounds {
        let mut desks = Vec::new();
        for _ in 0..10 {
            desks.push(Arc::new(Desk::open_with(&relay, session.clone(), None, Vec::new()).await));
        }
        let mut posters = Vec::new();
        for lane in 0..16 {
            let (http, base) = (relay.http.clone(), relay.base.clone());
            posters.push(tokio::spawn(async move {
                let mut taken = Vec::new();
                for n in 0.. {
                    let id = format!("stop-{round}-{lane}-{n}");
                    // Each of another customer, so that every message is the last of its chat.
                    let customer = (round * 16 + lane) * 10_000 + n;
                    match post(&http, &base, &message(customer, &id, &id)).await {
                        Some(200) => taken.push(id),
                        // Put off, or nobody listens any more.
                        _ => break,
                    }
                }
                taken
            }));
        }
        let commander = tokio::spawn({
            let desk = Arc::clone(&desks[0]);
            async move {
                let mut done = 0;
                while !desk.is_cut() {
                    let id = CommandId(Uuid::now_v7());
                    desk.say(shared::wire::DeskFrame::Command {
                        id,
                        command: shared::command::Command::Resume,
                    });
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    done += 1;
                }
                done
            }
        });
        tokio::time::sleep(Duration::from_millis(400)).await;
        let (status, took) = relay.terminate().await;
        assert_eq!(status.code(), Some(0), "round {round}");
        assert!(took < Duration::from_secs(10), "round {round} took {took:?}");
        for one in posters {
            acknowledged.extend(one.await.unwrap());
        }
        assert!(commander.await.unwrap() > 0);
        // The first desk talks all the time, and may find the line dead before it has heard the last words.
        for desk in desks.into_iter().skip(1) {
            tests::wait::until("the end of the socket", || async { desk.is_cut().then_some(()) }).await;
            let told = desk.told();
            match told.last() {
                Some(RelayFrame::Bye { reason: Bye::Restarting, retry_after: Some(after) }) => {
                    assert!((1_000..=31_000).contains(&after.0), "{after:?}");
                    waits.insert(after.0);
                }
                other => panic!("the last words were {other:?}"),
            }
            // Every answer that came says what happened.
            let unsaid = told.iter().filter(|frame| match frame {
                RelayFrame::Answer { outcome, .. } => !matches!(outcome, Outcome::Done { .. }),
                _ => false,
            });
            assert_eq!(unsaid.count(), 0);
        }
        relay.restart().await;
    }
    let desks = rounds * 9;
    assert!(waits.len() > desks / 2, "the {desks} desks come back at {} different times", waits.len());
    assert!(acknowledged.len() > rounds * 10, "only {} were acknowledged", acknowledged.len());
    tests::wait::until("all that was acknowledged", || async {
        let there: BTreeSet<String> = previews(&relay, &session).await.into_iter().collect();
        acknowledged.is_subset(&there).then_some(())
    })
    .await;
}
