//! A disk that is full, breaks, stops syncing or turns read-only: no false 200, a clear alarm, and afterwards all goes on (I-32).

use std::collections::BTreeSet;
use tests::disk::{self, Disk, Forgets, Trouble};
use tests::ledger::{self, Stored};
use tests::post;
use tests::relay::Database;
use tests::seed::{self, Seed};
use tests::webhook::{self, Webhook};
use tests::{Relay, Setup};

/// Webhooks before the trouble and in it, each round.
const EACH: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn i32_a_disk_in_trouble_gets_no_false_200() {
    let mut seed = Seed::of("I-32");
    let disk = Disk::new(Forgets::Nothing);
    let environment = disk.environment();
    let mut relay =
        Relay::start_with(Setup { apart: true, environment, database: Database::File, ..Setup::default() })
            .await;
    let host = relay.base.trim_start_matches("http://").to_owned();
    let mut acknowledged = BTreeSet::new();
    for round in 0..seed::rounds(20) {
        let trouble = [Trouble::Full, Trouble::Broken, Trouble::Unsynced, Trouble::ReadOnly][round % 4];
        let before = post(&host, &format!("{round}.before")).await;
        assert!(before.iter().all(|(_, status)| *status == 200), "a healthy disk: {before:?}");
        acknowledged.extend(before.into_iter().map(|(external, _)| external));

        disk.set(trouble);
        let said = relay.log().len();
        let refused = post(&host, &format!("{round}.in")).await;
        assert!(refused.iter().all(|(_, status)| *status == 503), "{trouble:?}: {refused:?}");
        assert_eq!(ready(&relay).await, 503, "{trouble:?}: whoever watches is told");
        assert!(relay.log()[said..].contains("a webhook could not be kept"), "{trouble:?}: the log says so");

        // Half of the troubles end with the machine, the others by themselves.
        if seed.once_in(2) {
            relay.kill().await;
            disk::lose_power(relay.data(), &mut seed);
            disk.set(Trouble::None);
            relay.restart().await;
        } else {
            disk.set(Trouble::None);
        }
        tests::wait::until("the relay to be ready again", || async {
            (ready(&relay).await == 200).then_some(())
        })
        .await;
        // The provider tries again what was not acknowledged.
        let again = post(&host, &format!("{round}.in")).await;
        assert!(again.iter().all(|(_, status)| *status == 200), "after {trouble:?}: {again:?}");
        acknowledged.extend(again.into_iter().map(|(external, _)| external));
        ledger::understood(&relay.file()).await;
        let stored = Stored::read(&relay.file());
        assert_eq!(stored.faults(), Vec::<String>::new(), "after {trouble:?}");
        let there: BTreeSet<String> = stored.externals().into_iter().map(ToOwned::to_owned).collect();
        assert_eq!(there, acknowledged, "after {trouble:?}: what was answered 200, and nothing else");
    }
}

/// Posts some messages; returns the provider's id of each with its answer.
async fn post(host: &str, name: &str) -> Vec<(String, u16)> {
    let names: Vec<String> = (0..EACH).map(|n| format!("wamid.{name}.{n}")).collect();
    let request = |name: &String| Webhook::message(host, 3, name, "A word", webhook::now()).request;
    let answers = post::all(host, names.iter().map(request).collect(), 4).await.unwrap();
    names.into_iter().zip(answers).collect()
}

async fn ready(relay: &Relay) -> u16 {
    relay.http.get(format!("{}/ready", relay.base)).send().await.unwrap().status().as_u16()
}
