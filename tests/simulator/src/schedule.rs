//! When each provider tries a webhook again and when it gives up, in the provider's own time; never sleeps.

use std::time::Duration;

use crate::config::Channel;

/// Messenger and Instagram: at once, then a few more times within the hour after which the app is unsubscribed.
const META_S: [u64; 8] = [0, 5, 15, 60, 180, 300, 600, 900];
/// After this long without a 200, Messenger and Instagram unsubscribe the app.
const META_PATIENCE_S: u64 = 3_600;
/// `WhatsApp`: longer and longer pauses, up to this one.
const WHATSAPP_LONGEST_S: u64 = 6 * 3_600;
/// `WhatsApp` tries for seven days.
const WHATSAPP_PATIENCE_S: u64 = 7 * 24 * 3_600;
/// Viber: its schedule is not documented; doubled pauses up to this one.
const VIBER_LONGEST_S: u64 = 900;
/// Viber tries for about an hour.
const VIBER_PATIENCE_S: u64 = 3_600;

/// Pause after the attempt, counted from 1.
pub(crate) fn pause(channel: Channel, attempt: u32) -> Duration {
    let doubled = |first: u64, longest: u64| first.saturating_mul(1 << (attempt - 1).min(20)).min(longest);
    let seconds = match channel {
        Channel::Messenger | Channel::Instagram => {
            let at = usize::try_from(attempt - 1).unwrap_or(usize::MAX).min(META_S.len() - 1);
            META_S.get(at).copied().unwrap_or_default()
        }
        Channel::Whatsapp => doubled(5, WHATSAPP_LONGEST_S),
        Channel::Viber => doubled(10, VIBER_LONGEST_S),
    };
    Duration::from_secs(seconds)
}

/// How long a webhook is tried.
pub(crate) const fn patience(channel: Channel) -> Duration {
    Duration::from_secs(match channel {
        Channel::Messenger | Channel::Instagram => META_PATIENCE_S,
        Channel::Whatsapp => WHATSAPP_PATIENCE_S,
        Channel::Viber => VIBER_PATIENCE_S,
    })
}

/// How long the business may take to answer: documented for Messenger and Instagram, a guess for the others.
pub(crate) const fn answer_within(channel: Channel) -> Duration {
    match channel {
        Channel::Messenger | Channel::Instagram => Duration::from_secs(5),
        Channel::Whatsapp | Channel::Viber => Duration::from_secs(10),
    }
}

#[cfg(test)]
mod tests;
