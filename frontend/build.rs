//! Makes a constant of every key of `public/locales/en.json` and of the admin's `public/locales/admin/en.json`, so that a
//! word which does not exist does not compile.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

/// The files all other languages follow, and what is made of each. The admin's words come after the desk's, which its
/// pages say as well; the desk knows nothing of the admin's.
const ENGLISH: [(&str, &str); 2] =
    [("../public/locales/en.json", "keys.rs"), ("../public/locales/admin/en.json", "admin.rs")];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = std::env::var("OUT_DIR")?;
    let mut first = 0;
    for (file, made) in ENGLISH {
        println!("cargo::rerun-if-changed={file}");
        let words: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(&std::fs::read_to_string(file)?)?;
        std::fs::write(Path::new(&folder).join(made), constants(&words, first)?)?;
        first += words.len();
    }
    Ok(())
}

/// The constants of a file's keys, in groups; the numbers begin with `first`.
fn constants(words: &BTreeMap<String, serde_json::Value>, first: usize) -> Result<String, Box<dyn Error>> {
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    // A key's number is its place in the sorted list, and so is the place of its words in the built file.
    for (number, (key, value)) in (first..).zip(words) {
        let (group, name) = key.split_once('.').ok_or_else(|| format!("{key}: a key is group.name"))?;
        let text = value.as_str().map_or_else(|| value["other"].to_string(), |text| format!("{text:?}"));
        let name = name.to_uppercase();
        writeln!(
            groups.entry(group).or_default(),
            "    /// In English: `{}`.\n    pub const {name}: Key = Key({number});",
            text.replace('`', "'")
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
    Ok(out)
}
