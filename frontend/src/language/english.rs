//! The English words for tests, which run without a loader. No page reads them from here.

use super::{CATEGORIES, Entry};
use std::collections::BTreeMap;

/// All entries in the order of their keys' numbers.
pub(super) fn entries() -> Vec<Entry> {
    let words: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(include_str!("../../../public/locales/en.json")).unwrap_or_default();
    let kept = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let entry = |value: &serde_json::Value| {
        let form = |category: &str| value.get(category).or_else(|| value.get("other"));
        Entry {
            forms: CATEGORIES.map(|category| {
                kept(value.as_str().or_else(|| form(category)?.as_str()).unwrap_or_default())
            }),
        }
    };
    words.values().map(entry).collect()
}
