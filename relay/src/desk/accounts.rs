//! What a person is told of accounts that do not work; who may see it follows from their role and queues.

use super::lists::Lists;
use crate::health::Trouble;
use shared::channel::Channel;
use shared::id::UserId;
use shared::wire::{AccountTrouble, AccountWrong, ListUpdate};

impl Lists {
    /// What this person is told of accounts: who looks after them hears what to mend, whoever answers on their channel
    /// hears that messages wait.
    pub(super) fn told(&self, user: UserId) -> ListUpdate {
        let own = self.rights.get(&user);
        let works_on = |channel: Channel| {
            let queues = own.into_iter().flatten();
            queues.filter_map(|id| self.queues.get(id)).any(|row| row.channel == channel)
        };
        let said = |trouble: &Trouble| {
            let (wrong, sentence) = match &trouble.agents {
                _ if self.admins.contains(&user) => trouble.admins.clone(),
                Some(words) if works_on(trouble.channel) => (AccountWrong::Waiting, words.clone()),
                _ => return None,
            };
            Some((AccountTrouble { title: trouble.title.clone(), wrong }, sentence))
        };
        let (troubles, sentences) = self.troubles.iter().filter_map(said).unzip();
        ListUpdate::Accounts { troubles, sentences }
    }

    /// With what is wrong with accounts.
    #[cfg(test)]
    #[must_use]
    pub fn with(mut self, troubles: Vec<Trouble>) -> Self {
        self.troubles = troubles;
        self
    }
}
