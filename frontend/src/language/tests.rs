//! Whether every language says everything, with the same places to fill and the plural forms it needs.

use super::fill::fill;
use super::{CATEGORIES, count, keys, t};
use std::collections::{BTreeMap, BTreeSet};

type Words = BTreeMap<String, serde_json::Value>;

/// Every language there is, by its file's name.
fn languages() -> BTreeMap<String, Words> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/locales");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let words = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), words)
    };
    files.map(read).collect()
}

/// The plural categories of whole numbers, by Unicode's CLDR.
fn categories(language: &str) -> &'static [&'static str] {
    match language {
        "en" => &["one", "other"],
        "cs" => &["one", "few", "many", "other"],
        "ar" => &CATEGORIES,
        other => panic!("{other}: say here which plural categories it has"),
    }
}

fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn every_language_has_every_key_with_its_places_and_forms() {
    let languages = languages();
    let english = languages.get("en").unwrap();
    assert_eq!(english.len(), keys::COUNT);
    assert!(languages.len() >= 3);
    for (language, words) in &languages {
        assert_eq!(words.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{language}");
        for (key, value) in words {
            let original = &english[key];
            let all = |value: &serde_json::Value| match value {
                serde_json::Value::String(text) => vec![text.clone()],
                other => {
                    other.as_object().unwrap().values().map(|one| one.as_str().unwrap().to_owned()).collect()
                }
            };
            if original.is_object() {
                let forms: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
                assert_eq!(forms, categories(language).iter().copied().collect(), "{language} {key}");
            } else {
                assert!(value.is_string(), "{language} {key}");
            }
            let wanted: BTreeSet<String> =
                all(original).iter().flat_map(|text| places(text)).map(str::to_owned).collect();
            let had: BTreeSet<String> =
                all(value).iter().flat_map(|text| places(text)).map(str::to_owned).collect();
            assert_eq!(had, wanted, "{language} {key}");
            assert!(all(value).iter().all(|text| !text.trim().is_empty()), "{language} {key} says nothing");
        }
    }
}

#[test]
fn no_language_repeats_english_where_it_has_words_of_its_own() {
    let languages = languages();
    let english = &languages["en"];
    for (language, words) in languages.iter().filter(|(language, _)| *language != "en") {
        let same = words.iter().filter(|(key, value)| english[*key] == **value).count();
        assert!(same * 20 < words.len(), "{language}: {same} of {} are English", words.len());
    }
}

#[test]
fn numbers_choose_their_form_and_stand_in_it() {
    assert_eq!(count(keys::message::NEW_BELOW, 1, &[]), "1 new message");
    assert_eq!(count(keys::message::NEW_BELOW, 5, &[]), "5 new messages");
    assert_eq!(t(keys::message::SEND), "Send");
}

#[test]
fn values_stand_in_their_places_whatever_they_hold() {
    assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x", "a value is no sentence");
    assert_eq!(fill("{a} {missing} {", &[("a", "1")]), "1 {missing} {");
    assert_eq!(fill("{name} left", &[("name", "دانا")]), "\u{2068}دانا\u{2069} left");
    assert_eq!(fill("غادر {name}", &[("name", "Dana")]), "غادر \u{2068}Dana\u{2069}");
    assert_eq!(fill("غادر {name}", &[("name", "دانا")]), "غادر دانا");
}
