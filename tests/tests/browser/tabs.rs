//! Tabs: where they are put, by hand and by keys, and how they call.

use serde_json::json;
use shared::channel::Channel;
use tests::browser::Browser;
use tests::wait::until;
use tests::{Chrome, Phones, Relay};
use thirtyfour::{By, Key};

/// Waits until the tabs stand in this order.
async fn stand(browser: &Browser, names: [&str; 3]) {
    until(&format!("{names:?}"), async || {
        let mut found = Vec::new();
        for tab in browser.driver.find_all(By::Css(".tab-name")).await.unwrap() {
            found.push(tab.text().await.unwrap_or_default());
        }
        (found == names).then_some(())
    })
    .await;
}

/// Presses on a tab, moves it onto the middle of another one and a little further; lets go or not.
async fn drag(browser: &Browser, from: usize, to: usize, lets_go: bool) {
    let tabs = browser.driver.find_all(By::Css("[data-testid=tab]")).await.unwrap();
    let chain = browser.driver.action_chain();
    let right = if from < to { 12 } else { -12 };
    let chain = chain
        .move_to_element_center(&tabs[from])
        .click_and_hold()
        .move_by_offset(right, 0)
        .move_to_element_center(&tabs[to])
        .move_by_offset(right, 0);
    // A frame passes between two places of a pointer that a hand moves.
    let chain = chain.move_by_offset(right, 0);
    let chain = if lets_go { chain.release() } else { chain };
    chain.perform().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_stay_where_they_are_put_by_hand_or_by_keys() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    for (channel, name) in
        [(Channel::WhatsApp, "Adam"), (Channel::Viber, "Berta"), (Channel::Messenger, "Cyril")]
    {
        phones.create(channel, name).await.write("Hello").await;
        eva.see_text("offer-card", name).await;
        eva.click("offer-accept").await;
        eva.gone("offer-card").await;
        eva.see_text("tab", name).await;
    }
    eva.click("nav-waiting").await;
    stand(&eva, ["Adam", "Berta", "Cyril"]).await;
    drag(&eva, 0, 2, true).await;
    stand(&eva, ["Berta", "Cyril", "Adam"]).await;
    // The end of a drag is no click: nothing was opened.
    eva.see("waiting-empty").await;
    drag(&eva, 2, 0, false).await;
    stand(&eva, ["Adam", "Berta", "Cyril"]).await;
    eva.shoot("tab-dragged").await;
    // Called off, it is where it was.
    eva.press(Key::Escape + "").await;
    stand(&eva, ["Berta", "Cyril", "Adam"]).await;
    eva.driver.action_chain().release().perform().await.unwrap();
    eva.driver.refresh().await.unwrap();
    stand(&eva, ["Berta", "Cyril", "Adam"]).await;
    // By keys, and the focus goes with it.
    eva.click("tab").await;
    eva.see_text("chat-customer", "Berta").await;
    eva.driver.execute("document.querySelector('[data-testid=tab]').focus()", vec![]).await.unwrap();
    for names in [["Cyril", "Berta", "Adam"], ["Cyril", "Adam", "Berta"], ["Cyril", "Adam", "Berta"]] {
        let keys = eva.driver.action_chain().key_down(Key::Shift).send_keys(Key::Right).key_up(Key::Shift);
        keys.perform().await.unwrap();
        stand(&eva, names).await;
    }
    // And the keys of a tab are those of its place.
    eva.chord(Key::Alt, '2').await;
    eva.see_text("chat-customer", "Adam").await;
    eva.no_complaints().await;
    eva.quit().await;
}

/// How a tab that flashes is drawn: what it moves by, the seconds of one flash, and its colour.
async fn flash(browser: &Browser) -> (String, f64, String) {
    let script = "const { animationName, animationDuration, backgroundColor } =
            getComputedStyle(document.querySelector('[data-testid=tab][data-flash]'));
        return [animationName, parseFloat(animationDuration), backgroundColor]";
    browser.driver.execute(script, Vec::new()).await.unwrap().convert().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_flashes_slowly_and_stands_in_red_where_nothing_may_move() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    eva.click("nav-waiting").await;
    customer.write("Still there?").await;
    eva.attribute("tab", "data-flash", "").await;
    let (moves, seconds, _) = flash(&eva).await;
    assert_eq!(moves, "flash");
    assert!(seconds >= 0.5, "at most two a second (WCAG 2.3.1 allows three): {seconds} s");
    let still = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
    eva.cdp("Emulation.setEmulatedMedia", still).await;
    let (moves, _, colour) = flash(&eva).await;
    let parts: Vec<i32> =
        colour.split(|one: char| !one.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    assert_eq!(moves, "none");
    assert!(parts[0] > 2 * parts[1] && parts[0] > 2 * parts[2], "red, and not {colour}");
    // Whoever looks at it has seen it.
    eva.click("tab").await;
    let flashing = "return document.querySelectorAll('[data-flash]').length";
    until("no tab to flash", async || {
        let left = eva.driver.execute(flashing, Vec::new()).await.ok()?;
        (left.json() == &json!(0)).then_some(())
    })
    .await;
    eva.no_complaints().await;
    eva.quit().await;
}
