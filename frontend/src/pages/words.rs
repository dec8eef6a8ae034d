//! The sentences of the pages that are put together of words. It formats nothing else.

pub use crate::sentences::queue;

use crate::language::keys::{activities, waiting};
use crate::language::{Key, count, fill};
use crate::ui::elapsed;
use shared::interaction::Phase;

/// The product.
pub const NAME: &str = "Signalbox";

/// How many wait, and the longest of them.
pub fn waiting(number: usize, longest: i64) -> String {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    count(waiting::COUNT, number, &[("longest", &elapsed(longest))])
}

/// Where it rings.
pub fn rings_at(name: &str) -> String {
    fill(waiting::RINGS_AT, &[("name", name)])
}

/// Where an interaction stands.
pub const fn phase(phase: Phase) -> Key {
    match phase {
        Phase::Routing => activities::ROUTING,
        Phase::Queued => activities::QUEUED,
        Phase::Active => activities::ACTIVE,
        Phase::Missed => activities::MISSED,
        Phase::Ended => activities::ENDED,
    }
}
