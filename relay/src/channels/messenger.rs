//! Messenger's events: receipts by message or by watermark; never speaks HTTP.

use super::item::Item;
use super::meta;
use super::read;
use super::understood::{Aliases, Receipt, Step, Understood};
use serde_json::Value;
use shared::time::Timestamp;

/// What a Messenger event says.
pub(super) fn understand(item: &Item, received: Timestamp) -> Understood {
    meta::understand(item, received, receipt)
}

/// `delivery` may name its messages and always has a watermark, `read` has only a watermark.
fn receipt(body: &Value, customer: Aliases, received: Timestamp) -> Option<Receipt> {
    let (part, step) = match (body.get("delivery"), body.get("read")) {
        (Some(part), _) => (part, Step::Delivered),
        (None, Some(part)) => (part, Step::Seen),
        (None, None) => return None,
    };
    let mids = meta::mids(part);
    let watermark = part.get("watermark").filter(|_| mids.is_empty());
    // A watermark that cannot be read would otherwise mean "now" and mark too much.
    let until = watermark.filter(|value| read::number(value).is_some());
    let until = until.map(|value| read::instant(value, received));
    (until.is_some() || !mids.is_empty())
        .then(|| Receipt { until, ..Receipt::of(step, mids, Some(customer)) })
}
