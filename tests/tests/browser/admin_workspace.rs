//! What holds for the whole workspace in the browser: an admin sets it on a page, and desks behave by it at once.

use crate::admin::admin;
use serde_json::{Value, json};
use tests::{Chrome, Relay};
use thirtyfour::prelude::*;

/// What the relay has.
async fn held(relay: &Relay) -> Value {
    let token = relay.token("admin").await;
    relay.get(&token, "/api/v1/workspace").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_holds_for_the_workspace_is_set_on_a_page_and_kept_when_left_unsaved() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let page = admin(&chrome, &relay, "").await;
    page.click("nav-workspace").await;
    assert_eq!(page.value("lost-after").await, "600000");
    page.choose("lost-after", 0).await;
    page.choose("outbox-limit", 2).await;
    page.click("undo-close").await;
    page.click("preview").await;
    // Nothing is lost by going elsewhere.
    page.click("nav-notices").await;
    page.click("stay").await;
    page.click("save").await;
    page.see_text("saved", "Saved").await;
    let now = held(&relay).await;
    assert_eq!(now["lost_after"], Value::Null);
    assert_eq!(now["outbox_limit"], json!(3_600_000));
    assert_eq!((&now["undo_close"], &now["preview"]), (&json!(true), &json!(false)));
    assert_eq!(
        (&now["split"], &now["pull_logged_out"]),
        (&json!(true), &json!(true)),
        "the rest is as it was"
    );
    // What a program has set and the page does not offer is shown as it is.
    let url = format!("{}/api/v1/workspace", relay.base);
    let token = relay.token("admin").await;
    let body = json!({ "lost_after": 180_000 });
    let answer = relay.http.put(url).bearer_auth(token).json(&body).send().await.unwrap();
    assert!(answer.status().is_success());
    page.driver.refresh().await.unwrap();
    page.see("lost-after").await;
    let chosen = page.see_by(By::Css("#lost-after option:checked"), "the choice").await;
    assert_eq!(chosen.text().await.unwrap(), "3 minutes");
    page.no_complaints().await;
    page.quit().await;
}
