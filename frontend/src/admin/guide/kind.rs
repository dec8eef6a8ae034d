//! The kinds of accounts that can be connected, with what each asks for and where it is found; connects nothing.

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
    pub(in crate::admin) const fn title(self) -> &'static str {
        match self {
            Self::Messenger => "Facebook Page",
            Self::Instagram => "Instagram account",
            Self::InstagramPage => "Instagram account through its Page",
            Self::WhatsApp => "WhatsApp number",
            Self::Viber => "Viber bot",
        }
    }

    /// When to choose it.
    pub(in crate::admin) const fn about(self) -> &'static str {
        match self {
            Self::Messenger => "Messages that people send to your Page on Messenger.",
            Self::Instagram => {
                "Direct messages to a professional account that logs in with Instagram. No Facebook Page is needed."
            }
            Self::InstagramPage => {
                "Direct messages to a professional account that is linked to a Facebook Page you already use."
            }
            Self::WhatsApp => "Messages to a business number on WhatsApp's Cloud API.",
            Self::Viber => "Messages to a Viber bot, which is a paid service of Viber.",
        }
    }

    /// The whole of it as a heading.
    pub(in crate::admin) const fn heading(self) -> &'static str {
        match self {
            Self::Messenger => "Connect a Facebook Page",
            Self::Instagram => "Connect an Instagram account",
            Self::InstagramPage => "Connect an Instagram account through its Page",
            Self::WhatsApp => "Connect a WhatsApp number",
            Self::Viber => "Connect a Viber bot",
        }
    }

    /// What somebody must have before they begin.
    pub(in crate::admin) const fn needs(self) -> &'static str {
        match self {
            Self::Messenger => "You need to administer the Page and to have a developer account at Meta.",
            Self::Instagram => {
                "You need the login of the Instagram account, which must be a professional one, and a developer account at Meta."
            }
            Self::InstagramPage => {
                "You need to administer the Page that the Instagram account is linked to, and a developer account at Meta."
            }
            Self::WhatsApp => {
                "You need to administer the WhatsApp Business account of the number, and a developer account at Meta."
            }
            Self::Viber => {
                "You need a bot at Viber. Since February 2024 bots are made on a contract with Viber."
            }
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
    pub(in crate::admin) const fn account(self) -> Ask {
        match self {
            Self::Messenger => Ask {
                label: "Page ID",
                hint: "A long number, shown in the app beside the Page and on the Page under About.",
            },
            Self::Instagram | Self::InstagramPage => Ask {
                label: "Instagram account ID",
                hint: "A long number that begins with 17841. It is not the name with the @.",
            },
            Self::WhatsApp => Ask {
                label: "Phone number ID",
                hint: "A long number under the phone number in WhatsApp, API setup. It is not the number itself.",
            },
            Self::Viber => Ask {
                label: "Name in the address",
                hint: "Choose a short word of letters and digits. It stands at the end of the address that Viber calls.",
            },
        }
    }

    /// The id of the account above, where one is needed.
    pub(in crate::admin) const fn business(self) -> Option<Ask> {
        match self {
            Self::InstagramPage => Some(Ask {
                label: "Page ID",
                hint: "The Facebook Page that the Instagram account is linked to.",
            }),
            Self::WhatsApp => Some(Ask {
                label: "WhatsApp Business account ID",
                hint: "Shown beside the phone number ID. The subscription is made for this account.",
            }),
            _ => None,
        }
    }

    /// The access token.
    pub(in crate::admin) const fn token(self) -> Ask {
        match self {
            Self::Messenger | Self::InstagramPage => Ask {
                label: "Page access token",
                hint: "Generated in the app for this Page. It is kept by the server and never shown again.",
            },
            Self::Instagram => Ask {
                label: "Instagram access token",
                hint: "Generated in the app for this account. It lasts 60 days. It is kept by the server and never shown again.",
            },
            Self::WhatsApp => Ask {
                label: "Access token",
                hint: "The permanent token of a system user, not the one that ends after a day. It is never shown again.",
            },
            Self::Viber => Ask {
                label: "Bot token",
                hint: "Shown in the bot's settings. It also signs what Viber sends. It is never shown again.",
            },
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
