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
mod backup;
mod bad_input;
mod commands;
mod conversation;
mod crash;
mod doctor;
mod log_lines;
mod metrics;
mod migrate;
mod races;
mod resume;
mod secrets;
