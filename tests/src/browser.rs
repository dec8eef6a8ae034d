//! Real Chromium driven through chromedriver: opens the desk as a person would, by test ids and visible words; never calls into the page.

use crate::driver;
use crate::relay::{Relay, client};
use crate::wait::PATIENCE;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;
use thirtyfour::TypingData;
use thirtyfour::components::SelectElement;
use thirtyfour::prelude::*;
use tokio::process::Child;

/// A running chromedriver.
pub struct Chrome {
    url: String,
    _process: Child,
}

/// One browser with a profile of its own.
pub struct Browser {
    /// The driver, for what the shorthands below do not cover.
    pub driver: WebDriver,
    chrome: String,
}

/// How a window looks.
#[derive(Clone, Copy)]
pub struct View {
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Dark instead of light.
    pub dark: bool,
    /// Device pixels per CSS pixel; 2 shows what 200 % zoom shows.
    pub scale: f64,
}

/// More presses of Tab than any page has places for the focus.
const TABS: usize = 60;

/// The usual window.
pub const DESKTOP: View = View { width: 1440, height: 900, dark: false, scale: 1.0 };

impl Chrome {
    /// Starts chromedriver on a free port.
    pub async fn start() -> Self {
        let (url, process) = driver::start().await;
        Self { url, _process: process }
    }

    /// Opens a browser at an address, with a profile of its own that is gone with it.
    pub async fn open(&self, address: &str, view: View) -> Browser {
        self.open_as(None, address, view).await
    }

    /// Opens a browser at an address; what it keeps is in this folder and outlives it.
    pub async fn open_with(&self, profile: &Path, address: &str) -> Browser {
        self.open_as(Some(profile), address, DESKTOP).await
    }

    async fn open_as(&self, profile: Option<&Path>, address: &str, view: View) -> Browser {
        drop(client()); // installs the TLS provider that the driver's own client asks for
        let mut caps = DesiredCapabilities::chrome();
        let window = format!("--window-size={},{}", view.width, view.height);
        let scale = format!("--force-device-scale-factor={}", view.scale);
        for arg in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--disable-background-timer-throttling",
            "--disable-renderer-backgrounding",
            "--disable-backgrounding-occluded-windows",
            "--lang=en",
            &window,
            &scale,
        ] {
            caps.add_arg(arg).unwrap();
        }
        if let Some(profile) = profile {
            caps.add_arg(&format!("--user-data-dir={}", profile.display())).unwrap();
        }
        if let Ok(binary) = std::env::var("SIGNALBOX_CHROMIUM") {
            caps.set_binary(&binary).unwrap();
        }
        caps.set("goog:loggingPrefs", json!({ "browser": "ALL" })).unwrap();
        let driver = WebDriver::new(&self.url, caps).await.expect("a browser session");
        let browser = Browser { driver, chrome: self.url.clone() };
        let scheme = if view.dark { "dark" } else { "light" };
        browser
            .cdp(
                "Emulation.setEmulatedMedia",
                json!({
                    "features": [{ "name": "prefers-color-scheme", "value": scheme }],
                }),
            )
            .await;
        browser.resize(view).await;
        browser.driver.goto(address).await.unwrap();
        browser
    }

    /// Opens the desk and logs a demo user in with one click, who has been here before: nothing is explained or asked any more.
    pub async fn desk(&self, relay: &Relay, login: &str) -> Browser {
        let browser = self.open(&format!("{}/", relay.base), DESKTOP).await;
        let known = "for (const one of ['coach', 'notices']) localStorage.setItem(`signalbox-${one}`, '1')";
        browser.driver.execute(known, Vec::new()).await.unwrap();
        browser.click(&format!("login-demo-{login}")).await;
        browser.see("presence").await;
        browser
    }
}

/// The selector of a test id.
fn id(name: &str) -> By {
    By::Css(format!("[data-testid=\"{name}\"]"))
}

impl Browser {
    /// Sends a command of the DevTools protocol.
    pub async fn cdp(&self, method: &str, params: Value) -> Value {
        self.driver.cdp().send_raw(method, params).await.unwrap()
    }

    /// Gives the page exactly this size.
    pub async fn resize(&self, view: View) {
        let size = json!({
            "width": view.width, "height": view.height, "deviceScaleFactor": view.scale, "mobile": false,
        });
        self.cdp("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// The element with this test id, as soon as it is displayed.
    pub async fn see(&self, name: &str) -> WebElement {
        self.see_by(id(name), name).await
    }

    /// The element found so, as soon as it is displayed.
    pub async fn see_by(&self, by: By, what: &str) -> WebElement {
        let query = self.driver.query(by).wait(PATIENCE, Duration::from_millis(50)).and_displayed();
        match query.first().await {
            Ok(found) => found,
            Err(error) => {
                let shot = self.shoot("failure").await;
                panic!("{what} is not to be seen ({error}); the screen is in {}", shot.display())
            }
        }
    }

    /// The element with this test id whose text holds these words.
    pub async fn see_text(&self, name: &str, words: &str) -> WebElement {
        let what = format!("{name} with {words:?}");
        crate::wait::until(&what, || async {
            for element in self.driver.find_all(id(name)).await.ok()? {
                if element.text().await.ok()?.contains(words) {
                    return Some(element);
                }
            }
            None
        })
        .await
    }

    /// How many elements have this test id now.
    pub async fn count(&self, name: &str) -> usize {
        self.driver.find_all(id(name)).await.map_or(0, |all| all.len())
    }

    /// Waits until no element has this test id.
    pub async fn gone(&self, name: &str) {
        crate::wait::until(&format!("{name} to be gone"), || async {
            (self.count(name).await == 0).then_some(())
        })
        .await;
    }

    /// Clicks, as soon as that is possible.
    pub async fn click(&self, name: &str) {
        crate::wait::until(&format!("a click on {name}"), || async {
            let element = self.driver.find(id(name)).await.ok()?;
            element.click().await.ok()
        })
        .await;
    }

    /// Types into the element with this test id.
    pub async fn write(&self, name: &str, text: &str) {
        self.see(name).await.send_keys(text).await.unwrap();
    }

    /// Empties the field with this test id, then types into it.
    pub async fn rewrite(&self, name: &str, text: &str) {
        let field = self.see(name).await;
        field.send_keys(Key::Control + "a").await.unwrap();
        field.send_keys(Key::Delete + "").await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// The value of the field with this test id.
    pub async fn value(&self, name: &str) -> String {
        self.see(name).await.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Moves the focus by the Tab key until it is at the element with this test id, as people without a mouse do.
    pub async fn tab_to(&self, name: &str) {
        for _ in 0..TABS {
            let now = self.driver.active_element().await.unwrap();
            if now.attr("data-testid").await.unwrap().as_deref() == Some(name) {
                return;
            }
            self.press(Key::Tab + "").await;
        }
        panic!("{name} is not reached by {TABS} presses of Tab");
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: impl Into<TypingData>) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Holds a key down while another is pressed, wherever the focus is.
    pub async fn chord(&self, held: Key, letter: char) {
        let chain = self.driver.action_chain().key_down(held.clone()).key_down(letter);
        chain.key_up(letter).key_up(held).perform().await.unwrap();
    }

    /// Presses Enter in the element with this test id.
    pub async fn enter(&self, name: &str) {
        self.see(name).await.send_keys(Key::Enter + "").await.unwrap();
    }

    /// Chooses the n-th option, from zero, of a native select with this test id.
    pub async fn choose(&self, name: &str, index: u32) {
        let select = SelectElement::new(&self.see(name).await).await.unwrap();
        select.select_by_index(index).await.unwrap();
    }

    /// Waits until the element with this test id has this attribute.
    pub async fn attribute(&self, name: &str, attribute: &str, value: &str) {
        let selector = By::Css(format!("[data-testid=\"{name}\"][{attribute}=\"{value}\"]"));
        self.see_by(selector, &format!("{name} with {attribute}={value}")).await;
    }

    /// Saves what is to be seen under `target/screenshots/`.
    pub async fn shoot(&self, name: &str) -> PathBuf {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
        std::fs::create_dir_all(&root).unwrap();
        let path = root.join(format!("{name}.png"));
        self.driver.screenshot(&path).await.unwrap();
        path
    }

    /// Fails on anything the browser complained of: a policy violated, an exception, a file not found.
    pub async fn no_complaints(&self) {
        let url = format!("{}/session/{}/se/log", self.chrome, self.driver.session_id());
        let log: Value = client()
            .post(url)
            .json(&json!({ "type": "browser" }))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let severe: Vec<&Value> = log["value"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|line| {
                line["level"] == "SEVERE" && !is_expected(line["message"].as_str().unwrap_or_default())
            })
            .collect();
        assert!(severe.is_empty(), "the browser complains: {severe:#?}");
    }

    /// Closes the browser.
    pub async fn quit(self) {
        self.driver.quit().await.unwrap();
    }
}

/// Who is not logged in yet gets 401 for the desk's snapshot or the session: the page asks, the browser notes it. It notes as
/// well when the relay refuses a file that is no sound, of which the page says more.
fn is_expected(message: &str) -> bool {
    let answered = |status: &str, asked: &str| message.contains(status) && message.contains(asked);
    ["/api/v1/session ", "/api/v1/desk "].iter().any(|asked| answered("401", asked))
        || answered("415", "/api/v1/sounds/")
}
