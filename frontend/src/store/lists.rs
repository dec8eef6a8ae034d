//! The lists a desk sees as rows: held as the relay sends them, void once it says so. Nothing here is ever resumed.

use shared::flat::FlatMap;
use shared::id::{ActivityId, QueueId, UserId};
use shared::wire::{AccountTrouble, ColleagueRow, ListUpdate, QueueRow, WaitingRow};

/// The rows of all lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// Activities this person could take.
    pub waiting: FlatMap<ActivityId, WaitingRow>,
    /// Queues this person has rights to.
    pub queues: FlatMap<QueueId, QueueRow>,
    /// Colleagues who share a queue.
    pub colleagues: FlatMap<UserId, ColleagueRow>,
    /// What is wrong with accounts.
    pub accounts: Vec<AccountTrouble>,
}

/// Which list changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// Activities this person could take.
    Waiting,
    /// Queues.
    Queues,
    /// Colleagues.
    Colleagues,
    /// Accounts.
    Accounts,
}

impl Lists {
    /// Takes in changed rows; nothing for a list this version does not know.
    pub fn rows(&mut self, update: ListUpdate) -> Option<List> {
        match update {
            ListUpdate::Waiting { reset, upsert, remove } => {
                put(&mut self.waiting, reset, upsert, &remove, |row| row.activity);
                Some(List::Waiting)
            }
            ListUpdate::Queues { reset, upsert, remove } => {
                put(&mut self.queues, reset, upsert, &remove, |row| row.queue.id);
                Some(List::Queues)
            }
            ListUpdate::Colleagues { reset, upsert, remove } => {
                put(&mut self.colleagues, reset, upsert, &remove, |row| row.user.id);
                Some(List::Colleagues)
            }
            ListUpdate::Accounts { troubles, .. } => {
                self.accounts = troubles;
                Some(List::Accounts)
            }
            ListUpdate::Unknown => None,
        }
    }
}

fn put<K: Ord, R>(held: &mut FlatMap<K, R>, reset: bool, upsert: Vec<R>, remove: &[K], key: fn(&R) -> K) {
    if reset {
        held.clear();
    }
    for gone in remove {
        held.remove(gone);
    }
    for row in upsert {
        held.insert(key(&row), row);
    }
}
