//! What one webhook body is split into, in the form in which the journal keeps it; says nothing about what an item means.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::channel::Channel;

/// What an item is, by its place in its envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// One element of `entry[].messaging[]` of a page.
    Messenger,
    /// One element of `entry[].messaging[]` of an Instagram account.
    Instagram,
    /// One element of `value.messages[]`.
    WhatsAppMessage,
    /// One element of `value.message_echoes[]`: written on the phone of the shop.
    WhatsAppEcho,
    /// One element of `value.statuses[]`.
    WhatsAppStatus,
    /// One element of `value.user_id_update[]`.
    WhatsAppUserId,
    /// One element of `value.user_preferences[]`.
    WhatsAppPreference,
    /// One Viber event.
    Viber,
    /// A part that carries no message: notices, templates, comments.
    Other,
    /// A signed body that is no JSON.
    Unreadable,
}

/// One item with what of its envelope it needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// What it is.
    pub form: Form,
    /// The provider's id of the account it belongs to: page, Instagram account, phone number id, or the bot of our address.
    pub account: String,
    /// The item as it came.
    pub body: Value,
    /// WhatsApp's `contacts` beside it; null elsewhere.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub contacts: Value,
    /// Whether another app leads the conversation (`standby`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aside: bool,
}

impl Item {
    /// An item without contacts.
    #[must_use]
    pub fn new(form: Form, account: &str, body: Value) -> Self {
        Self { form, account: account.to_owned(), body, contacts: Value::Null, aside: false }
    }

    /// A body that could not be read at all.
    #[must_use]
    pub fn unreadable(account: &str, body: Value) -> Self {
        Self::new(Form::Unreadable, account, body)
    }

    /// The channel of the account; none where no account is concerned.
    #[must_use]
    pub const fn channel(&self) -> Option<Channel> {
        match self.form {
            Form::Messenger => Some(Channel::Messenger),
            Form::Instagram => Some(Channel::Instagram),
            Form::WhatsAppMessage
            | Form::WhatsAppEcho
            | Form::WhatsAppStatus
            | Form::WhatsAppUserId
            | Form::WhatsAppPreference => Some(Channel::WhatsApp),
            Form::Viber => Some(Channel::Viber),
            Form::Other | Form::Unreadable => None,
        }
    }
}
