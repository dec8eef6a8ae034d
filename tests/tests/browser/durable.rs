//! What an agent was told is kept survives the end of tabs and browsers, and is sent once (I-25, I-26); a device that keeps nothing says so (I-27).

use super::rounds::seat;
use serde_json::json;
use shared::channel::Channel;
use tests::browser::{Browser, DESKTOP};
use tests::wait::until;
use tests::{Chrome, Phones, Relay};

async fn has_draft(browser: &Browser, words: &str) {
    until(words, async || (browser.value("composer").await == words).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_tab_that_sends_crashes_another_sends_what_waits_once() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    // The first tab sends for both.
    let first = eva.tab(&format!("{}/", relay.base)).await;
    eva.click("tab").await;
    eva.see_text("bubble", "Hello").await;
    let second = eva.driver.window().await.unwrap();
    eva.driver.switch_to_window(first.clone()).await.unwrap();
    relay.kill().await;
    eva.see("connection").await;
    eva.write("composer", "said before the crash").await;
    eva.enter("composer").await;
    eva.see_text("bubble", "said before the crash").await;
    eva.write("composer", "half a sentence").await;
    eva.keeps("outbox", 1).await;
    eva.keeps("drafts", 1).await;
    eva.driver.switch_to_window(second).await.unwrap();
    // The last letters are kept a moment after they were typed; then the other tab has heard of them.
    has_draft(&eva, "half a sentence").await;
    eva.crash(&first).await;
    relay.restart().await;
    customer.shows("said before the crash").await;
    eva.see_text("bubble", "said before the crash").await;
    has_draft(&eva, "half a sentence").await;
    // And in a tab that is opened then.
    eva.tab(&format!("{}/", relay.base)).await;
    eva.click("tab").await;
    eva.see_text("bubble", "said before the crash").await;
    has_draft(&eva, "half a sentence").await;
    assert_eq!(customer.times("said before the crash").await, 1);
    eva.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_browser_has_what_was_written_when_it_is_opened_again() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let profile = tempfile::tempdir().unwrap();
    let address = format!("{}/", relay.base);
    let eva = chrome.open_with(profile.path(), &address).await;
    eva.click("login-demo-eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    relay.kill().await;
    eva.see("connection").await;
    eva.write("composer", "said before the kill").await;
    eva.enter("composer").await;
    eva.see_text("bubble", "said before the kill").await;
    eva.write("composer", "half a sentence").await;
    eva.keeps("outbox", 1).await;
    eva.keeps("drafts", 1).await;
    eva.kill().await;
    relay.restart().await;
    // Browsers write cookies down half a minute late: the login may be gone, and the message is not.
    let eva = seat(&chrome, profile.path(), &relay).await;
    customer.shows("said before the kill").await;
    eva.click("tab").await;
    eva.see_text("bubble", "said before the kill").await;
    has_draft(&eva, "half a sentence").await;
    assert_eq!(customer.times("said before the kill").await, 1);
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_storage_says_so_and_works() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.open(&format!("{}/", relay.base), DESKTOP).await;
    let source = "Object.defineProperty(globalThis, 'indexedDB', { value: undefined })";
    eva.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    eva.driver.refresh().await.unwrap();
    eva.click("login-demo-eva").await;
    eva.see_text("storage", "Drafts and unsent messages will not survive a reload.").await;
    let customer = phones.customer(Channel::Messenger);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    eva.write("composer", "It works all the same.").await;
    eva.enter("composer").await;
    customer.shows("It works all the same.").await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_without_room_says_so_and_what_is_written_is_sent() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.open(&format!("{}/", relay.base), DESKTOP).await;
    // Browsers ask for the room that is left when they like, so the refusal is put into their mouth.
    let source = "const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...all) {
            if (window.full) throw new DOMException('no room', 'QuotaExceededError');
            return put.apply(this, all);
        }";
    eva.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    eva.driver.refresh().await.unwrap();
    eva.click("login-demo-eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    eva.keeps("streams", 2).await;
    eva.driver.execute("window.full = true", vec![]).await.unwrap();
    eva.write("composer", "There is no room for this.").await;
    eva.see_text("storage", "Drafts and unsent messages will not survive a reload.").await;
    assert_eq!(eva.value("composer").await, "There is no room for this.");
    eva.enter("composer").await;
    customer.shows("There is no room for this.").await;
    assert_eq!(customer.times("There is no room for this.").await, 1);
    // What was kept while there was room goes with the person all the same.
    eva.click("me").await;
    eva.click("log-out").await;
    until("the page to begin anew", async || {
        let begun = eva.driver.execute("return !window.full", vec![]).await.ok()?;
        (begun.json() == &json!(true) && eva.count("login-demo-eva").await == 1).then_some(())
    })
    .await;
    eva.keeps("streams", 0).await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_that_another_tab_holds_is_said_and_the_desk_works() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let address = format!("{}/", relay.base);
    eva.keeps("kv", 1).await;
    // A page that hangs holds the storage, and another wants it away: whoever comes then waits for both.
    let hold = "const told = arguments[0];
        (async () => {
            const [{ name }] = await indexedDB.databases();
            const held = indexedDB.open(name);
            held.onsuccess = () => { window.held = held.result; indexedDB.deleteDatabase(name).onblocked = () => told(name) };
        })()";
    let desk = eva.tab(&format!("{address}robots.txt")).await;
    let holder = eva.driver.window().await.unwrap();
    eva.driver.switch_to_window(desk.clone()).await.unwrap();
    eva.driver.goto("about:blank").await.unwrap();
    eva.driver.switch_to_window(holder).await.unwrap();
    eva.driver.execute_async(hold, vec![]).await.unwrap();
    eva.driver.switch_to_window(desk).await.unwrap();
    eva.driver.goto(&address).await.unwrap();
    eva.see_text("storage", "Another tab holds the storage.").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    eva.write("composer", "Kept nowhere, sent all the same.").await;
    eva.enter("composer").await;
    customer.shows("Kept nowhere, sent all the same.").await;
    eva.quit().await;
}
