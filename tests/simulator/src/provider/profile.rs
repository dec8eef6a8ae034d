//! What the Graph API tells of people and accounts, field by field; never of people who did not write.

use serde_json::{Map, Value, json};

use super::access::{self, Params};
use super::error;
use crate::config::{Account, Channel};
use crate::gate::Reply;
use crate::state::{Phone, State};

const MESSENGER: &[&str] = &["id", "name", "first_name", "last_name", "profile_pic"];
const INSTAGRAM: &[&str] = &[
    "id",
    "name",
    "username",
    "profile_pic",
    "follower_count",
    "is_user_follow_business",
    "is_business_follow_user",
    "is_verified_user",
];

/// The customer's key and account, when the token's account knows them.
pub(super) fn find(state: &State, id: &str, shown: &str) -> Option<String> {
    let holders = access::holders(state, shown);
    let meta = holders.iter().filter(|a| a.account.channel() != Channel::Whatsapp);
    meta.into_iter().find_map(|a| {
        let phone = state.phones.values().find(|p| p.id == id && p.account == a.account.id())?;
        Some(phone.key.clone())
    })
}

/// A customer's profile.
pub(super) fn customer(state: &State, key: &str, query: &Params) -> Reply {
    let Some(phone) = state.phones.get(key) else {
        return error::no_object("GET", key);
    };
    if phone.last_written_ms.is_none() {
        return match phone.channel {
            Channel::Instagram => {
                error::graph(403, 230, None, "(#230) User consent is required to access user profile")
            }
            _ => error::no_object("GET", &phone.id),
        };
    }
    if !phone.profile || (phone.blocked && phone.channel == Channel::Instagram) {
        return Reply::ok(json!({}));
    }
    fields_of(state, phone, query.get("fields").map(String::as_str))
}

fn fields_of(state: &State, phone: &Phone, asked: Option<&str>) -> Reply {
    let messenger = phone.channel == Channel::Messenger;
    let known = if messenger { MESSENGER } else { INSTAGRAM };
    let default = if messenger { "first_name,last_name,profile_pic,id" } else { "name,username,id" };
    let (first, last) = phone.name.split_once(' ').unwrap_or((&phone.name, ""));
    let values = |field: &str| match field {
        "id" => json!(phone.id),
        "name" => json!(phone.name),
        "first_name" => json!(first),
        "last_name" => json!(last),
        "username" => json!(phone.username.clone().unwrap_or_else(|| format!("user{}", phone.id))),
        "follower_count" => json!(214),
        "profile_pic" if phone.picture => json!(state.media.face(phone.channel, &phone.key, state.now())),
        "profile_pic" => Value::Null,
        _ => json!(false),
    };
    chosen(asked.unwrap_or(default), known, values)
}

/// The asked fields and the id. A missing value is left out, as Graph leaves out empty fields.
fn chosen(asked: &str, known: &[&str], value: impl Fn(&str) -> Value) -> Reply {
    let mut answer = Map::new();
    for field in asked.split(',').map(str::trim).chain(["id"]) {
        if !known.contains(&field) {
            return error::parameter(&format!("Tried accessing nonexisting field ({field})"));
        }
        let value = value(field);
        if !value.is_null() {
            answer.insert(field.to_owned(), value);
        }
    }
    Reply::ok(Value::Object(answer))
}

/// The account itself: a Page, a professional account, a number or the business around it.
pub(super) fn account(account: &Account, id: &str, query: &Params) -> Reply {
    let (known, default, values): (&[&str], &str, Value) = match account {
        Account::Messenger { page_id, .. } => (
            &["id", "name", "username"],
            "id,name",
            json!({"id": page_id, "name": "Signalbox", "username": "signalbox"}),
        ),
        Account::Instagram { account_id, .. } => (
            &["id", "user_id", "username", "name", "account_type"],
            "id,username",
            json!({"id": account_id, "user_id": account_id, "username": "signalbox", "name": "Signalbox", "account_type": "BUSINESS"}),
        ),
        Account::WhatsApp { waba_id, .. } if id == waba_id => (
            &["id", "name", "currency", "timezone_id"],
            "id,name",
            json!({"id": waba_id, "name": "Signalbox", "currency": "CZK", "timezone_id": "30"}),
        ),
        Account::WhatsApp { .. } => (
            &[
                "id",
                "verified_name",
                "display_phone_number",
                "quality_rating",
                "code_verification_status",
                "platform_type",
                "throughput",
            ],
            "id,verified_name,display_phone_number,quality_rating",
            number(account),
        ),
        Account::Viber { .. } => return error::no_object("GET", id),
    };
    let asked = query.get("fields").map_or(default, String::as_str);
    chosen(asked, known, |field| values.get(field).cloned().unwrap_or_default())
}

/// A number as lists and lookups show it.
pub(super) fn number(account: &Account) -> Value {
    let Account::WhatsApp { phone_number_id, display_phone_number, .. } = account else {
        return Value::Null;
    };
    json!({
        "id": phone_number_id, "verified_name": "Signalbox", "display_phone_number": display_phone_number,
        "quality_rating": "GREEN", "code_verification_status": "VERIFIED", "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
    })
}
