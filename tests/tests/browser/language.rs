//! Other languages: chosen in the settings, whole on every screen, from right to left where they run so, and kept.

use shared::channel::Channel;
use tests::browser::{Browser, DESKTOP, View};
use tests::wait::until;
use tests::{Chrome, Phones, Relay};
use thirtyfour::By;

/// Chooses a language in the settings, which start the page anew.
pub async fn speak(desk: &Browser, tag: &str) {
    desk.click("me").await;
    desk.click("settings").await;
    desk.see("settings-page").await;
    let radio = By::Css(format!("[name=language][value={tag}]"));
    desk.see_by(radio, tag).await.click().await.unwrap();
    until("the page in the other language", || async {
        let html = desk.driver.find(By::Tag("html")).await.ok()?;
        (html.attr("lang").await.ok()?.as_deref() == Some(tag)).then_some(())
    })
    .await;
    desk.see("presence").await;
}

/// Every text of the page, with the attributes that are read aloud or shown.
pub async fn everything_said(desk: &Browser) -> String {
    let script = "const words = [document.body.innerText];
        for (const one of document.querySelectorAll('[aria-label],[placeholder],[title]'))
            for (const name of ['aria-label', 'placeholder', 'title']) words.push(one.getAttribute(name) ?? '');
        return words.join('\\n')";
    desk.driver.execute(script, Vec::new()).await.unwrap().convert().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_speaks_czech_from_the_settings_on_and_after_a_reload() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    speak(&eva, "cs").await;
    eva.click("nav-waiting").await;
    eva.see_text("waiting-empty", "Nikdo nečeká").await;
    let customer = Phones::of(&relay).customer(Channel::WhatsApp);
    customer.write("Dobrý den").await;
    eva.see_text("offer-accept", "Přijmout").await;
    eva.see_text("offer-facts", "ve frontě").await;
    eva.click("offer-accept").await;
    eva.write("composer", "Hned se podívám.").await;
    eva.enter("composer").await;
    eva.see_text("bubble", "Hned se podívám.").await;
    eva.click("close").await;
    // A refusal of the domain, in the agent's language.
    eva.see_text("status-error", "Před uzavřením vyberte stav.").await;
    eva.shoot("message-czech").await;
    let said = everything_said(&eva).await;
    for english in
        ["Choose", "Write a reply", "Send", "Waiting", "Activities", "Ready", "accepted", "waited", "Status"]
    {
        assert!(!said.contains(english), "{english:?} is still English:\n{said}");
    }
    eva.driver.refresh().await.unwrap();
    eva.see_text("presence", "Připraven").await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arabic_runs_from_right_to_left_on_every_screen() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    for (name, view) in
        [("arabic", DESKTOP), ("arabic-narrow", View { width: 360, height: 740, scale: 2.0, ..DESKTOP })]
    {
        let eva = chrome.open(&format!("{}/", relay.base), view).await;
        eva.click("login-demo-eva").await;
        speak(&eva, "ar").await;
        eva.shoot(&format!("settings-{name}")).await;
        let html = eva.driver.find(By::Tag("html")).await.unwrap();
        assert_eq!(html.attr("dir").await.unwrap().as_deref(), Some("rtl"));
        eva.click("nav-waiting").await;
        eva.see_text("waiting-empty", "لا أحد ينتظر").await;
        eva.shoot(&format!("waiting-{name}")).await;
        let customer = Phones::of(&relay).customer(Channel::Messenger);
        customer.write("Dobrý den, kde je moje zásilka?").await;
        eva.see("offer-card").await;
        eva.shoot(&format!("offer-{name}")).await;
        eva.click("offer-accept").await;
        eva.see_text("bubble", "zásilka").await;
        eva.write("composer", "مرحبا").await;
        eva.enter("composer").await;
        eva.see_text("bubble", "مرحبا").await;
        // What the customer wrote stands at the start of the line, which is on the right.
        let sides = "const at = (side) => document.querySelector(`.bubble[data-side=${side}]`).getBoundingClientRect();
            return at('customer').right > at('agent').right";
        assert!(eva.driver.execute(sides, Vec::new()).await.unwrap().convert::<bool>().unwrap());
        let over = "const page = document.documentElement; return page.scrollWidth - page.clientWidth";
        assert_eq!(eva.driver.execute(over, Vec::new()).await.unwrap().convert::<i64>().unwrap(), 0);
        eva.shoot(&format!("message-{name}")).await;
        eva.choose("status", 1).await;
        eva.click("close").await;
        until("the tab to be gone", || async { (eva.count("tab").await == 0).then_some(()) }).await;
        eva.no_complaints().await;
        eva.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn german_and_spanish_fit_every_screen() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let narrow = View { width: 360, height: 740, scale: 2.0, ..DESKTOP };
    for (tag, cap, nobody, take) in
        [("de", "Strg K", "Niemand wartet", "Annehmen"), ("es", "Mayús Intro", "Nadie en espera", "Aceptar")]
    {
        for (name, view) in [(tag.to_owned(), DESKTOP), (format!("{tag}-narrow"), narrow)] {
            let eva = chrome.open(&format!("{}/", relay.base), view).await;
            eva.click("login-demo-eva").await;
            speak(&eva, tag).await;
            let fits = async |screen: &str| {
                let wide = "const wide = (one) => one.scrollWidth - one.clientWidth;
                    const lines = document.querySelectorAll('html, .banner > p, [data-testid=chat-customer]');
                    return [...lines].filter((one) => wide(one) > 0).map((one) => one.outerHTML.slice(0, 200))";
                let wide: Vec<String> =
                    eva.driver.execute(wide, Vec::new()).await.unwrap().convert().unwrap();
                assert!(wide.is_empty(), "{screen} in {name}: {wide:?}");
                eva.shoot(&format!("{screen}-{name}")).await;
            };
            // Keys are named as keyboards of the language name them.
            eva.see_text("shortcuts", cap).await;
            fits("settings").await;
            eva.click("nav-waiting").await;
            eva.see_text("waiting-empty", nobody).await;
            let customer = Phones::of(&relay).customer(Channel::Messenger);
            customer.write("Dobrý den, kde je moje zásilka?").await;
            eva.see_text("offer-accept", take).await;
            fits("offer").await;
            eva.click("offer-accept").await;
            eva.see_text("bubble", "zásilka").await;
            eva.click("close").await;
            eva.see("status-error").await;
            fits("message").await;
            eva.choose("status", 1).await;
            eva.click("close").await;
            until("the tab to be gone", || async { (eva.count("tab").await == 0).then_some(()) }).await;
            eva.click("nav-dashboard").await;
            fits("dashboard").await;
            eva.no_complaints().await;
            eva.quit().await;
        }
    }
}
