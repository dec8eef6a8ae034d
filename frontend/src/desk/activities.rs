//! The list of activities: interactions that were and are, newest first, page by page.

use super::Desk;
use crate::outbox::Wish;
use crate::reading::{Reading, Slot};
use crate::store::{Activities, Filter};

impl Desk {
    /// What was fetched of the list.
    #[must_use]
    pub fn activities(self) -> Reading<Activities> {
        self.store.activities.clone().into()
    }

    /// What is to be seen of the list.
    #[must_use]
    pub fn activities_filter(self) -> Slot<Filter> {
        self.store.activities_filter.clone()
    }

    /// Fetches the first page anew, when the page is opened or refreshed, or something else is to be seen. What is shown
    /// stays until it has come.
    pub fn load_activities(self) {
        self.fetch_page(None);
    }

    /// Fetches the next page, if there is one.
    pub fn more_activities(self) {
        let next = self.store.activities.with_untracked(|list| list.next.clone().filter(|_| !list.loading));
        if next.is_some() {
            self.fetch_page(next);
        }
    }

    fn fetch_page(self, before: Option<String>) {
        self.store.activities.update(|list| {
            list.loading = true;
            list.asked = list.asked.wrapping_add(1);
        });
        self.outbox.wishes.add(Wish::Activities(before));
    }
}
