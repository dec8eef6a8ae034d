//! Webhook bodies exactly as the four providers build them, wrapped and signed; never decides when one is sent.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::config::{Account, Channel};
use crate::ids;
use crate::outbox::Webhook;
use crate::sign::{hmac_hex, meta_form};
use crate::state::{AccountState, Message, Phone};

/// Header name and value that sign `body` for the account.
pub(crate) fn signature(account: &Account, body: &[u8]) -> (&'static str, String) {
    let mac = hmac_hex(account.secret(), body);
    match account.channel() {
        Channel::Viber => ("X-Viber-Content-Signature", mac),
        _ => ("X-Hub-Signature-256", format!("sha256={mac}")),
    }
}

/// A body in the account's wire form.
pub(crate) fn wire_form(account: &Account, body: &Value) -> String {
    match account.channel() {
        Channel::Viber => body.to_string(),
        _ => meta_form(&body.to_string()),
    }
}

/// A signed webhook; `None` when the account has no webhook set.
pub(crate) fn webhook(
    account: &AccountState,
    lane: &str,
    body: &Value,
    message: Option<String>,
) -> Option<Webhook> {
    let body = wire_form(&account.account, body);
    Some(Webhook {
        account: account.account.id().to_owned(),
        lane: lane.to_owned(),
        url: account.url.clone()?,
        header: Some(signature(&account.account, body.as_bytes())),
        body: Arc::from(body),
        message,
    })
}

/// Messenger's or Instagram's envelope around one event; sender and recipient are set here.
fn messaging(
    account: &Account,
    sender: &str,
    recipient: &str,
    at_ms: u64,
    name: &str,
    content: Value,
) -> Value {
    let mut event = json!({"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": at_ms});
    if let Some(fields) = event.as_object_mut() {
        fields.insert(name.to_owned(), content);
    }
    let object = if account.channel() == Channel::Messenger { "page" } else { "instagram" };
    json!({"object": object, "entry": [{"id": account.id(), "time": ids::now_ms(), "messaging": [event]}]})
}

/// Messenger and Instagram: an event from the customer.
pub(crate) fn from_customer(
    account: &Account,
    phone: &Phone,
    at_ms: u64,
    name: &str,
    content: Value,
) -> Value {
    messaging(account, &phone.id, account.id(), at_ms, name, content)
}

/// Messenger and Instagram: the business's own message, reversed.
pub(crate) fn echo(account: &Account, phone: &Phone, message: &Message) -> Value {
    let mut content = message.content.clone();
    if let Some(fields) = content.as_object_mut() {
        fields.insert("mid".to_owned(), json!(message.id));
        fields.insert("is_echo".to_owned(), json!(true));
        if account.channel() == Channel::Messenger {
            fields.insert("app_id".to_owned(), json!(1_517_776_481_860_111_u64));
        }
    }
    messaging(account, account.id(), &phone.id, message.at_ms, "message", content)
}

/// `WhatsApp`'s envelope around the given value fields.
pub(crate) fn whatsapp(account: &Account, fields: Value) -> Value {
    let Account::WhatsApp { waba_id, phone_number_id, display_phone_number, .. } = account else {
        return Value::Null;
    };
    let number: String = display_phone_number.chars().filter(char::is_ascii_digit).collect();
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number, "phone_number_id": phone_number_id},
    });
    if let (Some(value), Value::Object(fields)) = (value.as_object_mut(), fields) {
        value.extend(fields);
    }
    json!({"object": "whatsapp_business_account", "entry": [{"id": waba_id, "changes": [{"field": "messages", "value": value}]}]})
}

/// `WhatsApp`: a customer's message with their contact card.
pub(crate) fn whatsapp_message(account: &Account, phone: &Phone, message: &Message) -> Value {
    let mut profile = json!({"name": phone.name});
    let mut contact = json!({"user_id": phone.user_id});
    let mut body = json!({
        "id": message.id, "timestamp": (message.at_ms / 1000).to_string(), "type": message.kind,
        "from_user_id": phone.user_id,
    });
    if let (Some(profile), Some(name)) = (profile.as_object_mut(), &phone.username) {
        profile.insert("username".to_owned(), json!(name));
    }
    if let (Some(contact), Some(body)) = (contact.as_object_mut(), body.as_object_mut()) {
        contact.insert("profile".to_owned(), profile);
        if phone.number.is_some() {
            contact.insert("wa_id".to_owned(), json!(phone.id));
            body.insert("from".to_owned(), json!(phone.id));
        }
        body.insert(message.kind.clone(), message.content.clone());
    }
    whatsapp(account, json!({"contacts": [contact], "messages": [body]}))
}

/// `WhatsApp`: a status of one business message; pricing goes with `sent` and `delivered`.
pub(crate) fn whatsapp_status(account: &Account, phone: &Phone, message: &Message, status: &str) -> Value {
    let mut body = json!({
        "id": message.id, "status": status, "timestamp": (ids::now_ms() / 1000).to_string(),
        "recipient_user_id": phone.user_id,
    });
    if let Some(body) = body.as_object_mut() {
        if phone.number.is_some() {
            body.insert("recipient_id".to_owned(), json!(phone.id));
        }
        if let Some(opaque) = &message.opaque {
            body.insert("biz_opaque_callback_data".to_owned(), json!(opaque));
        }
        if status != "read" {
            let category = if message.kind == "template" { "utility" } else { "service" };
            body.insert(
                "pricing".to_owned(),
                json!({"billable": true, "pricing_model": "PMP", "type": "regular", "category": category}),
            );
        }
    }
    whatsapp(account, json!({"statuses": [body]}))
}

/// `WhatsApp`: a message that was accepted and then failed.
pub(crate) fn whatsapp_failed(account: &Account, id: &str, recipient: &str, error: &Value) -> Value {
    whatsapp(
        account,
        json!({"statuses": [{
            "id": id, "status": "failed", "timestamp": (ids::now_ms() / 1000).to_string(),
            "recipient_id": recipient, "errors": [error],
        }]}),
    )
}

/// Viber's user object in `sender` and `user`; the name only when the bot asked for names.
pub(crate) fn viber_user(phone: &Phone, send_name: bool) -> Value {
    let mut user = json!({"id": phone.id, "country": "CZ", "language": "cs", "api_version": 10});
    if let (true, Some(fields)) = (send_name, user.as_object_mut()) {
        fields.insert("name".to_owned(), json!(phone.name));
    }
    user
}

/// Viber: an event that concerns a user by id (`delivered`, `seen`, `unsubscribed`).
pub(crate) fn viber_event(name: &str, phone: &Phone, token: u64) -> Value {
    json!({"event": name, "timestamp": ids::now_ms(), "message_token": token, "user_id": phone.id, "chat_hostname": "SN-CHAT-01_"})
}
