//! The commands that change a stopped workspace: people and passwords; and that none of them works beside a relay.

use reqwest::Response;
use serde_json::Value;
use tempfile::TempDir;
use tests::Relay;
use tests::command::{Served, run};
use tests::relay::{client, try_login};

async fn log_in(served: &Served, login: &str, password: &str) -> Response {
    try_login(&client(), &served.base, login, password).await
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_added_and_get_passwords_while_no_relay_runs() {
    let data = TempDir::new().unwrap();
    let path = data.path();
    let add = ["user", "add", "Boss", "--name", "The Boss", "--role", "admin"];
    let short = run(path, &add, "short\n").await;
    assert!(!short.well && short.err.contains("8 characters"), "{short:?}");
    let added = run(path, &add, "first-password\n").await;
    assert!(added.well && added.out.contains("Boss can log in"), "{added:?}");
    assert!(!added.said().contains("first-password"));
    let again = run(path, &add, "first-password\n").await;
    assert!(!again.well && again.err.contains("already"), "{again:?}");
    let nobody = run(path, &["user", "passwd", "ghost"], "another-password\n").await;
    assert!(!nobody.well && nobody.err.contains("nobody has the login ghost"), "{nobody:?}");
    let eva = ["user", "add", "eva", "--name", "Eva", "--role", "agent", "--capacity", "3"];
    assert!(run(path, &eva, "evas-password\n").await.well);

    let served = Served::start(path, &[]).await;
    assert_eq!(log_in(&served, "boss", "first-password").await.status(), 200);
    let eva = log_in(&served, "eva", "evas-password").await;
    assert_eq!(eva.status(), 200);
    let token: Value = eva.json().await.unwrap();
    let token = token["token"].as_str().unwrap().to_owned();
    served.stop().await;

    let changed = run(path, &["user", "passwd", "EVA"], "evas-new-password\r\n").await;
    assert!(changed.well, "{changed:?}");
    let served = Served::start(path, &[]).await;
    assert_eq!(log_in(&served, "eva", "evas-password").await.status(), 401);
    assert_eq!(log_in(&served, "eva", "evas-new-password").await.status(), 200);
    let old = client().get(format!("{}/api/v1/session", served.base)).bearer_auth(token);
    assert_eq!(old.send().await.unwrap().status().as_u16(), 401, "the old session has ended");
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_workspace_is_not_served_and_says_how_to_make_an_admin() {
    let data = TempDir::new().unwrap();
    let served = run(data.path(), &["serve"], "").await;
    assert!(!served.well && served.err.contains("signalbox user add"), "{served:?}");
    for arguments in [&["migrate"][..], &["user", "passwd", "x"], &["backup", "x"], &["secrets", "rotate"]] {
        let elsewhere = TempDir::new().unwrap();
        let done = run(elsewhere.path(), arguments, "some-password\n").await;
        assert!(!done.well && done.err.contains("there is no database"), "{arguments:?}: {done:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_writes_is_refused_beside_a_running_relay_and_says_why() {
    let relay = Relay::start_apart_on(None).await;
    let kept = TempDir::new().unwrap();
    let backup = kept.path().join("backup");
    let backup = backup.to_str().unwrap();
    assert!(run(relay.data(), &["backup", backup], "").await.well);
    let refused: [&[&str]; 7] = [
        &["serve"],
        &["migrate"],
        &["user", "add", "x", "--name", "X", "--role", "agent"],
        &["user", "passwd", "eva"],
        &["restore", backup, "--force"],
        &["secrets", "rotate"],
        &["secrets", "forget"],
    ];
    for arguments in refused {
        let done = run(relay.data(), arguments, "some-password\n").await;
        assert!(!done.well, "{arguments:?}");
        assert!(done.err.contains("another process is using"), "{arguments:?}: {done:?}");
        assert!(done.err.contains("stop the relay first"), "{arguments:?}: {done:?}");
    }
    relay.token("eva").await;
}
