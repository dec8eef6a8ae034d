//! How long and how often a call is tried again; makes no call.

use crate::channels::Pace;
use shared::time::{Span, Timestamp};

/// The first pause.
const FIRST: Span = Span::seconds(1);

/// The longest pause of our own choice: an agent watches the message and should see it move.
const LONGEST: Span = Span::seconds(60);

/// From the first call on: after a quarter of an hour the agent is told rather than kept waiting.
const IN_ALL: Span = Span::minutes(15);

/// So long after it was written a message is given up at the latest, whatever it waits for.
pub(super) const OLDEST: Span = Span::hours(24);

/// How long to leave a provider alone after a failed call, by its pace. `chance` is any number: it moves the pause by up
/// to a fifth, so that messages which failed together do not come back together.
pub(super) fn pause(attempts: u32, asked: Option<Span>, pace: Pace, chance: u32) -> Span {
    let own = match pace {
        Pace::Usual | Pace::Account => {
            let doubled = FIRST.0.checked_shl(attempts.saturating_sub(1).min(16)).unwrap_or(LONGEST.0);
            doubled.min(LONGEST.0)
        }
        // WhatsApp's own rule for one person: 4, 16, 64, 256 seconds; further than patience goes.
        Pace::Person => FIRST.0.saturating_mul(4_i64.saturating_pow(attempts.clamp(1, 5))),
    };
    let jitter = own * i64::from(chance % 401) / 1_000 - own / 5;
    Span((own + jitter).max(asked.unwrap_or_default().0))
}

/// When to try again after a failed call; none when patience is over.
pub(super) fn again(began_at: Timestamp, now: Timestamp, pause: Span) -> Option<Timestamp> {
    let at = now.plus(pause);
    (at < began_at.plus(IN_ALL)).then_some(at)
}
