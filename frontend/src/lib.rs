//! The desk of Signalbox as a library: what runs in the agent's browser. It decides nothing about an activity by itself.

mod app;
pub mod browser;
pub mod desk;
pub mod outbox;
pub mod pages;
pub mod reading;
pub mod start;
pub mod store;
pub mod sync;
pub mod ui;
pub mod widgets;
pub mod workspace;

pub use app::App;
