//! How the four providers are spoken to: signatures, webhook items, send calls, profiles, checks; never decides what a message does and never stores anything.
//!
//! # Layout, in reading order
//!
//! * [`sign`]: is this webhook really the provider's?
//! * [`weight`]: may it be read at all? [`read`]: tolerant reading of ids, instants and words; nothing a provider sends can stop the relay.
//! * [`item`]: what one webhook body is split into. [`understood`]: what one item says.
//! * [`meta`] with [`meta_parts`] (shared by [`messenger`] and [`instagram`]), [`whatsapp`] with [`whatsapp_parts`],
//!   [`whatsapp_contacts`] and [`whatsapp_person`],
//!   [`viber`]: one adapter each. [`other`]: what carries no message.
//! * [`transport`]: one HTTP call and what its end means. [`verdict`]: error codes. [`spell`]: bodies of messages.
//! * [`send`]: the calls themselves. [`upload`]: files before them. [`files`]: where a file is. [`check`]: whether an
//!   account works. [`subscribe`]: asking to be told of an account's messages.

mod check;
pub mod files;
mod instagram;
pub mod item;
mod messenger;
mod meta;
mod meta_parts;
mod other;
pub mod read;
pub mod send;
pub mod sign;
mod spell;
mod subscribe;
#[cfg(test)]
mod tests;
mod transport;
pub mod understood;
mod upload;
mod verdict;
mod viber;
mod weight;
mod whatsapp;
mod whatsapp_contacts;
mod whatsapp_parts;
mod whatsapp_person;

pub use check::{Check, Token};
pub use files::NoAddress;
pub use item::{Form, Item};
pub use send::{Profile, Providers, SendError, Sending, Sent, host};
pub use subscribe::SubscribeError;
pub use transport::UNREACHABLE;
pub use understood::{Aliases, Amends, Elsewhere, How, Receipt, Said, Source, Step, Understood, Wrote};
pub use verdict::Pace;
pub use viber::opened;

use serde_json::Value;
use shared::config::Connector;
use shared::id::MessageId;
use shared::time::Timestamp;

/// What an address of ours receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Messenger, Instagram and WhatsApp in Meta's envelope.
    Meta,
    /// One Viber bot, without an envelope.
    Viber,
}

impl Provider {
    /// The word under which journal rows name it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Viber => "viber",
        }
    }
}

/// Splits one verified body into its items, in the order in which they stand in it; never empty, never fails.
/// `account` is the app or bot in our address; what carries no account of its own belongs to it.
#[must_use]
pub fn split(provider: Provider, account: &str, raw: &[u8]) -> Vec<Item> {
    let Some(body) = weight::bearable(raw).then(|| read::parse(raw)).flatten() else {
        let text = String::from_utf8_lossy(raw).into_owned();
        return vec![Item::unreadable(account, Value::String(text))];
    };
    let items = match provider {
        Provider::Meta => meta::split(account, body),
        Provider::Viber => vec![Item::new(Form::Viber, account, body)],
    };
    if items.is_empty() { vec![Item::new(Form::Other, account, Value::Null)] } else { items }
}

/// The answer that greets a customer; none when it cannot be spelt.
#[must_use]
pub fn welcome(connector: &Connector, text: &str, key: MessageId) -> Option<Value> {
    spell::welcome(connector, text, key)
}

/// What one item says; `received` is when it came, for items without a usable instant of their own.
#[must_use]
pub fn understand(item: &Item, received: Timestamp) -> Understood {
    match item.form {
        Form::Messenger => messenger::understand(item, received),
        Form::Instagram => instagram::understand(item, received),
        Form::WhatsAppMessage => whatsapp::message(item, received),
        Form::WhatsAppEcho => whatsapp::echo(item, received),
        Form::WhatsAppStatus => whatsapp::status(item, received),
        Form::WhatsAppUserId => whatsapp_person::user_id(item),
        Form::WhatsAppPreference => whatsapp_person::preference(item, received),
        Form::Viber => viber::understand(item, received),
        Form::Other => other::understand(item),
        Form::Unreadable => Understood::Unsupported { why: "not JSON that can be read" },
    }
}
