//! `WhatsApp`'s notices about customers: a new number, a new id, a new key; they come from who the customer was before.

use serde_json::{Value, json};

use super::{both, only, told};
use crate::config::Channel;
use crate::event::{self, Tells};
use crate::ids;
use crate::phone::Refused;
use crate::state::State;
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
    let words =
        json!({"body": "The customer's user id has changed", "user_id": new, "type": "user_changed_user_id"});
    let id = system(state, key, &words, twist)?;
    if let Some(phone) = state.phones.get_mut(key) {
        phone.user_id = Some(new);
    }
    Ok(id)
}
