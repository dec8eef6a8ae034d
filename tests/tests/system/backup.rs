//! Backups under load, and what a restore makes of them: a valid system, a new epoch, the lost tail told, nothing sent twice.

use serde_json::json;
use shared::channel::Channel;
use shared::interaction::Delivery;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tests::command::{run, run_without_room};
use tests::{Desk, Phones, Relay};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_under_load_is_restored_as_a_valid_system_and_the_lost_tail_is_told() {
    // The ten restores that the promise speaks of, or a third of them.
    for round in 0..tests::wait::rounds(10) {
        let mut relay = Relay::start_apart_on(None).await;
        let phones = Phones::of(&relay);
        let mut eva = Desk::open(&relay, "eva").await;
        let customer = phones.customer(Channel::WhatsApp);
        customer.write("before").await;
        let card = eva.card().await;
        let id = eva.accept(&card).await.interaction.id;
        eva.send(id, "answered before").await;
        customer.shows("answered before").await;
        let epoch = eva.snapshot().await.epoch;
        // The load: customers write all the time while the backup is taken.
        let writing = phones.load(40);
        let kept = TempDir::new().unwrap();
        let folder = kept.path().join("backup");
        tokio::time::sleep(Duration::from_millis(u64::from(round) * 37 % 200)).await;
        let taken = run(relay.data(), &["backup", folder.to_str().unwrap()], "").await;
        assert!(taken.well && taken.out.contains("Newest: "), "{taken:?}");
        let again = run(relay.data(), &["backup", folder.to_str().unwrap()], "").await;
        assert!(!again.well && again.err.contains("exists already"), "{again:?}");
        writing.await.unwrap();
        eva.send(id, "answered after").await;
        customer.shows("answered after").await;
        relay.kill().await;

        let plain = run(relay.data(), &["restore", folder.to_str().unwrap()], "").await;
        assert!(!plain.well && plain.err.contains("--force"), "{plain:?}");
        let restored = run(relay.data(), &["restore", folder.to_str().unwrap(), "--force"], "").await;
        assert!(restored.well, "{restored:?}");
        assert!(restored.out.contains("Whatever happened after it is lost."), "{restored:?}");
        relay.restart().await;
        let refused = relay.http.get(format!("{}/api/v1/session", relay.base)).bearer_auth(&eva.token);
        assert_eq!(refused.send().await.unwrap().status().as_u16(), 401, "everybody logs in again");
        let eva = Desk::open(&relay, "eva").await;
        assert_ne!(eva.snapshot().await.epoch, epoch, "desks fetch everything anew");
        let shown = eva.texts(id).await;
        assert!(shown.iter().any(|(text, _)| text == "before"), "{shown:?}");
        assert!(!shown.iter().any(|(text, _)| text == "answered after"), "{shown:?}");
        // The restored system works, and sends nothing a second time.
        customer.write("and on").await;
        tests::wait::until("the new message", || async {
            eva.texts(id).await.iter().any(|(text, _)| text == "and on").then_some(())
        })
        .await;
        eva.send(id, "going on").await;
        customer.shows("going on").await;
        for text in ["answered before", "answered after", "going on"] {
            let times = customer.times(text).await;
            assert_eq!(times, 1, "{text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_on_its_way_at_the_backup_is_unknown_after_the_restore() {
    let mut relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    let customer = phones.customer(Channel::Viber);
    customer.write("Hello").await;
    let mut eva = Desk::open(&relay, "eva").await;
    let card = eva.card().await;
    let id = eva.accept(&card).await.interaction.id;
    phones.post("/control/hold", &json!({ "what": "answers", "account": "demo" })).await;
    eva.send(id, "under way").await;
    // Behind it in the same chat: it waits in the backup, and is sent after it.
    eva.send(id, "behind it").await;
    customer.shows("under way").await;
    let kept = TempDir::new().unwrap();
    let folder = kept.path().join("backup");
    assert!(run(relay.data(), &["backup", folder.to_str().unwrap()], "").await.well);
    phones.post("/control/release", &json!({})).await;
    customer.shows("behind it").await;
    relay.kill().await;
    let restored = run(relay.data(), &["restore", folder.to_str().unwrap(), "--force"], "").await;
    assert!(restored.out.contains("become unknown: 2"), "{restored:?}");
    relay.restart().await;
    let eva = Desk::open(&relay, "eva").await;
    for text in ["under way", "behind it"] {
        tests::wait::until("the unknown state", || async {
            let all = eva.texts(id).await;
            all.into_iter().find(|(shown, to)| shown == text && *to == Some(Delivery::Unknown))
        })
        .await;
        let times = customer.times(text).await;
        assert_eq!(times, 1, "{text} was sent once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused_and_the_workspace_stays_as_it_was() {
    let mut relay = Relay::start_apart_on(None).await;
    let kept = TempDir::new().unwrap();
    let folder = kept.path().join("backup");
    assert!(run(relay.data(), &["backup", folder.to_str().unwrap()], "").await.well);
    relay.kill().await;
    let database = relay.data().join("signalbox.sqlite");
    let before = std::fs::read(&database).unwrap();
    let copy = folder.join("signalbox.sqlite");
    let whole = std::fs::read(&copy).unwrap();
    for place in (0..20).map(|n| (whole.len() - 1) * n / 19) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x10;
        std::fs::write(&copy, &bytes).unwrap();
        let refused = run(relay.data(), &["restore", folder.to_str().unwrap(), "--force"], "").await;
        assert!(!refused.well, "byte {place}: {refused:?}");
        assert!(refused.err.contains("changed since the backup") || refused.err.contains("damaged"));
    }
    std::fs::write(&copy, &whole).unwrap();
    let nothing = run(relay.data(), &["restore", kept.path().to_str().unwrap(), "--force"], "").await;
    assert!(!nothing.well && nothing.err.contains("is no backup"), "{nothing:?}");
    assert!(std::fs::read(&database).unwrap() == before, "nothing was touched");
    relay.restart().await;
    relay.token("eva").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_files_go_with_the_backup_and_come_back() {
    let mut relay = Relay::start_apart_on(None).await;
    let blobs = relay.data().join("files");
    std::fs::create_dir_all(blobs.join("ab")).unwrap();
    std::fs::write(blobs.join("ab/picture"), b"a picture").unwrap();
    let kept = TempDir::new().unwrap();
    let folder = kept.path().join("backup");
    let taken = run(relay.data(), &["backup", folder.to_str().unwrap()], "").await;
    assert!(taken.out.contains("files: 1"), "{taken:?}");
    assert!(!holds(&folder, b"demo-viber-token"), "secrets are sealed in a backup too");
    assert!(!folder.join("secret.key").exists());
    std::fs::write(blobs.join("ab/film"), vec![7; 2 * 1024 * 1024]).unwrap();
    let larger = kept.path().join("larger");
    let refused = run_without_room(relay.data(), &["backup", larger.to_str().unwrap()]).await;
    assert!(!refused.well && refused.err.contains("film cannot be copied"), "{refused:?}");
    assert_eq!(
        std::fs::read_dir(kept.path()).unwrap().count(),
        1,
        "nothing is left of what was not finished"
    );
    relay.kill().await;
    std::fs::remove_dir_all(&blobs).unwrap();
    let restored = run(relay.data(), &["restore", folder.to_str().unwrap(), "--force"], "").await;
    assert!(restored.well, "{restored:?}");
    assert_eq!(std::fs::read(blobs.join("ab/picture")).unwrap(), b"a picture");
    relay.restart().await;
}

/// Whether any file in this folder holds these bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .any(|entry| std::fs::read(entry.path()).unwrap().windows(bytes.len()).any(|part| part == bytes))
}
