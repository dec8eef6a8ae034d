//! The provider's own account, one row per event told to the business and one per message taken from it; rows are never removed, so that a checker can join them with what the business recorded.

use std::collections::HashMap;

use serde::Serialize;

use crate::outbox::Webhook;
use crate::state::Message;

/// Rows of each side at most; what comes later is counted and not kept.
pub(crate) const ROWS: usize = 1_000_000;

/// What one webhook tells of: a kind and the provider's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Event {
    pub kind: &'static str,
    pub id: String,
}

impl Event {
    pub(crate) fn new(kind: &'static str, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }
}

/// An event on its way to the business, over all its deliveries.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Told {
    pub seq: u64,
    pub at_ms: u64,
    pub kind: &'static str,
    pub id: String,
    pub account: String,
    pub customer: String,
    /// Webhooks made of it; more than one are duplicates.
    pub webhooks: u32,
    /// Attempts that got some answer or none.
    pub posts: u32,
    /// Attempts that got 200.
    pub accepted: u32,
    /// The last answer.
    pub status: Option<u16>,
    /// `waiting`, `accepted` (once and for all), `gave_up`, `dropped`, `unsubscribed`.
    pub outcome: &'static str,
}

/// A message taken from the business.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Taken {
    pub seq: u64,
    pub at_ms: u64,
    pub account: String,
    pub customer: String,
    pub id: String,
    /// What the business gave to know it by.
    pub key: Option<String>,
    pub kind: String,
    /// The words, where it has some.
    pub text: Option<String>,
    /// `answered`, or what became of the answer: `held`, `lost`, `timeout`, `error`.
    pub answer: &'static str,
}

#[derive(Debug, Default)]
pub(crate) struct Book {
    told: Vec<Told>,
    told_at: HashMap<Event, usize>,
    taken: Vec<Taken>,
    taken_at: HashMap<String, usize>,
    keys: HashMap<String, u32>,
    /// Rows that found no place.
    pub left_out: u64,
}

impl Book {
    /// A webhook was made.
    pub(crate) fn made(&mut self, webhook: &Webhook, at_ms: u64) {
        for event in &webhook.events {
            if let Some(row) = self.told_at.get(event).and_then(|at| self.told.get_mut(*at)) {
                row.webhooks += 1;
                continue;
            }
            if self.told.len() >= ROWS {
                self.left_out += 1;
                continue;
            }
            self.told_at.insert(event.clone(), self.told.len());
            self.told.push(Told {
                seq: self.told.len() as u64 + 1,
                at_ms,
                kind: event.kind,
                id: event.id.clone(),
                account: webhook.account.clone(),
                customer: webhook.lane.clone(),
                webhooks: 1,
                posts: 0,
                accepted: 0,
                status: None,
                outcome: "waiting",
            });
        }
    }

    fn rows(&mut self, webhook: &Webhook, mut change: impl FnMut(&mut Told)) {
        for event in &webhook.events {
            if let Some(row) = self.told_at.get(event).and_then(|at| self.told.get_mut(*at)) {
                change(row);
            }
        }
    }

    /// A rule made one more copy.
    pub(crate) fn copied(&mut self, webhook: &Webhook) {
        self.rows(webhook, |row| row.webhooks += 1);
    }

    /// One attempt was made.
    pub(crate) fn posted(&mut self, webhook: &Webhook, status: Option<u16>) {
        self.rows(webhook, |row| {
            row.posts += 1;
            row.status = status;
            if status == Some(200) {
                row.accepted += 1;
                row.outcome = "accepted";
            }
        });
    }

    /// The provider will not try again.
    pub(crate) fn ended(&mut self, webhook: &Webhook, outcome: &'static str) {
        self.rows(webhook, |row| {
            if row.accepted == 0 {
                row.outcome = outcome;
            }
        });
    }

    /// A message of the business was accepted.
    pub(crate) fn took(&mut self, account: &str, customer: &str, message: &Message) {
        if let Some(key) = &message.opaque {
            *self.keys.entry(key.clone()).or_default() += 1;
        }
        if self.taken.len() >= ROWS {
            self.left_out += 1;
            return;
        }
        self.taken_at.insert(message.id.clone(), self.taken.len());
        self.taken.push(Taken {
            seq: self.taken.len() as u64 + 1,
            at_ms: message.at_ms,
            account: account.to_owned(),
            customer: customer.to_owned(),
            id: message.id.clone(),
            key: message.opaque.clone(),
            kind: message.kind.clone(),
            text: message.text.clone(),
            answer: "answered",
        });
    }

    /// What became of the answer to an accepted message.
    pub(crate) fn answer(&mut self, id: &str, answer: &'static str) {
        if let Some(row) = self.taken_at.get(id).and_then(|at| self.taken.get_mut(*at)) {
            row.answer = answer;
        }
    }

    /// Rows after a number, oldest first.
    pub(crate) fn told(&self, since: u64, limit: usize) -> &[Told] {
        page(&self.told, since, limit)
    }

    /// Rows after a number, oldest first.
    pub(crate) fn taken(&self, since: u64, limit: usize) -> &[Taken] {
        page(&self.taken, since, limit)
    }

    pub(crate) const fn totals(&self) -> (usize, usize) {
        (self.told.len(), self.taken.len())
    }

    /// How many messages were accepted under the key.
    pub(crate) fn times(&self, key: &str) -> u32 {
        self.keys.get(key).copied().unwrap_or_default()
    }

    /// Keys under which more than one message was accepted.
    pub(crate) fn repeated(&self) -> Vec<(&str, u32)> {
        let mut keys: Vec<_> =
            self.keys.iter().filter(|(_, n)| **n > 1).map(|(key, n)| (key.as_str(), *n)).collect();
        keys.sort_unstable();
        keys
    }
}

fn page<T>(rows: &[T], since: u64, limit: usize) -> &[T] {
    let from = usize::try_from(since).unwrap_or(usize::MAX).min(rows.len());
    let to = from.saturating_add(limit).min(rows.len());
    rows.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests;
