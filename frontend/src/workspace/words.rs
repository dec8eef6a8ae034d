//! The words of the workspace: keys, and the sentences that are put together of them. It formats nothing else.

pub use crate::language::keys::workspace::*;
pub use crate::sentences::queue;

use crate::desk::OfferCard;
use crate::language::{fill, t};
use shared::agent::PauseCause;
use shared::config::PauseRef;

/// The product.
pub const NAME: &str = "Signalbox";

/// What a screen reader says when it rings.
pub fn rings(card: &OfferCard) -> String {
    let name = card.customer.as_deref().unwrap_or(t(SOMEBODY));
    let channel = card.ringing.channel.capabilities().title;
    fill(RINGS, &[("name", name), ("channel", channel), ("queue", &queue(&card.ringing.queue))])
}

/// Why somebody is on a pause without having chosen it; nothing when they chose it.
pub fn paused_by_itself(pause: &PauseRef, cause: PauseCause, since: &str) -> Option<String> {
    let why = match cause {
        PauseCause::Chosen | PauseCause::WrapUp => return None,
        PauseCause::TooLong => PAUSED_TOO_LONG,
        PauseCause::NoAnswer { .. } => PAUSED_NO_ANSWER,
        PauseCause::Rejected { .. } => PAUSED_REJECTED,
    };
    let paid = t(if pause.paid { PAID } else { UNPAID });
    Some(fill(why, &[("pause", &pause.title), ("paid", paid), ("since", since)]))
}
