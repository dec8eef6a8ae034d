//! Webhook parts that carry no message: known ones are passed over with their reason, unknown ones are kept to be looked at.

use super::item::Item;
use super::read;
use super::understood::Understood;
use serde_json::Value;

/// Fields of changes that are not for a conversation, with what they are.
const KNOWN: [(&str, &str); 19] = [
    ("account_alerts", "a notice about the account"),
    ("account_update", "a notice about the account"),
    ("account_review_update", "a notice about the account"),
    ("business_capability_update", "a notice about the account"),
    ("phone_number_name_update", "a notice about the account"),
    ("phone_number_quality_update", "a notice about the account"),
    ("security", "a notice about the account"),
    ("message_template_status_update", "a notice about a template"),
    ("message_template_quality_update", "a notice about a template"),
    ("message_template_components_update", "a notice about a template"),
    ("template_category_update", "a notice about a template"),
    ("history", "messages from before the account was connected"),
    ("smb_app_state_sync", "contacts of the phone of the shop"),
    ("feed", "something on the page's wall"),
    ("comments", "a comment"),
    ("live_comments", "a comment"),
    ("mentions", "a mention in a comment"),
    ("story_insights", "figures of a story"),
    ("ratings", "a rating of the page"),
];

/// What a part without a message says.
pub(super) fn understand(item: &Item) -> Understood {
    let body = &item.body;
    let changes = body.get("changes").and_then(Value::as_array);
    let mut fields = changes.into_iter().flatten().chain([body]).filter_map(|one| one.get("field")?.as_str());
    if let Some((_, why)) = fields.find_map(|field| KNOWN.iter().find(|(known, _)| *known == field)) {
        return Understood::Ignored { why };
    }
    if read::at(body, &["value", "errors"]).is_array() {
        return Understood::Ignored { why: "an error that is about no message" };
    }
    Understood::Unsupported { why: "nothing in it is known to this version" }
}
