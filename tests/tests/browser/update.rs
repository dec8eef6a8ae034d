//! An update of the desk while agents work: open pages go on beside new ones, and a reload brings the new one, also without a network.

use shared::channel::Channel;
use std::path::Path;
use tempfile::TempDir;
use tests::browser::Browser;
use tests::relay::Setup;
use tests::wait::until;
use tests::{Chrome, Phones, Relay};

/// The endings of what is named by its content.
const NAMED: [&str; 4] = ["css", "js", "wasm", "json"];

/// Copies a folder.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { assert!(std::fs::copy(&from, &to).is_ok()) }
    }
}

/// Makes another version of a built desk: all that is named by its content is named anew, and nothing of the old names
/// is left.
fn release(desk: &Path) {
    let page = desk.join("index.html");
    let mut html = std::fs::read_to_string(&page).unwrap();
    for entry in std::fs::read_dir(desk).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let Some((stem, rest)) = name.rsplit_once('-') else { continue };
        let Some((hash, ending)) = rest.split_once('.') else { continue };
        if hash.len() != 16 || !NAMED.contains(&ending.split('.').next().unwrap()) {
            continue;
        }
        let fresh = format!("{stem}-{}.{ending}", hash.chars().rev().collect::<String>());
        html = html.replace(&name, &fresh);
        std::fs::rename(desk.join(&name), desk.join(fresh)).unwrap();
    }
    std::fs::write(page, html).unwrap();
}

/// The module this page runs.
async fn module(desk: &Browser) -> String {
    let script = "return document.getElementById('app-module').href";
    desk.driver.execute(script, Vec::new()).await.unwrap().convert().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_leaves_open_pages_at_work_and_a_reload_brings_the_new_desk() {
    let built = TempDir::new().unwrap();
    let desk = built.path().join("desk");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist"), built.path());
    let environment = vec![("SIGNALBOX_DIST".into(), desk.clone().into_os_string())];
    let mut relay = Relay::start_with(Setup { apart: true, environment, ..Setup::default() }).await;
    let (phones, chrome) = (Phones::of(&relay), Chrome::start().await);
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::Messenger);
    customer.write("Before the update").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Before the update").await;
    eva.write("composer", "half a sentence").await;
    eva.keeps("drafts", 1).await;
    let version = module(&eva).await;
    relay.kill().await;
    release(&desk);
    relay.restart().await;

    // A new page is the new desk, with what the old one kept on this device.
    let address = eva.driver.current_url().await.unwrap();
    let old = eva.tab(address.as_str()).await;
    let new = eva.driver.window().await.unwrap();
    eva.see_text("bubble", "Before the update").await;
    assert_ne!(module(&eva).await, version, "the new desk");
    until("the draft of the old page", || async {
        (eva.value("composer").await == "half a sentence").then_some(())
    })
    .await;
    // The old one goes on: it hears, it writes, and both show it once.
    eva.driver.switch_to_window(old).await.unwrap();
    assert_eq!(module(&eva).await, version, "nobody reloaded it");
    customer.write("After the update").await;
    eva.see_text("bubble", "After the update").await;
    eva.enter("composer").await;
    customer.shows("half a sentence").await;
    eva.driver.switch_to_window(new).await.unwrap();
    eva.see_text("bubble", "After the update").await;
    eva.see_text("bubble", "half a sentence").await;
    eva.write("composer", "from the new desk").await;
    eva.enter("composer").await;
    customer.shows("from the new desk").await;
    for text in ["half a sentence", "from the new desk"] {
        assert_eq!(customer.times(text).await, 1, "{text}");
    }
    // Without the relay a reload shows the new desk as well: it was put away while there was one.
    let fresh = module(&eva).await;
    until("the new desk is put away", || async {
        let kept = "return (await caches.match(arguments[0])) !== undefined";
        eva.driver
            .execute(kept, vec![fresh.as_str().into()])
            .await
            .ok()?
            .convert::<bool>()
            .ok()?
            .then_some(())
    })
    .await;
    // What is no longer on its way is in the history that is kept.
    eva.keeps("outbox", 0).await;
    relay.kill().await;
    eva.driver.refresh().await.unwrap();
    eva.see_text("bubble", "from the new desk").await;
    assert_eq!(module(&eva).await, fresh);
    eva.quit().await;
}
