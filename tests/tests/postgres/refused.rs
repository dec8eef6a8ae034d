//! What does not start says why in one sentence, without the password, and leaves the database alone.

use pgtest::Server;
use std::process::{Output, Stdio};
use std::time::Duration;
use tests::Relay;
use tokio::process::Command;

/// Starts `signalbox serve` on this database and waits for its end.
async fn serve(database: &str) -> Output {
    let data = tempfile::tempdir().unwrap();
    let mut command = Command::new(tests::relay::binary());
    command.arg("serve").stdin(Stdio::null()).kill_on_drop(true);
    command.env("SIGNALBOX_DATABASE", database).env("SIGNALBOX_DATA", data.path());
    command.env("SIGNALBOX_LISTEN", "127.0.0.1:0").env("SIGNALBOX_ADMIN_PASSWORD", "a long enough password");
    tokio::time::timeout(Duration::from_secs(20), command.output()).await.expect("it did not end").unwrap()
}

/// What it said when it ended with an error.
async fn refused(database: &str) -> String {
    let done = serve(database).await;
    assert!(!done.status.success());
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(!said.contains("not-the-secret") && !said.contains(pgtest::PASSWORD), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_relay_on_the_same_database_is_refused_and_harms_nothing() {
    let database = Server::shared().database();
    let relay = Relay::start_apart_on(Some(database.clone())).await;
    let said = refused(&database).await;
    assert!(said.contains("another process is using the PostgreSQL database"), "{said}");
    relay.token("eva").await;
}

#[tokio::test]
async fn a_wrong_address_or_password_gives_a_clear_sentence() {
    let server = Server::shared();
    for (address, sentence) in [
        (server.address(pgtest::USER, "not-the-secret", "postgres"), "password authentication failed"),
        (server.address(pgtest::USER, pgtest::PASSWORD, "missing"), "database \"missing\" does not exist"),
        ("postgres://me:not-the-secret@127.0.0.1:1/desk".into(), "cannot use PostgreSQL at 127.0.0.1:1"),
        ("mysql://me:not-the-secret@127.0.0.1/desk".into(), "expected an address like postgres://"),
    ] {
        let said = refused(&address).await;
        assert!(said.contains(sentence), "{said}");
    }
}
