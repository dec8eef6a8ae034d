//! How fast each provider lets us send, with the source of each figure, and buckets that keep to it; time is an argument.

use super::Channel;
use crate::time::{Span, Timestamp};

/// So many in so long, and so many at once after a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: u32,
    /// In how long.
    pub per: Span,
    /// How many at once after a pause.
    pub burst: u32,
}

/// The rates of a channel; none where the provider names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Everything from one account.
    pub account: Option<Rate>,
    /// Files from one account, counted in the account's rate as well.
    pub media: Option<Rate>,
    /// Everything from one account to one customer.
    pub person: Option<Rate>,
    /// The most to one customer within an hour while they do not answer.
    pub unanswered: Option<u32>,
}

/// So many a second at the most, in whatever second: nine tenths steadily, one tenth at once after a pause.
const fn second(most: u32) -> Rate {
    let burst = most / 10;
    Rate { count: most - burst, per: Span::seconds(1), burst }
}

/// The span in which unanswered messages are counted.
pub const UNANSWERED_WITHIN: Span = Span::hours(1);

impl Channel {
    /// How fast messages may leave on this channel.
    #[must_use]
    pub const fn rates(self) -> Rates {
        let none = Rates { account: None, media: None, person: None, unanswered: None };
        match self {
            // The Send API takes 300 a second, but a Page's inbox breaks above 40; files 10 a second.
            Self::Messenger => Rates { account: Some(second(40)), media: Some(second(10)), ..none },
            // One page says 300, another 100 a second: the lower holds. Files 10 a second.
            Self::Instagram => Rates { account: Some(second(100)), media: Some(second(10)), ..none },
            // 80 a second per number, in and out; one in 6 s to the same person with bursts of 45.
            Self::WhatsApp => Rates {
                account: Some(second(80)),
                person: Some(Rate { count: 1, per: Span::seconds(6), burst: 45 }),
                ..none
            },
            // 100 to one person within an hour without an answer.
            Self::Viber => Rates { unanswered: Some(100), ..none },
        }
    }
}

/// What is left of a rate.
///
/// It holds one instant: when everything that was taken would have been earned again. That is exact, needs no refilling,
/// and cannot drift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// In microseconds, since a rate of 80 a second is no whole number of milliseconds.
    earned: i64,
}

impl Bucket {
    /// Takes one, or says when one can be had.
    ///
    /// # Errors
    /// The instant at which the next may go.
    pub fn take(&mut self, rate: Rate, now: Timestamp) -> Result<(), Timestamp> {
        let at = now.0.saturating_mul(1_000);
        let earned = self.earned.max(at);
        let room = each(rate).saturating_mul(i64::from(rate.burst.max(1)) - 1);
        let over = earned.saturating_sub(at).saturating_sub(room);
        if over > 0 {
            // Rounded up: a millisecond too early would be refused again.
            return Err(Timestamp(now.0.saturating_add(over.saturating_add(999) / 1_000)));
        }
        self.earned = earned.saturating_add(each(rate));
        Ok(())
    }

    /// Gives back what was taken and not used.
    pub fn put_back(&mut self, rate: Rate) {
        self.earned = self.earned.saturating_sub(each(rate));
    }

    /// Whether nothing of it is in use, so that it may be forgotten.
    #[must_use]
    pub fn is_full(&self, now: Timestamp) -> bool {
        self.earned <= now.0.saturating_mul(1_000)
    }
}

/// Microseconds that one costs, rounded up: never a little faster than allowed.
fn each(rate: Rate) -> i64 {
    let count = i64::from(rate.count.max(1));
    rate.per.0.saturating_mul(1_000).saturating_add(count - 1) / count
}
