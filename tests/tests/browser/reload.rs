//! Reload and interruption in the middle: offers, tabs, drafts and unsent messages survive.

use serde_json::json;
use shared::channel::Channel;
use tests::browser::DESKTOP;
use tests::{Chrome, Phones, Relay};

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_keeps_the_tab_the_draft_and_the_history() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Before the reload").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Before the reload").await;
    eva.write("composer", "half a sentence").await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await; // drafts are saved 300 ms after the last key
    eva.driver.refresh().await.unwrap();
    eva.see_text("tab", "Petr Novák").await;
    eva.see_text("bubble", "Before the reload").await;
    tests::wait::until("the draft", || async {
        let value = eva.see("composer").await.prop("value").await.ok().flatten();
        (value.as_deref() == Some("half a sentence")).then_some(())
    })
    .await;
    eva.enter("composer").await;
    customer.shows("half a sentence").await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_without_a_network_shows_the_chat_and_takes_words() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::Viber);
    customer.write("Are you there?").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Are you there?").await;
    eva.keeps_page().await;
    eva.keeps("streams", 2).await;
    relay.kill().await;
    eva.driver.refresh().await.unwrap();
    eva.see_text("tab", "Lucie Horáková").await;
    eva.see_text("bubble", "Are you there?").await;
    eva.see("connection").await;
    // What is not known is not claimed.
    eva.click("nav-dashboard").await;
    eva.see_text("dashboard", "The list cannot be shown").await;
    let dashboard = eva.see("dashboard").await.text().await.unwrap();
    assert!(!dashboard.contains("Nobody is waiting") && !dashboard.contains("0 "), "{dashboard}");
    eva.click("tab").await;
    eva.see_text("bubble", "Are you there?").await;
    let sprite = "return (await fetch('icons.svg')).status";
    assert_eq!(
        eva.driver.execute(sprite, Vec::new()).await.unwrap().json(),
        &json!(200),
        "signs are there too"
    );
    eva.write("composer", "written after a reload in the dark").await;
    eva.enter("composer").await;
    eva.see_text("bubble", "written after a reload in the dark").await;
    eva.driver.refresh().await.unwrap();
    eva.see_text("bubble", "written after a reload in the dark").await;
    relay.restart().await;
    customer.shows("written after a reload in the dark").await;
    eva.gone("connection").await;
    assert_eq!(customer.times("written after a reload in the dark").await, 1);
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_while_the_relay_was_away_is_sent_once() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::Messenger);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    relay.kill().await;
    eva.see("connection").await;
    eva.write("composer", "written in the dark").await;
    eva.enter("composer").await;
    eva.see_text("bubble", "written in the dark").await;
    relay.restart().await;
    customer.shows("written in the dark").await;
    eva.gone("connection").await;
    customer.write("and back").await;
    eva.see_text("bubble", "and back").await;
    assert_eq!(customer.times("written in the dark").await, 1);
    assert_eq!(
        eva.driver
            .find_all(thirtyfour::By::Css("[data-testid=\"bubble\"][data-side=\"agent\"]"))
            .await
            .unwrap()
            .len(),
        1
    );
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crashed_tab_comes_back_with_everything() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::Viber);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    customer.write("second").await;
    eva.see_text("bubble", "second").await;
    eva.driver.goto("about:blank").await.unwrap();
    eva.driver.goto(format!("{}/", relay.base)).await.unwrap();
    eva.see_text("tab", "Lucie Horáková").await;
    eva.click("tab").await;
    eva.see_text("bubble", "second").await;
    // Nothing of the customer's words lies readable in the browser's storage.
    let found = eva
        .driver
        .execute_async(
            r#"const done = arguments[arguments.length - 1];
            (async () => {
                let all = "";
                for (const { name } of await indexedDB.databases()) {
                    const db = await new Promise((ok, no) => { const r = indexedDB.open(name); r.onsuccess = () => ok(r.result); r.onerror = no; });
                    for (const store of db.objectStoreNames) {
                        const rows = await new Promise((ok) => { const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => ok(r.result); });
                        for (const row of rows) {
                            for (const value of Object.values(row ?? {})) {
                                all += value instanceof Uint8Array || value instanceof ArrayBuffer ? new TextDecoder().decode(value) : JSON.stringify(value);
                            }
                        }
                    }
                    db.close();
                }
                done({ length: all.length, readable: all.includes("second") || all.includes("Hello") });
            })();"#,
            vec![],
        )
        .await
        .unwrap();
    let found = found.json().clone();
    assert!(found["length"].as_u64().unwrap() > 0, "something is stored: {found}");
    assert_eq!(found["readable"], json!(false));
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_say_whether_all_is_in_sync_and_what_is_missing() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::Viber);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    relay.kill().await;
    eva.see("connection").await;
    eva.write("composer", "on its way").await;
    eva.enter("composer").await;
    eva.click("me").await;
    eva.click("settings").await;
    eva.see_text("in-sync", "1 message waits to be sent.").await;
    eva.see_text("kept", "encrypted").await;
    relay.restart().await;
    eva.see_text("in-sync", "In sync").await;
    customer.shows("on its way").await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_steps_are_explained_and_notices_are_asked_about_once() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.open(&format!("{}/", relay.base), DESKTOP).await;
    eva.click("login-demo-eva").await;
    eva.see_text("coach", "1 of 3").await;
    phones.customer(Channel::Messenger).write("Hello").await;
    eva.see_text("coach", "2 of 3").await;
    eva.click("offer-accept").await;
    eva.see_text("coach", "3 of 3").await;
    assert_eq!(eva.count("notices-banner").await, 0, "one thing at a time");
    eva.click("coach-close").await;
    eva.gone("coach").await;
    eva.see("notices-banner").await;
    eva.shoot("notices-banner").await;
    eva.click("notices-later").await;
    eva.gone("notices-banner").await;
    eva.click("me").await;
    eva.click("log-out").await;
    eva.gone("me").await;
    eva.driver.refresh().await.unwrap();
    eva.click("login-demo-eva").await;
    eva.see("tab").await;
    let said = eva.count("coach").await + eva.count("notices-banner").await;
    assert_eq!(said, 0, "both were closed for good");
    eva.no_complaints().await;
    eva.quit().await;
}
