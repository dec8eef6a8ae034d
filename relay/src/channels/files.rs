//! Where a provider keeps a file of which it told an id; fetches no file itself.

use super::send::{Providers, base, segment};
use super::{read, transport};
use reqwest::StatusCode;
use shared::config::Connector;

/// Why a provider did not say where a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAddress {
    /// It no longer knows the id.
    Gone(StatusCode),
    /// It may say so later.
    Later(&'static str),
}

impl Providers {
    /// Asks WhatsApp where the file with this id is; the address lives five minutes.
    ///
    /// # Errors
    /// Whether it is worth asking again.
    pub async fn media_url(&self, connector: &Connector, token: &str, id: &str) -> Result<String, NoAddress> {
        let url = format!("{}/{}/{}", base(connector), self.version, segment(id));
        let query = [("phone_number_id", connector.account.as_str())];
        let request = self.http.get(url).query(&query).bearer_auth(token);
        let answer =
            transport::call(request).await.map_err(|_| NoAddress::Later("the provider did not answer"))?;
        if answer.status.is_success() {
            let url = read::link(read::at(&answer.body, &["url"]));
            return url.ok_or(NoAddress::Later("the provider did not say where it is"));
        }
        // A parameter error is how Graph says that there is no such thing.
        match (answer.status, read::number(read::at(&answer.body, &["error", "code"]))) {
            (status @ (StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND), Some(100) | None) => {
                Err(NoAddress::Gone(status))
            }
            _ => Err(NoAddress::Later("the provider refused")),
        }
    }
}
