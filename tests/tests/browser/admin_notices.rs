//! Notices in the browser: an admin writes them on a page, and every agent's dashboard shows them at once.

use crate::admin::admin;
use serde_json::{Value, json};
use shared::id::NoticeId;
use tests::browser::Browser;
use tests::wait::until;
use tests::{Chrome, Relay};
use thirtyfour::prelude::*;

/// What is wrong with the text, as it stands beside the field.
async fn wrong(page: &Browser) -> String {
    page.see_by(By::Css("#text[aria-invalid=true]"), "the field that is refused").await;
    page.see_by(By::Css("#text-hint .error"), "the words beside it").await.text().await.unwrap()
}

/// Where the focus is.
async fn focus(page: &Browser) -> Option<String> {
    page.driver.active_element().await.unwrap().attr("data-testid").await.unwrap()
}

/// What the relay has.
async fn all(relay: &Relay) -> Vec<Value> {
    let token = relay.token("admin").await;
    relay.get(&token, "/api/v1/notices").await.as_array().unwrap().clone()
}

/// Puts a notice up as somebody's program does.
async fn put(relay: &Relay, id: NoticeId, body: &Value) {
    let url = format!("{}/api/v1/notices/{id}", relay.base);
    let token = relay.token("admin").await;
    let answer = relay.http.put(url).bearer_auth(token).json(body).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_put_up_changed_and_taken_down_before_the_agents_eyes() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    eva.see("dashboard").await;
    let page = admin(&chrome, &relay, "").await;
    page.click("nav-notices").await;
    page.see("notices-empty").await;
    page.click("new-notice").await;
    page.write("text", "Parcels to Brno are late today.").await;
    page.click("tone-warning").await;
    page.click("save").await;
    let row = page.see_text("notice-row", "Parcels to Brno are late today.").await;
    assert!(row.text().await.unwrap().contains("Warning"));
    eva.see_text("posted", "Parcels to Brno are late today.").await;
    eva.attribute("posted", "data-tone", "amber").await;

    row.click().await.unwrap();
    page.rewrite("text", "Parcels to Brno are on time again.").await;
    page.click("tone-info").await;
    page.click("nav-connectors").await;
    page.click("stay").await;
    let typed = page.value("text").await;
    assert_eq!(typed, "Parcels to Brno are on time again.", "nothing that was typed is lost");
    page.click("save").await;
    page.see_text("saved", "Saved").await;
    eva.see_text("posted", "on time again").await;
    eva.attribute("posted", "data-tone", "accent").await;

    page.click("take-down").await;
    page.click("keep-up").await;
    page.gone("keep-up").await;
    assert_eq!(all(&relay).await.len(), 1, "it is asked first");
    page.click("take-down").await;
    page.click("take-down-now").await;
    page.see("notices-empty").await;
    eva.gone("posted").await;
    assert!(all(&relay).await.is_empty());
    eva.no_complaints().await;
    eva.quit().await;
    page.no_complaints().await;
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_text_is_said_beside_it_and_what_the_relay_refuses_below() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let page = admin(&chrome, &relay, "notices/new").await;
    page.click("save").await;
    assert_eq!(wrong(&page).await, "Text is missing.");
    assert_eq!(focus(&page).await.as_deref(), Some("text"), "the field is at hand");
    page.write("text", &"x".repeat(501)).await;
    page.see_by(By::Css(".counter[data-tone=danger]"), "how much is too much").await;
    assert_eq!(wrong(&page).await, "Text is longer than 500 characters.");
    page.click("save").await;
    assert!(all(&relay).await.is_empty());
    // As many as there may be: those of others count as well.
    for number in 1..=20 {
        put(&relay, NoticeId::from_u128(number), &json!({ "text": "Hello", "tone": "info" })).await;
    }
    page.press(Key::Backspace + "").await;
    page.see_by(By::Css(".counter[data-tone=amber]"), "what is left").await;
    page.click("save").await;
    page.see_text("form-error", "Notices are 20 already; take one down first.").await;
    assert_eq!(page.value("text").await.len(), 500, "nothing that was typed is lost");
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_was_set_elsewhere_stays_and_what_ended_is_put_up_again() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let (ends, soon) = (now + 3_600_000, now + 3_000);
    put(&relay, NoticeId::from_u128(1), &json!({ "text": "Until later", "tone": "info", "until": ends }))
        .await;
    put(&relay, NoticeId::from_u128(2), &json!({ "text": "For a moment", "tone": "info", "until": soon }))
        .await;
    let page = admin(&chrome, &relay, "notices").await;
    page.see_text("notice-row", "Until later").await.click().await.unwrap();
    page.rewrite("text", "Until five").await;
    page.click("save").await;
    page.see_text("saved", "Saved").await;
    assert_eq!(all(&relay).await[0]["until"], ends);
    until("its end", || async {
        page.click("nav-connectors").await;
        page.click("nav-notices").await;
        let row = page.see_text("notice-row", "For a moment").await;
        row.text().await.ok()?.contains("Ended").then_some(())
    })
    .await;
    page.see_text("notice-row", "For a moment").await.click().await.unwrap();
    page.see_text("save", "Put up again").await.click().await.unwrap();
    page.see_text("notice-row", "Information").await;
    assert_eq!(all(&relay).await[1]["until"], Value::Null);
    page.no_complaints().await;
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_had_is_fetched_again_and_all_is_done_by_keyboard() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let page = admin(&chrome, &relay, "").await;
    page.see_text("connector-row", "Demo Viber").await;
    page.cdp("Network.enable", json!({})).await;
    page.cdp("Network.setBlockedURLs", json!({ "urls": ["*/api/v1/notices"] })).await;
    page.click("nav-notices").await;
    let again = page.see_by(By::Css("[role=alert] button"), "the way to try again").await;
    page.cdp("Network.setBlockedURLs", json!({ "urls": [] })).await;
    again.click().await.unwrap();
    page.see("notices-empty").await;
    page.tab_to("new-notice").await;
    page.press(Key::Enter + "").await;
    page.see("text").await;
    page.tab_to("text").await;
    page.press("Closed on Monday.").await;
    page.tab_to("tone-info").await;
    page.press(Key::Down + "").await;
    page.tab_to("save").await;
    page.press(Key::Enter + "").await;
    page.see_text("notice-row", "Warning").await;
    page.tab_to("notice-row").await;
    page.press(Key::Enter + "").await;
    page.see("take-down").await;
    page.tab_to("take-down").await;
    page.press(Key::Enter + "").await;
    page.see("take-down-now").await;
    page.press(Key::Escape + "").await;
    page.gone("take-down-now").await;
    assert_eq!(focus(&page).await.as_deref(), Some("take-down"), "the focus comes back");
    page.press(Key::Enter + "").await;
    page.see("take-down-now").await;
    page.tab_to("take-down-now").await;
    page.press(Key::Enter + "").await;
    page.see("notices-empty").await;
    page.quit().await;
}
