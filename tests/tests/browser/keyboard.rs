//! The desk without a mouse: the palette finds and does everything, shortcuts go everywhere, and the sheet names them.

use shared::channel::Channel;
use tests::browser::Browser;
use tests::wait::until;
use tests::{Chrome, Phones, Relay};
use thirtyfour::Key;

/// The focus is in a text field: keys go there and nowhere else.
async fn blurred(desk: &Browser) {
    desk.driver.execute("document.activeElement?.blur()", Vec::new()).await.unwrap();
}

async fn palette(desk: &Browser, letters: &str) {
    desk.chord(Key::Control, 'k').await;
    desk.see("palette-field").await;
    desk.press(letters).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_finds_screens_people_and_actions() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    palette(&eva, "wait").await;
    eva.shoot("palette-light").await;
    eva.press(Key::Enter + "").await;
    eva.see("waiting-empty").await;
    eva.gone("palette-field").await;
    // Escape leaves everything as it is.
    palette(&eva, "dark").await;
    eva.press(Key::Escape + "").await;
    eva.gone("palette-field").await;
    // Whoever waits is found by a name without its marks, and taken from here.
    phones.create(Channel::Viber, "Žofie Nováčková").await.write("Ahoj").await;
    eva.see_text("offer-card", "Žofie").await;
    palette(&eva, "zofie novackova").await;
    eva.see_text("palette-item", "Žofie Nováčková").await;
    eva.press(Key::Enter + "").await;
    eva.see_text("chat-customer", "Žofie Nováčková").await;
    // From inside the composer too; what is typed there stays.
    eva.write("composer", "half a word").await;
    palette(&eva, "lunch").await;
    eva.see("palette-item").await;
    eva.press(Key::Enter + "").await;
    eva.attribute("presence", "data-state", "paused").await;
    assert_eq!(eva.value("composer").await, "half a word");
    palette(&eva, "back to").await;
    eva.press(Key::Enter + "").await;
    eva.attribute("presence", "data-state", "ready").await;
    palette(&eva, "qqqq").await;
    until("that nothing fits", || async { (eva.count("palette-item").await == 0).then_some(()) }).await;
    eva.press(Key::Escape + "").await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shortcuts_go_everywhere_and_the_sheet_names_them() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    blurred(&eva).await;
    eva.press("?").await;
    eva.see("shortcuts").await;
    eva.shoot("shortcuts-light").await;
    eva.press(Key::Escape + "").await;
    eva.gone("shortcuts").await;
    eva.press("gw").await;
    eva.see("waiting-empty").await;
    eva.press("gs").await;
    eva.see("settings-page").await;
    eva.press("ga").await;
    eva.see("activities").await;
    eva.press("gd").await;
    eva.see("dashboard").await;
    for (channel, name) in [(Channel::WhatsApp, "Adam"), (Channel::Viber, "Berta")] {
        phones.create(channel, name).await.write("Hello").await;
        eva.see_text("offer-card", name).await;
        eva.chord(Key::Alt, 'a').await;
        eva.gone("offer-card").await;
        eva.see_text("tab", name).await;
    }
    eva.chord(Key::Alt, '2').await;
    eva.see_text("chat-customer", "Berta").await;
    eva.chord(Key::Alt, '1').await;
    eva.see_text("chat-customer", "Adam").await;
    // In a text field letters are letters.
    eva.write("composer", "gw?p").await;
    assert_eq!(eva.value("composer").await, "gw?p");
    eva.see_text("chat-customer", "Adam").await;
    blurred(&eva).await;
    eva.press("p").await;
    eva.see("pause-item").await;
    eva.no_complaints().await;
    eva.quit().await;
}
