//! The form of files: opening lines, lengths, silenced lints, manifests, the top level.

use crate::source;
use proc_macro2::{TokenStream, TokenTree};

/// Above this many lines, the first line says why.
const LONG: usize = 300;
/// The words by which it does.
const EXCUSE: &str = "long because";

/// Files that do not begin with `//!`, and long ones that do not say why.
pub fn opening_lines() -> Vec<String> {
    source::workspace().iter().filter_map(|file| opening(&file.name, &file.text)).collect()
}

/// What is wrong with the first line of a file.
pub fn opening(name: &str, text: &str) -> Option<String> {
    let first = text.lines().next().unwrap_or_default();
    let lines = text.lines().count();
    if first.strip_prefix("//! ").is_none_or(|sentence| sentence.trim().is_empty()) {
        return Some(format!(
            "{name}:1: begin with one `//! ` sentence: what the file is for, what it never does"
        ));
    }
    (lines > LONG && !first.contains(EXCUSE)).then(|| {
        format!(
            "{name}:1: {lines} lines. Split it, or say why not in the first line with the words `{EXCUSE} …`"
        )
    })
}

/// Attributes that silence a lint without a reason.
pub fn silenced_lints() -> Vec<String> {
    let files = source::workspace();
    files
        .iter()
        .flat_map(|file| {
            let lines = silenced(file.tokens());
            lines
                .into_iter()
                .map(move |line| format!("{}:{line}: a lint is silenced without a reason", file.name))
        })
        .collect()
}

/// The lines of `#[allow(…)]` and `#[expect(…)]` without `reason`, also inside `cfg_attr` and macros.
pub fn silenced(tokens: TokenStream) -> Vec<usize> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut lines = Vec::new();
    for (at, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else { continue };
        let mark = |back: usize, sign: char| {
            at.checked_sub(back)
                .and_then(|before| trees.get(before))
                .is_some_and(|tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign))
        };
        if mark(1, '#') || (mark(1, '!') && mark(2, '#')) {
            lines.extend(without_reason(group.stream()));
        } else {
            lines.extend(silenced(group.stream()));
        }
    }
    lines
}

/// Within one attribute.
fn without_reason(attribute: TokenStream) -> Vec<usize> {
    let trees: Vec<TokenTree> = attribute.into_iter().collect();
    let mut lines = Vec::new();
    for (at, tree) in trees.iter().enumerate() {
        let TokenTree::Ident(name) = tree else { continue };
        let Some(TokenTree::Group(inside)) = trees.get(at + 1) else { continue };
        if name == "cfg_attr" {
            lines.extend(without_reason(inside.stream()));
        } else if name == "allow" || name == "expect" {
            let reason = |tree: TokenTree| matches!(tree, TokenTree::Ident(word) if word == "reason");
            if !inside.stream().into_iter().any(reason) {
                lines.push(name.span().start().line);
            }
        }
    }
    lines
}

/// Members' dependencies that do not come from the root manifest.
pub fn versions() -> Vec<String> {
    let mut findings = Vec::new();
    for package in ["shared", "relay", "frontend", "tests", "tests/simulator", ".cargo/xtask"] {
        let name = format!("{package}/Cargo.toml");
        let text = std::fs::read_to_string(source::root().join(&name)).expect("every package has a manifest");
        findings.extend(
            own_versions(&text).into_iter().map(|line| format!("{name}:{line}: is not of the workspace")),
        );
    }
    findings
}

/// The lines of a manifest that say where a dependency comes from, instead of leaving it to the workspace.
pub fn own_versions(manifest: &str) -> Vec<usize> {
    let mut section = String::new();
    let mut lines = Vec::new();
    for (number, line) in manifest.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.starts_with('[') {
            line.trim_matches(['[', ']']).clone_into(&mut section);
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        let key = key.trim();
        let parts: Vec<&str> = section.split('.').collect();
        let listed = parts.last().is_some_and(|last| last.ends_with("dependencies"));
        let alone = parts.iter().rev().nth(1).is_some_and(|last| last.ends_with("dependencies"));
        let of_workspace = key.ends_with(".workspace") || value.replace(' ', "").contains("workspace=true");
        let origin = ["version", "path", "git", "registry"].contains(&key);
        if (listed && !of_workspace) || (alone && origin) {
            lines.push(number + 1);
        }
    }
    lines
}

/// What may stand at the root: hidden tool files, what is built, and these.
const TOP: [&str; 13] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "Trunk.toml",
    "data",
    "dist",
    "frontend",
    "public",
    "relay",
    "rust-toolchain.toml",
    "shared",
    "tests",
];

/// Entries of the root that do not belong there.
pub fn top_level() -> Vec<String> {
    let entries = std::fs::read_dir(source::root()).expect("the root is readable");
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names.retain(|name| {
        let local = name.starts_with('.') || name.contains(".sqlite") || name == "target";
        !local && !TOP.contains(&name.as_str())
    });
    names.into_iter().map(|name| format!("{name}:1: does not belong at the top level")).collect()
}
