//! What admins set about how desks behave, as agents meet it: reasons, focus, links, pauses, statuses, closing, long texts.

use serde_json::{Value, json};
use shared::channel::Channel;
use std::time::Duration;
use tests::wait::until;
use tests::{Relay, Scene};
use thirtyfour::prelude::*;

/// Edits every part of a kind through the API of admins.
async fn edit(relay: &Relay, kind: &str, change: impl Fn(&mut Value)) {
    let admin = relay.token("admin").await;
    for mut part in relay.get(&admin, &format!("/api/v1/{kind}")).await.as_array().unwrap().clone() {
        change(&mut part);
        let url = format!("{}/api/v1/{kind}/{}", relay.base, part["id"].as_str().unwrap());
        put(&url, &admin, &part).await;
    }
}

/// Sets some of what holds for the workspace; the rest has its defaults.
async fn workspace(relay: &Relay, settings: Value) {
    let admin = relay.token("admin").await;
    put(&format!("{}/api/v1/workspace", relay.base), &admin, &settings).await;
}

async fn put(url: &str, token: &str, body: &Value) {
    let saved = tests::relay::client().put(url).bearer_auth(token).json(body).send().await.unwrap();
    assert!(saved.status().is_success(), "{}", saved.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_rejected_for_a_reason_of_its_queue_or_not_at_all() {
    let scene = Scene::begin().await;
    let (eva, relay) = (&scene.eva, &scene.relay);
    edit(relay, "queues", |queue| {
        queue["manner"] = json!({ "reject_reasons": ["Wrong queue", "Not my language"] });
        queue["automatic_pause"] = Value::Null;
    })
    .await;
    scene.phones.customer(Channel::Messenger).write("Hello").await;
    eva.see("offer-card").await;
    // The key opens the menu of the card on top; the reasons are gone through by keys as well.
    eva.chord(Key::Alt, 'r').await;
    eva.see_text("reject-reason", "Wrong queue").await;
    eva.shoot("reject-reasons").await;
    eva.press(Key::Down + Key::Enter).await;
    eva.gone("offer-card").await;
    let petr = scene.chrome.desk(relay, "petr").await;
    petr.click("offer-accept").await;
    petr.see_text("event-line", "declined: Not my language").await;
    edit(relay, "queues", |queue| queue["manner"] = json!({ "reject": false })).await;
    scene.phones.customer(Channel::Viber).write("Hello").await;
    let button = eva.see("offer-reject").await;
    until("the button says why not", || async {
        (button.attr("aria-disabled").await.ok()? == Some("true".into())).then_some(())
    })
    .await;
    eva.chord(Key::Alt, 'r').await;
    assert_eq!(eva.count("offer-card").await, 1);
    petr.quit().await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_chat_comes_forward_as_its_queue_says_and_opens_what_is_to_open_beside_it() {
    let scene = Scene::begin().await;
    let (eva, relay) = (&scene.eva, &scene.relay);
    edit(relay, "queues", |queue| {
        let viber = queue["channel"] == "viber";
        queue["manner"] = json!({ "focus": if viber { "never" } else { "always" } });
        let page = format!("{}/api/v1/health/live?of={{{{contact.name}}}}", relay.base);
        let window = json!({ "width": 420, "height": 360 });
        queue["links"] = json!([{ "title": "Order", "url": page, "opens": viber, "window": window }]);
    })
    .await;
    scene.phones.customer(Channel::Viber).write("First").await;
    eva.click("offer-accept").await;
    eva.see("tab").await;
    // Its admin wants its page beside it, and not the chat in front.
    let opened = until("a window opened", || async {
        let all = eva.driver.windows().await.ok()?;
        (all.len() == 2).then_some(all)
    })
    .await;
    assert_eq!(eva.count("composer").await, 0);
    let desk = eva.driver.window().await.unwrap();
    let other = opened.into_iter().find(|one| *one != desk).unwrap();
    eva.driver.switch_to_window(other).await.unwrap();
    let address = eva.driver.current_url().await.unwrap();
    assert!(address.as_str().ends_with("?of=Lucie%20Hor%C3%A1kov%C3%A1"), "{address}");
    assert_eq!(eva.driver.execute("return String(window.opener)", vec![]).await.unwrap().json(), "null");
    eva.driver.close_window().await.unwrap();
    eva.driver.switch_to_window(desk).await.unwrap();
    // Another queue's chats come to the front although one is open.
    scene.phones.customer(Channel::WhatsApp).write("Second").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Second").await;
    assert_eq!(eva.driver.windows().await.unwrap().len(), 1);
    // The other page had no picture for its tab, of which the browser complains.
    scene.eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_too_long_is_sent_as_several_messages_and_closing_can_be_taken_back() {
    let scene = Scene::begin().await;
    let eva = &scene.eva;
    workspace(&scene.relay, json!({ "undo_close": true })).await;
    let customer = scene.chat(Channel::Instagram, "Hello").await;
    // 960 bytes of 1,000, and a sentence that no longer fits.
    let (first, last) =
        ("First sentence. ".repeat(60), "And a last one that is longer than the room left for it.");
    eva.write("composer", &format!("{first}{last}")).await;
    eva.see_text("send-pieces", "Send as 2 messages").await;
    eva.shoot("send-pieces").await;
    eva.enter("composer").await;
    assert_eq!(customer.times(first.trim()).await, 0, "Enter sends nothing that is too long");
    eva.click("send-pieces").await;
    customer.shows(first.trim()).await;
    customer.shows(last).await;
    assert_eq!(eva.value("composer").await, "");
    eva.choose("status", 1).await;
    eva.see_text("status-note", "Nothing is left to do.").await;
    eva.click("close").await;
    eva.see_text("close", "Undo closing").await;
    eva.shoot("undo-close").await;
    eva.click("close").await;
    until("the button is the old one", || async {
        (eva.see("close").await.text().await.ok()?.trim() == "Close").then_some(())
    })
    .await;
    scene.relay.advance(Duration::from_secs(6)).await;
    assert_eq!(eva.count("tab").await, 1, "it was taken back");
    eva.click("close").await;
    eva.gone("tab").await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_ends_by_itself_and_who_works_on_is_asked_whether_it_is_over() {
    let scene = Scene::begin().await;
    let (eva, relay) = (&scene.eva, &scene.relay);
    eva.click("presence").await;
    eva.see_text("pause-item", "1:00:00 left").await;
    eva.shoot("pauses").await;
    eva.click("pause-item").await;
    eva.gone("pause-item").await;
    scene.phones.customer(Channel::WhatsApp).write("Hello").await;
    eva.click("nav-waiting").await;
    assert_eq!(eva.count("pause-banner").await, 0, "it was chosen");
    eva.click("waiting-accept").await;
    eva.see_text("pause-banner", "Is it over?").await;
    eva.shoot("pause-pulled").await;
    eva.click("back-to-work").await;
    eva.gone("pause-banner").await;
    eva.click("presence").await;
    eva.click("pause-item").await;
    eva.attribute("presence", "data-state", "paused").await;
    // The relay's clock goes on; the desk hears of what came of it.
    relay.advance(Duration::from_mins(61)).await;
    eva.see_text("pause-banner", "longer than it may").await;
    eva.shoot("pause-too-long").await;
    eva.click("back-to-work").await;
    eva.click("presence").await;
    until("nothing is left of it", || async {
        let item = eva.see("pause-item").await;
        (item.attr("aria-disabled").await.ok()? == Some("true".into())).then_some(())
    })
    .await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statuses_lie_under_headings_and_what_waits_is_for_those_who_are_logged_in() {
    let scene = Scene::begin().await;
    let (eva, relay) = (&scene.eva, &scene.relay);
    let admin = relay.token("admin").await;
    let all = relay.get(&admin, "/api/v1/dispositions").await;
    let spam = all.as_array().unwrap().iter().find(|one| one["title"] == "Spam").unwrap()["id"].clone();
    edit(relay, "dispositions", |status| {
        if status["title"] == "Not a question" {
            status["under"] = spam.clone();
        }
    })
    .await;
    workspace(relay, json!({ "pull_logged_out": false, "preview": false })).await;
    scene.chat(Channel::WhatsApp, "Hello").await;
    let options = "return [...document.querySelectorAll('#status option')].map((one) => one.textContent)";
    until("the heading", || async {
        let options = eva.driver.execute(options, vec![]).await.ok()?;
        let all = options.json().to_string();
        (all.contains("\"Spam › Not a question\"") && !all.contains("\"Spam\"")).then_some(())
    })
    .await;
    // The card shows no words, and who logs out of the queue sees nothing of what waits there.
    scene.phones.customer(Channel::Viber).write("A secret").await;
    eva.see("offer-card").await;
    assert_eq!(eva.count("offer-text").await, 0);
    let petr = scene.chrome.desk(relay, "petr").await;
    petr.click("nav-waiting").await;
    petr.see("waiting-row").await;
    petr.click("presence").await;
    for item in petr.driver.find_all(By::Css("[data-testid=queue-item]")).await.unwrap() {
        if item.text().await.unwrap().contains("Viber") {
            item.click().await.unwrap();
            break;
        }
    }
    petr.gone("waiting-row").await;
    petr.quit().await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_left_in_its_middle_is_found_there_again() {
    let scene = Scene::begin().await;
    let eva = &scene.eva;
    let customer = scene.chat(Channel::Messenger, "Number 0").await;
    for number in 1..=60 {
        customer.write(&format!("Number {number}")).await;
    }
    eva.see_text("bubble", "Number 60").await;
    let history = "document.querySelector('[data-testid=history]')";
    eva.driver.execute(format!("{history}.scrollTop = {history}.scrollHeight / 2"), vec![]).await.unwrap();
    let first = format!(
        "const box = {history}.getBoundingClientRect();
         const all = [...document.querySelectorAll('[data-testid=bubble]')];
         return all.find((one) => one.getBoundingClientRect().bottom > box.top + 4)?.textContent ?? ''"
    );
    let seen = || async { eva.driver.execute(first.clone(), vec![]).await.unwrap().json().to_string() };
    until("it was scrolled", || async { (!seen().await.contains("Number 60")).then_some(()) }).await;
    let before = seen().await;
    eva.click("nav-dashboard").await;
    eva.gone("history").await;
    eva.click("tab").await;
    until("the same place", || async { (seen().await == before).then_some(()) }).await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_statuses_are_chosen_side_by_side_and_taken_back_one_by_one() {
    let scene = Scene::begin().await;
    let (eva, relay) = (&scene.eva, &scene.relay);
    edit(relay, "queues", |queue| queue["manner"] = json!({ "several": true })).await;
    let customer = scene.phones.customer(Channel::Messenger);
    customer.write("Where is my parcel?").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "parcel").await;
    let all = said(eva, "status] option").await.len();
    eva.choose("status", 1).await;
    eva.see("status-chosen").await;
    // What was chosen is no longer offered.
    until("the list without it", || async {
        (said(eva, "status] option").await.len() == all - 1).then_some(())
    })
    .await;
    eva.choose("status", 1).await;
    until("two statuses", || async { (eva.count("status-chosen").await == 2).then_some(()) }).await;
    eva.shoot("statuses-several").await;
    // What the customer writes takes the focus from no chip.
    let focused = "document.querySelector('[data-testid=status-chosen]').focus()";
    eva.driver.execute(focused, Vec::new()).await.unwrap();
    customer.write("Hello?").await;
    eva.see_text("bubble", "Hello?").await;
    let kept = "return document.activeElement.dataset.testid";
    let kept: String = eva.driver.execute(kept, Vec::new()).await.unwrap().convert().unwrap();
    assert_eq!(kept, "status-chosen");
    eva.click("status-chosen").await;
    until("one status", || async { (eva.count("status-chosen").await == 1).then_some(()) }).await;
    // Who took one back goes on where they choose.
    let focus = "return document.activeElement.id";
    let focus: String = eva.driver.execute(focus, Vec::new()).await.unwrap().convert().unwrap();
    assert_eq!(focus, "status");
    // Taken back wholly, closing demands one again.
    eva.click("status-chosen").await;
    eva.gone("status-chosen").await;
    eva.click("close").await;
    eva.see("status-error").await;
    eva.choose("status", 1).await;
    eva.see("status-chosen").await;
    eva.choose("status", 1).await;
    until("both again", || async { (eva.count("status-chosen").await == 2).then_some(()) }).await;
    eva.driver.refresh().await.unwrap();
    until("both after a reload", || async { (eva.count("status-chosen").await == 2).then_some(()) }).await;
    let chosen = said(eva, "status-chosen]").await;
    eva.click("close").await;
    until("the tab to be gone", || async { (eva.count("tab").await == 0).then_some(()) }).await;
    eva.click("nav-activities").await;
    eva.see_text("activities-row", &chosen.join(", ")).await;
    scene.end().await;
}

/// The words of all elements with this test id.
async fn said(desk: &tests::browser::Browser, testid: &str) -> Vec<String> {
    let script = format!(
        "return [...document.querySelectorAll('[data-testid={testid}')].map((one) => one.textContent.trim())"
    );
    desk.driver.execute(script, Vec::new()).await.unwrap().convert().unwrap()
}
