//! Instagram's events: a seen receipt names its message, and nothing tells of delivery; never speaks HTTP.

use super::item::Item;
use super::meta;
use super::understood::{Aliases, Receipt, Step, Understood};
use serde_json::Value;
use shared::time::Timestamp;

/// What an Instagram event says.
pub(super) fn understand(item: &Item, received: Timestamp) -> Understood {
    meta::understand(item, received, receipt)
}

fn receipt(body: &Value, customer: Aliases, _received: Timestamp) -> Option<Receipt> {
    let mids = meta::mids(body.get("read")?);
    (!mids.is_empty()).then(|| Receipt::of(Step::Seen, mids, Some(customer)))
}
