//! The size budgets of desk and admin: what a browser must fetch before somebody can work; changes no file.

use crate::dist;
use crate::sh::{self, Outcome};
use std::collections::BTreeSet;
use std::path::Path;

/// A budget in bytes (1 kB = 1000 bytes), each file as Brotli sends it.
struct Budget {
    name: &'static str,
    wanted: usize,
    limit: usize,
}

/// A program with its two budgets: its module, and the whole first load.
struct Program {
    folder: &'static str,
    wasm: Budget,
    first_load: Budget,
}

const PROGRAMS: [Program; 2] = [
    Program {
        folder: "dist/desk",
        // About 780 kB uncompressed, a second of work for a cheap laptop.
        wasm: Budget { name: "desk wasm", wanted: 240_000, limit: 320_000 },
        // Page, styles, scripts, module and icons together: three seconds on a slow line of 1 Mbit/s.
        first_load: Budget { name: "desk first load", wanted: 275_000, limit: 370_000 },
    },
    Program {
        folder: "dist/admin",
        // Few people fetch it, and not while a customer waits; still on the same lines.
        wasm: Budget { name: "admin wasm", wanted: 220_000, limit: 300_000 },
        first_load: Budget { name: "admin first load", wanted: 255_000, limit: 350_000 },
    },
];

/// Holds every program against its budgets; all are reported.
pub fn check() -> Outcome {
    let verdicts: Vec<Outcome> = PROGRAMS.iter().map(measure).collect();
    verdicts.into_iter().collect()
}

/// Prints a row per file of the first load and holds both sums against their budgets.
fn measure(program: &Program) -> Outcome {
    let folder = sh::root().join(program.folder);
    if !folder.join("index.html").is_file() {
        return Err(format!("{} is empty; `cargo xtask build` builds it", program.folder));
    }
    let (mut wasm, mut all) = (0, 0);
    // A browser fetches the words of one language: the heaviest counts.
    let mut words = 0;
    println!("{:<44} {:>10} {:>10}", "file", "bytes", "brotli");
    for name in first_load(&folder)? {
        let content = sh::read(&folder.join(&name))?;
        let packed = std::fs::metadata(dist::beside(&folder.join(&name), "br")).map_or_else(
            |_| travelling(&name, &content),
            |meta| Ok(usize::try_from(meta.len()).unwrap_or(usize::MAX)),
        )?;
        println!("{name:<44} {:>10} {packed:>10}", content.len());
        if name.starts_with("words-") {
            words = words.max(packed);
            continue;
        }
        all += packed;
        if Path::new(&name).extension().is_some_and(|extension| extension == "wasm") {
            wasm += packed;
        }
    }
    let verdicts = [judge(&program.wasm, wasm), judge(&program.first_load, all + words)];
    verdicts.into_iter().collect::<Result<Vec<()>, String>>().map(drop)
}

/// What the page names, what the stylesheets name, and the icons, which the desk draws from the start.
fn first_load(folder: &Path) -> Outcome<BTreeSet<String>> {
    let page = String::from_utf8_lossy(&sh::read(&folder.join("index.html"))?).into_owned();
    let mut names: BTreeSet<String> = dist::references(&page).into_iter().collect();
    names.insert("index.html".to_owned());
    for path in sh::files(folder) {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if name.starts_with("icons") && !["br", "gz"].contains(&extension) {
            names.insert(name);
        } else if extension == "css" {
            let text = String::from_utf8_lossy(&sh::read(&path)?).into_owned();
            // Fonts are for single letters and are fetched with the first of those.
            let needed = |url: &String| !url.starts_with("fonts/") && folder.join(url).is_file();
            names.extend(styled(&text).filter(needed));
        }
    }
    Ok(names)
}

/// The local files a stylesheet names in `url(…)`.
fn styled(text: &str) -> impl Iterator<Item = String> {
    let urls = text.split("url(").skip(1).filter_map(|rest| rest.split(')').next());
    urls.map(|url| url.trim_matches(['"', '\'', ' ']).trim_start_matches("./").to_owned())
}

/// Bytes of a file without a compressed copy beside it: the page is compressed on the way, pictures are not.
fn travelling(name: &str, content: &[u8]) -> Outcome<usize> {
    if name == "index.html" { Ok(dist::brotli(content)?.len()) } else { Ok(content.len()) }
}

fn judge(budget: &Budget, bytes: usize) -> Outcome {
    let Budget { name, wanted, limit } = budget;
    let kilobytes = |bytes: &usize| format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100);
    let measured = kilobytes(&bytes);
    match verdict(bytes, *wanted, *limit) {
        Verdict::Good => println!("{name}: {measured}, within the {} wanted", kilobytes(wanted)),
        Verdict::Heavy => println!("WARNING {name}: {measured}, above the {} wanted", kilobytes(wanted)),
        Verdict::TooHeavy => {
            return Err(format!("{name}: {measured} is above the limit of {}", kilobytes(limit)));
        }
    }
    Ok(())
}

/// How a size stands to its budget.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As wanted.
    Good,
    /// Above what is wanted: a warning.
    Heavy,
    /// Above the limit: a failure.
    TooHeavy,
}

/// Sizes up to and including a bound keep it.
pub fn verdict(bytes: usize, wanted: usize, limit: usize) -> Verdict {
    if bytes > limit {
        Verdict::TooHeavy
    } else if bytes > wanted {
        Verdict::Heavy
    } else {
        Verdict::Good
    }
}
