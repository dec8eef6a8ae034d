//! Cards over any screen: over a picture as large as the window, over dialogs, and still there when those are gone.

use serde_json::json;
use shared::channel::Channel;
use tests::Scene;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread")]
async fn a_card_lies_over_a_picture_and_over_a_dialog_and_can_be_pressed() {
    let scene = Scene::begin().await;
    let eva = &scene.eva;
    let customer = scene.chat(Channel::WhatsApp, "Look").await;
    customer.send_file("image", &json!({ "name": "dog.jpg" })).await;
    eva.see("photo").await.click().await.unwrap();
    eva.see("viewer-picture").await;
    scene.phones.create(Channel::Viber, "Berta").await.write("Hello").await;
    eva.see_text("offer-card", "Berta").await;
    eva.shoot("offer-over-picture").await;
    // The picture goes by the way back, with everything that is in its window; the card stays.
    eva.driver.back().await.unwrap();
    eva.gone("viewer-picture").await;
    eva.see_text("offer-card", "Berta").await;
    eva.press("?").await;
    eva.see("shortcuts").await;
    eva.see_text("offer-card", "Berta").await;
    eva.press(Key::Escape + "").await;
    eva.gone("shortcuts").await;
    eva.press("?").await;
    eva.see("shortcuts").await;
    // A real click: it would fail on what lies under a dialog.
    eva.see("offer-accept").await.click().await.unwrap();
    eva.see_text("tab", "Berta").await;
    eva.gone("offer-card").await;
    scene.end().await;
}
