//! Finds the paths of the workspace a Markdown text names, and those that do not exist.

use std::path::Path;

/// Endings by which a name with a slash is taken for a file of ours.
const ENDINGS: [&str; 12] =
    [".rs", ".toml", ".css", ".html", ".js", ".json", ".lock", ".md", ".png", ".sql", ".svg", ".yml"];

/// Paths the README names that do not exist.
pub fn check(root: &Path) -> Vec<String> {
    let Ok(text) = std::fs::read_to_string(root.join("README.md")) else {
        return vec!["README.md:1: there is no README.md".to_owned()];
    };
    let named = named(&text, &top_level(root));
    let gone = named.iter().filter(|(_, path)| !root.join(path.trim_end_matches('/')).exists());
    let mut findings: Vec<String> =
        gone.map(|(line, path)| format!("README.md:{line}: `{path}` does not exist")).collect();
    if named.is_empty() {
        findings.push("README.md:1: names no path at all, so it cannot be the map".to_owned());
    }
    findings
}

/// What stands at the root, by which a path of ours is known.
fn top_level(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root).expect("the root is readable");
    let built = ["target", "dist", "data"];
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| !built.contains(&name.as_str())).collect()
}

/// Paths in backticks, in blocks of code and in links, with their lines.
pub fn named(text: &str, top: &[String]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        // In a block of code every word counts, elsewhere what stands between backticks.
        let spans: Vec<&str> = if fenced { vec![line] } else { line.split('`').skip(1).step_by(2).collect() };
        for word in spans.into_iter().flat_map(str::split_whitespace) {
            let word = trimmed(word);
            if looks_like_ours(word, top) {
                found.push((number + 1, word.to_owned()));
            }
        }
        for target in line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()) {
            let target = trimmed(target.split('#').next().unwrap_or_default());
            if !target.is_empty() && !target.contains(':') {
                found.push((number + 1, target.to_owned()));
            }
        }
    }
    found
}

/// Without punctuation around it, `./` before it and `:12` behind it.
fn trimmed(word: &str) -> &str {
    let word = word.trim_matches(['"', '\'', ',', ';', '(', ')']).trim_end_matches(['.', ':']);
    let word = word.strip_prefix("./").unwrap_or(word);
    match word.rsplit_once(':') {
        Some((path, line)) if !line.is_empty() && line.chars().all(|c| c.is_ascii_digit()) => path,
        _ => word,
    }
}

fn looks_like_ours(word: &str, top: &[String]) -> bool {
    let foreign = word.contains(['<', '>', '{', '}', '*', '$', '=', '|', '@', '…'])
        || word.contains("::")
        || word.contains("://")
        || word.starts_with(['/', '~', '-']);
    let first = word.split('/').next().unwrap_or_default();
    let known = top.iter().any(|name| name == first) && (word.contains('/') || first.contains('.'));
    !foreign && (known || (word.contains('/') && ENDINGS.iter().any(|ending| word.ends_with(ending))))
}
