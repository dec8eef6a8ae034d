//! What an agent was told is kept survives the end of tabs and browsers, and is sent once (I-25, I-26); a device that keeps nothing says so (I-27).

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
    let eva = chrome.open_with(profile.path(), &address).await;
    // Browsers write cookies down half a minute late: the login may be gone, and the message is not.
    until("the desk or its login", async || {
        (eva.count("tab").await + eva.count("login-demo-eva").await > 0).then_some(())
    })
    .await;
    if eva.count("login-demo-eva").await > 0 {
        eva.click("login-demo-eva").await;
    }
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
