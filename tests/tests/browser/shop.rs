//! A shop with an account at each provider that nobody has connected yet, and the simulator that plays the providers.

use simulator::{Account, Config};
use tests::{Phones, Relay};
use tokio::net::TcpListener;

/// The Meta app of the shop, whose accounts nobody has connected yet.
pub const APP: &str = "445566778899";
/// What it signs with.
pub const SECRET: &str = "shop-app-secret";

/// One account of the shop: what the steps ask for.
pub struct Shop {
    /// Its kind, as the admin's addresses call it.
    pub kind: &'static str,
    /// The provider's id.
    pub account: &'static str,
    /// The account above it.
    pub business: &'static str,
    /// Its token.
    pub token: &'static str,
}

/// A Facebook Page.
pub const PAGE: Shop =
    Shop { kind: "messenger", account: "555000111", business: "", token: "shop-page-token" };
/// An Instagram account.
pub const INSTAGRAM: Shop =
    Shop { kind: "instagram", account: "17841499999999999", business: "", token: "shop-instagram-token" };
/// The same account through its Page.
pub const THROUGH_PAGE: Shop = Shop {
    kind: "instagram-page",
    account: "17841499999999999",
    business: "555000111",
    token: "shop-instagram-token",
};
/// A WhatsApp number.
pub const NUMBER: Shop =
    Shop { kind: "whatsapp", account: "777000111", business: "888000111", token: "shop-whatsapp-token" };
/// A Viber bot.
pub const BOT: Shop = Shop { kind: "viber", account: "shop", business: "", token: "shop-viber-token" };

/// Another set of accounts at the providers, which call the relay as soon as somebody connects them.
pub async fn providers(relay: &Relay) -> (String, Phones) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (app, app_secret) = (|| APP.to_owned(), || SECRET.to_owned());
    let accounts = vec![
        Account::Messenger {
            page_id: PAGE.account.into(),
            token: PAGE.token.into(),
            app: app(),
            app_secret: app_secret(),
        },
        Account::WhatsApp {
            waba_id: NUMBER.business.into(),
            phone_number_id: NUMBER.account.into(),
            display_phone_number: "+420 900 100 200".into(),
            token: NUMBER.token.into(),
            app: app(),
            app_secret: app_secret(),
        },
        Account::Instagram {
            account_id: INSTAGRAM.account.into(),
            token: INSTAGRAM.token.into(),
            app: app(),
            app_secret: app_secret(),
        },
        Account::Viber { bot: BOT.account.into(), token: BOT.token.into(), name: "Shop".into() },
    ];
    let config = Config { accounts, customers: Vec::new(), ..Config::demo(&relay.base) };
    tokio::spawn(simulator::serve(listener, config, std::future::pending()));
    let phones = Phones::at(&base);
    (base, phones)
}
