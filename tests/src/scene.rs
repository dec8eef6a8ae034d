//! How most browser tests begin: a relay, the customers' phones, and an agent at the desk.

use crate::browser::{Browser, Chrome};
use crate::phones::{Customer, Phones};
use crate::relay::Relay;
use shared::channel::Channel;

/// What is there when the curtain rises.
pub struct Scene {
    /// The relay.
    pub relay: Relay,
    /// The phones of its customers.
    pub phones: Phones,
    /// The browser's driver, for more agents.
    pub chrome: Chrome,
    /// Eva's desk.
    pub eva: Browser,
}

impl Scene {
    /// Eva is logged in and ready.
    pub async fn begin() -> Self {
        Self::on(Relay::start().await).await
    }

    /// The same on a relay whose phones outlive it.
    pub async fn apart() -> Self {
        Self::on(Relay::start_apart().await).await
    }

    async fn on(relay: Relay) -> Self {
        let (phones, chrome) = (Phones::of(&relay), Chrome::start().await);
        let eva = chrome.desk(&relay, "eva").await;
        Self { relay, phones, chrome, eva }
    }

    /// The customer of a channel writes, Eva accepts and looks at the chat: her first, so it opens by itself.
    pub async fn chat(&self, channel: Channel, words: &str) -> Customer {
        let customer = self.phones.customer(channel);
        customer.write(words).await;
        self.eva.click("offer-accept").await;
        self.eva.see_text("bubble", words).await;
        customer
    }

    /// Nothing was complained of; the browser is closed.
    pub async fn end(self) {
        self.eva.no_complaints().await;
        self.eva.quit().await;
    }
}
