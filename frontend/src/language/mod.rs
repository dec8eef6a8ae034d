//! The words of the page in the agent's language: found by key, filled with values, chosen by number. It holds no sentence.
//!
//! The sentences are in `public/locales`, one file a language, all with the keys of the English one; `build.rs` makes a
//! constant of each key. The loader fetches the file of the agent's language beside the program, so the words are there
//! before anything is drawn; another language is another start of the page. The admin's sentences are in files of their
//! own, which only the admin's page fetches, with the desk's before them.

#[cfg(any(test, not(target_arch = "wasm32")))]
mod english;
mod fill;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

pub use self::fill::isolated;
use crate::browser::{format, words};
use std::sync::OnceLock;

/// The keys, in groups: `keys::message::SEND`.
pub mod keys {
    use super::Key;
    include!(concat!(env!("OUT_DIR"), "/keys.rs"));
}

/// The admin's keys, in groups: `admin::form::SAVE`. Only its own page has words for them.
pub mod admin {
    use super::Key;
    include!(concat!(env!("OUT_DIR"), "/admin.rs"));
}

/// What is said in words of the agent's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(u16);

/// The words of a key.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    /// By plural category, in the order of [`CATEGORIES`]; all the same where the number does not matter.
    forms: [&'static str; 6],
}

/// The plural categories of Unicode's CLDR, by which languages choose a form for a number.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
/// The place of `other`, which every language has.
const OTHER: usize = 5;

static WORDS: OnceLock<Vec<Entry>> = OnceLock::new();
static ENGLISH: OnceLock<bool> = OnceLock::new();

/// Takes up the words the loader has fetched. Called once, before anything is drawn.
pub fn start() {
    let (language, entries) = words::fetched(&CATEGORIES);
    format::set_language(language.as_deref());
    let _ = ENGLISH.set(language.is_none_or(|language| language.starts_with("en")));
    // They live as long as the page: what is drawn borrows them.
    let kept = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let entry = |forms: Vec<String>| {
        let forms: Vec<&'static str> = forms.into_iter().map(kept).collect();
        let last = forms.last().copied().unwrap_or_default();
        let form = |at: usize| forms.get(at).copied().filter(|form| !form.is_empty()).unwrap_or(last);
        Entry { forms: std::array::from_fn(form) }
    };
    let _ = WORDS.set(entries.into_iter().map(entry).collect());
}

fn entry(key: Key) -> Entry {
    #[cfg(any(test, not(target_arch = "wasm32")))]
    let words = WORDS.get_or_init(english::entries);
    #[cfg(not(any(test, not(target_arch = "wasm32"))))]
    let words = WORDS.get_or_init(Vec::new);
    words.get(usize::from(key.0)).copied().unwrap_or_default()
}

/// Whether the page speaks English, as the relay's own sentences do.
#[must_use]
pub fn is_english() -> bool {
    ENGLISH.get().copied().unwrap_or(true)
}

/// The words of a key; with nothing to fill in.
#[must_use]
pub fn t(key: Key) -> &'static str {
    let [.., other] = entry(key).forms;
    other
}

/// The words of a key with its `{names}` filled in.
#[must_use]
pub fn fill(key: Key, values: &[(&str, &str)]) -> String {
    fill::fill(t(key), values)
}

/// The words of a key for a number, which stands at `{n}`, with its `{names}` filled in.
#[must_use]
pub fn count(key: Key, n: i64, values: &[(&str, &str)]) -> String {
    let category = category(n);
    let at = CATEGORIES.iter().position(|one| *one == category).unwrap_or(OTHER);
    let form = entry(key).forms.get(at).copied().unwrap_or_default();
    let number = number(n);
    fill::fill(form, &[&[("n", number.as_str())], values].concat())
}

/// A whole number as the language writes it.
#[must_use]
pub fn number(n: i64) -> String {
    if cfg!(target_arch = "wasm32") { format::number(n) } else { n.to_string() }
}

fn category(n: i64) -> String {
    if cfg!(target_arch = "wasm32") {
        format::plural(n)
    } else if n == 1 {
        "one".to_owned()
    } else {
        "other".to_owned()
    }
}
