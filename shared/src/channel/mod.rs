//! The four channels: what each can do, how it counts text and when it lets us write; never how it is spoken to.

mod fits;
mod instagram;
mod limit;
mod messenger;
mod outgoing;
mod rate;
#[cfg(test)]
mod tests;
mod viber;
mod webhook;
mod whatsapp;
mod window;

pub use fits::is_list;
pub use limit::{Limit, Unit};
pub use outgoing::{Choice, Gap, Media, MediaForm, Outgoing, Template, TemplateButton};
pub use rate::{Bucket, Rate, Rates, UNANSWERED_WITHIN};
pub use webhook::webhook_fields;
pub use window::{Window, WindowState};

use serde::{Deserialize, Serialize};

/// A messaging network on which customers write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Facebook Messenger.
    Messenger,
    /// Instagram direct messages.
    Instagram,
    /// WhatsApp Cloud API.
    WhatsApp,
    /// Viber bot.
    Viber,
}

/// What a channel offers and demands; one constant per channel, in its own file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The name a person reads.
    pub title: &'static str,
    /// The most text one message may hold, counted as the provider counts.
    pub text: Limit,
    /// When free text may be sent.
    pub window: Window,
    /// Whether the provider tells that a message reached the customer's device.
    pub tells_delivered: bool,
    /// Whether the provider tells that the customer saw a message.
    pub tells_seen: bool,
}

impl Channel {
    /// All channels, in the order the desk shows them.
    pub const ALL: [Self; 4] = [Self::Messenger, Self::WhatsApp, Self::Viber, Self::Instagram];

    /// What this channel can do.
    #[must_use]
    pub const fn capabilities(self) -> &'static Capabilities {
        match self {
            Self::Messenger => &messenger::CAPABILITIES,
            Self::Instagram => &instagram::CAPABILITIES,
            Self::WhatsApp => &whatsapp::CAPABILITIES,
            Self::Viber => &viber::CAPABILITIES,
        }
    }

    /// The lower-case word used in addresses, JSON and style sheets.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Messenger => "messenger",
            Self::Instagram => "instagram",
            Self::WhatsApp => "whatsapp",
            Self::Viber => "viber",
        }
    }
}
