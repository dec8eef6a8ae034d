//! Screenshots of every screen in light, dark, narrow, at 200 % and in forced colours, saved under `target/screenshots/` to be looked at; one of them is the README's.

use serde_json::json;
use shared::channel::Channel;
use tests::browser::{Browser, DESKTOP, View};
use tests::{Chrome, Phones, Relay};
use thirtyfour::Key;

/// How every screen is looked at.
pub const VIEWS: [(&str, View); 4] = [
    ("light", DESKTOP),
    ("dark", View { dark: true, ..DESKTOP }),
    ("narrow", View { width: 360, height: 740, dark: false, scale: 2.0 }),
    ("zoom", View { width: 720, height: 450, dark: false, scale: 2.0 }),
];

/// Fails where the page is larger than the window, and would so be moved by a wheel as a whole.
async fn fits(desk: &Browser) {
    let script = "const page = document.documentElement; \
        return [page.scrollWidth - page.clientWidth, page.scrollHeight - page.clientHeight]";
    let over: [i64; 2] = desk.driver.execute(script, Vec::new()).await.unwrap().convert().unwrap();
    assert_eq!(over, [0, 0], "the page is wider or higher than the window");
}

/// The same with the colours of a system that allows but a few.
const CONTRAST: (&str, View) = ("contrast", DESKTOP);

#[tokio::test(flavor = "multi_thread")]
async fn every_screen() {
    for (name, view) in VIEWS.into_iter().chain([CONTRAST]) {
        let relay = Relay::start().await;
        let phones = Phones::of(&relay);
        let chrome = Chrome::start().await;
        let eva = chrome.open(&format!("{}/", relay.base), view).await;
        if name == CONTRAST.0 {
            let colours = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
            eva.cdp("Emulation.setEmulatedMedia", colours).await;
        }
        eva.see("login-demo-eva").await;
        eva.shoot(&format!("login-{name}")).await;
        eva.click("login-demo-eva").await;
        eva.see("presence").await;
        eva.see("coach").await;
        eva.shoot(&format!("coach-{name}")).await;
        fits(&eva).await;
        eva.click("coach-close").await;
        eva.click("notices-later").await;
        eva.click("nav-waiting").await;
        eva.see("waiting-empty").await;
        eva.shoot(&format!("waiting-empty-{name}")).await;
        fits(&eva).await;

        let petr = phones.customer(Channel::WhatsApp);
        petr.write("Dobrý den, kde je moje zásilka? Měla přijít včera.").await;
        eva.see_text("offer-card", "Petr Novák").await;
        eva.shoot(&format!("offer-{name}")).await;
        fits(&eva).await;
        eva.click("offer-accept").await;
        eva.see("composer").await;
        petr.write("Číslo je 48 213.").await;
        eva.see_text("bubble", "48 213").await;
        eva.write("composer", "Dobrý den, hned se podívám.").await;
        eva.enter("composer").await;
        petr.shows("Dobrý den, hned se podívám.").await;
        petr.read().await;
        eva.attribute("bubble", "data-delivery", "seen").await;
        eva.write("composer", "Zásilka je na depu v Brně, doručení dnes mezi 14:00 a 16:00.").await;
        eva.enter("composer").await;
        eva.see_text("bubble", "na depu v Brně").await;
        eva.write("composer", "Mohu pro Vás ještě něco udělat?").await;
        let jana = phones.customer(Channel::Messenger);
        jana.write("Dobrý den, můžu ještě změnit adresu doručení?").await;
        eva.see_text("offer-card", "Jana Malá").await;
        eva.shoot(&format!("message-{name}")).await;
        fits(&eva).await;

        eva.click("nav-dashboard").await;
        eva.see_text("waiting-row", "Jana Malá").await;
        eva.shoot(&format!("dashboard-{name}")).await;
        fits(&eva).await;
        eva.click("nav-waiting").await;
        eva.see_text("waiting-row", "Jana Malá").await;
        eva.shoot(&format!("waiting-{name}")).await;
        fits(&eva).await;
        eva.click("nav-activities").await;
        eva.see_text("activities-row", "Petr Novák").await;
        eva.shoot(&format!("activities-{name}")).await;
        fits(&eva).await;
        eva.click("presence").await;
        eva.see("pause-item").await;
        eva.shoot(&format!("presence-{name}")).await;
        eva.press(Key::Escape + "").await;
        eva.click("me").await;
        eva.see("settings").await;
        eva.shoot(&format!("me-{name}")).await;
        eva.click("settings").await;
        eva.see("settings-page").await;
        eva.shoot(&format!("settings-{name}")).await;
        fits(&eva).await;
        eva.chord(Key::Control, 'k').await;
        eva.see("palette-item").await;
        eva.shoot(&format!("palette-{name}")).await;
        eva.no_complaints().await;
        eva.quit().await;
    }
}
