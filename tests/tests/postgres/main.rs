//! Whole-system tests of the relay on PostgreSQL: the commands, servers that restart, relays that must not be two, addresses that are wrong; everything else of the system is tested on both databases elsewhere.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the harness is test code: a panic is how a test fails"
)]

mod commands;
mod refused;
mod restart;
