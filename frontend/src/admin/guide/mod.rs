//! Connecting an account step by step: what to do at the provider, what to paste, what is missing. Progress is kept nowhere.
//!
//! `kind`: the kinds of accounts. `progress`: how far one is, from what the relay knows. `advice`: what to do elsewhere.
//! `page`: the steps around one state. The others draw one step each.

mod account;
mod address;
mod advice;
mod app;
mod kind;
mod page;
mod progress;
mod queue;
mod step;
mod subscribe;
mod test;
mod webhook;

pub(super) use kind::{Kind, mark};
pub(super) use page::GuidePage;
pub(super) use queue::NewQueue;
