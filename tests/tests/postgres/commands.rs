//! The commands on a workspace whose database is on a server: people, doctor, migration, keys, backups under load and what a restore makes of them; and a workspace that moves from one kind of database to the other.

use pgtest::Server;
use serde_json::json;
use shared::channel::Channel;
use shared::interaction::Delivery;
use std::path::Path;
use tempfile::TempDir;
use tests::command::{Done, Served, run_in};
use tests::relay::{Database, client, try_login};
use tests::{Desk, Phones, Relay, Setup};

/// Runs a command on the workspace of this folder and this database.
async fn on(data: &Path, database: &str, arguments: &[&str], input: &str) -> Done {
    let done = run_in(
        data,
        arguments,
        input,
        &[("SIGNALBOX_DATABASE", database), ("SIGNALBOX_LISTEN", "127.0.0.1:0")],
    )
    .await;
    assert!(!done.said().contains(pgtest::PASSWORD), "{done:?}");
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn people_doctor_migration_and_keys_work_as_on_a_file() {
    let (data, database) = (TempDir::new().unwrap(), Server::shared().database());
    let path = data.path();
    let add = ["user", "add", "Boss", "--name", "The Boss", "--role", "admin"];
    let added = on(path, &database, &add, "first-password\n").await;
    assert!(added.well && added.out.contains("Boss can log in"), "{added:?}");
    let again = on(path, &database, &add, "first-password\n").await;
    assert!(!again.well && again.err.contains("already"), "{again:?}");
    let served = Served::start(path, &[("SIGNALBOX_DATABASE", &database)]).await;
    assert_eq!(try_login(&client(), &served.base, "boss", "first-password").await.status(), 200);
    let running = on(path, &database, &["doctor"], "").await;
    assert!(running.well && running.out.contains("running on this database"), "{running:?}");
    let beside = [&["migrate"][..], &["user", "passwd", "boss"], &["secrets", "rotate"]];
    // Each waits for some seconds: the relay might just be leaving.
    let refused = beside.map(|arguments| on(path, &database, arguments, "some-password\n"));
    for refused in futures_util::future::join_all(refused).await {
        assert!(!refused.well && refused.err.contains("stop the relay first"), "{refused:?}");
    }
    served.stop().await;
    let changed = on(path, &database, &["user", "passwd", "BOSS"], "second-password\n").await;
    assert!(changed.well, "{changed:?}");
    let migrated = on(path, &database, &["migrate"], "").await;
    assert!(migrated.well && migrated.out.contains("nothing was changed"), "{migrated:?}");
    let stopped = on(path, &database, &["doctor"], "").await;
    assert!(stopped.well && stopped.out.contains("relay: not running"), "{stopped:?}");
    let served = Served::start(path, &[("SIGNALBOX_DATABASE", &database)]).await;
    for (password, status) in [("first-password", 401), ("second-password", 200)] {
        assert_eq!(try_login(&client(), &served.base, "boss", password).await.status(), status);
    }
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_sealed_under_a_new_key_and_accounts_work_on() {
    let database = Server::shared().database();
    let mut relay = Relay::start_apart_on(Some(database.clone())).await;
    let phones = Phones::of(&relay);
    relay.kill().await;
    let rotated = on(relay.data(), &database, &["secrets", "rotate"], "").await;
    assert!(rotated.well && rotated.out.contains("6 secrets were sealed"), "{rotated:?}");
    relay.restart().await;
    let customer = phones.customer(Channel::Viber);
    customer.write("signed and sealed").await;
    let mut eva = Desk::open(&relay, "eva").await;
    let card = eva.card().await;
    let id = eva.accept(&card).await.interaction.id;
    eva.send(id, "under the new key").await;
    customer.shows("under the new key").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_restored_as_a_valid_system_and_nothing_is_sent_twice() {
    let server = Server::shared();
    // The ten restores that the promise speaks of are those of a file; each here takes some 10 s.
    for round in 0..tests::wait::rounds(4) {
        let database = server.database();
        let mut relay = Relay::start_apart_on(Some(database.clone())).await;
        let phones = Phones::of(&relay);
        // Otherwise the provider's own words settle what is unknown.
        phones.settings(&json!({ "receipts": "manual" })).await;
        let mut eva = Desk::open(&relay, "eva").await;
        let customer = phones.customer(Channel::WhatsApp);
        // Text that PostgreSQL has no place for as it stands.
        customer.write("before\u{0}\u{10FFFF}").await;
        let card = eva.card().await;
        let id = eva.accept(&card).await.interaction.id;
        eva.send(id, "answered before").await;
        customer.shows("answered before").await;
        // One that waits in the backup: it may have been sent by the time of the restore.
        phones
            .post(
                "/control/hold",
                &json!({ "what": "answers", "account": Phones::account(Channel::WhatsApp) }),
            )
            .await;
        eva.send(id, "under way").await;
        customer.shows("under way").await;
        let epoch = eva.snapshot().await.epoch;
        let writing = phones.load(40);
        let kept = TempDir::new().unwrap();
        let folder = kept.path().join("backup");
        let folder = folder.to_str().unwrap();
        let taken = on(relay.data(), &database, &["backup", folder], "").await;
        assert!(taken.well && taken.out.contains("Newest: "), "{taken:?}");
        let again = on(relay.data(), &database, &["backup", folder], "").await;
        assert!(!again.well && again.err.contains("exists already"), "{again:?}");
        writing.await.unwrap();
        phones.post("/control/release", &json!({})).await;
        eva.send(id, "answered after").await;
        customer.shows("answered after").await;
        if round == 0 {
            // It waits for some seconds: the relay might just be leaving.
            let beside = on(relay.data(), &database, &["restore", folder, "--force"], "").await;
            assert!(!beside.well && beside.err.contains("stop the relay first"), "{beside:?}");
        }
        relay.kill().await;

        let plain = on(relay.data(), &database, &["restore", folder], "").await;
        assert!(!plain.well && plain.err.contains("--force"), "{plain:?}");
        let restored = on(relay.data(), &database, &["restore", folder, "--force"], "").await;
        assert!(
            restored.well && restored.out.contains("Whatever happened after it is lost."),
            "{restored:?}"
        );
        assert!(restored.out.contains("the schema before_restore_"), "{restored:?}");
        assert!(restored.out.contains("become unknown: 1"), "{restored:?}");
        relay.restart().await;
        let refused = relay.http.get(format!("{}/api/v1/session", relay.base)).bearer_auth(&eva.token);
        assert_eq!(refused.send().await.unwrap().status().as_u16(), 401, "everybody logs in again");
        let eva = Desk::open(&relay, "eva").await;
        assert_ne!(eva.snapshot().await.epoch, epoch, "desks fetch everything anew");
        let shown = eva.texts(id).await;
        assert!(shown.iter().any(|(text, _)| text.starts_with("before")), "{shown:?}");
        assert!(!shown.iter().any(|(text, _)| text == "answered after"), "{shown:?}");
        assert!(shown.contains(&("under way".into(), Some(Delivery::Unknown))), "{shown:?}");
        // It works on, and every counter goes on where it was.
        customer.write("and on").await;
        tests::wait::until("the new message", || async {
            eva.texts(id).await.iter().any(|(text, _)| text == "and on").then_some(())
        })
        .await;
        eva.send(id, "going on").await;
        customer.shows("going on").await;
        for text in ["answered before", "under way", "answered after", "going on"] {
            let times = customer.times(text).await;
            assert_eq!(times, 1, "{text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_moves_from_a_file_to_a_server_and_back() {
    let mut relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.customer(Channel::Viber);
    customer.write("from the file").await;
    let card = eva.card().await;
    let id = eva.accept(&card).await.interaction.id;
    let kept = TempDir::new().unwrap();
    let (first, second) = (kept.path().join("first"), kept.path().join("second"));
    let (first, second) = (first.to_str().unwrap(), second.to_str().unwrap());
    assert!(run_in(relay.data(), &["backup", first], "", &[]).await.well);
    relay.kill().await;
    let simulator = relay.simulator.clone();
    let data = relay.into_data().await;

    let database = Server::shared().database();
    let moved = on(data.path(), &database, &["restore", first], "").await;
    assert!(moved.well && !moved.out.contains("that was there"), "{moved:?}");
    let setup = Setup { data: Some(data), database: Database::At(database.clone()), ..Setup::default() };
    let mut relay = Relay::start_with(setup).await;
    let eva = Desk::open(&relay, "eva").await;
    assert_eq!(eva.texts(id).await[0].0, "from the file", "with the simulator at {simulator}");
    let saved = on(relay.data(), &database, &["backup", second], "").await;
    assert!(saved.well, "{saved:?}");
    relay.kill().await;

    let fresh = TempDir::new().unwrap();
    let back = run_in(fresh.path(), &["restore", second], "", &[]).await;
    assert!(back.well, "{back:?}");
    // The key of the secrets is in no backup: it moves by hand.
    std::fs::copy(relay.data().join("secret.key"), fresh.path().join("secret.key")).unwrap();
    let relay =
        Relay::start_with(Setup { data: Some(fresh), database: Database::File, ..Setup::default() }).await;
    let eva = Desk::open(&relay, "eva").await;
    assert_eq!(eva.texts(id).await[0].0, "from the file");
}
