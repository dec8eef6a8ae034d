//! Puts a program's stylesheets together in the order of the layers; rewrites no rule of them.

use crate::sh::{self, Outcome};
use std::path::{Path, PathBuf};

/// The order of the layers, stated once and first: a later layer wins whatever the selectors weigh.
const LAYERS: &str = "@layer reset, tokens, base, ui, widgets, pages;\n";
/// What everything else stands on, in this order; all other files follow by path.
const FIRST: [&str; 4] = ["styles/reset.css", "styles/tokens.css", "styles/base.css", "boot.css"];

/// Files that one program alone needs, by the beginning of their paths; all others are in both stylesheets.
const ONLY: [(&str, &str); 3] =
    [("styles/admin", "admin"), ("styles/flags", "desk"), ("styles/message", "desk")];

/// One stylesheet of the `*.css` in `frontend` that a program needs: those in `styles/`, and those beside the code they
/// dress.
pub fn bundle(frontend: &Path, program: &str) -> Outcome<String> {
    let mut paths: Vec<PathBuf> = sh::files(frontend);
    paths.retain(|path| {
        let name = name(frontend, path);
        let others = ONLY.iter().any(|(start, owner)| name.starts_with(start) && *owner != program);
        path.extension().is_some_and(|extension| extension == "css") && !others
    });
    paths.sort_by_key(|path| rank(frontend, path));
    let mut whole = LAYERS.to_owned();
    for path in paths {
        let text =
            String::from_utf8(sh::read(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
        if let Some(problem) = objection(&text) {
            return Err(format!("{}: {problem}", path.display()));
        }
        whole.push_str(text.trim());
        whole.push('\n');
    }
    Ok(whole)
}

/// First those everything stands on, then `styles/`, then the code's own by path.
fn rank(frontend: &Path, path: &Path) -> (usize, bool, String) {
    let name = name(frontend, path);
    let place = FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    (place, !name.starts_with("styles/"), name)
}

/// A file's path below the folder, with plain slashes.
fn name(frontend: &Path, path: &Path) -> String {
    path.strip_prefix(frontend).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Why a file must not go into the bundle.
pub fn objection(text: &str) -> Option<&'static str> {
    if text.contains("@import") {
        return Some("@import would ask the server for a file that is not in the build");
    }
    // A rule outside every layer beats all layers, so one forgotten line would undo the order.
    (!text.trim().is_empty() && !text.contains("@layer ")).then_some(
        "put the rules into a layer: `@layer ui { … }` (reset, tokens, base, ui, widgets or pages)",
    )
}
