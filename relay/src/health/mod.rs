//! How every account stands: whether its messages may leave, when something last came and went, what admins must mend.
//!
//! Delivery asks it before a call and tells it what came of one; ingest tells it of webhooks; a watch looks at the
//! accounts by itself and has their webhooks subscribed anew. It sends no message.

mod report;
mod standing;
#[cfg(test)]
mod tests;
mod watch;
mod words;

pub use report::Trouble;
pub use standing::Gate;
pub use watch::Watch;
pub use words::NO_TOKEN;

use crate::channels::{Check, Providers, Token};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::log::LogError;
use shared::channel::Channel;
use shared::config::Connector;
use shared::id::ConnectorId;
use shared::interaction::{Failure, FailureKind};
use shared::time::Timestamp;
use shared::wire::ConnectorHealth;
use standing::Standing;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch as channel;

/// How every account stands. Copies share it.
#[derive(Clone)]
pub struct Health {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    providers: Providers,
    /// The address by which providers reach us, without a slash at the end; none when it is not known.
    reached_at: Option<String>,
    all: Mutex<BTreeMap<ConnectorId, Standing>>,
    /// Counts changes that concern others: gates and what is said.
    moved: channel::Sender<u64>,
}

impl Health {
    /// How every account stood when the last run ended; each of them was out of reach since.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn open(
        engine: Engine,
        providers: Providers,
        reached_at: Option<String>,
    ) -> Result<Self, LogError> {
        let now = engine.clock().now();
        let mut all = BTreeMap::new();
        for (connector, kept) in engine.log().standings().await? {
            // What another version wrote is no more than a memory: without it the account starts anew.
            let kept = serde_json::from_str(&kept).unwrap_or_default();
            all.insert(connector, Standing { kept, outage: Some(now), ..Standing::default() });
        }
        let (all, moved) = (Mutex::new(all), channel::channel(0).0);
        Ok(Self { inner: Arc::new(Inner { engine, providers, reached_at, all, moved }) })
    }

    /// Whether messages of an account may leave.
    #[must_use]
    pub fn gate(&self, connector: ConnectorId) -> Gate {
        self.all().get(&connector).map_or(Gate::Open, Standing::gate)
    }

    /// Since when messages of an account leave again after a pause.
    #[must_use]
    pub fn open_since(&self, connector: ConnectorId) -> Option<Timestamp> {
        self.all().get(&connector)?.open_since
    }

    /// Why messages of an account wait.
    #[must_use]
    pub fn why_paused(&self, connector: ConnectorId) -> Option<Failure> {
        Some(self.all().get(&connector)?.kept.pause.as_ref()?.why.clone())
    }

    /// The provider took a message.
    pub fn sent(&self, connector: ConnectorId) {
        self.step(connector, Standing::sent);
    }

    /// The provider refused a message; the account itself works.
    pub fn refused(&self, connector: ConnectorId, failure: &Failure) {
        self.step(connector, |standing, now| standing.refused(failure, now));
    }

    /// A call came to nothing for now.
    pub fn stumbled(&self, connector: ConnectorId, failure: &Failure) {
        self.step(connector, |standing, now| standing.stumbled(failure, now));
    }

    /// The provider takes nothing of this account.
    pub fn broke(&self, connector: ConnectorId, failure: &Failure) {
        tracing::warn!(%connector, kind = ?failure.kind, code = ?failure.code, "an account cannot send");
        self.step(connector, |standing, now| standing.broke(failure, now));
    }

    /// The account or its token was changed.
    pub fn mended(&self, connector: ConnectorId) {
        self.step(connector, Standing::mended);
    }

    /// A webhook of an account came.
    pub fn heard(&self, channel: Channel, account: &str) {
        let found =
            self.inner.engine.look(|world| world.config.connector_of(channel, account).map(|one| one.id));
        if let Some(connector) = found {
            self.step(connector, Standing::heard);
        }
    }

    /// Told whenever a gate or something that is said changed.
    #[must_use]
    pub fn changes(&self) -> channel::Receiver<u64> {
        self.inner.moved.subscribe()
    }

    /// How every account stands, by title.
    #[must_use]
    pub fn report(&self) -> Vec<ConnectorHealth> {
        let now = self.clock().now();
        let mut all: Vec<_> = self.each(|connector, standing| Some(report::health(connector, standing, now)));
        all.sort_by(|one, two| one.title.cmp(&two.title));
        all
    }

    /// What desks are told.
    #[must_use]
    pub fn troubles(&self) -> Vec<Trouble> {
        let now = self.clock().now();
        self.each(|connector, standing| report::trouble(connector, standing, now))
    }

    /// Looks at one account now, and has its webhooks subscribed where they are not; none when it does not exist.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn test(&self, id: ConnectorId) -> Result<Option<ConnectorHealth>, LogError> {
        let connector = self.inner.engine.look(|world| world.config.connectors.get(&id).cloned());
        let Some(connector) = connector else { return Ok(None) };
        let check = self.look_at(&connector).await?;
        self.step(id, |standing, now| standing.checked(check, now));
        let now = self.clock().now();
        let standing = self.all().get(&id).cloned().unwrap_or_default();
        Ok(Some(report::health(&connector, &standing, now)))
    }

    /// Asks the provider how an account stands; a lost subscription is asked for at once.
    async fn look_at(&self, connector: &Connector) -> Result<Check, LogError> {
        let Some(token) = self.inner.engine.log().token(connector.id).await? else {
            let failure = Failure { kind: FailureKind::Account, code: Some(words::NO_TOKEN.to_owned()) };
            return Ok(Check { token: Token::Refused, failure: Some(failure), ..Check::default() });
        };
        let callback = self.callback(connector);
        let providers = &self.inner.providers;
        let mut check = providers.check(connector, token.expose(), callback.as_deref()).await;
        if check.subscribed == Some(false) && connector.enabled {
            match providers.subscribe(connector, token.expose(), callback.as_deref()).await {
                Ok(()) => {
                    tracing::info!(connector = %connector.id, "webhooks were subscribed anew");
                    check.subscribed = Some(true);
                }
                Err(error) => {
                    tracing::warn!(connector = %connector.id, %error, "webhooks could not be subscribed");
                }
            }
        }
        Ok(check)
    }

    /// Where the provider of an account reaches us; none when that is not known.
    #[must_use]
    pub fn callback(&self, connector: &Connector) -> Option<String> {
        let base = self.inner.reached_at.as_deref()?;
        Some(match connector.channel {
            Channel::Viber => format!("{base}/webhooks/viber/{}", connector.account),
            _ => format!("{base}/webhooks/meta/{}", connector.app),
        })
    }

    /// Takes an account a step on, and tells whoever it concerns.
    fn step(&self, connector: ConnectorId, step: impl FnOnce(&mut Standing, Timestamp)) {
        let now = self.clock().now();
        let mut all = self.all();
        let standing = all.entry(connector).or_default();
        let before = (standing.gate(), standing.checked.is_some(), standing.silent_since(now).is_some());
        let looked = standing.checked.as_ref().map(|(at, _)| *at);
        step(standing, now);
        let after = (standing.gate(), standing.checked.is_some(), standing.silent_since(now).is_some());
        let again = looked != standing.checked.as_ref().map(|(at, _)| *at);
        drop(all);
        if before != after || again {
            self.inner.moved.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    /// Something of every account that exists.
    fn each<T>(&self, tell: impl Fn(&Connector, &Standing) -> Option<T>) -> Vec<T> {
        let nothing = Standing::default();
        let all = self.all().clone();
        self.inner.engine.look(|world| {
            let each = world.config.connectors.values();
            each.filter_map(|one| tell(one, all.get(&one.id).unwrap_or(&nothing))).collect()
        })
    }

    fn clock(&self) -> &Clock {
        self.inner.engine.clock()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<ConnectorId, Standing>> {
        self.inner.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
