//! How long and how often a call is tried again; makes no call.

use shared::time::{Span, Timestamp};

/// The first pause.
const FIRST: Span = Span::seconds(1);

/// The longest pause of our own choice: an agent watches the message and should see it move.
const LONGEST: Span = Span::seconds(60);

/// From the first call on: after a quarter of an hour the agent is told rather than kept waiting.
const IN_ALL: Span = Span::minutes(15);

/// When to try again after a failed call; none when patience is over. `chance` is any number: it moves the pause by up
/// to a fifth, so that messages which failed together do not come back together.
pub(super) fn again(
    began_at: Timestamp,
    now: Timestamp,
    attempts: u32,
    asked: Option<Span>,
    chance: u32,
) -> Option<Timestamp> {
    let doubled = FIRST.0.checked_shl(attempts.saturating_sub(1).min(16)).unwrap_or(LONGEST.0);
    let own = doubled.min(LONGEST.0);
    let jitter = own * i64::from(chance % 401) / 1_000 - own / 5;
    let pause = Span((own + jitter).max(asked.unwrap_or_default().0));
    let at = now.plus(pause);
    (at < began_at.plus(IN_ALL)).then_some(at)
}
