//! Whether every language says everything, with the same places to fill and the plural forms it needs.

use super::fill::{fill, isolated};
use super::{CATEGORIES, admin, count, keys, t};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

type Words = BTreeMap<String, serde_json::Value>;

/// The folders of sentences, the desk's and the admin's, and how many keys there are of each.
const FOLDERS: [(&str, usize); 2] = [("", keys::COUNT), ("admin", admin::COUNT)];

/// Every language there is, by its file's name.
fn languages(folder: &str) -> BTreeMap<String, Words> {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/locales").join(folder);
    let paths = std::fs::read_dir(locales).unwrap().map(|file| file.unwrap().path());
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let written: Vec<&str> = text.lines().filter_map(key_of).collect();
        assert!(written.is_sorted(), "{}: the keys are not sorted", path.display());
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), serde_json::from_str(&text).unwrap())
    };
    paths.filter(|path| path.is_file()).map(read).collect()
}

/// The key a line of a file begins with; the forms of a plural stand deeper.
fn key_of(line: &str) -> Option<&str> {
    line.strip_prefix("  \"")?.split('"').next()
}

/// The plural categories of whole numbers, by Unicode's CLDR.
fn categories(language: &str) -> &'static [&'static str] {
    match language {
        "en" | "de" => &["one", "other"],
        "es" => &["one", "many", "other"],
        "cs" => &["one", "few", "many", "other"],
        "ar" => &CATEGORIES,
        other => panic!("{other}: say here which plural categories it has"),
    }
}

fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn the_desk_and_the_admin_speak_the_same_languages() {
    let [desk, admin] = FOLDERS.map(|(folder, _)| languages(folder).into_keys().collect::<Vec<_>>());
    assert_eq!(desk, admin);
    assert!(desk.len() >= 3);
    for page in ["desk", "admin"] {
        let html =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page).with_extension("html"));
        let html = html.unwrap();
        let mut named: Vec<&str> =
            html.split("hreflang=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        named.sort_unstable();
        assert_eq!(named, desk, "{page}.html");
    }
}

#[test]
fn every_language_has_every_key_with_its_places_and_forms() {
    for (folder, keys) in FOLDERS {
        whole(&languages(folder), keys);
    }
}

/// Every language says all that English says.
fn whole(languages: &BTreeMap<String, Words>, keys: usize) {
    let english = languages.get("en").unwrap();
    assert_eq!(english.len(), keys);
    for (language, words) in languages {
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
    for (folder, _) in FOLDERS {
        let languages = languages(folder);
        let english = &languages["en"];
        for (language, words) in languages.iter().filter(|(language, _)| *language != "en") {
            let same = words.iter().filter(|(key, value)| english[*key] == **value).count();
            assert!(same * 20 < words.len(), "{folder} {language}: {same} of {} are English", words.len());
        }
    }
}

#[test]
fn numbers_choose_their_form_and_stand_in_it() {
    assert_eq!(count(keys::message::NEW_BELOW, 1, &[]), "1 new message");
    assert_eq!(count(keys::message::NEW_BELOW, 5, &[]), "5 new messages");
    assert_eq!(t(keys::message::SEND), "Send");
    assert_eq!(t(admin::form::GO_ON), "Go on", "the admin's words stand behind the desk's");
}

#[test]
fn values_stand_in_their_places_whatever_they_hold() {
    assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x", "a value is no sentence");
    assert_eq!(fill("{a} {missing} {", &[("a", "1")]), "1 {missing} {");
    assert_eq!(fill("{name} left", &[("name", "دانا")]), "\u{2068}دانا\u{2069} left");
    assert_eq!(fill("غادر {name}", &[("name", "Dana")]), "غادر \u{2068}Dana\u{2069}");
    assert_eq!(fill("غادر {name}", &[("name", "دانا")]), "غادر دانا");
    assert_eq!(isolated("2001 Support"), "\u{2068}2001 Support\u{2069}");
}
