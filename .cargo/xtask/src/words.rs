//! Turns a language's files into what the page reads: the words in the order of their keys, so that no key travels.

use crate::sh::Outcome;
use std::collections::BTreeMap;

/// Keys of this group are for the loader, which knows no numbers: they travel with their names.
const LOADER: &str = "boot.";

/// The files whose words a page reads when it names this one: a program's own, in a folder below, come after those that
/// all programs say. `locales/admin/cs.json` → `locales/cs.json`, `locales/admin/cs.json`.
pub fn layers(file: &str) -> Vec<String> {
    let shared = file.split_once('/').zip(file.rsplit_once('/'));
    let shared = shared.map(|((folder, _), (_, name))| [folder, "/", name].concat());
    shared.filter(|shared| shared != file).into_iter().chain([file.to_owned()]).collect()
}

/// The built form of a language's files, each with its name: `{"boot": {name: text}, "words": [text or {category: text}, …]}`.
/// The words of a later file stand behind those of an earlier one, and what it says to the loader counts.
pub fn built(files: &[(String, Vec<u8>)]) -> Outcome<String> {
    let mut loader: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    let mut all: Vec<serde_json::Value> = Vec::new();
    for (name, file) in files {
        let words: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(file).map_err(|error| format!("{name}: {error}"))?;
        for (key, value) in words {
            if let Some(key) = key.strip_prefix(LOADER) {
                loader.insert(key.to_owned(), value.clone());
            }
            all.push(value);
        }
    }
    serde_json::to_string(&serde_json::json!({ "boot": loader, "words": all }))
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{built, layers};

    fn file(name: &str, text: &[u8]) -> (String, Vec<u8>) {
        (name.to_owned(), text.to_vec())
    }

    #[test]
    fn words_stand_in_the_order_of_their_keys() {
        let shared = br#"{"b.two": {"one": "x", "other": "y"}, "a.one": "z", "boot.stop": "halt"}"#;
        let wanted = r#"{"boot":{"stop":"halt"},"words":["z",{"one":"x","other":"y"},"halt"]}"#;
        let shared = file("en.json", shared);
        assert_eq!(built(std::slice::from_ref(&shared)).unwrap(), wanted);
        let own = file("admin/en.json", br#"{"boot.stop": "over", "a.one": "w"}"#);
        let wanted = r#"{"boot":{"stop":"over"},"words":["z",{"one":"x","other":"y"},"halt","w","over"]}"#;
        assert_eq!(built(&[shared, own]).unwrap(), wanted, "the program's own words come last");
        assert!(built(&[file("en.json", b"[]")]).unwrap_err().starts_with("en.json: "));
    }

    #[test]
    fn a_programs_own_file_adds_to_what_all_say() {
        assert_eq!(layers("locales/cs.json"), ["locales/cs.json"]);
        assert_eq!(layers("locales/admin/cs.json"), ["locales/cs.json", "locales/admin/cs.json"]);
    }
}
