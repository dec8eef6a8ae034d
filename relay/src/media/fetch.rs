//! Fetching one file of a customer's from its provider: guarded at every hop, bounded in size and time; stores nothing itself.

use super::blob::{BlobError, Writing};
use super::guard::{Guard, PublicOnly};
use super::sort::HEAD;
use crate::channels::NoAddress;
use crate::config;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use std::sync::Arc;
use url::Url;

/// Hops from the first address to the file; content networks use one or two.
const HOPS: usize = 3;

/// The way to providers' files. Copies share the connections.
#[derive(Clone, Debug)]
pub struct Fetcher {
    /// For providers' own hosts: resolves to public addresses alone.
    public: Client,
    /// For the address that an admin gave an account in place of the provider's.
    own: Client,
}

/// Why a file was not fetched; never holds an address, which may carry a signature.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The provider no longer has it, or the address has expired.
    #[error("the provider no longer has it (HTTP {0})")]
    Gone(StatusCode),
    /// The provider, or what stands between, may have it later.
    #[error("the provider did not hand it out: {0}")]
    Later(&'static str),
    /// Its address, or one it leads to, is none that may be asked.
    #[error("its address is not the provider's")]
    Forbidden,
    /// It is larger than the workspace takes.
    #[error("it is too large")]
    TooLarge,
    /// It could not be written down.
    #[error(transparent)]
    Store(#[from] BlobError),
}

/// What was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its size in bytes.
    pub size: u64,
    /// Its first bytes.
    pub head: Vec<u8>,
}

impl From<NoAddress> for FetchError {
    fn from(error: NoAddress) -> Self {
        match error {
            NoAddress::Gone(status) => Self::Gone(status),
            NoAddress::Later(why) => Self::Later(why),
        }
    }
}

impl Fetcher {
    /// A way that stores nothing and remembers nothing.
    ///
    /// # Errors
    /// When no HTTP client can be made on this system.
    pub fn new() -> Result<Self, reqwest::Error> {
        // Whoever installs a provider first wins; both are the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = || {
            Client::builder()
                .connect_timeout(config::MEDIA_CONNECT)
                .read_timeout(config::MEDIA_STALL)
                .timeout(config::MEDIA_WHOLE)
                // Every hop is looked at here, and none may carry the token on.
                .redirect(Policy::none())
                .referer(false)
                .no_proxy()
                .user_agent("signalbox")
        };
        Ok(Self { public: client().dns_resolver(Arc::new(PublicOnly)).build()?, own: client().build()? })
    }

    /// Asks for the file at an address. The token goes to the first address alone.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn ask(&self, guard: &Guard, url: &str, token: Option<&str>) -> Result<Response, FetchError> {
        let mut url = Url::parse(url).map_err(|_| FetchError::Forbidden)?;
        let mut token = token;
        for _ in 0..=HOPS {
            if !guard.admits(&url) {
                return Err(FetchError::Forbidden);
            }
            let client = if guard.is_own(&url) { &self.own } else { &self.public };
            let request = client.get(url.clone());
            let request = match token.take() {
                Some(token) => request.bearer_auth(token),
                None => request,
            };
            let response = request.send().await.map_err(|error| later(&error))?;
            if !response.status().is_redirection() {
                return answered(response);
            }
            let next = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            url = next.and_then(|next| url.join(next).ok()).ok_or(FetchError::Forbidden)?;
        }
        Err(FetchError::Forbidden)
    }

    /// Fetches the file at an address into a store, at most `limit` bytes of it.
    ///
    /// # Errors
    /// Why it cannot be had; what was written until then is for the caller to abandon.
    pub async fn fetch(
        &self,
        guard: &Guard,
        url: &str,
        token: Option<&str>,
        limit: u64,
        into: &mut Writing,
    ) -> Result<Fetched, FetchError> {
        let mut response = self.ask(guard, url, token).await?;
        if response.content_length().is_some_and(|told| told > limit) {
            return Err(FetchError::TooLarge);
        }
        let mut fetched = Fetched { size: 0, head: Vec::with_capacity(HEAD) };
        while let Some(chunk) = response.chunk().await.map_err(|error| later(&error))? {
            fetched.size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            if fetched.size > limit {
                return Err(FetchError::TooLarge);
            }
            let room = HEAD - fetched.head.len();
            fetched.head.extend(chunk.iter().take(room));
            into.push(&chunk).await?;
        }
        if fetched.size == 0 { Err(FetchError::Later("it is empty")) } else { Ok(fetched) }
    }
}

fn answered(response: Response) -> Result<Response, FetchError> {
    match response.status() {
        status if status.is_success() => Ok(response),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Err(FetchError::Later("it is busy")),
        status if status.is_client_error() => Err(FetchError::Gone(status)),
        _ => Err(FetchError::Later("it failed")),
    }
}

fn later(error: &reqwest::Error) -> FetchError {
    FetchError::Later(if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "it broke off"
    })
}
