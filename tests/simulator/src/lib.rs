//! A strict, stateful stand-in of Messenger, Instagram, `WhatsApp` Cloud and Viber with customers' phones; written from the providers' facts alone, it shares no code with the software it tests.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use tokio::sync::{broadcast, mpsc, watch};

mod act;
mod batch;
mod book;
mod config;
mod control;
mod crowd;
mod event;
mod faults;
mod fetch;
mod gate;
mod ids;
mod inbound;
mod ledger;
mod listen;
mod media;
mod multipart;
mod outbox;
mod page;
mod phone;
mod provider;
mod random;
mod rate;
mod schedule;
mod sign;
mod state;
mod twist;

pub use config::{Account, Channel, Config, Customer};

use state::{AccountState, Phone, Settings, State};

/// Largest request body: a `WhatsApp` document of 100 MB with what is around it.
const BODY: usize = 105 * 1024 * 1024;

/// The running simulator, shared by all handlers.
pub(crate) struct Sim {
    state: Mutex<State>,
    pub(crate) http: reqwest::Client,
    /// Turns true when the server stops; held answers and event streams end then.
    pub(crate) closing: watch::Receiver<bool>,
    /// The world's clock was moved.
    pub(crate) moved: tokio::sync::Notify,
}

impl Sim {
    /// The state. A panic elsewhere cannot leave it half-changed in a way that matters to a stand-in.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves the providers' APIs, the control API and the phones page until `stop` resolves.
///
/// # Errors
/// When the HTTP client cannot be made or the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    config: Config,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (wake, wakes) = mpsc::unbounded_channel();
    let (close, closing) = watch::channel(false);
    let base = format!("http://{}", listener.local_addr()?);
    let (crowd, seed) = (config.crowd, config.seed);
    let sim = Arc::new(Sim {
        state: Mutex::new(remember(config, base, outbox::Outbox::new(wake))),
        http: client()?,
        closing: closing.clone(),
        moved: tokio::sync::Notify::new(),
    });
    let app = Router::new()
        .merge(page::routes())
        .merge(control::routes())
        .merge(media::serve::routes())
        .merge(provider::routes())
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(Arc::clone(&sim));
    if crowd > 0 {
        crowd::start(&sim, crowd, seed, 1);
    }
    tokio::spawn(async move {
        stop.await;
        let _ = close.send(true);
    });
    tokio::select! {
        () = listen::accept(listener, app, closing) => Ok(()),
        () = outbox::dispatch(sim, wakes) => Ok(()),
    }
}

fn client() -> std::io::Result<reqwest::Client> {
    // Another part of the process may have installed it; either one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(std::io::Error::other)
}

fn remember(config: Config, base: String, outbox: outbox::Outbox) -> State {
    let webhooks = config.webhook_base;
    let accounts = config.accounts.into_iter().map(|account| AccountState::new(account, &webhooks)).collect();
    let mut state = State {
        versions: config.graph_versions,
        accounts,
        phones: BTreeMap::new(),
        made: 0,
        settings: Settings::default(),
        ledger: ledger::Ledger::default(),
        book: book::Book::default(),
        faults: faults::Faults::new(config.seed),
        media: media::Store::new(base),
        webhook_base: webhooks,
        crowd: None,
        ahead_ms: 0,
        outbox,
        news: broadcast::channel(1024).0,
    };
    for customer in config.customers {
        let Some(channel) = state.account(&customer.account).map(|a| a.account.channel()) else {
            tracing::warn!(customer = %customer.key, account = %customer.account, "customer of an unknown account left out");
            continue;
        };
        state.made += 1;
        let phone = Phone::new(state.made, channel, customer, None, true);
        state.phones.insert(phone.key.clone(), phone);
    }
    state
}

#[cfg(test)]
mod tests;
