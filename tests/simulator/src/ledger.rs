//! The record of every webhook attempt, API call and fault; append-only, the newest 300,000 lines of which the newest 10,000 keep their bodies, never with tokens.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::faults::What;
use crate::outbox::Webhook;

/// Lines kept; the oldest are dropped and counted.
pub(crate) const CAPACITY: usize = 300_000;
/// Lines that keep bodies and answers; older ones lose them.
pub(crate) const WITH_BODIES: usize = 10_000;

/// One thing that happened between the simulator and the business's software.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Entry {
    /// One attempt to hand over a webhook.
    Webhook {
        /// Same for all attempts at one webhook.
        delivery: u64,
        account: String,
        lane: String,
        url: String,
        #[serde(serialize_with = "text")]
        body: Arc<str>,
        attempt: u32,
        /// HTTP status of the answer, absent when there was none.
        status: Option<u16>,
        /// `accepted`, `retry`, `gave_up`, `dropped`, `unsubscribed`.
        outcome: &'static str,
        took_ms: u64,
    },
    /// One call of the providers' API.
    Api {
        account: Option<String>,
        method: String,
        path: String,
        body: Value,
        status: u16,
        answer: Value,
        /// The connection was cut instead of answered.
        cut: bool,
    },
    /// A rule struck.
    Fault { rule: u64, fault: What, account: String, customer: Option<String>, on: String },
    /// Something the provider did by itself: an app was unsubscribed.
    Note { account: String, what: &'static str },
}

impl Entry {
    pub(crate) fn webhook(
        delivery: u64,
        webhook: &Webhook,
        attempt: u32,
        status: Option<u16>,
        outcome: &'static str,
        took_ms: u64,
    ) -> Self {
        Self::Webhook {
            delivery,
            account: webhook.account.clone(),
            lane: webhook.lane.clone(),
            url: webhook.url.clone(),
            body: Arc::clone(&webhook.body),
            attempt,
            status,
            outcome,
            took_ms,
        }
    }

    fn lighten(&mut self) {
        match self {
            Self::Webhook { body, .. } => *body = Arc::from(""),
            Self::Api { body, answer, .. } => {
                *body = Value::Null;
                *answer = Value::Null;
            }
            Self::Fault { .. } | Self::Note { .. } => {}
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    pub seq: u64,
    pub at_ms: u64,
    #[serde(flatten)]
    pub entry: Entry,
}

fn text<S: Serializer>(text: &Arc<str>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(text)
}

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    lines: VecDeque<Line>,
    last: u64,
}

impl Ledger {
    pub(crate) fn add(&mut self, entry: Entry, at_ms: u64) {
        if self.lines.len() >= CAPACITY {
            self.lines.pop_front();
        }
        self.last += 1;
        self.lines.push_back(Line { seq: self.last, at_ms, entry });
        let aged = self.lines.len().checked_sub(WITH_BODIES + 1);
        if let Some(line) = aged.and_then(|at| self.lines.get_mut(at)) {
            line.entry.lighten();
        }
    }

    /// Lines after `since`, oldest first, at most `limit`.
    pub(crate) fn after(&self, since: u64, limit: usize) -> Vec<Line> {
        let first = self.dropped();
        let skip = usize::try_from(since.saturating_sub(first)).unwrap_or(usize::MAX).min(self.lines.len());
        self.lines.range(skip..).take(limit).cloned().collect()
    }

    /// Sequence number of the newest line, 0 when nothing happened.
    pub(crate) const fn last(&self) -> u64 {
        self.last
    }

    /// Lines already dropped from the beginning.
    pub(crate) fn dropped(&self) -> u64 {
        self.last.saturating_sub(self.lines.len() as u64)
    }
}

#[cfg(test)]
mod tests;
