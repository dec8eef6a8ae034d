//! What is heard: once for an offer, at most once in two seconds for a chat, as loud as is liked, and in one tab alone.

use serde_json::Value;
use shared::channel::Channel;
use tests::browser::Browser;
use tests::wait::until;
use tests::{Chrome, Phones, Relay};
use thirtyfour::By;

/// Notes every sound that is begun, with its volume; a browser without a loudspeaker plays none.
const LISTEN: &str = "window.heard = [];
    HTMLMediaElement.prototype.play = function () {
        window.heard.push([this.src.split('/').pop(), this.volume]);
        return Promise.resolve();
    };";

async fn heard(desk: &Browser) -> Vec<(String, f64)> {
    desk.driver.execute("return window.heard", Vec::new()).await.unwrap().convert().unwrap()
}

async fn listen(desk: &Browser) {
    desk.driver.execute(LISTEN, Vec::new()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_heard_once_and_a_chat_at_most_once_in_two_seconds() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    listen(&eva).await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Hello").await;
    eva.see("offer-card").await;
    until("the offer to be heard", || async { (!heard(&eva).await.is_empty()).then_some(()) }).await;
    assert_eq!(heard(&eva).await, [("offer.wav".to_owned(), 0.7)]);
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    // What is looked at is not heard; elsewhere a burst is heard once.
    customer.write("I see you read").await;
    eva.see_text("bubble", "I see you read").await;
    assert_eq!(heard(&eva).await.len(), 1);
    eva.click("nav-waiting").await;
    eva.see("waiting-empty").await;
    for n in 0..4 {
        customer.write(&format!("more {n}")).await;
    }
    until("all four to be counted", || async {
        eva.see("tab").await.text().await.ok()?.contains('4').then_some(())
    })
    .await;
    let all = heard(&eva).await;
    assert_eq!(all.iter().filter(|(sound, _)| sound == "message.wav").count(), 1, "{all:?}");
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sounds_are_tried_and_turned_off_in_the_settings() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    listen(&eva).await;
    eva.click("me").await;
    eva.click("settings").await;
    eva.click("try-offer").await;
    eva.click("try-message").await;
    let names: Vec<String> = heard(&eva).await.into_iter().map(|(sound, _)| sound).collect();
    assert_eq!(names, ["offer.wav", "message.wav"]);
    // Silence is kept over a reload.
    let slide = "const field = document.querySelector('[data-testid=volume]'); field.value = 0;
        field.dispatchEvent(new Event('input', { bubbles: true }))";
    eva.driver.execute(slide, Vec::new()).await.unwrap();
    eva.driver.refresh().await.unwrap();
    eva.see("settings-page").await;
    assert_eq!(eva.value("volume").await, "0");
    listen(&eva).await;
    Phones::of(&relay).customer(Channel::Viber).write("Hello").await;
    eva.see("offer-card").await;
    eva.click("try-offer").await;
    assert!(heard(&eva).await.is_empty());
    eva.click("offer-minimise").await;
    // A browser that holds sounds back is said to.
    eva.driver.execute(slide.replace("value = 0", "value = 50").as_str(), Vec::new()).await.unwrap();
    let refuse =
        "HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('', 'NotAllowedError'))";
    eva.driver.execute(refuse, Vec::new()).await.unwrap();
    eva.click("try-offer").await;
    eva.see("sounds-banner").await;
    eva.driver.execute(LISTEN, Vec::new()).await.unwrap();
    eva.click("sounds-on").await;
    eva.gone("sounds-banner").await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_of_the_system_are_asked_for_once_and_come_while_another_window_is_in_front() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let origin = relay.base.clone();
    let allow = serde_json::json!({ "origin": origin, "permission": { "name": "notifications" }, "setting": "granted" });
    eva.cdp("Browser.setPermission", allow).await;
    eva.click("me").await;
    eva.click("settings").await;
    eva.see_by(By::Css("[data-testid=try-notice]"), "the button to try one").await;
    // Another window is in front, and what would be shown is noted.
    let away = "window.shown = []; document.hasFocus = () => false;
        const Real = Notification; window.Notification = class { constructor(title, options) {
            window.shown.push([title, options.body]); } static get permission() { return Real.permission } };";
    eva.driver.execute(away, Vec::new()).await.unwrap();
    listen(&eva).await;
    Phones::of(&relay).customer(Channel::WhatsApp).write("a secret of mine").await;
    eva.see("offer-card").await;
    let shown: Value = until("a notice", || async {
        let shown: Value = eva.driver.execute("return window.shown", Vec::new()).await.ok()?.json().clone();
        (!shown.as_array()?.is_empty()).then_some(shown)
    })
    .await;
    assert_eq!(shown.as_array().unwrap().len(), 1);
    let said = shown.to_string();
    assert!(said.contains("Petr Novák is waiting"), "{said}");
    assert!(!said.contains("secret"), "a notice on a locked screen tells no customer's words");
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_devices_the_one_that_was_looked_at_last_is_heard() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let desk = chrome.desk(&relay, "eva").await;
    let laptop = chrome.desk(&relay, "eva").await;
    listen(&desk).await;
    listen(&laptop).await;
    // The relay passes over attention that is said again too soon; the laptop's login was the last to be heard.
    phones.customer(Channel::WhatsApp).write("Hello").await;
    desk.see("offer-card").await;
    laptop.see("offer-card").await;
    until("the offer to be heard at one", || async {
        (heard(&desk).await.len() + heard(&laptop).await.len() == 1).then_some(())
    })
    .await;
    laptop.no_complaints().await;
    laptop.quit().await;
    // The other is gone: the next one is heard here.
    let before = heard(&desk).await.len();
    phones.customer(Channel::Viber).write("Hello").await;
    until("the next offer to be heard here", || async {
        (heard(&desk).await.len() == before + 1).then_some(())
    })
    .await;
    desk.no_complaints().await;
    desk.quit().await;
}
