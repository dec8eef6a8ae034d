//! The admin in the browser: connecting each kind of account up to its first message, what was not understood, and who is kept out.

use crate::shop::{APP, BOT, INSTAGRAM, NUMBER, PAGE, SECRET, Shop, THROUGH_PAGE, providers};
use serde_json::{Value, json};
use shared::channel::Channel;
use tests::browser::{Browser, DESKTOP};
use tests::{Chrome, Phones, Relay};
use thirtyfour::prelude::*;

/// Opens the admin as nobody, logs in as the admin on the desk's page, and comes back.
pub async fn admin(chrome: &Chrome, relay: &Relay, path: &str) -> Browser {
    let page = chrome.open(&format!("{}/admin/{path}", relay.base), DESKTOP).await;
    page.click("login-demo-admin").await;
    page.see("nav-connectors").await;
    page
}

/// What Meta does when somebody pastes address and token there and chooses Verify and save.
pub async fn meta_asks(page: &Browser, relay: &Relay) {
    let (callback, verify) = (page.value("callback").await, page.value("verify-token").await);
    assert_eq!(callback, format!("{}/webhooks/meta/{APP}", relay.base));
    let asked = format!("{callback}?hub.mode=subscribe&hub.verify_token={verify}&hub.challenge=1158201444");
    assert_eq!(relay.http.get(asked).send().await.unwrap().text().await.unwrap(), "1158201444");
    page.attribute("step-webhook", "data-state", "done").await;
}

/// Connects an account from the choice on, up to the first message.
async fn connect(shop: &Shop, subscribes: bool) {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let (provider, phones) = providers(&relay).await;
    let page = admin(&chrome, &relay, "").await;
    page.click("connect").await;
    page.click(&format!("connect-{}", shop.kind)).await;
    if shop.kind != "viber" {
        page.write("app-id", APP).await;
        page.click("save-app").await;
        page.see_by(By::Css("#app-secret[aria-invalid=true]"), "the secret that is missing").await;
        page.write("app-secret", SECRET).await;
        page.click("save-app").await;
        page.click("make-verify").await;
        meta_asks(&page, &relay).await;
        page.click("webhook-next").await;
    }
    page.write("title", "Shop").await;
    page.write("account", shop.account).await;
    if !shop.business.is_empty() {
        page.write("business", shop.business).await;
    }
    page.click("save-account").await;
    page.see_by(By::Css("#token[aria-invalid=true]"), "the token that is missing").await;
    page.write("token", shop.token).await;
    page.choose("queue", 1).await;
    page.click("advanced").await;
    page.write("base-url", &provider).await;
    page.click("save-account").await;
    page.see("subscribe").await;

    // Nothing is kept apart: a reload goes on at the same step.
    page.driver.refresh().await.unwrap();
    page.attribute("step-account", "data-state", "done").await;
    if subscribes {
        page.click("subscribe").await;
        page.attribute("step-subscribe", "data-state", "done").await;
    } else {
        page.click("subscribe-next").await;
    }
    page.see("test-waits").await;
    let customer = phones.create_at(shop.account, "Alena Krátká").await;
    customer.write("Is anybody there?").await;
    page.see("test-received").await;
    page.click("guide-done").await;
    page.see_text("connector-row", "Shop").await;
    let secrets = [SECRET, shop.token];
    let source = page.driver.source().await.unwrap();
    assert!(secrets.iter().all(|secret| !source.contains(secret)), "a secret is on the page");
    page.no_complaints().await;
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_facebook_page_is_connected_up_to_its_first_message() {
    connect(&PAGE, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whatsapp_number_is_connected_up_to_its_first_message() {
    connect(&NUMBER, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instagram_account_is_connected_up_to_its_first_message() {
    connect(&INSTAGRAM, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instagram_account_is_connected_through_its_page() {
    // The simulator has no Page beside this account that could be subscribed.
    connect(&THROUGH_PAGE, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viber_bot_is_connected_up_to_its_first_message() {
    connect(&BOT, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_refuses_is_said_at_the_step_and_what_a_field_lacks_at_the_field() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let (provider, _) = providers(&relay).await;
    let page = admin(&chrome, &relay, "connectors/new/viber").await;
    page.write("title", "Shop").await;
    page.write("account", "demo").await;
    page.write("token", "not the bot's").await;
    page.choose("queue", 1).await;
    page.click("advanced").await;
    page.write("base-url", &provider).await;
    page.click("save-account").await;
    page.see_by(By::Css("#account[aria-invalid=true]"), "the field the relay refused").await;
    let said = page.see_by(By::Css("#account-hint .error"), "the relay's words").await.text().await.unwrap();
    assert_eq!(said, "Name in the address is already connected.");
    assert_eq!(page.value("title").await, "Shop", "nothing that was typed is lost");
    page.rewrite("account", BOT.account).await;
    page.click("save-account").await;
    page.click("subscribe").await;
    page.see_text("form-error", "The provider refused it").await;
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_edited_switched_off_and_guarded_against_loss() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let page = admin(&chrome, &relay, "connectors").await;
    page.see_text("connector-row", "Demo Viber").await.click().await.unwrap();
    page.see("stored-token").await;
    page.rewrite("title", "Front desk").await;
    page.click("nav-not-understood").await;
    page.click("stay").await;
    assert_eq!(page.value("title").await, "Front desk");
    page.click("enabled").await;
    page.click("save").await;
    page.see_text("saved", "Saved").await;
    page.click("nav-connectors").await;
    let row = page.see_text("connector-row", "Front desk").await;
    assert!(row.text().await.unwrap().contains("Off"), "it is switched off");
    let token = relay.token("admin").await;
    let all: Value = relay.get(&token, "/api/v1/connectors").await;
    let one = all.as_array().unwrap().iter().find(|one| one["title"] == "Front desk").unwrap();
    assert_eq!((&one["enabled"], &one["has_token"]), (&json!(false), &json!(true)), "the token stays");
    page.no_complaints().await;
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_understood_is_shown_raw_and_tried_again() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let page = admin(&chrome, &relay, "not-understood").await;
    page.see("not-understood-empty").await;
    // A customer writes to an account that is switched off.
    let token = relay.token("admin").await;
    let switch = |on: bool| {
        let (relay, token) = (&relay, token.clone());
        async move {
            let all = relay.get(&token, "/api/v1/connectors").await;
            let mut viber =
                all.as_array().unwrap().iter().find(|one| one["channel"] == "viber").unwrap().clone();
            viber["enabled"] = json!(on);
            let url = format!("{}/api/v1/connectors/{}", relay.base, viber["id"].as_str().unwrap());
            let saved = relay.http.put(url).bearer_auth(&token).json(&viber).send().await.unwrap();
            assert!(saved.status().is_success());
        }
    };
    switch(false).await;
    let customer = phones.customer(Channel::Viber);
    customer.write("<b>Is anybody there?</b>").await;
    customer.write("Hello?").await;
    tests::wait::until("two items", || async {
        let page = relay.get(&token, "/api/v1/journal").await;
        (page["items"].as_array().unwrap().len() == 2).then_some(())
    })
    .await;
    page.driver.refresh().await.unwrap();
    page.see_text("group", "2 items").await;
    page.click("group-toggle").await;
    page.click("item-row").await;
    page.see_text("raw", "Hello?").await;
    page.click("retry-item").await;
    page.see_text("retry-result", "Still not understood").await;
    switch(true).await;
    page.click("retry-item").await;
    page.see_text("retry-result", "All understood").await;
    page.see_text("item-state", "Understood").await;
    page.driver.back().await.unwrap();
    page.see_text("group", "1 item").await;
    page.click("retry-group").await;
    page.see_text("retry-result", "All understood").await;
    page.see("not-understood-empty").await;
    page.no_complaints().await;
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_admins_find_the_admin_and_others_are_told() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    assert_eq!(eva.count("nav-admin").await, 0);
    eva.driver.goto(format!("{}/admin/connectors", relay.base)).await.unwrap();
    eva.see("not-for-you").await;
    assert_eq!(eva.count("nav-connectors").await, 0);
    eva.click("to-desk").await;
    eva.see("presence").await;
    eva.no_complaints().await;
    eva.quit().await;
    let boss = chrome.desk(&relay, "admin").await;
    boss.click("nav-admin").await;
    boss.see_text("connector-row", "Demo WhatsApp").await;
    boss.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_begun_with_the_keyboard_alone() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let page = admin(&chrome, &relay, "").await;
    page.tab_to("connect").await;
    page.press(Key::Enter + "").await;
    page.tab_to("connect-messenger").await;
    page.press(Key::Enter + "").await;
    page.see("guide").await;
    page.tab_to("app-id").await;
    page.press(APP).await;
    page.tab_to("app-secret").await;
    page.press(SECRET).await;
    page.press(Key::Enter + "").await;
    page.see("make-verify").await;
    page.tab_to("make-verify").await;
    page.press(Key::Enter + "").await;
    page.see("verify-token").await;
    page.quit().await;
}
