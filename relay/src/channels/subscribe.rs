//! Asking a provider to tell us of an account's messages: Meta's subscriptions, Viber's webhook; stores nothing.

use super::read;
use super::send::{Providers, base, segment};
use super::transport::{self, Answer};
use serde_json::json;
use shared::channel::{Channel, webhook_fields};
use shared::config::Connector;

/// Why a subscription was not taken; the sentences say what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscribeError {
    /// Viber must be told our address.
    #[error("The public address is not set. Set public_url in the configuration, then try again.")]
    NoAddress,
    /// WhatsApp subscribes the account above the number.
    #[error("The WhatsApp Business account of this number is missing. Enter its id, then try again.")]
    NoBusiness,
    /// No answer.
    #[error("The provider could not be reached. Try again in a moment.")]
    Unreachable,
    /// The provider said no.
    #[error("The provider refused it: {words} ({code}).")]
    Refused {
        /// What it said.
        words: String,
        /// Its code.
        code: String,
    },
}

/// Longest that is repeated of a provider's own words, in characters.
const WORDS: usize = 200;

impl Providers {
    /// Subscribes an account; `callback` is our address for Viber, whose bots are told it with the call.
    ///
    /// # Errors
    /// What is missing, or what the provider said.
    pub async fn subscribe(
        &self,
        connector: &Connector,
        token: &str,
        callback: Option<&str>,
    ) -> Result<(), SubscribeError> {
        let fields = webhook_fields(connector.channel);
        let base = base(connector);
        let edge = |account: &str| format!("{base}/{}/{}/subscribed_apps", self.version(), segment(account));
        let request = match connector.channel {
            Channel::Viber => {
                let url = callback.ok_or(SubscribeError::NoAddress)?;
                // Without the last two no names and pictures come.
                let body = json!({"url": url, "event_types": fields, "send_name": true, "send_photo": true});
                let address = format!("{base}/pa/set_webhook");
                self.http().post(address).header("X-Viber-Auth-Token", token).json(&body)
            }
            Channel::WhatsApp => {
                let business = connector.business.as_deref().ok_or(SubscribeError::NoBusiness)?;
                self.http().post(edge(business)).bearer_auth(token)
            }
            Channel::Messenger | Channel::Instagram => {
                // An Instagram account that is reached through a Page is subscribed by that Page.
                let page = connector.business.as_ref().filter(|_| connector.channel == Channel::Instagram);
                let account = page.unwrap_or(&connector.account);
                let fields = [("subscribed_fields", fields.join(","))];
                self.http().post(edge(account)).query(&fields).bearer_auth(token)
            }
        };
        let answer = transport::call(request).await.map_err(|_| SubscribeError::Unreachable)?;
        verdict(connector.channel, &answer)
    }
}

/// Meta says no with an HTTP status, Viber with a status of its own.
fn verdict(channel: Channel, answer: &Answer) -> Result<(), SubscribeError> {
    let part = |path: &[&str]| read::at(&answer.body, path).clone();
    let words = |text: serde_json::Value| -> String {
        text.as_str().unwrap_or("no reason given").trim_end_matches('.').chars().take(WORDS).collect()
    };
    if channel == Channel::Viber {
        return match read::number(&part(&["status"])) {
            Some(0) => Ok(()),
            Some(code) => Err(SubscribeError::Refused {
                words: words(part(&["status_message"])),
                code: format!("status {code}"),
            }),
            None => Err(SubscribeError::Unreachable),
        };
    }
    if answer.status.is_success() {
        return Ok(());
    }
    let code = match read::number(&part(&["error", "code"])) {
        Some(code) => format!("code {code}"),
        None => format!("HTTP {}", answer.status.as_u16()),
    };
    Err(SubscribeError::Refused { words: words(part(&["error", "message"])), code })
}
