//! The kinds of accounts that can be connected, with what each asks for and where it is found; connects nothing.

use crate::language::admin::account as words;
use crate::language::{Key, t};
use crate::ui::Mark;
use shared::channel::Channel;
use shared::wire::ConnectorBody;

/// A kind of account. Instagram can be reached in two ways, which differ in every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::admin) enum Kind {
    /// A Facebook Page.
    Messenger,
    /// An Instagram account that logs in itself.
    Instagram,
    /// An Instagram account that is reached through its Facebook Page.
    InstagramPage,
    /// A WhatsApp number on the Cloud API.
    WhatsApp,
    /// A Viber bot.
    Viber,
}

/// A field of the account: its label, and where its value is found.
pub(in crate::admin) struct Ask {
    /// The label.
    pub(in crate::admin) label: &'static str,
    /// Where it is found.
    pub(in crate::admin) hint: &'static str,
}

impl Ask {
    fn of(label: Key, hint: Key) -> Self {
        Self { label: t(label), hint: t(hint) }
    }
}

impl Kind {
    /// All of them, in the order in which they are offered.
    pub(in crate::admin) const ALL: [Self; 5] =
        [Self::Messenger, Self::WhatsApp, Self::Instagram, Self::InstagramPage, Self::Viber];

    /// The word in addresses.
    pub(in crate::admin) const fn key(self) -> &'static str {
        match self {
            Self::Messenger => "messenger",
            Self::Instagram => "instagram",
            Self::InstagramPage => "instagram-page",
            Self::WhatsApp => "whatsapp",
            Self::Viber => "viber",
        }
    }

    /// The kind with this word.
    pub(in crate::admin) fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The kind of a connector.
    pub(in crate::admin) fn of_connector(connector: &ConnectorBody) -> Self {
        match connector.channel {
            Channel::Messenger => Self::Messenger,
            Channel::Instagram if connector.business.is_some() => Self::InstagramPage,
            Channel::Instagram => Self::Instagram,
            Channel::WhatsApp => Self::WhatsApp,
            Channel::Viber => Self::Viber,
        }
    }

    /// Its channel.
    pub(in crate::admin) const fn channel(self) -> Channel {
        match self {
            Self::Messenger => Channel::Messenger,
            Self::Instagram | Self::InstagramPage => Channel::Instagram,
            Self::WhatsApp => Channel::WhatsApp,
            Self::Viber => Channel::Viber,
        }
    }

    /// Its channel's mark.
    pub(in crate::admin) const fn mark(self) -> Mark {
        mark(self.channel())
    }

    /// What it is called in a choice.
    pub(in crate::admin) const fn title(self) -> Key {
        match self {
            Self::Messenger => words::PAGE,
            Self::Instagram => words::INSTAGRAM,
            Self::InstagramPage => words::INSTAGRAM_PAGE,
            Self::WhatsApp => words::WHATSAPP,
            Self::Viber => words::VIBER,
        }
    }

    /// When to choose it.
    pub(in crate::admin) const fn about(self) -> Key {
        match self {
            Self::Messenger => words::PAGE_ABOUT,
            Self::Instagram => words::INSTAGRAM_ABOUT,
            Self::InstagramPage => words::INSTAGRAM_PAGE_ABOUT,
            Self::WhatsApp => words::WHATSAPP_ABOUT,
            Self::Viber => words::VIBER_ABOUT,
        }
    }

    /// The whole of it as a heading.
    pub(in crate::admin) const fn heading(self) -> Key {
        match self {
            Self::Messenger => words::PAGE_CONNECT,
            Self::Instagram => words::INSTAGRAM_CONNECT,
            Self::InstagramPage => words::INSTAGRAM_PAGE_CONNECT,
            Self::WhatsApp => words::WHATSAPP_CONNECT,
            Self::Viber => words::VIBER_CONNECT,
        }
    }

    /// What somebody must have before they begin.
    pub(in crate::admin) const fn needs(self) -> Key {
        match self {
            Self::Messenger => words::PAGE_NEEDS,
            Self::Instagram => words::INSTAGRAM_NEEDS,
            Self::InstagramPage => words::INSTAGRAM_PAGE_NEEDS,
            Self::WhatsApp => words::WHATSAPP_NEEDS,
            Self::Viber => words::VIBER_NEEDS,
        }
    }

    /// Whether it comes through a Meta app.
    pub(in crate::admin) const fn is_meta(self) -> bool {
        !matches!(self, Self::Viber)
    }

    /// The provider's name.
    pub(super) const fn provider(self) -> &'static str {
        if self.is_meta() { "Meta" } else { "Viber" }
    }

    /// The provider's id of the account.
    pub(in crate::admin) fn account(self) -> Ask {
        match self {
            Self::Messenger => Ask::of(words::PAGE_ID, words::PAGE_ID_HINT),
            Self::Instagram | Self::InstagramPage => Ask::of(words::INSTAGRAM_ID, words::INSTAGRAM_ID_HINT),
            Self::WhatsApp => Ask::of(words::WHATSAPP_ID, words::WHATSAPP_ID_HINT),
            Self::Viber => Ask::of(words::VIBER_NAME, words::VIBER_NAME_HINT),
        }
    }

    /// The id of the account above, where one is needed.
    pub(in crate::admin) fn business(self) -> Option<Ask> {
        match self {
            Self::InstagramPage => Some(Ask::of(words::PAGE_ID, words::LINKED_PAGE_HINT)),
            Self::WhatsApp => Some(Ask::of(words::WHATSAPP_BUSINESS, words::WHATSAPP_BUSINESS_HINT)),
            _ => None,
        }
    }

    /// The access token.
    pub(in crate::admin) fn token(self) -> Ask {
        match self {
            Self::Messenger | Self::InstagramPage => Ask::of(words::PAGE_TOKEN, words::PAGE_TOKEN_HINT),
            Self::Instagram => Ask::of(words::INSTAGRAM_TOKEN, words::INSTAGRAM_TOKEN_HINT),
            Self::WhatsApp => Ask::of(words::WHATSAPP_TOKEN, words::WHATSAPP_TOKEN_HINT),
            Self::Viber => Ask::of(words::VIBER_TOKEN, words::VIBER_TOKEN_HINT),
        }
    }
}

/// A channel's mark.
pub(in crate::admin) const fn mark(channel: Channel) -> Mark {
    match channel {
        Channel::Messenger => Mark::Messenger,
        Channel::Instagram => Mark::Instagram,
        Channel::WhatsApp => Mark::WhatsApp,
        Channel::Viber => Mark::Viber,
    }
}
