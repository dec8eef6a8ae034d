//! The desk and the admin of Signalbox as a library: what runs in the browser. It decides nothing about an activity by itself.

pub mod admin;
pub mod alerts;
mod app;
pub mod browser;
pub mod desk;
pub mod language;
pub mod outbox;
pub mod pages;
pub mod reading;
pub mod sentences;
pub mod start;
pub mod store;
pub mod sync;
pub mod ui;
pub mod widgets;
pub mod workspace;

pub use app::App;
