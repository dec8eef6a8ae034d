//! The look and the sounds of a workspace in the browser: an admin sets them on a page, and the desk that is opened next has
//! the colour and plays the sound; the page in light, dark and narrow, and past axe.

use crate::accessible::barriers;
use crate::admin::admin;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tests::browser::{Browser, DESKTOP, View};
use tests::wait::until;
use tests::{Chrome, Relay};
use thirtyfour::By;

/// A tenth of a second of a tone, as a file of waves.
fn tone(folder: &Path) -> (PathBuf, Vec<u8>) {
    let samples: Vec<u8> = (0..800_u32).map(|at| if at % 20 < 10 { 0x60 } else { 0xa0 }).collect();
    let long = |number: u32| number.to_le_bytes();
    let short = |number: u16| number.to_le_bytes();
    let (size, rate) = (u32::try_from(samples.len()).unwrap(), 8_000);
    let mut wav = [b"RIFF".as_slice(), &long(36 + size), b"WAVEfmt ", &long(16)].concat();
    wav.extend([short(1), short(1)].concat());
    wav.extend([long(rate), long(rate)].concat());
    wav.extend([short(1), short(8)].concat());
    wav.extend([b"data".as_slice(), &long(size), &samples].concat());
    let path = folder.join("tone.wav");
    std::fs::write(&path, &wav).unwrap();
    (path, wav)
}

async fn read(page: &Browser, script: &str) -> Value {
    page.driver.execute(script, Vec::new()).await.unwrap().json().clone()
}

/// A colour of an element as it is drawn.
async fn drawn(page: &Browser, selector: &str, property: &str) -> String {
    let script = format!("return getComputedStyle(document.querySelector('{selector}'))['{property}']");
    read(page, &script).await.as_str().unwrap().to_owned()
}

/// Waits until an element is drawn in this colour.
async fn coloured(page: &Browser, selector: &str, colour: &str) {
    until("a colour", || async { (drawn(page, selector, "backgroundColor").await == colour).then_some(()) })
        .await;
}

/// Gives a file to a hidden field, as the device's own window would.
async fn choose(page: &Browser, sound: &str, file: &Path) {
    let field = page.driver.find(By::Css(format!("[data-testid=file-{sound}]"))).await.unwrap();
    field.send_keys(file.to_str().unwrap()).await.unwrap();
}

/// What a page gets where the desk plays a sound, as numbers.
async fn served(page: &Browser, sound: &str) -> Vec<u8> {
    let script = format!(
        "const done = arguments[0]; fetch('/sounds/{sound}.wav').then((answer) => answer.arrayBuffer())
            .then((bytes) => done([...new Uint8Array(bytes)]))"
    );
    page.driver.execute_async(script, Vec::new()).await.unwrap().convert().unwrap()
}

/// Adds a button of the weightiest kind to a page.
const SAMPLE: &str = "const one = document.createElement('button'); one.id = 'sample'; one.className = 'btn';
    one.dataset.kind = 'primary'; document.body.append(one)";
const VIOLET: &str = "rgb(122, 31, 162)";

#[tokio::test(flavor = "multi_thread")]
async fn an_admins_colour_and_sound_are_on_the_desk_that_is_opened_next() {
    let relay = Relay::start().await;
    let chrome = Chrome::start().await;
    let folder = TempDir::new().unwrap();
    let (file, wav) = tone(folder.path());
    let page = admin(&chrome, &relay, "").await;
    page.click("nav-look").await;
    page.click("accent-other").await;
    // What is typed is a colour first, and drawn before it is saved.
    page.rewrite("accent", "#7a1f").await;
    page.see_by(By::Css("#accent[aria-invalid=true]"), "that it is no colour").await;
    page.rewrite("accent", "#7a1fa2").await;
    coloured(&page, "[data-testid=button-light]", VIOLET).await;
    page.see_text("moved", "In dark it is shown as #").await;
    assert_ne!(drawn(&page, "[data-testid=button-dark]", "backgroundColor").await, VIOLET);
    assert_eq!(page.value("accent-picker").await, "#7a1fa2");
    // Nothing is lost by going elsewhere.
    page.click("nav-workspace").await;
    page.click("stay").await;
    page.click("save").await;
    page.see_text("saved", "Saved").await;

    page.see_text("set-offer", "Signalbox's own").await;
    let wrong = folder.path().join("page.mp3");
    std::fs::write(&wrong, "<!doctype html>").unwrap();
    choose(&page, "offer", &wrong).await;
    page.see_text("error-offer", "none of the sounds").await;
    let large = folder.path().join("large.flac");
    std::fs::write(&large, [b"fLaC".to_vec(), vec![0; 1024 * 1024]].concat()).unwrap();
    choose(&page, "offer", &large).await;
    page.see_text("error-offer", "larger than 1 MB").await;
    choose(&page, "offer", &file).await;
    page.see_text("said-offer", "The sound is set").await;
    page.see_text("set-offer", "WAV, 1 kB").await;
    page.gone("error-offer").await;
    page.click("play-offer").await;
    page.driver.refresh().await.unwrap();
    page.see_text("set-offer", "WAV, 1 kB").await;
    read(&page, SAMPLE).await;
    coloured(&page, "#sample", VIOLET).await;

    let eva = chrome.desk(&relay, "eva").await;
    let sheets = read(&eva, "return [...document.styleSheets].map((one) => one.href.split('/').pop())").await;
    let last = sheets.as_array().unwrap().last().unwrap().as_str().unwrap();
    assert!(last.starts_with("accent-7a1fa2"), "behind the desk's own: {sheets}");
    read(&eva, SAMPLE).await;
    coloured(&eva, "#sample", VIOLET).await;
    assert_eq!(drawn(&eva, "#sample", "color").await, "rgb(255, 255, 255)");
    read(&eva, "document.documentElement.dataset.theme = 'dark'").await;
    until("the dark shade", || async {
        (drawn(&eva, "#sample", "backgroundColor").await != VIOLET).then_some(())
    })
    .await;
    assert_eq!(served(&eva, "offer").await, wav);
    assert_ne!(served(&eva, "message").await, wav);
    // What plays there is what the desk plays: its audio of that address has the length of the tone.
    let length = "const done = arguments[0]; const one = new Audio('/sounds/offer.wav');
        one.addEventListener('loadedmetadata', () => done(one.duration)); one.addEventListener('error', () => done(-1))";
    let length: f64 = eva.driver.execute_async(length, Vec::new()).await.unwrap().convert().unwrap();
    assert!((length - 0.1).abs() < 0.01, "{length}");
    eva.no_complaints().await;
    eva.quit().await;

    page.click("back-offer").await;
    page.see_text("said-offer", "is back").await;
    page.see_text("set-offer", "Signalbox's own").await;
    page.click("accent-own").await;
    page.click("save").await;
    page.see_text("saved", "Saved").await;
    let token = relay.token("admin").await;
    assert_eq!(relay.get(&token, "/api/v1/look").await, json!({ "accent": null }));
    assert_eq!(relay.get(&token, "/api/v1/sounds").await, json!([]));
    page.no_complaints().await;
    page.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_looked_at_in_light_dark_and_narrow_and_has_no_barrier() {
    let mut found = Vec::new();
    let dark = View { dark: true, ..DESKTOP };
    let narrow = View { width: 360, ..DESKTOP };
    for (name, view) in [("light", DESKTOP), ("dark", dark), ("narrow", narrow)] {
        let relay = Relay::start().await;
        let chrome = Chrome::start().await;
        let folder = TempDir::new().unwrap();
        let page = chrome.open(&format!("{}/admin/look", relay.base), view).await;
        page.click("login-demo-admin").await;
        page.see("set-offer").await;
        found.extend(barriers(&page, &[name, " Signalbox's own"].concat()).await);
        page.shoot(&format!("admin-look-own-{name}")).await;
        page.click("accent-other").await;
        page.rewrite("accent", "#ffd400").await;
        page.see_text("moved", "In light it is shown as #").await;
        choose(&page, "offer", &tone(folder.path()).0).await;
        page.see_text("said-offer", "The sound is set").await;
        found.extend(barriers(&page, &[name, " yellow"].concat()).await);
        page.click("save").await;
        page.see_text("saved", "Saved").await;
        page.driver.refresh().await.unwrap();
        page.see("set-offer").await;
        page.rewrite("accent", "yellow").await;
        page.see_by(By::Css("#accent[aria-invalid=true]"), "that it is no colour").await;
        found.extend(barriers(&page, &[name, " no colour"].concat()).await);
        page.shoot(&format!("admin-look-yellow-{name}")).await;
        let over = "const page = document.documentElement; return page.scrollWidth - page.clientWidth";
        assert_eq!(read(&page, over).await, json!(0), "{name}: the page is wider than the window");
        page.no_complaints().await;
        page.quit().await;
    }
    assert!(found.is_empty(), "{found:#?}");
}
