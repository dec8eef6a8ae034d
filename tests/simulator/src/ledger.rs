//! The record of every webhook attempt and every API call; append-only, the newest 10,000 entries, never with tokens.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::ids::now_ms;

/// Entries kept; the oldest are dropped and counted.
pub(crate) const CAPACITY: usize = 10_000;

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
        /// `accepted`, `retry`, `gave_up`, `dropped`.
        outcome: &'static str,
        took_ms: u64,
    },
    /// One call of the providers' API.
    Api { account: Option<String>, method: String, path: String, body: Value, status: u16, answer: Value },
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
    pub(crate) fn add(&mut self, entry: Entry) {
        if self.lines.len() >= CAPACITY {
            self.lines.pop_front();
        }
        self.last += 1;
        self.lines.push_back(Line { seq: self.last, at_ms: now_ms(), entry });
    }

    /// Lines after `since`, oldest first, at most `limit`.
    pub(crate) fn after(&self, since: u64, limit: usize) -> Vec<Line> {
        self.lines.iter().filter(|line| line.seq > since).take(limit).cloned().collect()
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
