//! The doctor: a healthy workspace passes, every planted fault is named with a next step, and no secret is ever shown.

use std::path::Path;
use tempfile::TempDir;
use tests::Relay;
use tests::command::{Done, run_in};

/// Asks the doctor; the usual address may be taken on the machine of the tests.
async fn doctor(data: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Done {
    let arguments = [&["doctor"], arguments].concat();
    let environment = [&[("SIGNALBOX_LISTEN", "127.0.0.1:0")], environment].concat();
    run_in(data, &arguments, "", &environment).await
}

/// Every line that is not good names a next step.
fn helps(done: &Done) {
    for line in done.out.lines().filter(|line| !line.starts_with("ok")) {
        assert!(line.contains("Next: "), "{line}");
    }
    for secret in ["demo-viber-token", "demo-app-secret", "demo-verify-token", "argon2"] {
        assert!(!done.said().contains(secret), "{secret} is shown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_workspace_passes_while_the_relay_runs_and_after_it() {
    let mut relay = Relay::start_apart_on(None).await;
    let running = doctor(relay.data(), &[], &[]).await;
    helps(&running);
    assert!(running.well, "{running:?}");
    assert!(running.out.contains("running on this database"), "{running:?}");
    assert!(running.out.contains("secrets: all open") && running.out.contains("database: whole"));
    relay.kill().await;
    let stopped = doctor(relay.data(), &[], &[]).await;
    helps(&stopped);
    assert!(stopped.well && stopped.out.contains("relay: not running"), "{stopped:?}");
    // An origin of their own for customers' files is advice, and what browsers would refuse is wrong.
    assert!(stopped.out.contains("look  content origin: not set"), "{stopped:?}");
    for (files, line) in [
        ("https://files.example.com", "ok    content origin: https://files.example.com"),
        (
            "https://desk.example.com:8443",
            "look  content origin: https://desk.example.com:8443 is another port",
        ),
        ("http://files.example.com", "WRONG content origin: http://files.example.com is not https"),
    ] {
        let names = [("SIGNALBOX_ORIGINS", "https://desk.example.com"), ("SIGNALBOX_FILES_URL", files)];
        let found = doctor(relay.data(), &[], &names).await;
        helps(&found);
        assert!(found.out.contains(line) && found.well != line.starts_with("WRONG"), "{found:?}");
    }
    let reached = doctor(relay.data(), &["--online"], &[]).await;
    assert!(reached.well && reached.out.contains("can be reached"), "the simulator answers: {reached:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named_with_the_next_step() {
    let mut relay = Relay::start_apart_on(None).await;
    let data = relay.data().to_owned();
    let admin = relay.token("admin").await;
    let mut queue = relay.get(&admin, "/api/v1/queues").await[0].clone();
    queue["members"] = serde_json::json!([]);
    let url = format!("{}/api/v1/queues/{}", relay.base, queue["id"].as_str().unwrap());
    assert!(relay.http.put(url).bearer_auth(&admin).json(&queue).send().await.unwrap().status().is_success());
    let mut connector = relay.get(&admin, "/api/v1/connectors").await[0].clone();
    connector["account"] = serde_json::json!("another");
    connector["app"] = serde_json::json!("nobodys");
    connector["id"] = serde_json::Value::Null;
    let made =
        relay.http.post(format!("{}/api/v1/connectors", relay.base)).bearer_auth(&admin).json(&connector);
    assert!(made.send().await.unwrap().status().is_success());
    relay.kill().await;

    let found = doctor(&data, &[], &[]).await;
    helps(&found);
    assert!(!found.well && found.out.contains("has no member who can log in"), "{found:?}");
    assert!(
        found.out.contains("account another lacks its access token, the secret of the app nobodys"),
        "{found:?}"
    );

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let found = doctor(&data, &[], &[("SIGNALBOX_LISTEN", &address)]).await;
    assert!(!found.well && found.out.contains("cannot listen on"), "{found:?}");

    let key = data.join("secret.key");
    let moved = data.join("elsewhere.key");
    std::fs::rename(&key, &moved).unwrap();
    let found = doctor(&data, &[], &[]).await;
    helps(&found);
    assert!(!found.well && found.out.contains("secret.key is missing"), "{found:?}");
    let other = "ab".repeat(32);
    let found = doctor(&data, &[], &[("SIGNALBOX_SECRET_KEY", &other)]).await;
    helps(&found);
    assert!(!found.well && found.out.contains("not among the keys at hand"), "{found:?}");
    assert!(!found.said().contains(&other));
    std::fs::rename(&moved, &key).unwrap();

    let odd = data.join("odd.toml");
    std::fs::write(&odd, "listen = 5").unwrap();
    let found = doctor(&data, &["--config", odd.to_str().unwrap()], &[]).await;
    assert!(!found.well && found.out.contains("WRONG configuration"), "{found:?}");

    let database = data.join("signalbox.sqlite");
    for part in ["-wal", "-shm"] {
        // What lies there is in the way of looking at the damaged file alone.
        let _ = std::fs::remove_file(data.join(format!("signalbox.sqlite{part}")));
    }
    std::fs::write(&database, [b"SQLite format 3\0".as_slice(), &[0xA5; 8_192]].concat()).unwrap();
    let found = doctor(&data, &[], &[]).await;
    helps(&found);
    assert!(!found.well && found.out.contains("signalbox restore"), "{found:?}");

    let empty = TempDir::new().unwrap();
    let found = doctor(empty.path(), &[], &[]).await;
    helps(&found);
    assert!(!found.well && found.out.contains("there is none at"), "{found:?}");
}
