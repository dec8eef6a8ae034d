//! The way out of a chat: the questions before it, its keys, what closing does when a message before it was refused.

use shared::channel::Channel;
use tests::Scene;
use tests::wait::until;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread")]
async fn closing_asks_before_words_are_lost_and_when_the_customer_wrote_again() {
    let scene = Scene::begin().await;
    let customer = scene.chat(Channel::WhatsApp, "Hello").await;
    let eva = &scene.eva;
    eva.choose("status", 1).await;
    eva.write("composer", "Half an answer").await;
    eva.chord(Key::Alt, 'c').await;
    eva.see("doubt-stay").await;
    eva.shoot("closing-unsent").await;
    eva.click("doubt-stay").await;
    assert_eq!(eva.value("composer").await, "Half an answer", "nothing happened");
    // The customer writes while the agent looks elsewhere: what was not seen is not closed away.
    eva.click("nav-activities").await;
    eva.see("activities").await;
    customer.write("One more thing").await;
    eva.chord(Key::Alt, '1').await;
    eva.see_text("bubble", "One more thing").await;
    eva.chord(Key::Alt, 'c').await;
    eva.click("doubt-close").await;
    eva.gone("tab").await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_palette_reject_choose_a_status_move_a_tab_and_close() {
    let scene = Scene::begin().await;
    let eva = &scene.eva;
    scene.chat(Channel::WhatsApp, "Hello").await;
    let second = scene.phones.create(Channel::Viber, "Berta").await;
    second.write("And I").await;
    eva.click("offer-accept").await;
    eva.see_text("tab", "Berta").await.click().await.unwrap();
    eva.see_text("bubble", "And I").await;
    let first = || async {
        eva.driver.find_all(thirtyfour::By::Css("[data-testid=tab]")).await.unwrap()[0].text().await.unwrap()
    };
    assert!(first().await.contains("Petr"), "in the order of acceptance");
    palette(eva, "move this chat back").await;
    until("the tab in front", || async { first().await.contains("Berta").then_some(()) }).await;
    // From inside the composer.
    eva.write("composer", "").await;
    eva.chord(Key::Alt, 's').await;
    let active = eva.driver.active_element().await.unwrap();
    assert_eq!(active.attr("data-testid").await.unwrap().as_deref(), Some("status"));
    palette(eva, "solved").await;
    until("the status", || async { (!eva.value("status").await.is_empty()).then_some(()) }).await;
    palette(eva, "close the open chat").await;
    until("one tab left", || async { (eva.count("tab").await == 1).then_some(()) }).await;
    scene.phones.create(Channel::WhatsApp, "Cyril").await.write("Anybody?").await;
    eva.see_text("offer-card", "Cyril").await;
    eva.chord(Key::Alt, 'r').await;
    eva.gone("offer-card").await;
    scene.end().await;
}

async fn palette(desk: &tests::browser::Browser, words: &str) {
    desk.chord(Key::Control, 'k').await;
    desk.see("palette-field").await;
    desk.press(words).await;
    desk.see("palette-item").await;
    desk.press(Key::Enter + "").await;
    desk.gone("palette-field").await;
}
