//! The contacts beside WhatsApp's messages: found by id at once, however many there are, and short however long they came.

use super::read;
use serde_json::{Value, json};
use std::collections::HashMap;

/// 2 kB: a longer contact is kept with what is read of it alone, for each of a thousand messages has its own copy.
const LONGEST: usize = 2_048;

/// The keys under which an item names whom it is about.
const NAMED: [&str; 8] =
    ["from", "from_user_id", "recipient_id", "recipient_user_id", "to", "to_user_id", "wa_id", "user_id"];

/// The keys under which a contact has its ids.
const OWN: [&str; 2] = ["wa_id", "user_id"];

/// The contacts of one change.
pub(super) struct Contacts {
    all: Vec<Value>,
    /// For every id the first contact that has it, by its place.
    places: HashMap<String, usize>,
}

impl Contacts {
    pub(super) fn new(contacts: Value) -> Self {
        let Value::Array(all) = contacts else { return Self { all: Vec::new(), places: HashMap::new() } };
        let all: Vec<Value> = all.into_iter().map(short).collect();
        let mut places = HashMap::new();
        for (place, contact) in all.iter().enumerate() {
            for id in ids(contact, &OWN) {
                places.entry(id).or_insert(place);
            }
        }
        Self { all, places }
    }

    /// The contact an item is about: the one with one of its ids, else the only one there, if that says no other id;
    /// null where there is none.
    pub(super) fn of(&self, item: &Value) -> Value {
        let mut named = ids(item, &NAMED).peekable();
        let nobody = named.peek().is_none();
        let same = named.filter_map(|id| self.places.get(&id)).min().and_then(|place| self.all.get(*place));
        let only = || match self.all.as_slice() {
            [one] if nobody || ids(one, &OWN).next().is_none() => Some(one),
            _ => None,
        };
        same.or_else(only).cloned().unwrap_or_default()
    }
}

fn ids<'a>(value: &'a Value, keys: &'a [&str]) -> impl Iterator<Item = String> + 'a {
    keys.iter().filter_map(|key| value.get(key)).filter_map(read::id)
}

/// The contact as it came, or what is read of it where it is too long to be kept with every message.
fn short(contact: Value) -> Value {
    if contact.to_string().len() <= LONGEST {
        return contact;
    }
    let part = |path: &[&str]| read::at(&contact, path);
    json!({
        "wa_id": read::id(part(&["wa_id"])),
        "user_id": read::id(part(&["user_id"])),
        "profile": {
            "name": read::name(part(&["profile", "name"])),
            "username": read::name(part(&["profile", "username"])),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::Contacts;
    use serde_json::{Value, json};
    use std::time::{Duration, Instant};

    #[test]
    fn an_item_has_the_contact_with_one_of_its_ids() {
        let (eva, jan) = (json!({"wa_id": "1", "user_id": "US.1"}), json!({"wa_id": 2}));
        let both = Contacts::new(json!([eva, jan]));
        assert_eq!(both.of(&json!({"from": "1"})), eva);
        assert_eq!(both.of(&json!({"from": 3, "recipient_user_id": "US.1"})), eva);
        assert_eq!(both.of(&json!({"to": "2"})), jan);
        assert_eq!(both.of(&json!({"from": "2", "user_id": "US.1"})), eva, "the first of two");
        assert_eq!(both.of(&json!({"from": "3"})), Value::Null);
        assert_eq!(both.of(&json!({})), Value::Null);
    }

    #[test]
    fn the_only_contact_is_whom_it_is_about_unless_its_id_is_another() {
        let (named, nameless) = (json!({"wa_id": "1"}), json!({"profile": {"name": "Eva"}}));
        assert_eq!(Contacts::new(json!([named])).of(&json!({})), named);
        assert_eq!(Contacts::new(json!([named])).of(&json!({"from": "2"})), Value::Null);
        assert_eq!(Contacts::new(json!([nameless])).of(&json!({"from": "2"})), nameless);
        assert_eq!(Contacts::new(json!("none")).of(&json!({"from": "2"})), Value::Null);
    }

    #[test]
    fn a_long_contact_is_kept_with_what_is_read_of_it() {
        let long = json!({"wa_id": "1", "user_id": "US.1", "profile": {"name": "Eva ".repeat(1_000), "username": "@eva"}, "more": "x"});
        let kept = Contacts::new(json!([long])).of(&json!({"from": "1"}));
        assert!(kept.to_string().len() < 1_000);
        assert_eq!(
            (&kept["wa_id"], &kept["user_id"], &kept["profile"]["username"]),
            (&json!("1"), &json!("US.1"), &json!("@eva"))
        );
        assert!(kept["profile"]["name"].as_str().unwrap().starts_with("Eva Eva"));
    }

    #[test]
    fn ten_thousand_contacts_are_found_at_once() {
        let all: Vec<Value> = (0..10_000).map(|n| json!({"wa_id": n.to_string()})).collect();
        let contacts = Contacts::new(Value::Array(all));
        let began = Instant::now();
        for n in 0..10_000 {
            assert_eq!(contacts.of(&json!({"from": n.to_string()}))["wa_id"], n.to_string());
        }
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }
}
