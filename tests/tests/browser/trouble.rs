//! Messages that do not get through: what the bubble says, and each of the next steps it offers.

use serde_json::json;
use shared::channel::Channel;
use std::time::Duration;
use tests::wait::until;
use tests::{Phones, Scene};
use thirtyfour::By;

/// What the provider answers the next send with: the code of WhatsApp for a number it does not know.
async fn refuses(scene: &Scene) {
    let body =
        json!({ "error": { "message": "Message undeliverable", "type": "OAuthException", "code": 131_026 } });
    let fail =
        json!({ "account": Phones::account(Channel::WhatsApp), "times": 1, "status": 400, "body": body });
    scene.phones.post("/control/fail", &fail).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_failed_is_sent_again_or_let_be() {
    let scene = Scene::begin().await;
    let customer = scene.chat(Channel::WhatsApp, "Hello").await;
    let eva = &scene.eva;
    refuses(&scene).await;
    eva.write("composer", "It is on its way").await;
    eva.enter("composer").await;
    eva.attribute("bubble", "data-state", "failed").await;
    eva.see_text("bubble-trouble", "131026").await;
    eva.shoot("bubble-failed").await;
    eva.click("bubble-resend").await;
    customer.shows("It is on its way").await;
    eva.gone("bubble-resend").await;
    refuses(&scene).await;
    eva.write("composer", "Never mind").await;
    eva.enter("composer").await;
    eva.click("bubble-dismiss").await;
    eva.gone("bubble-dismiss").await;
    assert_eq!(customer.times("Never mind").await, 0);
    assert_eq!(customer.times("It is on its way").await, 1, "sent again is sent once");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_refused_after_its_chat_was_closed_is_told_and_stands_on_the_dashboard() {
    let scene = Scene::begin().await;
    let (customer, eva) = (scene.phones.create(Channel::WhatsApp, "Anna").await, &scene.eva);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    eva.choose("status", 1).await;
    let account = Phones::account(Channel::WhatsApp);
    scene.phones.post("/control/hold", &json!({ "what": "requests", "account": account })).await;
    eva.write("composer", "It is on its way").await;
    eva.enter("composer").await;
    eva.attribute("bubble", "data-state", "sending").await;
    eva.click("close").await;
    eva.gone("tab").await;
    eva.click("nav-dashboard").await;
    eva.see("dashboard").await;
    assert_eq!(eva.count("undelivered").await, 0);
    customer.change(&json!({ "blocked": true })).await;
    scene.phones.post("/control/release", &json!({})).await;
    eva.see_text("notice", "A message to Anna did not arrive").await;
    eva.see_text("undelivered", "1 message").await;
    eva.see_text("undelivered-open", "Anna").await;
    eva.shoot("dashboard-undelivered").await;
    eva.click("notice-open").await;
    eva.gone("notice").await;
    // What was said cannot be said again here: the way on is.
    eva.see("bubble-dismiss").await;
    eva.see_by(By::Css(".closed-note"), "the way on").await;
    assert_eq!(eva.count("bubble-resend").await, 0);
    eva.shoot("bubble-failed-after-end").await;
    eva.click("nav-dashboard").await;
    eva.click("undelivered-open").await;
    eva.click("bubble-dismiss").await;
    eva.gone("bubble-dismiss").await;
    eva.click("nav-dashboard").await;
    eva.see("dashboard").await;
    eva.gone("undelivered").await;
    assert_eq!(customer.times("It is on its way").await, 0);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_nobody_took_is_taken_back_or_thrown_away() {
    let scene = Scene::begin().await;
    let (customer, eva) = (scene.phones.customer(Channel::WhatsApp), &scene.eva);
    // The provider had it for most of the day in which free text may answer.
    let at = std::time::SystemTime::now() - Duration::from_mins(23 * 60 + 56);
    let at = u64::try_from(at.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()).unwrap();
    customer.write_with(&json!({ "text": "Hello", "at_ms": at })).await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    // The day ends while the desk does not hear of it: the relay refuses.
    eva.network(false).await;
    eva.see("connection").await;
    for words in ["First", "Second"] {
        eva.write("composer", words).await;
        eva.enter("composer").await;
        eva.see_text("bubble", words).await;
    }
    scene.relay.advance(Duration::from_mins(5)).await;
    eva.network(true).await;
    until("both refused", || async { (eva.count("bubble-edit").await == 2).then_some(()) }).await;
    eva.shoot("bubble-refused").await;
    eva.click("bubble-edit").await;
    until("one back in the composer", || async {
        (eva.value("composer").await == "First" && eva.count("bubble-edit").await == 1).then_some(())
    })
    .await;
    eva.click("bubble-discard").await;
    eva.gone("bubble-discard").await;
    assert_eq!(customer.times("First").await + customer.times("Second").await, 0);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_away_too_long_loses_the_chat_and_is_told_once_of_late_words() {
    let scene = Scene::begin().await;
    let customer = scene.chat(Channel::WhatsApp, "Hello").await;
    let eva = &scene.eva;
    let petr = scene.chrome.desk(&scene.relay, "petr").await;
    eva.network(false).await;
    eva.see("connection").await;
    eva.write("composer", "Too late").await;
    eva.enter("composer").await;
    eva.see_text("bubble", "Too late").await;
    until("the chat at somebody else", || async {
        // In steps well below the time it rings: a card that is not drawn yet must not be missed.
        scene.relay.advance(Duration::from_secs(10)).await;
        (petr.count("offer-card").await > 0).then_some(())
    })
    .await;
    petr.click("offer-accept").await;
    petr.see_text("event-line", "Eva").await;
    eva.network(true).await;
    eva.gone("tab").await;
    eva.see_text("notice", "A message of yours was not sent.").await;
    // The chat that went is one notice, the words are another; neither is said twice.
    assert_eq!(eva.count("notice").await, 2);
    eva.shoot("lost-chat").await;
    assert_eq!(customer.times("Too late").await, 0);
    petr.quit().await;
    scene.end().await;
}
