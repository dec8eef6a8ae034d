//! A strict, stateful stand-in of Messenger, Instagram, `WhatsApp` Cloud and Viber with customers' phones; written from the providers' facts alone, it shares no code with the software it tests.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use tokio::sync::{broadcast, mpsc, watch};

mod config;
mod control;
mod event;
mod gate;
mod ids;
mod ledger;
mod outbox;
mod page;
mod phone;
mod provider;
mod sign;
mod state;

pub use config::{Account, Channel, Config, Customer};

use state::{AccountState, Gate, Phone, Settings, State};

/// How long open connections may take to end after the stop.
const FAREWELL: Duration = Duration::from_secs(2);

/// The running simulator, shared by all handlers.
pub(crate) struct Sim {
    state: Mutex<State>,
    pub(crate) http: reqwest::Client,
    /// Turns true when the server stops; held answers and event streams end then.
    pub(crate) closing: watch::Receiver<bool>,
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
    let sim = Arc::new(Sim {
        state: Mutex::new(remember(config, outbox::Outbox::new(wake))),
        http: client()?,
        closing: closing.clone(),
    });
    let app = Router::new()
        .merge(page::routes())
        .merge(control::routes())
        .merge(provider::routes())
        .with_state(Arc::clone(&sim));
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        stop.await;
        let _ = close.send(true);
    });
    let late = async move {
        let mut closing = closing;
        let _ = closing.wait_for(|closed| *closed).await;
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::select! {
        ended = server.into_future() => ended,
        () = late => Ok(()),
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

fn remember(config: Config, outbox: outbox::Outbox) -> State {
    let base = config.webhook_base.trim_end_matches('/').to_owned();
    let accounts: Vec<_> = config
        .accounts
        .into_iter()
        .map(|account| AccountState {
            url: Some(format!("{base}{}", account.webhook_path())),
            account,
            fields: None,
            send_name: true,
            echoes: false,
            human_agent: false,
            gate: Gate::default(),
        })
        .collect();
    let mut state = State {
        version: config.graph_version,
        accounts,
        phones: BTreeMap::new(),
        made: 0,
        settings: Settings { automatic: true, delay_ms: 150, whatsapp_async: false },
        ledger: ledger::Ledger::default(),
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
