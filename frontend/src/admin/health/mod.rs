//! How accounts stand, as the list and an account's own page show it: asked for again and again, and tested on demand.
//!
//! `looks`: what is known, kept fresh. `stand`: the word and the sentence. `lines`: the facts. `told`: what of
//! the relay's own words is known. `card`: all of it drawn.

mod card;
mod lines;
mod looks;
mod stand;
#[cfg(test)]
mod tests;
mod told;

pub(super) use card::HealthCard;
pub(super) use looks::{GLANCE, Looks};
pub(super) use stand::{Known, sentence, stand};
