//! Screenshots of every screen of the admin in light, dark, narrow and at 200 %, saved under `target/screenshots/` to be looked at.

use crate::admin::meta_asks;
use crate::pictures::VIEWS;
use crate::shop::{APP, SECRET, providers};
use serde_json::json;
use shared::channel::Channel;
use tests::{Chrome, Phones, Relay};

#[tokio::test(flavor = "multi_thread")]
async fn every_admin_screen() {
    for (name, view) in VIEWS {
        let relay = Relay::start().await;
        let phones = Phones::of(&relay);
        let chrome = Chrome::start().await;
        let (provider, shop) = providers(&relay).await;
        let address = |path: &str| format!("{}/admin/{path}", relay.base);
        let page = chrome.open(&address("not-understood"), view).await;
        page.click("login-demo-admin").await;
        page.see("not-understood-empty").await;
        page.shoot(&format!("admin-empty-{name}")).await;
        page.click("nav-connectors").await;
        phones.customer(Channel::WhatsApp).write("Dobrý den").await;
        page.see_text("connector-row", "Demo WhatsApp").await;
        page.shoot(&format!("admin-connectors-{name}")).await;
        page.click("connect").await;
        page.see("connect-viber").await;
        page.shoot(&format!("admin-choose-{name}")).await;
        page.click("connect-messenger").await;
        page.write("app-id", APP).await;
        page.click("save-app").await;
        page.shoot(&format!("admin-guide-app-{name}")).await;
        page.write("app-secret", SECRET).await;
        page.click("save-app").await;
        page.click("make-verify").await;
        page.see("verify-token").await;
        page.shoot(&format!("admin-guide-webhook-{name}")).await;
        meta_asks(&page, &relay).await;
        page.click("webhook-next").await;
        page.click("new-queue").await;
        page.see("make-queue").await.scroll_into_view().await.unwrap();
        page.shoot(&format!("admin-guide-account-{name}")).await;
        page.write("title", "Shop").await;
        page.write("account", "555000111").await;
        page.write("token", "shop-page-token").await;
        page.choose("queue", 1).await;
        page.click("advanced").await;
        page.write("base-url", &provider).await;
        page.click("save-account").await;
        page.click("subscribe").await;
        page.see("test-waits").await;
        page.shoot(&format!("admin-guide-waits-{name}")).await;
        shop.create_at("555000111", "Alena Krátká").await.write("Dobrý den").await;
        page.see("test-received").await;
        page.shoot(&format!("admin-guide-received-{name}")).await;
        page.driver.goto(address("connectors")).await.unwrap();
        page.see_text("connector-row", "Shop").await.click().await.unwrap();
        page.see("stored-token").await;
        page.shoot(&format!("admin-connector-{name}")).await;

        let account = Phones::account(Channel::Messenger);
        assert_eq!(phones.webhook(Channel::Messenger, &json!({ "raw": "no JSON at all" })).await, 200);
        for what in ["message_edits_of_later", "message_edits_of_later", "unheard_of"] {
            let event = json!({ "sender": { "id": "7" }, "recipient": { "id": account }, "timestamp": 1_800_000_000_000_i64,
                what: { "text": "Dobrý den, můžu ještě změnit adresu doručení?" } });
            let body =
                json!({ "object": "page", "entry": [{ "id": account, "time": 1, "messaging": [event] }] });
            assert_eq!(phones.webhook(Channel::Messenger, &json!({ "body": body })).await, 200);
        }
        page.click("nav-not-understood").await;
        page.see_text("group", "3 items").await;
        page.click("group-toggle").await;
        page.see("item-row").await;
        page.shoot(&format!("admin-not-understood-{name}")).await;
        page.click("item-row").await;
        page.see("raw").await;
        page.shoot(&format!("admin-item-{name}")).await;
        page.no_complaints().await;
        page.quit().await;
        let eva = chrome.desk(&relay, "eva").await;
        eva.resize(view).await;
        eva.driver.goto(address("")).await.unwrap();
        eva.see("not-for-you").await;
        eva.shoot(&format!("admin-not-for-you-{name}")).await;
        eva.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_of_an_account() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    phones.change_account(Channel::Messenger, &json!({ "token": "expired" })).await;
    phones.change_account(Channel::WhatsApp, &json!({ "denied": ["whatsapp_business_management"] })).await;
    phones.customer(Channel::Viber).write("Dobrý den").await;
    let chrome = Chrome::start().await;
    for (name, view) in VIEWS {
        let page = chrome.open(&format!("{}/admin/connectors", relay.base), view).await;
        page.click("login-demo-admin").await;
        for (account, state) in
            [("Demo Messenger", "Paused"), ("Demo WhatsApp", "Warning"), ("Demo Viber", "On")]
        {
            page.see_text("connector-row", account).await.click().await.unwrap();
            page.click("test-now").await;
            page.see_text("test-result", "Tested").await;
            page.see_text("health-state", state).await;
            page.shoot(&format!("admin-health-{}-{name}", state.to_lowercase())).await;
            page.click("nav-connectors").await;
        }
        page.see_text("connector-note", "has expired").await;
        page.see_text("connector-note", "lacks").await;
        page.shoot(&format!("admin-connectors-wrong-{name}")).await;
        // The settings below the card, where the page does not hold both.
        page.see_text("connector-row", "Demo Messenger").await.click().await.unwrap();
        page.see("human-agent").await.scroll_into_view().await.unwrap();
        page.shoot(&format!("admin-human-agent-{name}")).await;
        page.no_complaints().await;
        page.quit().await;
    }
    let boss = chrome.desk(&relay, "admin").await;
    for (name, view) in VIEWS {
        boss.resize(view).await;
        boss.see("to-connectors").await;
        boss.shoot(&format!("accounts-{name}")).await;
    }
    boss.quit().await;
}
