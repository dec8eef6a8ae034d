//! The admin in other languages: the one that was chosen on the desk, whole on every page, from right to left where it runs so.

use crate::admin_tour::{Tour, broken};
use crate::language::speak;
use serde_json::{Map, Value};
use std::path::Path;
use tests::browser::{Browser, DESKTOP, View};
use tests::{Chrome, Relay};
use thirtyfour::By;

/// As a phone shows it.
const NARROW: View = View { width: 360, height: 740, scale: 2.0, ..DESKTOP };

/// A language's words, the desk's and the admin's.
fn words(tag: &str) -> Map<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/locales");
    let read = |file: String| -> Map<String, Value> {
        serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
    };
    let own =
        read(format!("admin/{tag}.json")).into_iter().map(|(key, value)| (format!("admin.{key}"), value));
    read(format!("{tag}.json")).into_iter().chain(own).collect()
}

/// English sentences that are said otherwise in a language. Single words are left out: names hold them as well.
fn english_but_not(tag: &str) -> Vec<String> {
    let other = Value::Object(words(tag)).to_string();
    let english = words("en");
    let texts = english.values().filter_map(Value::as_str);
    let told = texts.filter(|text| text.contains(' ') && !text.contains('{') && !other.contains(*text));
    told.map(str::to_owned).collect()
}

/// Opens the admin as somebody who has chosen a language in the settings of the desk.
async fn admin(chrome: &Chrome, relay: &Relay, tag: &str, view: View) -> Browser {
    let page = chrome.desk(relay, "admin").await;
    speak(&page, tag).await;
    page.resize(view).await;
    page.driver.goto(format!("{}/admin/not-understood", relay.base)).await.unwrap();
    page.see("nav-connectors").await;
    let html = page.driver.find(By::Tag("html")).await.unwrap();
    assert_eq!(html.attr("lang").await.unwrap().as_deref(), Some(tag));
    let direction = if tag == "ar" { "rtl" } else { "ltr" };
    assert_eq!(html.attr("dir").await.unwrap().as_deref(), Some(direction));
    page
}

/// Every page in a language.
async fn speaks(tag: &str, name: &str) {
    let foreign = english_but_not(tag);
    assert!(foreign.len() > 300, "only {} sentences to look for", foreign.len());
    for (name, view) in [(name.to_owned(), DESKTOP), (format!("{name}-narrow"), NARROW)] {
        let relay = Relay::start().await;
        let chrome = Chrome::start().await;
        let page = admin(&chrome, &relay, tag, view).await;
        let tour = Tour { relay: &relay, page: &page, name: &name, foreign: &foreign };
        tour.connecting().await;
        tour.notices().await;
        tour.workspace().await;
        tour.not_understood().await;
        broken(&relay).await;
        tour.health().await;
        page.no_complaints().await;
        // A field the relay refuses is called by its name in this language.
        page.rewrite("title", " ").await;
        page.click("save").await;
        page.see_by(By::Css("#title[aria-invalid=true]"), "the field the relay refused").await;
        page.see("title").await.scroll_into_view().await.unwrap();
        tour.look("admin-refused").await;
        page.click("nav-not-understood").await;
        page.see("leave").await;
        tour.look("admin-unsaved").await;
        page.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_speaks_czech_on_every_page() {
    speaks("cs", "czech").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_speaks_arabic_from_right_to_left_on_every_page() {
    speaks("ar", "arabic").await;
}
