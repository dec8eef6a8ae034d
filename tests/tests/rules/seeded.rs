//! Seeded bugs: each has a test that must find it, and nothing for use is built with them.

use crate::source;
use std::collections::BTreeSet;

#[path = "../faults/table.rs"]
mod table;

/// The feature that compiles them in.
const FEATURE: &str = "faults";

/// Names in `fault!` that have no row in the table, and rows without one.
pub fn complete() -> Vec<String> {
    let mut seeded = BTreeSet::new();
    for file in source::workspace().iter().filter(|file| !file.test) {
        for rest in file.text.split("fault!(\"").skip(1) {
            seeded.extend(rest.split('"').next().map(str::to_owned));
        }
    }
    let listed: BTreeSet<String> = table::SEEDED.iter().map(|(bug, _)| (*bug).to_owned()).collect();
    let untried = seeded.difference(&listed).map(|bug| format!("{bug}: no test must find it"));
    let gone = listed.difference(&seeded).map(|bug| format!("{bug}: it is seeded nowhere"));
    let tests: String =
        source::workspace().iter().filter(|file| file.test).map(|file| file.text.as_str()).collect();
    let missing = table::SEEDED.iter().flat_map(|(bug, names)| names.iter().map(move |name| (bug, name)));
    let missing = missing.filter(|(_, name)| {
        let function = name.rsplit("::").next().unwrap_or_default();
        !tests.contains(&format!("fn {function}("))
    });
    let missing = missing.map(|(bug, name)| format!("{bug}: there is no test {name}"));
    untried.chain(gone).chain(missing).collect()
}

/// Builds for use that would have bugs seeded.
pub fn shipped() -> Vec<String> {
    let mut findings = Vec::new();
    for name in ["relay/Cargo.toml", "shared/Cargo.toml"] {
        let text = std::fs::read_to_string(source::root().join(name)).unwrap_or_default();
        let default = text.lines().find(|line| line.starts_with("default ="));
        if default.is_some_and(|line| line.contains(FEATURE)) {
            findings.push(format!("{name}: the seeded bugs are on by default"));
        }
    }
    // What is compiled says it best: the names of the bugs are in no binary without the feature.
    if let Some(binary) = std::env::var_os("SIGNALBOX_BIN") {
        let bytes = std::fs::read(source::root().join(binary)).unwrap_or_default();
        let known = names_in(&bytes);
        findings.extend(known.iter().map(|bug| format!("the relay under test knows {bug}")));
    }
    findings
}

/// The names of seeded bugs in a binary of hundreds of megabytes, in one walk over it.
fn names_in(bytes: &[u8]) -> BTreeSet<&'static str> {
    // Nearly every place is ruled out by its first two bytes.
    let begins: BTreeSet<&[u8]> =
        table::SEEDED.iter().filter_map(|(bug, _)| bug.as_bytes().get(..2)).collect();
    let firsts: BTreeSet<u8> = begins.iter().filter_map(|pair| pair.first().copied()).collect();
    let first: Vec<bool> = (0..=u8::MAX).map(|byte| firsts.contains(&byte)).collect();
    let is_first = |byte: u8| first.get(usize::from(byte)).copied().unwrap_or_default();
    let mut found = BTreeSet::new();
    for (at, pair) in bytes.windows(2).enumerate() {
        if pair.first().copied().is_some_and(is_first) && begins.contains(pair) {
            let rest = bytes.get(at..).unwrap_or_default();
            let here = |bug: &&str| rest.starts_with(bug.as_bytes());
            found.extend(table::SEEDED.iter().map(|(bug, _)| *bug).filter(here));
        }
    }
    found
}
