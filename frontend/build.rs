//! Makes a constant of every key of `public/locales/en.json`, so that a word which does not exist does not compile.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

/// The language all others follow.
const ENGLISH: &str = "../public/locales/en.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={ENGLISH}");
    println!("cargo::rerun-if-changed=build.rs");
    let words: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(&std::fs::read_to_string(ENGLISH)?)?;
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    // A key's number is its place in the sorted list, and so is the place of its words in the built file.
    for (number, (key, value)) in words.iter().enumerate() {
        let (group, name) = key.split_once('.').ok_or_else(|| format!("{key}: a key is group.name"))?;
        let text = value.as_str().map_or_else(|| value["other"].to_string(), |text| format!("{text:?}"));
        let name = name.to_uppercase();
        writeln!(
            groups.entry(group).or_default(),
            "    /// In English: {}.\n    pub const {name}: Key = Key({number});",
            text.replace(['[', ']', '<', '>', '`'], "'")
        )?;
    }
    let mut out = format!(
        "/// How many keys there are.\n#[cfg(all(test, not(target_arch = \"wasm32\")))]\npub(super) const COUNT: usize = {};\n",
        words.len()
    );
    for (group, constants) in groups {
        writeln!(
            out,
            "/// Words of the group `{group}`.\npub mod {group} {{\n    use super::Key;\n{constants}}}"
        )?;
    }
    let folder = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&folder).join("keys.rs"), out)?;
    Ok(())
}
