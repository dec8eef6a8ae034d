//! Puts the desk's stylesheets together in the order of the layers; rewrites no rule of them.

use crate::sh::{self, Outcome};
use std::path::{Path, PathBuf};

/// The order of the layers, stated once and first: a later layer wins whatever the selectors weigh.
const LAYERS: &str = "@layer reset, tokens, base, ui, widgets, pages;\n";
/// What everything else stands on, in this order; all other files follow by path.
const FIRST: [&str; 4] = ["styles/reset.css", "styles/tokens.css", "styles/base.css", "boot.css"];

/// One stylesheet of all `*.css` in `frontend`: those in `styles/`, and those beside the code they dress.
pub fn bundle(frontend: &Path) -> Outcome<String> {
    let mut paths: Vec<PathBuf> = sh::files(frontend);
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "css"));
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
    let name = path.strip_prefix(frontend).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let place = FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    (place, !name.starts_with("styles/"), name)
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
