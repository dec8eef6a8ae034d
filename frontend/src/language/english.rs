//! The English words for tests, which run without a loader. No page reads them from here.

use super::{CATEGORIES, Entry};
use std::collections::BTreeMap;

/// The desk's words and the admin's, one after the other as their keys count them.
const FILES: [&str; 2] =
    [include_str!("../../../public/locales/en.json"), include_str!("../../../public/locales/admin/en.json")];

/// All entries in the order of their keys' numbers.
pub(super) fn entries() -> Vec<Entry> {
    let words = |file: &&str| -> BTreeMap<String, serde_json::Value> {
        serde_json::from_str(file).unwrap_or_default()
    };
    let kept = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let entry = |value: &serde_json::Value| {
        let form = |category: &str| value.get(category).or_else(|| value.get("other"));
        Entry {
            forms: CATEGORIES.map(|category| {
                kept(value.as_str().or_else(|| form(category)?.as_str()).unwrap_or_default())
            }),
        }
    };
    FILES.iter().flat_map(words).map(|(_, value)| entry(&value)).collect()
}
