//! What was found damaged since the process began, by file; says it in the log once, and never what a page holds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Pages by the file they are of.
static FOUND: Mutex<BTreeMap<PathBuf, BTreeSet<u64>>> = Mutex::new(BTreeMap::new());

/// Notes a page whose sum does not fit.
pub(super) fn found(file: &Path, page: u64) {
    let mut all = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if all.entry(file.to_owned()).or_default().insert(page) {
        let file = file.display();
        tracing::error!(%file, page, "a page of the database is damaged and is not read: run `signalbox doctor`");
    }
}

/// The pages of this file whose sums did not fit, counted from 1.
pub fn damaged(file: &Path) -> Vec<u64> {
    // SQLite names files by where they are.
    let place = std::fs::canonicalize(file);
    let all = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    let pages = all.get(place.as_deref().unwrap_or(file));
    pages.map(|pages| pages.iter().copied().collect()).unwrap_or_default()
}
