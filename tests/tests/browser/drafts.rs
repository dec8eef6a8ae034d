//! Drafts: on every device of their agent, and never of what was sent.

use shared::channel::Channel;
use tests::wait::until;
use tests::{Chrome, Phones, Relay};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_begun_on_one_device_is_gone_on_with_on_another_and_sent_once() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let customer = Phones::of(&relay).customer(Channel::WhatsApp);
    customer.write("Hello").await;
    let desk = chrome.desk(&relay, "eva").await;
    desk.click("offer-accept").await;
    desk.write("composer", "A reply that").await;
    // A browser that knew nothing of it.
    let laptop = chrome.desk(&relay, "eva").await;
    laptop.click("tab").await;
    let has = |words: &'static str| {
        let laptop = &laptop;
        async move { until(words, || async { (laptop.value("composer").await == words).then_some(()) }).await }
    };
    has("A reply that").await;
    // Live, while both are open.
    desk.write("composer", " goes on").await;
    has("A reply that goes on").await;
    laptop.enter("composer").await;
    customer.shows("A reply that goes on").await;
    until("no draft on the first device", || async { desk.value("composer").await.is_empty().then_some(()) })
        .await;
    // Nor on a third, and the customer has got it once.
    let phone = chrome.desk(&relay, "eva").await;
    phone.click("tab").await;
    phone.see_text("bubble", "A reply that goes on").await;
    assert_eq!(phone.value("composer").await, "");
    for browser in [desk, laptop, phone] {
        browser.no_complaints().await;
        browser.quit().await;
    }
}
