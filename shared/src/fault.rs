//! Seeded bugs, by which the tests of the invariants are tested; without the feature `faults`, which nothing for use is built with, none of it is there.

#[cfg(feature = "faults")]
use std::sync::OnceLock;

#[cfg(feature = "faults")]
static NAME: OnceLock<String> = OnceLock::new();

/// Switches one bug on, for as long as the process lives; the first call counts.
#[cfg(feature = "faults")]
pub fn switch_on(name: &str) {
    // A second call changes nothing.
    let _ = NAME.set(name.to_owned());
}

/// Whether this bug is switched on.
#[cfg(feature = "faults")]
#[must_use]
pub fn is_on(name: &str) -> bool {
    NAME.get().is_some_and(|on| on == name)
}

/// Whether a seeded bug is switched on; what each of them is caught by stands in `tests/tests/faults/table.rs`.
#[cfg(feature = "faults")]
#[macro_export]
macro_rules! fault {
    ($name:literal) => {
        $crate::fault::is_on($name)
    };
}

/// Never: the seeded bugs are not compiled in.
#[cfg(not(feature = "faults"))]
#[macro_export]
macro_rules! fault {
    ($name:literal) => {
        false
    };
}
