//! The agent's day: their own numbers, and what the admins put up. It counts nothing itself.

use super::Desk;
use crate::outbox::Wish;
use crate::reading::Reading;
use crate::store::{Day, Part};
use shared::config::Posted;

impl Desk {
    /// The agent's day in numbers.
    #[must_use]
    pub fn day(self) -> Reading<Day> {
        self.store.day.clone().into()
    }

    /// Fetches the numbers anew; what is shown stays until they have come.
    pub fn load_day(self) {
        self.outbox.wishes.add(Wish::Day);
    }

    /// The notices that are up.
    #[must_use]
    pub fn posted(self) -> Reading<Vec<Posted>> {
        Reading::of(move || self.store.read(Part::Config, |held| held.config().notices.clone()))
    }
}
