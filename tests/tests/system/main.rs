//! Whole-system tests: the real binary, a real database file, real sockets, the strict simulator; one binary, so that it links once.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the harness is test code: a panic is how a test fails"
)]

mod api;
mod arrives;
mod bad_input;
mod conversation;
mod crash;
mod intake;
mod keys;
mod races;
mod receipts;
mod resume;
mod sends;
mod storm;
mod trouble;
mod views;
