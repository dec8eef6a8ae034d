//! Finds and parses the Rust files of the workspace; judges nothing.

use std::path::{Path, PathBuf};

/// One parsed file.
pub struct Source {
    /// The path from the root, with `/`.
    pub name: String,
    /// The package's name in code: `shared`, `relay`, `frontend`, `tests`, `simulator`, `pgtest`, `xtask`.
    pub krate: &'static str,
    /// The module this file is, without the package: `["widgets", "message"]`; empty for the root.
    pub module: Vec<String>,
    /// Test code: may name what it tests with, inside its own package.
    pub test: bool,
    /// The text.
    pub text: String,
}

impl Source {
    /// A file as it would be under this name, for the checkers' own tests.
    pub fn new(name: &str, text: &str) -> Option<Self> {
        let (folder, krate) = FOLDERS.iter().find(|(folder, _)| name.starts_with(folder))?;
        let inside = name.strip_prefix(folder)?.trim_end_matches(".rs");
        let code = inside.strip_prefix("src/");
        let mut module: Vec<String> = code.unwrap_or(inside).split('/').map(str::to_owned).collect();
        if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            module.pop();
        }
        let for_tests = code.is_none() || module.iter().any(|part| part == "tests");
        Some(Self { name: name.to_owned(), krate, module, test: for_tests, text: text.to_owned() })
    }

    /// The syntax tree.
    pub fn tree(&self) -> syn::File {
        syn::parse_file(&self.text).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The tokens, in which macros are as open as code.
    pub fn tokens(&self) -> proc_macro2::TokenStream {
        self.text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

/// Folders of packages, the narrower first.
const FOLDERS: [(&str, &str); 7] = [
    ("tests/simulator/", "simulator"),
    ("tests/postgres/", "pgtest"),
    ("tests/", "tests"),
    ("shared/", "shared"),
    ("relay/", "relay"),
    ("frontend/", "frontend"),
    (".cargo/xtask/", "xtask"),
];

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// All Rust files of all packages.
pub fn workspace() -> Vec<Source> {
    let mut found = Vec::new();
    for folder in ["shared", "relay", "frontend", "tests", ".cargo/xtask"] {
        for path in files(&root().join(folder), "rs") {
            let text = std::fs::read_to_string(&path).expect("a source file is text");
            found.extend(Source::new(&relative(&path), &text));
        }
    }
    assert!(found.len() > 20, "only {} files were found: the walk is broken", found.len());
    found
}

/// A path as seen from the root.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// All files below a folder with this extension, in order.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let built = ["target", "node_modules", "dist"];
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    walk.filter_entry(|entry| !built.iter().any(|name| entry.file_name() == *name))
        .flatten()
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.is_file() && path.extension().is_some_and(|found| found == extension))
        .collect()
}
