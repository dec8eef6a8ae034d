//! `WhatsApp`'s notices about customers: a new number, a new id, a new key, what they want to be sent; they come from who the customer was before.

use serde_json::{Value, json};

use super::{both, only, told};
use crate::config::Channel;
use crate::event::{self, Tells};
use crate::ids;
use crate::phone::Refused;
use crate::state::{Phone, State};
use crate::twist::Twist;

/// `WhatsApp`: a notice about the customer.
pub(super) fn system(
    state: &mut State,
    key: &str,
    system: &Value,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
    let now = state.now();
    let (phone, account) = both(state, key)?;
    only(phone.channel, &[Channel::Whatsapp], "system message")?;
    let id = ids::wamid(phone.address(), true);
    let body = event::whatsapp_item(&account.account, phone, &id, "system", now, &json!({"system": system}));
    told(state, key, body, Tells::of("system", id.clone()), twist)?;
    Ok(Some(id))
}

pub(super) fn change_number(
    state: &mut State,
    key: &str,
    number: Option<String>,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
    let (phone, _) = both(state, key)?;
    only(phone.channel, &[Channel::Whatsapp], "number")?;
    let number = number.unwrap_or_else(ids::phone_number);
    let new = event::digits(&number);
    if state.key_of(&phone.account, &new).is_some() {
        return Err("phone: another customer has this number".to_owned().into());
    }
    let words = format!("User {} changed from {} to {new}", phone.name, phone.id);
    // The notice still comes from the old number.
    let id = system(state, key, &json!({"body": words, "wa_id": new, "type": "user_changed_number"}), twist)?;
    if let Some(phone) = state.phones.get_mut(key) {
        phone.id = new;
        phone.user_id = Some(ids::bsuid(Some(&number)));
        phone.number = Some(number);
        let shown = phone.describe();
        state.announce(&json!({"type": "customer", "customer": shown}));
    }
    Ok(id)
}

pub(super) fn change_user_id(state: &mut State, key: &str, twist: &Twist) -> Result<Option<String>, Refused> {
    let (phone, _) = both(state, key)?;
    let new = ids::bsuid(phone.number.as_deref());
    let words = json!({"body": "The customer's user id has changed", "user_id": new, "previous_user_id": phone.user_id, "type": "user_changed_user_id"});
    let id = system(state, key, &words, twist)?;
    if let Some(phone) = state.phones.get_mut(key) {
        phone.user_id = Some(new);
    }
    Ok(id)
}

/// The number where the provider tells it, beside other fields.
fn with_number(phone: &Phone, mut fields: Value) -> Value {
    if let (Some(fields), true) = (fields.as_object_mut(), phone.number.is_some()) {
        fields.insert("wa_id".to_owned(), json!(phone.id));
    }
    fields
}

/// One element of a field of its own, with the customer's profile beside it.
fn field(
    state: &mut State,
    key: &str,
    name: &'static str,
    element: &Value,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
    let (phone, account) = both(state, key)?;
    only(phone.channel, &[Channel::Whatsapp], name)?;
    let contact = with_number(phone, json!({"profile": {"name": phone.name}}));
    let element = with_number(phone, element.clone());
    let body = event::whatsapp(&account.account, name, json!({"contacts": [contact], name: [element]}));
    told(state, key, body, Tells::of(name, format!("{key} {}", ids::viber_token())), twist)
}

pub(super) fn update_user_id(state: &mut State, key: &str, twist: &Twist) -> Result<Option<String>, Refused> {
    let now = state.now();
    let (phone, _) = both(state, key)?;
    let new = ids::bsuid(phone.number.as_deref());
    let element = json!({
        "detail": format!("User id for {} has been updated.", phone.name),
        "user_id": {"previous": phone.user_id, "current": new}, "timestamp": (now / 1_000).to_string(),
    });
    field(state, key, "user_id_update", &element, twist)?;
    if let Some(phone) = state.phones.get_mut(key) {
        phone.user_id = Some(new.clone());
    }
    Ok(Some(new))
}

pub(super) fn prefer(
    state: &mut State,
    key: &str,
    marketing: bool,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
    let now = state.now();
    let (phone, _) = both(state, key)?;
    let word = if marketing { "resume" } else { "stop" };
    let element = json!({
        "user_id": phone.user_id, "detail": format!("User requested to {word} marketing messages"),
        "category": "marketing_messages", "value": word, "timestamp": now / 1_000,
    });
    field(state, key, "user_preferences", &element, twist)
}
