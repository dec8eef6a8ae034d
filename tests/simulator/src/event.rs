//! Webhook bodies exactly as the four providers build them, wrapped and signed; never decides when one is sent.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::book::Event;
use crate::config::{Account, Channel};
use crate::outbox::Webhook;
use crate::sign::{hmac_hex, meta_form};
use crate::state::{AccountState, Message, Phone, State};

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
pub(crate) fn webhook(account: &AccountState, lane: &str, body: &Value, tells: Tells) -> Option<Webhook> {
    let body = wire_form(&account.account, body);
    Some(Webhook {
        account: account.account.id().to_owned(),
        lane: lane.to_owned(),
        url: account.url.clone()?,
        header: Some(signature(&account.account, body.as_bytes())),
        body: Arc::from(body),
        ticks: tells.tick.map(|id| (lane.to_owned(), id)).into_iter().collect(),
        events: tells.events,
        wait_ms: 0,
        apart: false,
        batch_ms: None,
    })
}

/// What a webhook tells, for the book and the phone.
#[derive(Debug, Default)]
pub(crate) struct Tells {
    pub events: Vec<Event>,
    /// The customer's message that is delivered with the 200.
    pub tick: Option<String>,
}

impl Tells {
    /// One event.
    pub(crate) fn of(kind: &'static str, id: impl Into<String>) -> Self {
        Self { events: vec![Event::new(kind, id)], tick: None }
    }

    /// A customer's message.
    pub(crate) fn message(id: &str) -> Self {
        Self { events: vec![Event::new("message", id)], tick: Some(id.to_owned()) }
    }
}

/// Messenger's or Instagram's envelope around one event; sender and recipient are set here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Envelope<'a> {
    pub account: &'a Account,
    pub phone: &'a Phone,
    /// The event's own time.
    pub at_ms: u64,
    /// The provider's time of sending.
    pub now: u64,
    /// The app is not in control of the thread.
    pub standby: bool,
}

impl Envelope<'_> {
    fn around(self, sender: &str, recipient: &str, name: &str, content: Value) -> Value {
        let mut event =
            json!({"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": self.at_ms});
        if let Some(fields) = event.as_object_mut() {
            fields.insert(name.to_owned(), content);
        }
        let messenger = self.account.channel() == Channel::Messenger;
        let object = if messenger { "page" } else { "instagram" };
        let list = if self.standby { "standby" } else { "messaging" };
        let mut entry = json!({"id": self.account.id(), "time": self.now});
        if let Some(fields) = entry.as_object_mut() {
            fields.insert(list.to_owned(), json!([event]));
        }
        json!({"object": object, "entry": [entry]})
    }

    /// An event from the customer.
    pub(crate) fn by_customer(self, name: &str, content: Value) -> Value {
        self.around(&self.phone.id, self.account.id(), name, content)
    }

    /// An event from the business, reversed.
    pub(crate) fn by_business(self, name: &str, content: Value) -> Value {
        self.around(self.account.id(), &self.phone.id, name, content)
    }

    /// The business's own message.
    pub(crate) fn echo(self, message: &Message, app_id: &Value) -> Value {
        let mut content = message.content.clone();
        if let Some(fields) = content.as_object_mut() {
            fields.insert("mid".to_owned(), json!(message.id));
            fields.insert("is_echo".to_owned(), json!(true));
            if self.account.channel() == Channel::Messenger {
                fields.insert("app_id".to_owned(), app_id.clone());
            }
            // What is sent as one attachment is told as a list of one.
            if let Some(attachment) = fields.remove("attachment") {
                fields.insert("attachments".to_owned(), json!([attachment]));
            }
            fields.remove("quick_replies");
        }
        self.by_business("message", content)
    }
}

/// `WhatsApp`'s envelope around the given value fields.
pub(crate) fn whatsapp(account: &Account, field: &str, fields: Value) -> Value {
    let Account::WhatsApp { waba_id, phone_number_id, display_phone_number, .. } = account else {
        return Value::Null;
    };
    let number = digits(display_phone_number);
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number, "phone_number_id": phone_number_id},
    });
    if let (Some(value), Value::Object(fields)) = (value.as_object_mut(), fields) {
        value.extend(fields);
    }
    json!({"object": "whatsapp_business_account", "entry": [{"id": waba_id, "changes": [{"field": field, "value": value}]}]})
}

/// Digits of a phone number however it is written.
pub(crate) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// `WhatsApp`: the customer's contact card, which goes with their messages.
fn contact(phone: &Phone) -> Value {
    let mut profile = json!({"name": phone.name});
    let mut contact = json!({"user_id": phone.user_id});
    if let (Some(profile), Some(name)) = (profile.as_object_mut(), &phone.username) {
        profile.insert("username".to_owned(), json!(name));
    }
    if let Some(contact) = contact.as_object_mut() {
        contact.insert("profile".to_owned(), profile);
        if phone.number.is_some() {
            contact.insert("wa_id".to_owned(), json!(phone.id));
        }
    }
    contact
}

/// Adds the customer's number, where it is visible, and what the item says.
fn complete(body: &mut Value, side: &str, phone: &Phone, fields: &Value) {
    if let Some(body) = body.as_object_mut() {
        if phone.number.is_some() {
            body.insert(side.to_owned(), json!(phone.id));
        }
        body.extend(fields.as_object().cloned().unwrap_or_default());
    }
}

/// `WhatsApp`: something of the customer in `messages`: a type and the fields beside id, sender and time.
pub(crate) fn whatsapp_item(
    account: &Account,
    phone: &Phone,
    id: &str,
    kind: &str,
    at_ms: u64,
    fields: &Value,
) -> Value {
    let mut body = json!({
        "id": id, "timestamp": (at_ms / 1_000).to_string(), "type": kind, "from_user_id": phone.user_id,
    });
    complete(&mut body, "from", phone, fields);
    // A system notice comes without a contact card.
    let value = if kind == "system" {
        json!({"messages": [body]})
    } else {
        json!({"contacts": [contact(phone)], "messages": [body]})
    };
    whatsapp(account, "messages", value)
}

/// `WhatsApp`: something the business wrote in its own app on a phone.
pub(crate) fn whatsapp_echo(
    account: &Account,
    phone: &Phone,
    id: &str,
    kind: &str,
    at_ms: u64,
    fields: &Value,
) -> Value {
    let Account::WhatsApp { display_phone_number, .. } = account else { return Value::Null };
    let mut body = json!({
        "from": digits(display_phone_number), "to_user_id": phone.user_id, "id": id,
        "timestamp": (at_ms / 1_000).to_string(), "type": kind,
    });
    complete(&mut body, "to", phone, fields);
    whatsapp(account, "smb_message_echoes", json!({"message_echoes": [body]}))
}

/// `WhatsApp`: a status of one business message; pricing goes with `sent` and `delivered`.
pub(crate) fn whatsapp_status(
    account: &Account,
    phone: &Phone,
    message: &Message,
    status: &str,
    at_ms: u64,
    error: Option<&Value>,
) -> Value {
    let mut body = json!({
        "id": message.id, "status": status, "timestamp": (at_ms / 1_000).to_string(),
        "recipient_user_id": phone.user_id,
    });
    if let Some(body) = body.as_object_mut() {
        if phone.number.is_some() {
            body.insert("recipient_id".to_owned(), json!(phone.id));
        }
        if let Some(opaque) = &message.opaque {
            body.insert("biz_opaque_callback_data".to_owned(), json!(opaque));
        }
        if matches!(status, "sent" | "delivered") {
            let category = if message.kind == "template" { "utility" } else { "service" };
            body.insert(
                "pricing".to_owned(),
                json!({"billable": true, "pricing_model": "PMP", "type": "regular", "category": category}),
            );
        }
        if let Some(error) = error {
            body.insert("errors".to_owned(), json!([error]));
        }
    }
    whatsapp(account, "messages", json!({"statuses": [body]}))
}

/// `WhatsApp`: a message that was accepted and went to nobody.
pub(crate) fn whatsapp_failed(
    account: &Account,
    id: &str,
    recipient: &str,
    opaque: Option<&str>,
    error: &Value,
    now: u64,
) -> Value {
    let mut status = json!({
        "id": id, "status": "failed", "timestamp": (now / 1_000).to_string(), "recipient_id": recipient, "errors": [error],
    });
    if let (Some(opaque), Some(fields)) = (opaque, status.as_object_mut()) {
        fields.insert("biz_opaque_callback_data".to_owned(), json!(opaque));
    }
    whatsapp(account, "messages", json!({"statuses": [status]}))
}

/// Viber's user object in `sender` and `user`; name and picture only when the bot asked for them.
pub(crate) fn viber_user(state: &State, account: &AccountState, phone: &Phone) -> Value {
    let mut user = json!({"id": phone.id, "country": "CZ", "language": "cs", "api_version": 10});
    if let Some(fields) = user.as_object_mut() {
        if account.send_name {
            // Who does not share their name is called so.
            let name = if phone.profile { phone.name.as_str() } else { "Subscriber" };
            fields.insert("name".to_owned(), json!(name));
        }
        if account.send_photo && phone.picture && phone.profile {
            fields.insert(
                "avatar".to_owned(),
                json!(state.media.face(Channel::Viber, &phone.key, state.now())),
            );
        }
    }
    user
}

/// Viber: an event that concerns a user by id (`delivered`, `seen`, `unsubscribed`).
pub(crate) fn viber_event(name: &str, phone: &Phone, token: u64, now: u64) -> Value {
    json!({"event": name, "timestamp": now, "message_token": token, "user_id": phone.id, "chat_hostname": "SN-CHAT-01_"})
}
