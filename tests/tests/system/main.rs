//! Whole-system tests: the real binary, a real database file, real sockets, the strict simulator; one binary, so that it links once.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the harness is test code: a panic is how a test fails"
)]

mod admin;
mod api;
mod attention;
mod backup;
mod bad_input;
mod commands;
mod conversation;
mod crash;
mod day;
mod doctor;
mod drafts;
mod earlier;
mod file;
mod files;
mod inbound;
mod log_lines;
mod look;
mod lost;
mod metrics;
mod migrate;
mod notices;
mod origins;
mod overload;
mod pace;
mod person;
mod races;
mod replay;
mod resume;
mod revocation;
mod rights;
mod secrets;
mod sending;
mod share;
mod signed;
mod slow;
mod stage;
mod stop;
mod undelivered;
