//! The edges of the message screen: long histories, texts over the limit, half-composed words, many cards, many tabs.

use serde_json::{Value, json};
use shared::channel::Channel;
use tests::browser::{Browser, DESKTOP, View};
use tests::wait::until;
use tests::{Chrome, Phones, Relay, Scene};
use thirtyfour::{By, Key};

/// What a script answers.
async fn ask(desk: &Browser, script: &str) -> Value {
    desk.driver.execute(script, vec![]).await.unwrap().json().clone()
}

/// How many messages of the agent are drawn.
async fn sent(desk: &Browser) -> usize {
    let bubbles = "[data-testid=\"bubble\"][data-side=\"agent\"]";
    desk.driver.find_all(By::Css(bubbles)).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn older_lines_come_in_above_what_is_read_and_newer_ones_below() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("the first line").await;
    eva.click("offer-accept").await;
    for n in 2..=70 {
        customer.write(&format!("line {n} of many")).await;
    }
    eva.see_text("bubble", "line 70 of many").await;
    eva.no_complaints().await;
    eva.quit().await;
    // On another device only the newest page is here.
    let eva = chrome.desk(&relay, "eva").await;
    eva.click("tab").await;
    eva.see_text("bubble", "line 70 of many").await;
    ask(&eva, "document.querySelector('[data-testid=history]').scrollTop = 0").await;
    let at = "const line = [...document.querySelectorAll('[data-testid=bubble]')]
        .find((one) => one.textContent.includes('line 40 of many')); return line.getBoundingClientRect().top";
    let before = ask(&eva, at).await.as_f64().unwrap();
    eva.click("load-older").await;
    eva.see_text("bubble", "the first line").await;
    eva.gone("load-older").await;
    until("the line that was read where it was, but for the button that went", || async {
        ((ask(&eva, at).await.as_f64()? - before).abs() < 60.0).then_some(())
    })
    .await;

    ask(&eva, "document.querySelector('[data-testid=history]').scrollTop = 0").await;
    customer.write("one more below").await;
    eva.see_text("newest", "1").await;
    let top = "return document.querySelector('[data-testid=history]').scrollTop";
    assert_eq!(ask(&eva, top).await, 0, "nothing moved what is read");
    eva.click("newest").await;
    eva.gone("newest").await;
    let rest = "const box = document.querySelector('[data-testid=history]');
        return box.scrollHeight - box.clientHeight - box.scrollTop";
    until("the end of the history", || async { (ask(&eva, rest).await.as_f64()? < 2.0).then_some(()) }).await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_long_history_only_what_is_near_is_drawn_and_nothing_jumps() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("the first line").await;
    eva.click("offer-accept").await;
    for n in 2..=600 {
        customer.write(&format!("line {n} of many")).await;
    }
    eva.see_text("bubble", "line 600 of many").await;
    assert!(eva.count("bubble").await < 250, "what is far is not drawn");
    // Up through everything, a screen at a time: each line is seen once it is in sight, and none is missing.
    let climb = eva.climb().await;
    assert_eq!(climb.seen.len(), 600);
    assert!(climb.drawn < 250, "what was left is not drawn any more: {} bubbles", climb.drawn);
    // What is read stays where it is while the customer goes on writing.
    let at = "const line = [...document.querySelectorAll('[data-testid=bubble]')]
        .find((one) => one.textContent.includes('line 5 of many')); return line.getBoundingClientRect().top";
    let before = ask(&eva, at).await;
    for n in 601..=640 {
        customer.write(&format!("line {n} of many")).await;
    }
    eva.see_text("newest", "40").await;
    assert_eq!(ask(&eva, at).await, before);
    eva.click("newest").await;
    eva.see_text("bubble", "line 640 of many").await;
    eva.gone("newest").await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_over_the_limit_and_a_half_composed_word_are_not_sent() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    phones.customer(Channel::Instagram).write("Ahoj").await;
    eva.click("offer-accept").await;
    let field = eva.see("composer").await;

    // Enter inside an input method takes the word over, it does not send.
    eva.write("composer", "nihongo").await;
    let composing = "arguments[0].dispatchEvent(new KeyboardEvent('keydown',
        { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))";
    eva.driver.execute(composing, vec![field.to_json().unwrap()]).await.unwrap();
    assert_eq!(sent(&eva).await, 0);
    // Shift and Enter begin a new line.
    field.send_keys(Key::Shift + Key::Enter).await.unwrap();
    assert_eq!(field.prop("value").await.unwrap().as_deref(), Some("nihongo\n"));

    // Instagram counts bytes: 495 letters of two bytes and the eight from above are 998.
    eva.write("composer", &"ž".repeat(495)).await;
    let counter = || eva.see_by(By::Css(".counter"), "the counter");
    until("2 bytes left", || async { counter().await.text().await.ok()?.contains('2').then_some(()) }).await;
    eva.write("composer", "žž").await;
    eva.see_text("composer-note", "1000").await;
    eva.enter("composer").await;
    eva.click("send").await;
    assert_eq!(sent(&eva).await, 0, "it is too long");
    let kept = field.prop("value").await.unwrap().unwrap();
    assert_eq!(kept.matches('ž').count(), 497, "nothing is cut off");
    field.send_keys(Key::Backspace + "").await.unwrap();
    eva.enter("composer").await;
    until("it sent once it fits", || async { (sent(&eva).await == 1).then_some(()) }).await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_cards_lie_on_each_other_and_say_who_was_first() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    for channel in [Channel::WhatsApp, Channel::Messenger, Channel::Viber] {
        phones.customer(channel).write("Hello").await;
    }
    until("three cards", || async { (eva.count("offer-card").await == 3).then_some(()) }).await;
    for depth in ["0", "1", "2"] {
        eva.attribute("offer-card", "data-depth", depth).await;
    }
    eva.shoot("cards-light").await;
    let petr = chrome.desk(&relay, "petr").await;
    petr.click("nav-waiting").await;
    petr.see("waiting-row").await;
    petr.click("waiting-accept").await;
    eva.see_text("offer-over", "Petr").await;
    until("two cards left", || async { (eva.count("offer-card").await == 2).then_some(()) }).await;
    assert_eq!(eva.count("pause-banner").await, 0, "nobody is punished for a colleague's speed");
    // Minimised, they stay so over a reload.
    eva.click("offer-minimise").await;
    until("one card left", || async { (eva.count("offer-card").await == 1).then_some(()) }).await;
    eva.driver.refresh().await.unwrap();
    eva.see_text("waiting-badge", "2").await;
    until("still one card", || async { (eva.count("offer-card").await == 1).then_some(()) }).await;
    petr.quit().await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_that_do_not_fit_are_in_a_menu() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    for n in 1..=6 {
        phones.create(Channel::Viber, &format!("Customer number {n}")).await.write("Hello").await;
        eva.click("offer-accept").await;
        until("one tab more", || async { (eva.count("tab").await == n).then_some(()) }).await;
    }
    eva.resize(View { width: 700, ..DESKTOP }).await;
    eva.click("tabs-more").await;
    let item = eva.see_by(By::Css("[role=menuitem]"), "a tab in the menu").await;
    let name = item.text().await.unwrap().lines().next().unwrap().to_owned();
    eva.shoot("tabs-light").await;
    // By the keyboard: while the tabs are still being measured, others may come before this one, and a pointer would
    // meet them.
    item.send_keys(Key::Enter).await.unwrap();
    eva.see_text("chat-customer", &name).await;
    let here = "[data-testid=\"tab\"][aria-selected=\"true\"]";
    let tab = eva.see_by(By::Css(here), "the tab that is open").await;
    assert!(tab.text().await.unwrap().contains(&name));
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clicks_send_once_and_a_finger_s_enter_begins_a_line() {
    let scene = Scene::begin().await;
    let customer = scene.chat(Channel::WhatsApp, "Hello").await;
    let eva = &scene.eva;
    eva.write("composer", "Only once").await;
    let send = eva.see("send").await;
    eva.driver.action_chain().double_click_element(&send).perform().await.unwrap();
    customer.shows("Only once").await;
    // On a screen that is touched, Enter is a line and the button sends.
    eva.cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await;
    eva.driver.refresh().await.unwrap();
    eva.see_text("bubble", "Only once").await;
    eva.write("composer", "one").await;
    eva.press(Key::Enter + "").await;
    eva.press("two").await;
    assert_eq!(eva.value("composer").await, "one\ntwo");
    assert_eq!(eva.count("bubble").await, 2, "nothing was sent");
    eva.click("send").await;
    customer.shows("one\ntwo").await;
    assert_eq!(customer.times("Only once").await, 1);
    scene.end().await;
}
