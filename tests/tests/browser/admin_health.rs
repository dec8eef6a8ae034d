//! How accounts stand, in the browser: a pause with its reason, the test that ends it, what is missing, the human agent's week.

use crate::admin::admin;
use crate::language::speak;
use serde_json::{Value, json};
use shared::channel::Channel;
use tests::browser::Browser;
use tests::{Chrome, Desk, Phones, Relay};
use thirtyfour::prelude::*;

/// The demo's account of a channel, as the API tells it.
async fn connector(relay: &Relay, channel: Channel) -> Value {
    let token = relay.token("admin").await;
    let all = relay.get(&token, "/api/v1/connectors").await;
    all.as_array().unwrap().iter().find(|one| one["channel"] == channel.key()).unwrap().clone()
}

/// The page of the demo's account of a channel.
async fn page_of(relay: &Relay, channel: Channel) -> String {
    ["connectors/", connector(relay, channel).await["id"].as_str().unwrap()].concat()
}

/// Waits until the relay knows this of the demo's Messenger account; what a page shows of it comes with its next glance.
async fn knows(relay: &Relay, what: &str, is: impl Fn(&Value) -> bool) {
    let token = relay.token("admin").await;
    tests::wait::until(what, || async {
        let all = relay.get(&token, "/api/v1/connectors/health").await;
        all.as_array().unwrap().iter().any(|one| one["channel"] == "messenger" && is(one)).then_some(())
    })
    .await;
}

/// Waits until the card says so.
async fn stands(page: &Browser, word: &str, words: &str) {
    page.see_text("health-state", word).await;
    page.see_text("health-words", words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_said_and_a_test_lets_what_waited_leave() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.customer(Channel::Messenger);
    customer.write("Hello").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await.interaction.id;

    let chrome = Chrome::start().await;
    let page = admin(&chrome, &relay, "connectors").await;
    page.see_text("connector-row", "Demo Messenger").await;
    assert_eq!(page.count("connector-note").await, 0, "all is well");
    phones.change_account(Channel::Messenger, &json!({ "token": "revoked" })).await;
    eva.send(chat, "I am looking into it").await;
    knows(&relay, "a pause", |one| one["state"] == "paused").await;
    // The list asks by itself.
    page.see_text("connector-note", "Cannot send: the app was removed from the account.").await;
    let row = page.see_text("connector-row", "Demo Messenger").await;
    assert!(row.text().await.unwrap().contains("Paused"));

    row.click().await.unwrap();
    stands(&page, "Paused", "the app was removed from the account").await;
    for fact in ["health-paused", "health-next", "health-webhook"] {
        page.see(fact).await;
    }
    page.see_text("health-reason", "190/458").await;
    page.click("test-now").await;
    page.see_text("test-result", "still nothing leaves").await;
    page.see_text("health-token", "Refused").await;

    phones.change_account(Channel::Messenger, &json!({ "token": "valid" })).await;
    page.tab_to("test-now").await;
    page.press(Key::Enter + "").await;
    page.see_text("test-result", "it works").await;
    stands(&page, "On", "All is well").await;
    page.gone("health-reason").await;
    customer.shows("I am looking into it").await;
    knows(&relay, "a message that was taken", |one| !one["last_sent_at"].is_null()).await;
    page.see_text("health-sent", "Last message taken").await;
    let focus = page.driver.active_element().await.unwrap();
    assert_eq!(focus.attr("data-testid").await.unwrap().as_deref(), Some("test-now"), "the focus stays");
    page.no_complaints().await;
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_is_missing_is_named_and_a_test_without_the_server_says_so() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    phones.change_account(Channel::WhatsApp, &json!({ "denied": ["whatsapp_business_management"] })).await;
    let chrome = Chrome::start().await;
    let page = admin(&chrome, &relay, &page_of(&relay, Channel::WhatsApp).await).await;
    page.click("test-now").await;
    page.see_text("test-result", "it works, with something to mend").await;
    stands(&page, "Warning", "The access token lacks whatsapp_business_management.").await;
    page.see_text("health-missing", "whatsapp_business_management").await;
    page.cdp("Network.enable", json!({})).await;
    page.cdp("Network.setBlockedURLs", json!({ "urls": ["*/test"] })).await;
    page.click("test-now").await;
    page.see_text("test-failed", "It could not be tested.").await;
    page.see_text("health-state", "Warning").await;
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_human_agents_week_is_switched_on_and_read_back() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let page = admin(&chrome, &relay, &page_of(&relay, Channel::Messenger).await).await;
    let is_on = || async {
        let field = page.see("human-agent").await;
        field.prop("checked").await.unwrap().as_deref() == Some("true")
    };
    assert!(!is_on().await);
    page.tab_to("human-agent").await;
    page.press(" ").await;
    page.click("save").await;
    page.see_text("saved", "Saved").await;
    assert_eq!(connector(&relay, Channel::Messenger).await["human_agent"], json!(true));
    page.driver.refresh().await.unwrap();
    assert!(is_on().await, "it is read back");
    page.click("human-agent").await;
    page.click("save").await;
    page.see_text("saved", "Saved").await;
    assert_eq!(connector(&relay, Channel::Messenger).await["human_agent"], json!(false));
    for (channel, count) in [(Channel::Instagram, 1), (Channel::WhatsApp, 0), (Channel::Viber, 0)] {
        let address = format!("{}/admin/{}", relay.base, page_of(&relay, channel).await);
        page.driver.goto(address).await.unwrap();
        page.see("enabled").await;
        assert_eq!(page.count("human-agent").await, count, "{channel:?}");
    }
    page.no_complaints().await;
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admins_desk_leads_from_the_alert_to_the_accounts() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let boss = chrome.desk(&relay, "admin").await;
    let eva = chrome.desk(&relay, "eva").await;
    phones.change_account(Channel::Messenger, &json!({ "token": "expired" })).await;
    let token = relay.token("admin").await;
    let id = connector(&relay, Channel::Messenger).await["id"].as_str().unwrap().to_owned();
    let test = format!("{}/api/v1/connectors/{id}/test", relay.base);
    assert!(relay.http.post(test).bearer_auth(token).send().await.unwrap().status().is_success());
    eva.see_text("accounts", "Your messages wait").await;
    assert_eq!(eva.count("to-connectors").await, 0, "agents have no way into the admin");
    boss.see_text("accounts", "the access token does not work").await;
    // Each reads it in their own language.
    speak(&eva, "cs").await;
    eva.see_text("accounts", "Vaše zprávy čekají a odejdou samy.").await;
    boss.click("to-connectors").await;
    boss.see_text("connector-note", "the access token has expired").await;
    eva.quit().await;
    boss.no_complaints().await;
    boss.quit().await;
}
