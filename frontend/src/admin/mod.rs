//! The admin of Signalbox, a program of its own that no agent downloads: connecting accounts, notices, and what was not understood.
//!
//! # Layout, in reading order
//!
//! * `app`: who may be here. `place`, `way`: the pages and their addresses, and the guard of what is not saved.
//! * `shell`: panel and menu. `api`, `load`: the relay's REST API. `form`, `copy`: fields and values to copy. `wrong`: what
//!   is not right with a field. `when`: instants.
//! * `connectors`: the accounts. `health`: how they stand. `guide`: connecting one, step by step. `notices`: what is up on
//!   the dashboards. `workspace`: what holds for all of it. `look`: its colour and its
//!   sounds. `journal`: webhook items nobody understood.

mod api;
mod app;
mod connectors;
mod copy;
mod form;
mod guide;
mod health;
mod journal;
mod load;
mod look;
mod notices;
mod place;
mod shell;
mod way;
mod when;
mod workspace;
mod wrong;

pub use app::App;
