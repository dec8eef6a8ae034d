//! Webhooks whose signature did not fit, by the known app or bot they came to; keeps an instant each and nothing of what came.

use crate::channels::Provider;
use shared::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The last refusals since the start. Only apps and bots that have a secret are noted, so that strangers fill nothing.
#[derive(Default)]
pub(super) struct Refused(Mutex<BTreeMap<(&'static str, String), Timestamp>>);

impl Refused {
    /// A webhook was refused just now.
    pub(super) fn note(&self, provider: Provider, account: String, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert((provider.key(), account), now);
    }

    /// When one was last refused.
    pub(super) fn last(&self, provider: Provider, account: &str) -> Option<Timestamp> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&(provider.key(), account.to_owned())).copied()
    }
}
