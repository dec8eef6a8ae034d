//! What rings and whom: an offer nobody answered, queues one is logged out of, more cards than fit, and where they lie.

use super::offers::place;
use serde_json::json;
use shared::channel::Channel;
use std::time::Duration;
use tests::Scene;
use tests::browser::{Browser, DESKTOP, View};
use tests::wait::until;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_on_a_pause_that_says_why_and_leads_back() {
    let scene = Scene::begin().await;
    let eva = &scene.eva;
    scene.phones.customer(Channel::WhatsApp).write("Hello").await;
    eva.see("offer-card").await;
    scene.relay.advance(Duration::from_secs(31)).await;
    eva.see_text("pause-banner", "Inactive").await;
    eva.gone("offer-card").await;
    eva.attribute("presence", "data-state", "paused").await;
    eva.shoot("pause-after-no-answer").await;
    // Still there to be taken by hand, and rung again once somebody is back.
    eva.see_text("waiting-badge", "1").await;
    eva.click("back-to-work").await;
    eva.gone("pause-banner").await;
    scene.relay.advance(Duration::from_mins(2)).await;
    eva.see("offer-card").await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logged_out_of_a_queue_nothing_rings_and_all_can_be_taken() {
    let scene = Scene::begin().await;
    let eva = &scene.eva;
    eva.press("p").await;
    eva.see_text("queue-item", "WhatsApp").await.click().await.unwrap();
    eva.click("nav-dashboard").await;
    eva.see_text("dashboard-queue", "off").await;
    scene.phones.customer(Channel::WhatsApp).write("Hello").await;
    eva.see_text("waiting-badge", "1").await;
    assert_eq!(eva.count("offer-card").await, 0, "it rings at nobody who is logged out");
    eva.click("nav-waiting").await;
    // Looked at before it is taken.
    eva.click("waiting-open").await;
    eva.see_text("bubble", "Hello").await;
    assert_eq!(eva.count("tab").await, 0, "looking takes nothing");
    eva.chord(Key::Alt, 'c').await;
    eva.click("nav-waiting").await;
    eva.click("waiting-accept").await;
    eva.see("close").await;
    eva.see_text("bubble", "Hello").await;
    assert_eq!(eva.count("status-error").await, 0, "a wish to close what was only looked at is forgotten");
    eva.see("tab").await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_cards_are_shown_and_all_are_counted() {
    let scene = Scene::begin().await;
    let eva = &scene.eva;
    for n in 1..=5 {
        scene.phones.create(Channel::Viber, &format!("Customer {n}")).await.write("Hello").await;
    }
    eva.see_text("waiting-badge", "5").await;
    until("four cards", || async { (eva.count("offer-card").await == 4).then_some(()) }).await;
    eva.shoot("offers-four").await;
    eva.click("offer-minimise").await;
    // The next one comes up in its place.
    eva.see_text("offer-card", "Customer 5").await;
    eva.see_text("waiting-badge", "5").await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_follows_a_finger_stays_in_a_smaller_window_and_goes_home() {
    let scene = Scene::begin().await;
    let eva = &scene.eva;
    eva.cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await;
    scene.phones.customer(Channel::Messenger).write("Hello").await;
    let home = place(eva).await;
    let handle = eva.see("offer-handle").await.rect().await.unwrap();
    let (x, y) = (handle.x + handle.width / 2.0, handle.y + handle.height / 2.0);
    touch(eva, "touchStart", Some((x, y))).await;
    for step in 1..=5 {
        touch(eva, "touchMove", Some((x - 60.0 * f64::from(step), y + 30.0 * f64::from(step)))).await;
    }
    touch(eva, "touchEnd", None).await;
    until("the card under the finger", || async {
        let now = place(eva).await;
        ((home.0 - now.0 - 300.0).abs() < 3.0 && (now.1 - home.1 - 150.0).abs() < 3.0).then_some(())
    })
    .await;
    eva.resize(View { width: 700, height: 500, ..DESKTOP }).await;
    until("the card inside the smaller window", || async {
        let rect = eva.see("offer-card").await.rect().await.ok()?;
        (rect.x >= 0.0 && rect.x + rect.width <= 700.0 && rect.y + rect.height <= 500.0).then_some(())
    })
    .await;
    eva.resize(DESKTOP).await;
    let handle = eva.see("offer-handle").await;
    eva.driver.action_chain().double_click_element(&handle).perform().await.unwrap();
    until("the card at home", || async { (place(eva).await == home).then_some(()) }).await;
    scene.end().await;
}

async fn touch(desk: &Browser, kind: &str, at: Option<(f64, f64)>) {
    let points: Vec<_> = at.iter().map(|(x, y)| json!({ "x": x, "y": y })).collect();
    desk.cdp("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_customers_of_one_name_are_told_apart() {
    let scene = Scene::begin().await;
    let eva = &scene.eva;
    for _ in 0..2 {
        scene.phones.create(Channel::WhatsApp, "Jan Novák").await.write("Hello").await;
        eva.click("offer-accept").await;
        eva.gone("offer-card").await;
    }
    let names = || async {
        let script = "return [...document.querySelectorAll('[data-testid=tab]')].map((one) => one.title)";
        eva.driver.execute(script, vec![]).await.unwrap().convert::<Vec<String>>().unwrap()
    };
    until("two tabs with names of their own", || async {
        let names = names().await;
        let apart =
            names.iter().all(|name| name.starts_with("Jan Novák · ") && name.len() > "Jan Novák · ".len());
        (names.len() == 2 && names[0] != names[1] && apart).then_some(())
    })
    .await;
    scene.end().await;
}
