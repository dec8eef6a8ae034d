//! Bends a webhook body the way real ones are bent: ids as numbers, times in other units, unknown fields, twins; never changes what it says.

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// How a body is bent; nothing by default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Twist {
    /// Ids and tokens in the other form that occurs.
    pub ids: Option<Ids>,
    /// Times of the events in another unit or none.
    pub time: Option<Time>,
    /// Fields nobody has heard of, in every object.
    pub extra: bool,
    /// Every event of the body twice in it.
    pub twice: bool,
    /// Fields left out wherever they occur.
    pub without: Vec<String>,
}

/// The form of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ids {
    /// Digits as a JSON number.
    Number,
    /// Numbers as a JSON string.
    String,
}

/// The form of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Time {
    Seconds,
    Milliseconds,
    SecondsText,
    MillisecondsText,
    /// 19 digits, as Viber was seen to send.
    Huge,
    Zero,
    Negative,
    Junk,
    Null,
    Absent,
}

/// Places of ids that Meta's bodies carry.
const IDS: [&str; 6] = ["from", "to", "wa_id", "recipient_id", "phone_number_id", "message_token"];
/// Objects whose `id` is a person, an account or an entry.
const PEOPLE: [&str; 4] = ["sender", "recipient", "user", "entry"];
/// Arrays of events that may stand side by side.
const EVENTS: [&str; 4] = ["messaging", "standby", "messages", "statuses"];

impl Twist {
    pub(crate) fn is_none(&self) -> bool {
        self.ids.is_none() && self.time.is_none() && !self.extra && !self.twice && self.without.is_empty()
    }

    /// Bends the body; an error in words when this body has no place for it.
    pub(crate) fn apply(&self, body: &mut Value) -> Result<(), String> {
        if self.twice && body.get("entry").is_none() {
            return Err("wire.twice: Viber posts one event at a time".to_owned());
        }
        self.walk("", body);
        Ok(())
    }

    fn walk(&self, name: &str, value: &mut Value) {
        match value {
            Value::Array(items) => {
                for item in items.iter_mut() {
                    self.walk(name, item);
                }
                if self.twice && EVENTS.contains(&name) {
                    *items = items.iter().flat_map(|item| [item.clone(), item.clone()]).collect();
                }
            }
            Value::Object(fields) => self.object(name, fields),
            _ => {}
        }
    }

    fn object(&self, name: &str, fields: &mut Map<String, Value>) {
        fields.retain(|field, _| !self.without.iter().any(|gone| gone == field));
        for (field, value) in fields.iter_mut() {
            if IDS.contains(&field.as_str()) || (field == "id" && PEOPLE.contains(&name)) {
                self.id(value);
            }
            self.walk(field, value);
        }
        if let Some(time) = self.time
            && fields.contains_key("timestamp")
        {
            let at = fields.get("timestamp").map(milliseconds).unwrap_or_default();
            match time.of(at) {
                Some(bent) => drop(fields.insert("timestamp".to_owned(), bent)),
                None => drop(fields.remove("timestamp")),
            }
        }
        if self.extra {
            fields.insert("zz_future".to_owned(), json!({"list": [1, null, {"deep": "ž"}], "flag": true}));
        }
    }

    fn id(&self, value: &mut Value) {
        match (self.ids, &*value) {
            (Some(Ids::Number), Value::String(text)) => {
                if let Ok(number) = text.parse::<u64>() {
                    *value = json!(number);
                }
            }
            (Some(Ids::String), Value::Number(number)) => *value = json!(number.to_string()),
            _ => {}
        }
    }
}

impl Time {
    fn of(self, at_ms: u64) -> Option<Value> {
        Some(match self {
            Self::Seconds => json!(at_ms / 1_000),
            Self::Milliseconds => json!(at_ms),
            Self::SecondsText => json!((at_ms / 1_000).to_string()),
            Self::MillisecondsText => json!(at_ms.to_string()),
            Self::Huge => json!(at_ms.saturating_mul(1_000_000)),
            Self::Zero => json!(0),
            Self::Negative => json!(-1),
            Self::Junk => json!("yesterday"),
            Self::Null => Value::Null,
            Self::Absent => return None,
        })
    }
}

/// A time of ours in milliseconds, from a number of milliseconds or seconds as text.
fn milliseconds(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.parse::<u64>().unwrap_or_default().saturating_mul(1_000),
        other => other.as_u64().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
