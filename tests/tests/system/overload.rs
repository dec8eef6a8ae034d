//! More than the relay can take: webhooks are answered 503 before memory grows, logins wait for each other and not webhooks for them, and afterwards all is as before (I-31).

use super::signed::{limited, memory, message, post, previews};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tests::Relay;
use tests::seed;

/// The half minute for which more comes than is taken, or a third of it.
fn flood() -> Duration {
    Duration::from_secs(seed::rounds(30) as u64)
}

/// It is as before so long after a flood.
const RECOVERS: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_webhooks_is_answered_503_and_what_was_taken_is_there() {
    let relay = Arc::new(limited("backlog = 150\nwebhooks = 40").await);
    let eva = relay.token("eva").await;
    // What it needs at rest and at work, before the flood.
    for n in 0..20 {
        assert_eq!(
            post(&relay.http, &relay.base, &message(n, &format!("before{n}"), "before")).await,
            Some(200)
        );
    }
    let before = memory(&relay);
    let (taken, refused) = (Arc::new(std::sync::Mutex::new(BTreeSet::new())), Arc::new(AtomicUsize::new(0)));
    let mut posters = Vec::new();
    let (began, number) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    for _ in 0..100 {
        let (relay, taken) = (Arc::clone(&relay), Arc::clone(&taken));
        let (refused, number) = (Arc::clone(&refused), Arc::clone(&number));
        posters.push(tokio::spawn(async move {
            while began.elapsed() < flood() {
                let n = number.fetch_add(1, Ordering::Relaxed);
                let id = format!("flood{n}");
                match post(&relay.http, &relay.base, &message(n % 50, &id, &id)).await {
                    Some(200) => drop(taken.lock().unwrap().insert(id)),
                    Some(503) => drop(refused.fetch_add(1, Ordering::Relaxed)),
                    other => panic!("neither taken nor put off: {other:?}"),
                }
            }
        }));
    }
    let mut most = 0;
    while began.elapsed() < flood() {
        most = most.max(memory(&relay));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for one in posters {
        one.await.unwrap();
    }
    let taken = taken.lock().unwrap().len();
    assert!(refused.load(Ordering::Relaxed) > 0, "the flood was none: {taken} were taken");
    assert!(taken > 100, "only {taken} were taken");
    // Customers and their chats stay in memory; thousands of bodies do not.
    assert!(most < before + 96 * 1024 * 1024, "memory grew from {before} to {most}");
    let over = Instant::now();
    // It opens again by itself, and all that was taken is understood: 50 customers have a chat each.
    tests::wait::until("room for one more", || async {
        (post(&relay.http, &relay.base, &message(0, "after", "after")).await == Some(200)).then_some(())
    })
    .await;
    tests::wait::until("the last message and every customer's chat", || async {
        let shown = previews(&relay, &eva).await;
        (shown.contains(&"after".to_owned()) && shown.len() == 50).then_some(())
    })
    .await;
    assert!(over.elapsed() < RECOVERS, "it took {:?} until all was as before", over.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_logins_at_once_leave_webhooks_served() {
    let relay = Arc::new(Relay::start().await);
    let round = async |offset: usize| {
        let mut times = Vec::new();
        for n in 0..60 {
            let began = Instant::now();
            let body = message(n, &format!("login{}", offset + n), "hello");
            assert_eq!(post(&relay.http, &relay.base, &body).await, Some(200));
            times.push(began.elapsed());
        }
        times.sort();
        times[times.len() / 2]
    };
    let quiet = round(0).await;
    let mut logins = Vec::new();
    for n in 0..200 {
        let relay = Arc::clone(&relay);
        logins.push(tokio::spawn(async move {
            let body = json!({ "login": format!("nobody{n}"), "password": "guess" });
            let request = relay.http.post(format!("{}/api/v1/session", relay.base)).json(&body);
            // Each from an address of its own, as the proxy says: a flood that no count of addresses stops.
            let from = format!("198.51.{}.{}", n / 250, n % 250);
            request.header("x-forwarded-for", from).send().await.unwrap().status().as_u16()
        }));
    }
    let busy = round(1_000).await;
    let mut answers = BTreeSet::new();
    for one in logins {
        answers.insert(one.await.unwrap());
    }
    assert_eq!(answers, BTreeSet::from([401]), "all are answered, none is right");
    // On two cores two hashes are everything there is, so webhooks share them; they do not wait behind 200.
    assert!(busy < quiet * 6 + Duration::from_millis(60), "{quiet:?} became {busy:?}");
}
