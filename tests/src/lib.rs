//! The harness of the whole-system tests: starts the real binary with a real database file and speaks to it as desks, admins and customers do; never reaches inside.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the harness is test code: a panic is how a test fails"
)]

pub mod browser;
pub mod card;
pub mod clipped;
pub mod command;
pub mod crowd;
pub mod desk;
pub mod disk;
mod driver;
mod ends;
pub mod history;
pub mod ledger;
pub mod line;
pub mod phones;
pub mod post;
pub mod relay;
pub mod scene;
pub mod seed;
pub mod stage;
pub mod sums;
pub mod table;
pub mod trace;
pub mod wait;
pub mod webhook;

pub use browser::Chrome;
pub use desk::Desk;
pub use phones::{Customer, Phones};
pub use relay::{Relay, Setup};
pub use scene::Scene;
pub use stage::Fault;
