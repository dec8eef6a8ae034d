//! Joins webhooks into the fewest bodies a provider would make of them, signed anew; never reorders what it joins.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::event;
use crate::outbox::Webhook;
use crate::state::State;

/// How far bodies are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    /// One entry after the other.
    Entries,
    /// `WhatsApp` also within one change: messages and statuses of a number side by side.
    Changes,
}

/// The same events in fewer bodies; Viber's, and what is no envelope, stay alone.
pub(crate) fn join(state: &State, webhooks: Vec<Webhook>, how: Join) -> Vec<Webhook> {
    let mut joined: Vec<(Webhook, Option<Value>)> = Vec::new();
    for webhook in webhooks {
        let body = serde_json::from_str::<Value>(&webhook.body)
            .ok()
            .filter(|body| body.get("entry").is_some_and(Value::is_array));
        let Some(body) = body else {
            joined.push((webhook, None));
            continue;
        };
        let fits = |other: &(Webhook, Option<Value>)| {
            other.0.url == webhook.url
                && other.0.header.is_some() == webhook.header.is_some()
                && other.1.as_ref().is_some_and(|other| other.get("object") == body.get("object"))
        };
        if let Some((into, Some(whole))) = joined.iter_mut().find(|other| fits(other)) {
            add(whole, &body, how);
            into.events.extend(webhook.events);
            into.ticks.extend(webhook.ticks);
        } else {
            joined.push((webhook, Some(body)));
        }
    }
    joined.into_iter().map(|(webhook, body)| sealed(state, webhook, body)).collect()
}

/// The list under a name, empty when there is none.
fn list<'a>(of: &'a Value, path: &str) -> &'a [Value] {
    of.pointer(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn add(whole: &mut Value, body: &Value, how: Join) {
    let Some(entries) = whole.get_mut("entry").and_then(Value::as_array_mut) else { return };
    for entry in list(body, "/entry") {
        let same = entries.iter_mut().find(|known| known.get("id") == entry.get("id"));
        match same {
            // Several changes of one account stand in one entry.
            Some(known) if entry.get("changes").is_some() && known.get("changes").is_some() => {
                changes(known, entry, how);
            }
            _ => entries.push(entry.clone()),
        }
    }
}

fn changes(known: &mut Value, entry: &Value, how: Join) {
    let Some(changes) = known.get_mut("changes").and_then(Value::as_array_mut) else { return };
    let number = |change: &Value| change.pointer("/value/metadata/phone_number_id").cloned();
    for change in list(entry, "/changes") {
        let fits =
            |other: &&mut Value| other.get("field") == change.get("field") && number(other) == number(change);
        match changes.iter_mut().find(fits).and_then(|same| same.get_mut("value")) {
            Some(Value::Object(same)) if how == Join::Changes => {
                for name in ["contacts", "messages", "statuses"] {
                    let more = list(change, &format!("/value/{name}"));
                    if more.is_empty() {
                        continue;
                    }
                    if let Value::Array(all) = same.entry(name).or_insert_with(|| json!([])) {
                        let new: Vec<_> = more.iter().filter(|item| !all.contains(item)).cloned().collect();
                        all.extend(new);
                    }
                }
            }
            _ => changes.push(change.clone()),
        }
    }
}

/// Body and signature of what was joined.
fn sealed(state: &State, mut webhook: Webhook, body: Option<Value>) -> Webhook {
    if let (Some(body), Some(account)) = (body, state.account(&webhook.account)) {
        let text = event::wire_form(&account.account, &body);
        if webhook.header.is_some() {
            webhook.header = Some(event::signature(&account.account, text.as_bytes()));
        }
        webhook.body = Arc::from(text);
    }
    webhook.batch_ms = None;
    webhook
}
