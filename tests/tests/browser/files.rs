//! Customers' files in the desk: pictures are drawn, films load and files are saved over the origin of their own, under the policy that browsers enforce.

use serde_json::json;
use shared::channel::Channel;
use tests::{Chrome, Phones, Relay};
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_drawn_from_the_content_origin_and_nothing_of_it_is_the_desks() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = Phones::of(&relay).customer(Channel::WhatsApp);
    customer.write("Look").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Look").await;
    customer.send_file("image", &json!({ "name": "dog.jpg" })).await;
    let photo = eva.see("photo").await;
    let drawn = "const image = document.querySelector('[data-testid=photo] img'); \
                 return image.complete ? image.naturalWidth : 0";
    tests::wait::until("the picture to be drawn", || async {
        let width = eva.driver.execute(drawn, Vec::new()).await.ok()?.convert::<u64>().ok()?;
        (width > 0).then_some(())
    })
    .await;
    eva.shoot("photo-from-content-origin").await;
    // The browser went where the redirect led: the picture came from the other origin.
    let from = "return performance.getEntriesByType('resource').map(one => one.name)\
                .filter(name => name.includes('/attachments/'))";
    let asked: Vec<String> = eva.driver.execute(from, Vec::new()).await.unwrap().convert().unwrap();
    assert!(asked.iter().any(|name| name.ends_with("/preview")), "{asked:?}");
    // A picture of the desk's own origin could be read back from a canvas; one of another origin must not.
    let read = "const image = document.querySelector('[data-testid=photo] img'); \
                const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1; \
                const context = canvas.getContext('2d'); context.drawImage(image, 0, 0); \
                try { context.getImageData(0, 0, 1, 1); return 'read'; } catch (error) { return error.name; }";
    let read: String = eva.driver.execute(read, Vec::new()).await.unwrap().convert().unwrap();
    assert_eq!(read, "SecurityError", "the picture is of another origin");
    // As large as the window, with a way to save it, and Escape leads back.
    photo.click().await.unwrap();
    eva.see("viewer-picture").await;
    eva.shoot("viewer").await;
    let save = eva.see("viewer-save").await.attr("href").await.unwrap().unwrap();
    assert!(save.starts_with("api/v1/attachments/"), "{save}");
    customer.send_file("image", &json!({ "name": "cat.jpg" })).await;
    tests::wait::until("the second picture", || async { (eva.count("photo").await == 2).then_some(()) })
        .await;
    let shown = || async { eva.see("viewer-picture").await.attr("src").await.unwrap().unwrap() };
    let first = shown().await;
    eva.press(Key::Right + "").await;
    tests::wait::until("the next picture", || async { (shown().await != first).then_some(()) }).await;
    eva.press(Key::Left + "").await;
    tests::wait::until("the one before", || async { (shown().await == first).then_some(()) }).await;
    eva.press(Key::Escape + "").await;
    eva.gone("viewer-picture").await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_is_played_from_the_content_origin() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    let customer = Phones::of(&relay).customer(Channel::Messenger);
    customer.write("Listen").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Listen").await;
    customer.send_file("audio", &json!({ "mime": "audio/wav" })).await;
    eva.see("audio").await;
    let load = "document.querySelector('[data-testid=audio]').load(); \
                document.querySelector('[data-testid=audio]').preload = 'auto';";
    eva.driver.execute(load, Vec::new()).await.unwrap();
    let length = "return document.querySelector('[data-testid=audio]').duration || 0";
    tests::wait::until("the sound's length", || async {
        let seconds = eva.driver.execute(length, Vec::new()).await.ok()?.convert::<f64>().ok()?;
        (seconds > 0.5).then_some(())
    })
    .await;
    eva.no_complaints().await;
    eva.quit().await;
}
