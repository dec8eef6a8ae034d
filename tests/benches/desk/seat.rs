//! A browser with a profile of its own in front of one side; the script that looks from inside is there before the page is.

use crate::world::{Side, World};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;
use tests::Chrome;
use tests::browser::{Browser, DESKTOP};
use tests::wait::{until, until_within};

/// What looks at a page from inside.
const LOOK: &str = include_str!("look.js");

/// A browser.
pub struct Seat<'a> {
    /// The browser.
    pub browser: Browser,
    /// What it shows.
    pub side: Side,
    world: &'a World,
}

impl<'a> Seat<'a> {
    /// A new browser that has seen nothing yet, logged in; `chat` is what it will open.
    pub async fn take(chrome: &Chrome, world: &'a World, side: Side, chat: usize) -> Self {
        let browser = chrome.open("about:blank", DESKTOP).await;
        if side == Side::Desk {
            let (name, value) = world.session().await;
            let cookie = json!({ "name": name, "value": value, "url": world.base(side), "httpOnly": true });
            browser.cdp("Network.setCookie", cookie).await;
        }
        let (history, bubble, composer) = match side {
            Side::Desk => ("[data-testid=history]", "[data-testid=bubble]", "textarea[data-testid=composer]"),
            Side::Page => (
                ".cs-message-list__scroll-wrapper",
                ".cs-message__content",
                ".cs-message-input__content-editor",
            ),
        };
        let marks = json!({
            "history": history, "bubble": bubble, "composer": composer, "words": world.last(side, chat),
        });
        let source = json!({ "source": format!("const MARKS = {marks};\n{LOOK}") });
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", source).await;
        Self { browser, side, world }
    }

    /// The same, opened and ready.
    pub async fn open(chrome: &Chrome, world: &'a World, side: Side, chat: usize) -> Self {
        let seat = Self::take(chrome, world, side, chat).await;
        seat.load(chat).await;
        seat
    }

    /// Loads a conversation's address; milliseconds until it is ready.
    pub async fn load(&self, chat: usize) -> f64 {
        let address = format!("{}{}", self.world.base(self.side), self.world.path(self.side, chat));
        self.browser.driver.goto(address).await.unwrap();
        until("the conversation to be ready", || async { self.ask("look.ready").await.as_f64() }).await
    }

    /// What an expression is in the page.
    pub async fn ask(&self, expression: &str) -> Value {
        let script = format!("return {expression}");
        self.browser.driver.execute(script, vec![]).await.unwrap().json().clone()
    }

    /// The same as a type of ours.
    pub async fn read<T: DeserializeOwned>(&self, expression: &str) -> T {
        serde_json::from_value(self.ask(expression).await).unwrap()
    }

    /// Waits until an expression is true; what takes its time by design is given some.
    pub async fn holds(&self, expression: &str, patience: Duration) {
        until_within(patience, expression, || async { (self.ask(expression).await == true).then_some(()) })
            .await;
    }

    /// Clicks on the tab of a conversation; milliseconds until its last message is painted.
    pub async fn click(&self, chat: usize) -> f64 {
        let words = json!(self.world.last(self.side, chat));
        self.ask(&format!("look.await({words})")).await;
        let tab = thirtyfour::By::Css(self.world.tab(self.side, chat));
        self.browser.driver.find(tab).await.unwrap().click().await.unwrap();
        until("the conversation that was clicked on", || async { self.ask("look.opened").await.as_f64() })
            .await
    }

    /// Presses and lets go of a letter's key, as a keyboard does.
    pub async fn press(&self, letter: char) {
        let code = u32::from(letter.to_ascii_uppercase());
        let down = json!({
            "type": "keyDown", "text": letter.to_string(), "key": letter.to_string(),
            "code": format!("Key{}", letter.to_ascii_uppercase()), "windowsVirtualKeyCode": code,
        });
        self.browser.cdp("Input.dispatchKeyEvent", down.clone()).await;
        // With a text, letting go would write it once more.
        let up = json!({ "type": "keyUp", "key": down["key"], "code": down["code"], "windowsVirtualKeyCode": code });
        self.browser.cdp("Input.dispatchKeyEvent", up).await;
    }

    /// Mebibytes that are used after everything that can be is collected. What a module's memory is made of stands in none
    /// of the browser's own figures, so it is asked for; what modules are compiled to is not counted.
    pub async fn memory(&self) -> f64 {
        for _ in 0..3 {
            self.browser.cdp("HeapProfiler.collectGarbage", json!({})).await;
        }
        let usage = self.browser.cdp("Runtime.getHeapUsage", json!({})).await;
        let part = |name: &str| usage[name].as_f64().unwrap_or_default();
        let module: f64 = self.read("look.module()").await;
        let heaps = part("usedSize") + part("embedderHeapUsedSize") + part("backingStorageSize");
        (heaps + module) / f64::from(1 << 20)
    }

    /// Closes the browser.
    pub async fn leave(self) {
        self.browser.quit().await;
    }
}
