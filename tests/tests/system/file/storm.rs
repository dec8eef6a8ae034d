//! A storm of webhooks and a relay that dies in it, by `kill -9` or with the disk's power: what was answered 200 is there afterwards (I-01, I-02).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tests::disk::{self, Disk, Forgets};
use tests::ledger::{self, Stored};
use tests::post::Post;
use tests::relay::Database;
use tests::seed::{self, Seed};
use tests::webhook::{self, Webhook};
use tests::{Relay, Setup};

/// Webhooks under way when the relay dies.
const IN_FLIGHT: usize = 32;
/// Customers who write.
const CUSTOMERS: u64 = 48;
/// The relay dies after so many answers of the storm at the least, and at the most so many more.
const ANSWERS: (u64, u64) = (20, 200);

/// What a storm came to.
#[derive(Default)]
struct Outcome {
    /// The providers' ids that were answered 200.
    acknowledged: BTreeSet<String>,
    /// Those of them that the log does not have.
    lost: usize,
    /// Sectors that power failures took.
    taken: usize,
    /// What else is wrong with the log.
    faults: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn i01_what_was_answered_200_survives_kill_9() {
    let rounds = seed::rounds(200);
    let outcome = storm("I-01", rounds, None).await;
    let acks = outcome.acknowledged.len();
    println!("I-01: {rounds} kills, {acks} acknowledged, {} lost", outcome.lost);
    assert!(acks >= rounds * 100, "{acks} acknowledged webhooks are too few to show anything");
    assert_eq!((outcome.lost, outcome.faults), (0, Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn i02_what_was_answered_200_survives_a_power_failure() {
    let rounds = seed::rounds(100);
    let outcome = storm("I-02", rounds, Some(Disk::new(Forgets::Nothing))).await;
    let (acks, taken) = (outcome.acknowledged.len(), outcome.taken);
    println!("I-02: {rounds} failures took {taken} sectors, {acks} acknowledged, {} lost", outcome.lost);
    assert!(taken >= rounds / 2, "{taken} sectors taken are too few to show anything");
    assert_eq!((outcome.lost, outcome.faults), (0, Vec::new()));
}

/// The test above would see a relay that does not sync: the same storm over disks that forget syncs must lose.
#[tokio::test(flavor = "multi_thread")]
async fn i02_a_disk_that_forgets_syncs_loses() {
    for forgets in [Forgets::WriteAheadLog, Forgets::All] {
        let outcome = storm("I-02, the disk forgets", 2, Some(Disk::new(forgets))).await;
        println!("{forgets:?}: {} of {} lost", outcome.lost, outcome.acknowledged.len());
        assert!(outcome.lost > 0, "{forgets:?} lost nothing: the test above is blind");
    }
}

async fn storm(name: &str, rounds: usize, disk: Option<Disk>) -> Outcome {
    let mut seed = Seed::of(name);
    let environment = disk.as_ref().map(Disk::environment).unwrap_or_default();
    let mut relay =
        Relay::start_with(Setup { apart: true, environment, database: Database::File, ..Setup::default() })
            .await;
    let mut outcome = Outcome::default();
    for round in 0..rounds {
        let enough = ANSWERS.0 + seed.below(ANSWERS.1);
        let (mut end, acknowledged) = blow(&relay, round).await;
        while (acknowledged.lock().unwrap().len() as u64) < enough {
            tokio::time::sleep(Duration::from_micros(seed.below(1_000))).await;
        }
        relay.kill().await;
        while end.join_next().await.is_some() {}
        outcome.acknowledged.append(&mut acknowledged.lock().unwrap());
        if disk.is_some() {
            outcome.taken += disk::lose_power(relay.data(), &mut seed).taken;
        }
        if !relay.try_restart().await {
            outcome.faults.push(format!("round {round}: the relay does not start again"));
            outcome.lost = outcome.acknowledged.len();
            return outcome;
        }
        ledger::understood(&relay.file()).await;
        let stored = Stored::read(&relay.file());
        let faults = stored.faults().into_iter().map(|fault| format!("round {round}: {fault}"));
        outcome.faults.extend(faults);
        let there = stored.externals();
        outcome.lost =
            outcome.acknowledged.iter().filter(|external| !there.contains(external.as_str())).count();
    }
    outcome
}

/// Posts on many connections until each of them breaks.
async fn blow(relay: &Relay, round: usize) -> (tokio::task::JoinSet<()>, Arc<Mutex<BTreeSet<String>>>) {
    let host = relay.base.trim_start_matches("http://").to_owned();
    let now = webhook::now();
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let mut lines = tokio::task::JoinSet::new();
    for line in 0..IN_FLIGHT {
        let (host, acknowledged) = (host.clone(), Arc::clone(&acknowledged));
        let mut post = Post::connect(&host).await.unwrap();
        lines.spawn(async move {
            for n in 0.. {
                let external = format!("wamid.{round}.{line}.{n}");
                let customer = u32::try_from((line as u64 * 7 + n) % CUSTOMERS).unwrap();
                let webhook = Webhook::message(&host, customer, &external, "A word in the storm", now);
                match post.post(&webhook.request).await {
                    Ok(200) => drop(acknowledged.lock().unwrap().insert(webhook.external)),
                    Ok(status) => panic!("a webhook was answered {status}"),
                    Err(_) => break,
                }
            }
        });
    }
    (lines, acknowledged)
}
