//! What a simulator is started with: accounts at the providers and the customers who hold the phones; never shows tokens or secrets in `Debug`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Versions of the Graph API that are alive in late 2026.
const GRAPH_VERSIONS: [&str; 6] = ["v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"];

/// A provider's messaging product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Facebook Messenger, a Page's inbox.
    Messenger,
    /// Instagram Direct of a professional account.
    Instagram,
    /// `WhatsApp` Cloud API, one business phone number.
    Whatsapp,
    /// Viber bot.
    Viber,
}

/// Everything the simulator is started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where webhooks go, without a slash at the end, e.g. `http://127.0.0.1:8080`.
    pub webhook_base: String,
    /// Graph API versions in the paths, e.g. `v25.0`; others are refused.
    pub graph_versions: Vec<String>,
    /// Seed of faults and scripted customers, so that a run can be replayed.
    pub seed: u64,
    /// Scripted customers who write by themselves; 0 for a quiet day.
    pub crowd: usize,
    /// Business accounts; ids must differ from each other.
    pub accounts: Vec<Account>,
    /// Customers with phones from the start; more can be made through the control API.
    pub customers: Vec<Customer>,
}

/// One business account at one provider.
#[derive(Clone)]
pub enum Account {
    /// A Facebook Page.
    Messenger {
        /// Page id.
        page_id: String,
        /// Page access token.
        token: String,
        /// Path segment in `/webhooks/meta/{app}`.
        app: String,
        /// App secret that signs the webhooks.
        app_secret: String,
    },
    /// An Instagram professional account.
    Instagram {
        /// Professional account id (`17841...`).
        account_id: String,
        /// Instagram user token.
        token: String,
        /// Path segment in `/webhooks/meta/{app}`.
        app: String,
        /// App secret that signs the webhooks.
        app_secret: String,
    },
    /// A `WhatsApp` Business phone number.
    WhatsApp {
        /// `WhatsApp` Business Account id, the `entry[].id` of webhooks.
        waba_id: String,
        /// Id of the number, the path segment of sends.
        phone_number_id: String,
        /// The number as shown, with plus.
        display_phone_number: String,
        /// Business token.
        token: String,
        /// Path segment in `/webhooks/meta/{app}`.
        app: String,
        /// App secret that signs the webhooks.
        app_secret: String,
    },
    /// A Viber bot.
    Viber {
        /// Path segment in `/webhooks/viber/{bot}`.
        bot: String,
        /// Authentication token, also the key of webhook signatures.
        token: String,
        /// Name shown to customers.
        name: String,
    },
}

impl Account {
    /// The id the control API knows the account by: Page id, Instagram account id, phone number id or bot.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Messenger { page_id, .. } => page_id,
            Self::Instagram { account_id, .. } => account_id,
            Self::WhatsApp { phone_number_id, .. } => phone_number_id,
            Self::Viber { bot, .. } => bot,
        }
    }

    /// The product the account belongs to.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Messenger { .. } => Channel::Messenger,
            Self::Instagram { .. } => Channel::Instagram,
            Self::WhatsApp { .. } => Channel::Whatsapp,
            Self::Viber { .. } => Channel::Viber,
        }
    }

    /// Token that callers of the provider's API must show.
    pub(crate) fn token(&self) -> &str {
        match self {
            Self::Messenger { token, .. }
            | Self::Instagram { token, .. }
            | Self::WhatsApp { token, .. }
            | Self::Viber { token, .. } => token,
        }
    }

    /// Key of webhook signatures.
    pub(crate) fn secret(&self) -> &str {
        match self {
            Self::Messenger { app_secret, .. }
            | Self::Instagram { app_secret, .. }
            | Self::WhatsApp { app_secret, .. } => app_secret,
            Self::Viber { token, .. } => token,
        }
    }

    /// Path of the account's webhook under the base.
    pub(crate) fn webhook_path(&self) -> String {
        match self {
            Self::Messenger { app, .. } | Self::Instagram { app, .. } | Self::WhatsApp { app, .. } => {
                format!("/webhooks/meta/{app}")
            }
            Self::Viber { bot, .. } => format!("/webhooks/viber/{bot}"),
        }
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("channel", &self.channel())
            .field("id", &self.id())
            .field("webhook", &self.webhook_path())
            .finish_non_exhaustive()
    }
}

/// A person with a phone, known to one account.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Id in the control API, e.g. `jana`; unique.
    pub key: String,
    /// Name as the provider's profile has it.
    pub name: String,
    /// Id of the account this customer writes to.
    pub account: String,
    /// Provider's id: PSID, IGSID, `wa_id` (digits without plus) or Viber user id.
    pub id: String,
    /// Phone number with plus; `WhatsApp` only, absent when hidden behind a username.
    pub phone: Option<String>,
}

impl Config {
    /// The demo: one account per channel and four customers.
    #[must_use]
    pub fn demo(webhook_base: &str) -> Self {
        let app = || "demo".to_owned();
        let app_secret = || "demo-app-secret".to_owned();
        let customer = |key: &str, name: &str, account: &str, id: &str, phone: Option<&str>| Customer {
            key: key.to_owned(),
            name: name.to_owned(),
            account: account.to_owned(),
            id: id.to_owned(),
            phone: phone.map(str::to_owned),
        };
        Self {
            webhook_base: webhook_base.trim_end_matches('/').to_owned(),
            graph_versions: GRAPH_VERSIONS.map(str::to_owned).to_vec(),
            seed: 1,
            crowd: 0,
            accounts: vec![
                Account::Messenger {
                    page_id: "100200300400500".to_owned(),
                    token: "demo-messenger-token".to_owned(),
                    app: app(),
                    app_secret: app_secret(),
                },
                Account::WhatsApp {
                    waba_id: "200300400500600".to_owned(),
                    phone_number_id: "106540352242922".to_owned(),
                    display_phone_number: "+420 800 100 200".to_owned(),
                    token: "demo-whatsapp-token".to_owned(),
                    app: app(),
                    app_secret: app_secret(),
                },
                Account::Viber {
                    bot: "demo".to_owned(),
                    token: "demo-viber-token".to_owned(),
                    name: "Signalbox".to_owned(),
                },
                Account::Instagram {
                    account_id: "17841400000000001".to_owned(),
                    token: "demo-instagram-token".to_owned(),
                    app: app(),
                    app_secret: app_secret(),
                },
            ],
            customers: vec![
                customer("jana", "Jana Malá", "100200300400500", "7231845690127734", None),
                customer("petr", "Petr Novák", "106540352242922", "420777120450", Some("+420777120450")),
                customer("lucie", "Lucie Horáková", "demo", "dXJ0bmV6YWhvcmFrb3Zh+A==", None),
                customer("tomas", "Tomáš Dvořák", "17841400000000001", "1784902365571208", None),
            ],
        }
    }
}
