//! What a page says stands in the files of its languages: text that is left in the code of desk or admin is found here.

use crate::source::{self, Source};
use proc_macro2::{TokenStream, TokenTree};

/// Attributes that are shown or read aloud.
const SHOWN: [&str; 7] = ["alt", "hint", "label", "placeholder", "text", "title", "words"];
/// Attributes that hold several words and say nothing.
const SILENT: [&str; 2] = ["class", "rel"];
/// Macros whose text is for whoever reads a console.
const CONSOLE: [&str; 1] = ["unreachable"];
/// Names, which are the same in every language: the product, the providers and what they call things, keys.
const NAMES: [&str; 14] = [
    "Alt",
    "Control",
    "Ctrl",
    "Enter",
    "End",
    "Escape",
    "Home",
    "Instagram",
    "Messenger",
    "Meta",
    "Shift",
    "Signalbox",
    "Tab",
    "Viber",
];
/// Code whose text is no page's, and why.
const APART: [(&str, &str); 4] = [
    ("frontend/src/admin/health/told.rs", "what the relay's words are known by"),
    ("frontend/src/admin/wrong.rs", "what the relay's clauses are known by"),
    ("frontend/src/browser/", "what errors of the browser are called in its console"),
    ("frontend/src/workspace/keys.rs", "codes of keys"),
];

/// All findings in the code of desk and admin, their tests apart.
pub fn check() -> Vec<String> {
    let sources = source::workspace();
    let drawn = |source: &&Source| {
        source.krate == "frontend"
            && source.name.starts_with("frontend/src/")
            && !source.test
            && !APART.iter().any(|(start, _)| source.name.starts_with(start))
    };
    sources.iter().filter(drawn).flat_map(findings).collect()
}

/// The findings in one file.
pub fn findings(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    walk(source.tokens(), false, &mut found);
    let line = |(line, text): (usize, String)| {
        format!("{}:{line}: {text:?} stands in the code: give it a key in public/locales", source.name)
    };
    found.into_iter().map(line).collect()
}

/// `view` is true directly between the tags of a view, where a text is a node.
fn walk(tokens: TokenStream, view: bool, found: &mut Vec<(usize, String)>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let before = |back: usize| at.checked_sub(back).and_then(|place| trees.get(place));
        let is_before = |back: usize, words: &[&str]| matches!(before(back), Some(TokenTree::Ident(name)) if words.iter().any(|word| name == word));
        let sign = |back: usize| match before(back) {
            Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
            _ => None,
        };
        match tree {
            TokenTree::Group(group) => {
                let is_attribute = sign(1) == Some('#') || (sign(1) == Some('!') && sign(2) == Some('#'));
                let is_test = is_before(1, &["tests"]) && is_before(2, &["mod"]);
                let called = |names: &[&str]| sign(1) == Some('!') && is_before(2, names);
                if !is_attribute && !is_test && !called(&CONSOLE) {
                    walk(group.stream(), called(&["view", "template"]), found);
                }
            }
            TokenTree::Literal(literal) => {
                let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) else { continue };
                let text = text.value();
                let is_value = sign(1) == Some('=');
                let is_shown = (view && !is_value) || (is_value && is_before(2, &SHOWN));
                let is_silent = is_value && is_before(2, &SILENT);
                if !is_silent && (reads(&text) || (is_shown && speaks(&text))) {
                    found.push((literal.span().start().line, text));
                }
            }
            _ => {}
        }
    }
}

/// The words of a text that are neither names nor single letters; its places to fill are none.
fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for part in text.split('{') {
        plain.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    let parts = plain.split_whitespace().map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()));
    let own = parts.filter(|word| {
        word.chars().count() > 1 && word.chars().all(|sign| sign.is_alphabetic() || sign == '\'')
    });
    own.filter(|word| !NAMES.contains(word)).map(str::to_owned).collect()
}

/// Whether somebody is spoken to, wherever the text stands: several words, or one that begins large.
fn reads(text: &str) -> bool {
    match words(text).as_slice() {
        [] => false,
        [one] => {
            let mut letters = one.chars();
            let whole = text.trim_matches(|sign: char| !sign.is_alphanumeric()) == one;
            whole && letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase)
        }
        _ => true,
    }
}

/// Whether a text that is shown says anything.
fn speaks(text: &str) -> bool {
    !words(text).is_empty()
}
