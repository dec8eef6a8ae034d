//! The whole conversation on each channel, as an agent lives it: log in, it rings, accept, answer, delivered, seen, status, close, again.

use shared::channel::Channel;
use tests::{Chrome, Phones, Relay};

async fn whole(channel: Channel, name: &str) {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let petr = chrome.desk(&relay, "petr").await;
    let customer = phones.customer(channel);

    // It rings at one of the two; whoever it is answers.
    customer.write("Dobrý den, kde je moje zásilka?").await;
    let desk = tests::wait::until("the black card at one of them", || async {
        for desk in [&eva, &petr] {
            if desk.count("offer-card").await > 0 {
                return Some(desk);
            }
        }
        None
    })
    .await;
    let other = if std::ptr::eq(desk, &raw const eva) { &petr } else { &eva };
    desk.see_text("offer-card", "kde je moje zásilka").await;
    desk.see_text("offer-card", name).await;
    desk.click("offer-accept").await;
    desk.see_text("tab", name).await;
    desk.gone("offer-card").await;
    assert_eq!(other.count("offer-card").await, 0, "one ring at a time");
    desk.see_text("bubble", "kde je moje zásilka").await;

    desk.write("composer", "Hned se podívám.").await;
    desk.enter("composer").await;
    desk.see_text("bubble", "Hned se podívám.").await;
    customer.shows("Hned se podívám.").await;
    if channel.capabilities().tells_delivered {
        desk.attribute("bubble", "data-delivery", "delivered").await;
    } else {
        desk.attribute("bubble", "data-delivery", "sent").await;
    }
    customer.read().await;
    desk.attribute("bubble", "data-delivery", "seen").await;

    // Closing without a status says so and does nothing.
    desk.click("close").await;
    desk.see_text("status-error", "Choose a status").await;
    assert_eq!(desk.count("tab").await, 1);
    // Chosen and closed in one breath, before the relay has told the choice back.
    desk.choose("status", 1).await;
    desk.click("close").await;
    desk.gone("tab").await;

    customer.write("Ještě něco").await;
    tests::wait::until("the card of a new chat", || async {
        (eva.count("offer-card").await + petr.count("offer-card").await > 0).then_some(())
    })
    .await;
    for desk in [eva, petr] {
        desk.no_complaints().await;
        desk.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messenger() {
    whole(Channel::Messenger, "Jana Malá").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatsapp() {
    whole(Channel::WhatsApp, "Petr Novák").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn viber() {
    whole(Channel::Viber, "Lucie Horáková").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn instagram() {
    whole(Channel::Instagram, "Tomáš Dvořák").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_login_says_so_and_keeps_the_name() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let page = chrome.open(&format!("{}/", relay.base), tests::browser::DESKTOP).await;
    page.write("login-name", "eva").await;
    page.write("login-password", "wrong").await;
    page.enter("login-password").await;
    page.see("login-error").await;
    let kept = page.see("login-name").await.prop("value").await.unwrap();
    assert_eq!(kept.as_deref(), Some("eva"));
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_and_foreign_texts_are_shown_as_they_are() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.create(Channel::Viber, "<img src=x onerror=alert(1)>").await;
    customer.write("<script>document.title='taken'</script>").await;
    eva.see_text("offer-card", "<img src=x").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "<script>document.title").await;
    customer.write("שלום עולם").await;
    eva.see_text("bubble", "שלום עולם").await;
    let long = "word ".repeat(300);
    customer.write(&long).await;
    eva.see_text("bubble", "word word word").await;
    eva.write("composer", "   ").await;
    eva.enter("composer").await;
    let outgoing = eva
        .driver
        .find_all(thirtyfour::By::Css("[data-testid=\"bubble\"][data-side=\"agent\"]"))
        .await
        .unwrap();
    assert!(outgoing.is_empty(), "blanks are not sent");
    eva.no_complaints().await;
    eva.quit().await;
}
