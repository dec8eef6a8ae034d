//! Secrets at rest in the real binary: nowhere in the files, changed while customers write, and a wrong key that says so.

use serde_json::Value;
use shared::channel::Channel;
use std::path::Path;
use tests::command::{run, run_in};
use tests::{Desk, Phones, Relay};

const SECRETS: [&str; 6] = [
    "demo-messenger-token",
    "demo-whatsapp-token",
    "demo-viber-token",
    "demo-instagram-token",
    "demo-app-secret",
    "demo-verify-token",
];

/// The secrets that lie open in a folder's files.
fn open_in(folder: &Path) -> Vec<&'static str> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let bytes: Vec<Vec<u8>> =
        files.filter(|one| one.file_type().is_file()).map(|one| std::fs::read(one.path()).unwrap()).collect();
    let lies = |secret: &&str| {
        bytes.iter().any(|all| all.windows(secret.len()).any(|part| part == secret.as_bytes()))
    };
    SECRETS.into_iter().filter(lies).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_lies_open_in_any_file() {
    let mut relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::Viber).write("the token is used").await;
    eva.card().await;
    assert_eq!(open_in(relay.data()), Vec::<&str>::new(), "while it runs");
    relay.kill().await;
    assert_eq!(open_in(relay.data()), Vec::<&str>::new(), "after a kill");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_key_file_and_the_data_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let relay = Relay::start_apart_on(None).await;
    let about = std::fs::metadata(relay.data().join("secret.key")).unwrap();
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    let below = relay.data().join("new/folder");
    assert!(!run(&below, &["serve"], "").await.well, "nobody can log in yet");
    let about = std::fs::metadata(below).unwrap();
    assert_eq!(about.permissions().mode() & 0o777, 0o700, "nobody else reads what customers wrote");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_changed_while_customers_write_and_everything_still_works() {
    let mut relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    let admin = relay.token("admin").await;
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("first").await;
    let card = eva.card().await;
    let id = eva.accept(&card).await.interaction.id;
    let writing = {
        let customer = customer.clone();
        tokio::spawn(async move {
            for n in 0..30 {
                customer.write(&format!("line {n}")).await;
            }
        })
    };
    let url = format!("{}/api/v1/secrets/rotate", relay.base);
    let mut keys = Vec::new();
    for n in 0..5 {
        let answer = relay.http.post(&url).bearer_auth(&admin).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["sealed"], 6, "{body}");
        keys.push(body["key"].as_str().unwrap().to_owned());
        eva.send(id, &format!("sent under key {n}")).await;
        customer.shows(&format!("sent under key {n}")).await;
    }
    keys.dedup();
    assert_eq!(keys.len(), 5, "a new key each time");
    let agent = relay.http.post(&url).bearer_auth(&eva.token).send().await.unwrap();
    assert_eq!(agent.status(), 403);
    writing.await.unwrap();
    tests::wait::until("all lines", || async {
        (eva.interaction(id).await.interaction.last_customer_seq >= 31).then_some(())
    })
    .await;
    relay.kill_and_restart().await;
    customer.write("after the restart").await;
    relay.kill().await;
    // The same by the command, on the stopped database; the right key still opens everything.
    let rotated = run(relay.data(), &["secrets", "rotate"], "").await;
    assert!(rotated.well && rotated.out.contains("6 secrets were sealed"), "{rotated:?}");
    relay.restart().await;
    let eva = Desk::open(&relay, "eva").await;
    eva.send(id, "under the last key").await;
    customer.shows("under the last key").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_says_so_at_the_start_with_the_next_step() {
    let mut relay = Relay::start_apart_on(None).await;
    relay.kill().await;
    let data = relay.data().to_owned();
    let wrong = "cd".repeat(32);
    let serve = run_in(&data, &["serve"], "", &[("SIGNALBOX_SECRET_KEY", &wrong)]).await;
    assert!(!serve.well, "{serve:?}");
    assert!(serve.err.contains("6 secrets in the database were sealed with the key"), "{serve:?}");
    assert!(serve.err.contains("signalbox secrets forget"), "{serve:?}");
    assert!(!serve.said().contains(&wrong));
    // Both keys in the environment: the first seals from now on.
    let old = std::fs::read_to_string(data.join("secret.key")).unwrap();
    let old = old.lines().find(|line| !line.starts_with('#')).unwrap();
    let both = format!("{wrong},{old}");
    let rotated = run_in(&data, &["secrets", "rotate"], "", &[("SIGNALBOX_SECRET_KEY", &both)]).await;
    assert!(rotated.well && rotated.out.contains("6 secrets were sealed"), "{rotated:?}");
    let serve = run(&data, &["serve"], "").await;
    assert!(!serve.well, "the old key alone opens nothing any more: {serve:?}");
    let forgotten = run(&data, &["secrets", "forget"], "").await;
    assert!(forgotten.well && forgotten.out.contains("6 secrets were forgotten"), "{forgotten:?}");
    relay.restart().await;
    relay.token("eva").await;
}
