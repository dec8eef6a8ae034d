//! Maps and sets as sorted vectors, for what a desk holds: a few hundred entries, and little code for each kind.
//!
//! Every kind of `BTreeMap` brings some six kilobytes of code to split, merge and walk its nodes; the desk has dozens of
//! kinds and downloads them all. Their methods are named and behave as the standard library's, except for the price:
//! finding is logarithmic, inserting and removing in the middle moves what comes behind.

mod map;
mod set;
#[cfg(test)]
mod tests;

pub use map::FlatMap;
pub use set::FlatSet;
