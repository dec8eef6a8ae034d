//! Holds every path of the code against the table of directions, through imports, renames and re-exports.

use crate::names::{self, Named};
use crate::source::{self, Source};
use crate::table::{self, ANY, DECIDES, KNOWS_ALL, LINKS_SIMULATOR, Row, SEPARATE, TEST_ONLY, TRIED_IN};
use std::collections::{BTreeMap, BTreeSet};

/// Our packages as code names them.
const OURS: [&str; 7] = ["shared", "relay", "frontend", "tests", "simulator", "pgtest", "xtask"];
/// Longer chains of renames than this are circles.
const HOPS: usize = 16;

/// What is known of all files before the first is judged.
struct World {
    /// `crate::module::path` of every module.
    modules: BTreeSet<Vec<String>>,
    /// Module and name → what an import made of it.
    imports: BTreeMap<(Vec<String>, String), Vec<Vec<String>>>,
}

/// All breaches in these files.
pub fn check(sources: &[Source]) -> Vec<String> {
    let files: Vec<(&Source, Vec<Named>)> =
        sources.iter().map(|source| (source, names::collect(&source.tree()))).collect();
    let mut world = World { modules: BTreeSet::new(), imports: BTreeMap::new() };
    for (source, found) in &files {
        for named in found {
            let place = place(source, named);
            world
                .modules
                .extend((1..=place.len()).filter_map(|end| place.get(..end).map(<[String]>::to_vec)));
            if let Some(name) = &named.import {
                world.imports.entry((place, name.clone())).or_default().push(named.path.clone());
            }
        }
        let own: Vec<String> = whole(source.krate, &source.module);
        world.modules.extend((1..=own.len()).filter_map(|end| own.get(..end).map(<[String]>::to_vec)));
    }
    let mut breaches = BTreeSet::new();
    for (source, found) in &files {
        breaches.extend(unlisted(source).map(|what| format!("{}:1: {what}", source.name)));
        for named in found {
            let complaint = world.judge(source, named);
            breaches.extend(complaint.map(|what| format!("{}:{}: {what}", source.name, named.line)));
        }
    }
    breaches.into_iter().collect()
}

/// The package and module a path stands in.
fn place(source: &Source, named: &Named) -> Vec<String> {
    [whole(source.krate, &source.module), named.inside.clone()].concat()
}

fn whole(krate: &str, module: &[String]) -> Vec<String> {
    std::iter::once(krate.to_owned()).chain(module.iter().cloned()).collect()
}

/// A module at the top of the relay or the desk that has no row.
fn unlisted(source: &Source) -> Option<String> {
    let top = source.module.first()?;
    let who = format!("{}::{top}", source.krate);
    let closed = matches!(source.krate, "relay" | "frontend") && !source.test;
    (closed && table::find(&who).is_none())
        .then(|| format!("{who} has no row in tests/tests/rules/table.rs: say what it may name"))
}

impl World {
    fn judge(&self, source: &Source, named: &Named) -> Option<String> {
        let place = place(source, named);
        let shown = named.path.join("::");
        let top = source.module.first().map_or("", String::as_str);
        if source.krate == "relay" && top != DECIDES && named.path.iter().any(|segment| segment == "decide") {
            return Some(format!("names `{shown}`: only relay::engine names a `decide`"));
        }
        if named.method {
            return None;
        }
        self.meanings(&place, &named.path, true).into_iter().find_map(|path| {
            let said = if path == named.path {
                format!("`{shown}`")
            } else {
                format!("`{shown}` ({})", path.join("::"))
            };
            breach(source, named, &path).map(|why| format!("names {said}: {why}"))
        })
    }

    /// What a path written in this module can mean, with our package or somebody else's in front.
    fn meanings(&self, place: &[String], path: &[String], globs: bool) -> Vec<Vec<String>> {
        let mut open = vec![(place.to_vec(), path.to_vec())];
        let mut found = Vec::new();
        for _ in 0..HOPS {
            let mut next = Vec::new();
            for (place, path) in open {
                match self.step(&place, &path, globs) {
                    Step::Is(path) => found.push(path),
                    Step::Maybe(more) => next.extend(more),
                }
            }
            open = next;
        }
        found.sort();
        found.dedup();
        found
    }

    fn step(&self, place: &[String], path: &[String], globs: bool) -> Step {
        let Some((first, rest)) = path.split_first() else { return Step::Maybe(Vec::new()) };
        let join = |base: &[String], rest: &[String]| [base, rest].concat();
        let krate = place.get(..1).unwrap_or_default();
        match first.as_str() {
            "crate" => return self.rooted(&join(krate, rest)),
            "self" => return self.rooted(&join(place, rest)),
            "super" => {
                let parent = place.len().checked_sub(1).and_then(|end| place.get(..end)).unwrap_or_default();
                return match rest.first().map(String::as_str) {
                    Some("super") => Step::Maybe(vec![(parent.to_vec(), rest.to_vec())]),
                    _ => self.rooted(&join(parent, rest)),
                };
            }
            _ => {}
        }
        let child = join(place, std::slice::from_ref(first));
        if self.modules.contains(&child) {
            return self.rooted(&join(place, path));
        }
        let mut meant: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        for target in self.imports.get(&(place.to_vec(), first.clone())).into_iter().flatten() {
            // `use shared;` and the import of a path as itself lead nowhere new.
            if target.first() != Some(first) || target.len() > 1 {
                meant.push((place.to_vec(), join(target, rest)));
            }
        }
        meant.retain(|(_, target)| target != path && target.len() < 40);
        // A glob's own base is not looked for behind globs: that would have no end.
        if meant.is_empty() && globs {
            for target in self.imports.get(&(place.to_vec(), "*".to_owned())).into_iter().flatten() {
                let base = target.get(..target.len() - 1).unwrap_or_default();
                for full in self.meanings(place, base, false) {
                    if self.modules.contains(&join(&full, std::slice::from_ref(first))) {
                        meant.push((krate.to_vec(), join(&full, path)));
                    }
                }
            }
        }
        if meant.is_empty() { Step::Is(path.to_vec()) } else { Step::Maybe(meant) }
    }

    /// A path from one of our roots; what the root itself re-exports is what it re-exports.
    fn rooted(&self, path: &[String]) -> Step {
        let (Some(krate), Some(name)) = (path.first(), path.get(1)) else { return Step::Is(path.to_vec()) };
        let root = vec![krate.clone()];
        if !self.modules.contains(&vec![krate.clone(), name.clone()])
            && let Some(targets) = self.imports.get(&(root.clone(), name.clone()))
        {
            let rest = path.get(2..).unwrap_or_default();
            let meant = targets.iter().map(|target| (root.clone(), [target.as_slice(), rest].concat()));
            return Step::Maybe(meant.collect());
        }
        Step::Is(path.to_vec())
    }
}

enum Step {
    Is(Vec<String>),
    Maybe(Vec<(Vec<String>, Vec<String>)>),
}

/// Why a file must not name this path.
fn breach(source: &Source, named: &Named, path: &[String]) -> Option<String> {
    let own = source.krate;
    let top = source.module.first().map_or("", String::as_str);
    let package = table::find(own)?;
    let module = table::find(&format!("{own}::{top}")).filter(|_| !(source.test || named.test));
    let target = path.first()?.as_str();
    for row in [Some(package), module].into_iter().flatten() {
        let tried = TRIED_IN.contains(&top) || source.test || named.test;
        let harmless = tried && TEST_ONLY.iter().any(|means| touches(path, means));
        if !harmless && row.never.iter().any(|never| touches(path, never)) {
            return Some(format!("{}, so {} never names it", row.why, row.who));
        }
    }
    if !OURS.contains(&target) || (path.len() == 1 && named.import.is_none()) {
        return None;
    }
    if target != own {
        if target == "simulator" && own == "relay" && !LINKS_SIMULATOR.contains(&top) {
            return Some("only relay::demo links the simulator in".to_owned());
        }
        let refused = |row: &&Row| row.may != ANY && !row.may.contains(&target);
        return [Some(package), module].into_iter().flatten().find(refused).map(reason);
    }
    let other = path.get(1).map_or("", String::as_str);
    if let Some(row) = module.filter(|row| other != top && row.may != ANY && !row.may.contains(&other)) {
        return Some(reason(row));
    }
    separate(source, named, path)
}

fn reason(row: &Row) -> String {
    let may = if row.may.is_empty() { "nothing of ours".to_owned() } else { row.may.join(", ") };
    format!("{} may name {may} ({})", row.who, row.why)
}

/// A path is the forbidden one, lies below it, or takes everything from above it.
fn touches(path: &[String], never: &str) -> bool {
    let never: Vec<&str> = never.split("::").collect();
    let same = path.iter().zip(&never).take_while(|(have, unwanted)| have == *unwanted).count();
    same == never.len() || (same > 0 && path.get(same).is_some_and(|next| next == "*"))
}

fn separate(source: &Source, named: &Named, path: &[String]) -> Option<String> {
    let (_, folder, why) = SEPARATE.iter().find(|(krate, folder, _)| {
        *krate == source.krate && source.module.first().is_some_and(|top| top == folder)
    })?;
    let member = source.module.get(1)?;
    let other = path.get(2).filter(|_| path.get(1).is_some_and(|top| top == folder))?;
    let is_module = other.chars().all(|c| !c.is_uppercase()) && (path.len() > 3 || named.import.is_some());
    let allowed =
        other == member || other == "*" || KNOWS_ALL.contains(&member.as_str()) || source.test || named.test;
    (!allowed && is_module).then(|| (*why).to_owned())
}

/// Packages that a manifest names against the table.
pub fn packages() -> Vec<String> {
    let mut findings = Vec::new();
    for (folder, krate) in [
        ("shared", "shared"),
        ("relay", "relay"),
        ("frontend", "frontend"),
        ("tests", "tests"),
        ("tests/simulator", "simulator"),
        ("tests/postgres", "pgtest"),
        (".cargo/xtask", "xtask"),
    ] {
        let name = format!("{folder}/Cargo.toml");
        let text = std::fs::read_to_string(source::root().join(&name)).expect("every package has a manifest");
        let row = table::find(krate).expect("every package has a row");
        for (number, line) in text.lines().enumerate() {
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if line.contains("workspace") && OURS.contains(&dependency) && !row.may.contains(&dependency) {
                findings.push(format!("{name}:{}: depends on {dependency}: {}", number + 1, reason(row)));
            }
        }
    }
    findings
}
