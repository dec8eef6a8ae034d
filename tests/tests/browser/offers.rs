//! The offer card: two who accept at once, dragging, minimising, rejecting and the automatic pause.

use serde_json::json;
use shared::channel::Channel;
use tests::browser::Browser;
use tests::{Chrome, Phones, Relay};
use thirtyfour::Key;

/// Where the card lies once it has glided in: its left and top edge in pixels.
pub async fn place(desk: &Browser) -> (f64, f64) {
    tests::wait::until("the card at rest", || async {
        let card = desk.see("offer-card").await;
        let moving = "return arguments[0].getAnimations().length";
        let moving = desk.driver.execute(moving, vec![card.to_json().ok()?]).await.ok()?;
        let rect = card.rect().await.ok()?;
        (moving.json() == 0).then_some((rect.x, rect.y))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accept_at_once_and_one_has_the_tab() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let petr = chrome.desk(&relay, "petr").await;
    phones.customer(Channel::WhatsApp).write("Hello").await;
    eva.click("nav-waiting").await;
    petr.click("nav-waiting").await;
    let (a, b) = (eva.see("waiting-accept").await, petr.see("waiting-accept").await);
    // Whoever is second may find the row gone: that is the race.
    let (_, _) = tokio::join!(a.click(), b.click());
    tests::wait::until("one tab in all", || async {
        (eva.count("tab").await + petr.count("tab").await == 1).then_some(())
    })
    .await;
    tests::wait::until("no card left", || async {
        (eva.count("offer-accept").await + petr.count("offer-accept").await == 0).then_some(())
    })
    .await;
    assert_eq!(eva.count("tab").await + petr.count("tab").await, 1);
    assert_eq!(eva.count("pause-banner").await + petr.count("pause-banner").await, 0, "nobody is punished");
    eva.quit().await;
    petr.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admins_links_lead_out_beside_an_offer_that_rings_on() {
    let relay = Relay::start().await;
    let admin = relay.token("admin").await;
    for mut queue in relay.get(&admin, "/api/v1/queues").await.as_array().unwrap().clone() {
        let url = format!("{}/api/v1/queues/{}", relay.base, queue["id"].as_str().unwrap());
        queue["links"] = json!([
            { "title": "Order", "url": "https://shop.example/orders?for={{contact.name}}" },
            { "title": "Returns", "url": "https://shop.example/returns/{{activity.id}}" },
            { "title": "Map", "url": "https://maps.example/?q={{contact.address}}" },
        ]);
        let saved = tests::relay::client().put(&url).bearer_auth(&admin).json(&queue).send().await.unwrap();
        assert!(saved.status().is_success(), "{}", saved.text().await.unwrap());
    }
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    phones.create(Channel::WhatsApp, "Jan & syn?").await.write("Hello").await;
    let button = eva.see("offer-link").await;
    let address = button.attr("href").await.unwrap();
    assert_eq!(address.as_deref(), Some("https://shop.example/orders?for=Jan%20%26%20syn%3F"));
    eva.click("offer-links").await;
    eva.see("offer-further").await;
    let further = "return [...document.querySelectorAll('[data-testid=offer-further]')].map((one) =>
        [one.textContent, new URL(one.href).host, one.target, one.rel])";
    let further = eva.driver.execute(further, vec![]).await.unwrap();
    let out = |title: &str, host: &str| json!([title, host, "_blank", "noopener noreferrer"]);
    assert_eq!(further.json(), &json!([out("Returns", "shop.example"), out("Map", "maps.example")]));
    // The keys go through the menu and leave it; the offer is neither taken nor refused.
    eva.press(Key::Down + "").await;
    eva.press(Key::Escape + "").await;
    eva.gone("offer-further").await;
    // They are at hand in the chat as well, for as long as it is worked on.
    eva.click("offer-accept").await;
    let button = eva.see("chat-link").await.attr("href").await.unwrap();
    assert_eq!(button, address, "the same as on the card");
    eva.click("chat-links").await;
    eva.see_text("chat-further", "Returns").await;
    eva.press(Key::Escape + "").await;
    eva.shoot("chat-links").await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_goes_where_it_is_dragged_and_stays_on_the_screen() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    phones.customer(Channel::Messenger).write("Hello").await;
    let before = place(&eva).await;
    let handle = eva.see("offer-handle").await;
    eva.driver
        .action_chain()
        .click_and_hold_element(&handle)
        .move_by_offset(-80, 40)
        .move_by_offset(-220, 160)
        .release()
        .perform()
        .await
        .unwrap();
    let after = place(&eva).await;
    assert!(
        (before.0 - after.0 - 300.0).abs() < 3.0 && (after.1 - before.1 - 200.0).abs() < 3.0,
        "{before:?} → {after:?}"
    );
    let handle = eva.see("offer-handle").await;
    eva.driver
        .action_chain()
        .click_and_hold_element(&handle)
        .move_by_offset(-500, 300)
        .release()
        .perform()
        .await
        .unwrap();
    let (x, y) = place(&eva).await;
    assert!(x >= 0.0 && y + 100.0 < 900.0, "clamped: {x}, {y}");
    // By keyboard, too.
    eva.see("offer-handle").await.focus().await.unwrap();
    eva.see("offer-handle").await.send_keys(thirtyfour::Key::Right + "").await.unwrap();
    tests::wait::until("a step to the right", || async { (place(&eva).await.0 > x).then_some(()) }).await;
    // The place is kept over a reload, and the offer with it.
    let kept = place(&eva).await;
    eva.driver.refresh().await.unwrap();
    tests::wait::until("the card where it was", || async {
        let again = place(&eva).await;
        // At the lower edge the card moves up by a line as its words arrive.
        ((kept.0 - again.0).abs() < 3.0 && (kept.1 - again.1).abs() < 12.0).then_some(())
    })
    .await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn minimised_it_waits_in_the_list_and_rejected_it_pauses() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    phones.customer(Channel::Viber).write("Hello").await;
    eva.click("offer-minimise").await;
    eva.gone("offer-card").await;
    eva.see_text("waiting-badge", "1").await;
    eva.click("nav-waiting").await;
    eva.see_text("waiting-row", "Lucie Horáková").await;
    eva.click("waiting-reject").await;
    eva.see_text("pause-banner", "Inactive").await;
    eva.click("back-to-work").await;
    eva.gone("pause-banner").await;
    eva.see_text("presence", "Ready").await;
    eva.no_complaints().await;
    eva.quit().await;
}
