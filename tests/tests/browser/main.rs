//! Browser tests: the built desk in real Chromium against the real binary; one binary, one test at a time.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a panic is how a test fails"
)]

mod accessible;
mod admin;
mod admin_health;
mod admin_language;
mod admin_look;
mod admin_notices;
mod admin_pictures;
mod admin_tour;
mod admin_workspace;
mod closing;
mod conversation;
mod dashboard;
mod drafts;
mod durable;
mod earlier;
mod edges;
mod files;
mod hostile;
mod keyboard;
mod language;
mod logout;
mod manner;
mod offers;
mod over;
mod pictures;
mod reload;
mod ringing;
mod rounds;
mod shop;
mod sounds;
mod tabs;
mod trouble;
mod update;
