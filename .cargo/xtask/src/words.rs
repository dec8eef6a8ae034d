//! Turns a language's file into what the page reads: the words in the order of their keys, so that no key travels.

use crate::sh::Outcome;
use std::collections::BTreeMap;

/// Keys of this group are for the loader, which knows no numbers: they travel with their names.
const LOADER: &str = "boot.";

/// The built form of a language's file: `{"boot": {name: text}, "words": [text or {category: text}, …]}`.
pub fn built(name: &str, file: &[u8]) -> Outcome<String> {
    let words: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(file).map_err(|error| format!("{name}: {error}"))?;
    let loader: BTreeMap<&str, &serde_json::Value> =
        words.iter().filter_map(|(key, value)| Some((key.strip_prefix(LOADER)?, value))).collect();
    let words: Vec<&serde_json::Value> = words.values().collect();
    serde_json::to_string(&serde_json::json!({ "boot": loader, "words": words }))
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::built;

    #[test]
    fn words_stand_in_the_order_of_their_keys() {
        let file = br#"{"b.two": {"one": "x", "other": "y"}, "a.one": "z", "boot.stop": "halt"}"#;
        let wanted = r#"{"boot":{"stop":"halt"},"words":["z",{"one":"x","other":"y"},"halt"]}"#;
        assert_eq!(built("en.json", file).unwrap(), wanted);
        assert!(built("en.json", b"[]").unwrap_err().starts_with("en.json: "));
    }
}
