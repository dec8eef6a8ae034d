//! The languages of the page: those there are, the one that was chosen, and its words as the loader has fetched them.
//! What they say is not its matter.

use super::{keep, window};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Where the loader leaves them: `{ language, words }`.
const PLACE: &str = "signalboxWords";

/// The language (BCP 47) and all entries in the order of their keys: one form where the number does not matter, else one
/// for each of `categories`, empty where the language has none. Nothing where the loader left nothing.
#[must_use]
pub fn fetched(categories: &[&str]) -> (Option<String>, Vec<Vec<String>>) {
    let Some(window) = window() else { return (None, Vec::new()) };
    let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let left = field(&window, PLACE);
    if !left.is_object() {
        return (None, Vec::new());
    }
    let forms = |entry: JsValue| {
        let form = |category: &&str| field(&entry, category).as_string().unwrap_or_default();
        entry.as_string().map_or_else(|| categories.iter().map(form).collect(), |text| vec![text])
    };
    let entries = field(&left, "words").dyn_into::<Array>().map(|all| all.iter().map(forms).collect());
    (field(&left, "language").as_string(), entries.unwrap_or_default())
}

/// A language the desk speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its tag (BCP 47).
    pub tag: String,
    /// Its own name for itself.
    pub name: String,
}

/// The languages there are, as the page names them.
#[must_use]
pub fn languages() -> Vec<Language> {
    let Some(document) = window().and_then(|window| window.document()) else { return Vec::new() };
    let Ok(links) = document.query_selector_all("link[hreflang]") else { return Vec::new() };
    let links = (0..links.length()).filter_map(|at| links.item(at)?.dyn_into::<web_sys::Element>().ok());
    let read = |link: web_sys::Element| {
        Some(Language { tag: link.get_attribute("hreflang")?, name: link.get_attribute("title")? })
    };
    links.filter_map(read).collect()
}

/// The language the page is in, as the loader says.
#[must_use]
pub fn spoken() -> Option<String> {
    window()?.document()?.document_element()?.get_attribute("lang")
}

/// Where the choice is remembered; the loader reads the same.
const KEY: &str = "signalbox-language";

/// Remembers a choice for the next start of the page.
pub fn choose(tag: &str) {
    keep::remember(KEY, tag);
}
