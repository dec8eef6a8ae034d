//! What views must not do: set markup from text, and style attributes the content policy would block.

use crate::source::{self, Source};
use proc_macro2::{TokenStream, TokenTree};

/// Names by which text becomes markup. A customer's text must never get there, so nothing does.
const MARKUP: [&str; 8] = [
    "inner_html",
    "set_inner_html",
    "innerHTML",
    "outer_html",
    "set_outer_html",
    "outerHTML",
    "insert_adjacent_html",
    "insertAdjacentHTML",
];
/// Calls that set an attribute by its name.
const SETTERS: [&str; 3] = ["attr", "set_attribute", "set_attribute_ns"];

/// All findings in the desk's code, its tests apart.
pub fn check() -> Vec<String> {
    let sources = source::workspace();
    let code = sources.iter().filter(|source| source.krate == "frontend" && !source.test);
    code.flat_map(findings).collect()
}

/// The findings in one file.
pub fn findings(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    walk(source.tokens(), false, &mut found);
    found.into_iter().map(|(line, what)| format!("{}:{line}: {what}", source.name)).collect()
}

fn walk(tokens: TokenStream, view: bool, found: &mut Vec<(usize, String)>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let before = |back: usize| at.checked_sub(back).and_then(|place| trees.get(place));
        match tree {
            TokenTree::Group(group) => {
                let macro_name = before(2).filter(|_| is(before(1), '!'));
                let opens = macro_name.is_some_and(|name| is_word(name, "view") || is_word(name, "template"));
                let sets = before(1).is_some_and(|name| SETTERS.iter().any(|setter| is_word(name, setter)));
                if sets
                    && group.stream().into_iter().next().is_some_and(|first| first.to_string() == "\"style\"")
                {
                    let line = group.span_open().start().line;
                    found.push((line, "the attribute `style` is blocked: set single properties".to_owned()));
                }
                walk(group.stream(), view || opens, found);
            }
            TokenTree::Ident(name) if MARKUP.iter().any(|markup| name == markup) => {
                found.push((name.span().start().line, format!("`{name}` makes markup of text: write nodes")));
            }
            // `style="…"` and `style=move || …`, but neither `let style = …`, `x.style = …` nor `style == …`.
            TokenTree::Ident(name) if view && name == "style" => {
                let assigned = is(trees.get(at + 1), '=') && !is(trees.get(at + 2), '=');
                let local = before(1).is_some_and(|word| is_word(word, "let") || is_word(word, "mut"));
                // `prop:style` and `attr:style` set the same attribute, `class:style` does not.
                if assigned
                    && !local
                    && !is(before(1), '.')
                    && !before(2).is_some_and(|word| is_word(word, "class"))
                {
                    let line = name.span().start().line;
                    found.push((
                        line,
                        "`style=` is blocked by the content policy: use `style:property=`".to_owned(),
                    ));
                }
            }
            _ => {}
        }
    }
}

fn is(tree: Option<&TokenTree>, sign: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn is_word(tree: &TokenTree, word: &str) -> bool {
    matches!(tree, TokenTree::Ident(name) if name == word)
}
