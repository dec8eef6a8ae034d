//! Every screen of the desk looked over by axe-core for barriers (WCAG 2.2 A and AA), in light and dark; no finding is let pass.

use serde_json::json;
use shared::channel::Channel;
use tests::browser::{Browser, DESKTOP, View};
use tests::{Chrome, Phones, Relay};
use thirtyfour::{By, Key};

/// Where npm puts it.
const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/axe-core/axe.min.js");

/// Runs the rules of WCAG and says what they found, as one line a finding.
const RUN: &str = "const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }).then((found) =>
        done(found.violations.flatMap((one) => one.nodes.map((node) =>
            one.id + ': ' + node.target.join(' ') + ' ' + node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')))));";

/// What was found on a screen.
pub async fn barriers(desk: &Browser, screen: &str) -> Vec<String> {
    let source =
        std::fs::read_to_string(AXE).expect("`npm ci` in tests/ brings axe-core, as `cargo xtask test` does");
    // Outside the page's own policy: what WebDriver runs is no script of the page.
    desk.driver.execute(format!("if (!window.axe) {{ {source} }}"), Vec::new()).await.unwrap();
    let found: Vec<String> = desk.driver.execute_async(RUN, Vec::new()).await.unwrap().convert().unwrap();
    found.into_iter().map(|one| format!("{screen}: {one}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_screen_has_a_barrier() {
    let mut found = Vec::new();
    for (name, view) in [("light", DESKTOP), ("dark", View { dark: true, ..DESKTOP })] {
        let relay = Relay::start().await;
        let phones = Phones::of(&relay);
        let chrome = Chrome::start().await;
        let look = |screen: &'static str| [name, " ", screen].concat();
        let eva = chrome.open(&format!("{}/", relay.base), view).await;
        eva.see("login-demo-eva").await;
        found.extend(barriers(&eva, &look("login")).await);
        eva.click("login-demo-eva").await;
        eva.see("presence").await;
        found.extend(barriers(&eva, &look("no activities")).await);
        eva.click("nav-waiting").await;
        eva.see("waiting-empty").await;
        found.extend(barriers(&eva, &look("nobody waits")).await);
        let customer = phones.customer(Channel::WhatsApp);
        customer.write("See https://example.com").await;
        eva.see("offer-card").await;
        found.extend(barriers(&eva, &look("offer")).await);
        eva.click("offer-accept").await;
        eva.see_text("bubble", "example.com").await;
        eva.write("composer", "I do").await;
        eva.enter("composer").await;
        eva.attribute("bubble", "data-delivery", "delivered").await;
        customer.send_file("image", &json!({ "name": "dog.jpg" })).await;
        eva.see("photo").await;
        eva.click("close").await;
        eva.see("status-error").await;
        found.extend(barriers(&eva, &look("chat")).await);
        eva.click("photo").await;
        eva.see("viewer-picture").await;
        found.extend(barriers(&eva, &look("picture")).await);
        eva.press(Key::Escape + "").await;
        eva.gone("viewer-picture").await;
        phones.customer(Channel::Messenger).write("Hello").await;
        eva.see("offer-card").await;
        eva.click("offer-minimise").await;
        eva.click("nav-dashboard").await;
        eva.see("waiting-row").await;
        found.extend(barriers(&eva, &look("dashboard")).await);
        eva.click("nav-waiting").await;
        eva.see("waiting-row").await;
        found.extend(barriers(&eva, &look("waiting")).await);
        eva.click("nav-activities").await;
        eva.see("activities-row").await;
        found.extend(barriers(&eva, &look("activities")).await);
        eva.click("presence").await;
        eva.see("pause-item").await;
        found.extend(barriers(&eva, &look("presence")).await);
        eva.press(Key::Escape + "").await;
        eva.click("me").await;
        eva.click("settings").await;
        eva.see("settings-page").await;
        found.extend(barriers(&eva, &look("settings")).await);
        eva.chord(Key::Control, 'k').await;
        eva.see("palette-item").await;
        found.extend(barriers(&eva, &look("palette")).await);
        eva.press(Key::Escape + "").await;
        eva.gone("palette-field").await;
        eva.driver.execute("document.activeElement?.blur()", Vec::new()).await.unwrap();
        eva.press("?").await;
        eva.see("shortcuts-close").await;
        found.extend(barriers(&eva, &look("shortcuts")).await);
        eva.no_complaints().await;
        eva.quit().await;
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_notices_has_a_barrier() {
    let mut found = Vec::new();
    for (name, view) in [("light", DESKTOP), ("dark", View { dark: true, ..DESKTOP })] {
        let relay = Relay::start().await;
        let chrome = Chrome::start().await;
        let look = |screen: &'static str| [name, " ", screen].concat();
        let page = chrome.open(&format!("{}/admin/notices", relay.base), view).await;
        page.click("login-demo-admin").await;
        page.see("notices-empty").await;
        found.extend(barriers(&page, &look("no notices")).await);
        page.click("new-notice").await;
        page.click("save").await;
        page.see_by(By::Css("#text[aria-invalid=true]"), "the text that is missing").await;
        found.extend(barriers(&page, &look("a text that is missing")).await);
        page.write("text", &"x".repeat(501)).await;
        page.see_by(By::Css(".counter[data-tone=danger]"), "how much is too much").await;
        found.extend(barriers(&page, &look("a text that is too long")).await);
        page.rewrite("text", "Parcels to Brno are late today.").await;
        page.click("tone-warning").await;
        found.extend(barriers(&page, &look("a new notice")).await);
        page.click("save").await;
        page.see("notice-row").await;
        found.extend(barriers(&page, &look("notices")).await);
        page.click("notice-row").await;
        page.click("take-down").await;
        page.see("take-down-now").await;
        found.extend(barriers(&page, &look("taking a notice down")).await);
        page.no_complaints().await;
        page.quit().await;
    }
    assert!(found.is_empty(), "{found:#?}");
}
