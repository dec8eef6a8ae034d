//! The relay's web side: routes, who may use them, what every answer carries; decides nothing about customers.

mod assets;
mod attachments;
mod bytes;
mod client;
mod config_routes;
mod connection;
mod connector_health;
mod connectors;
mod content;
mod day;
#[cfg(feature = "demo")]
mod demo;
mod desk;
pub mod figures;
mod filters;
mod guests;
mod headers;
mod health;
mod input;
mod interactions;
mod journal;
mod look;
mod messages;
mod notices;
mod openapi;
mod outcomes;
mod pace;
mod problem;
mod queues;
mod reports;
mod router;
mod secrets;
mod serve;
pub mod session;
mod setup;
mod socket;
mod sounds;
mod stall;
#[cfg(test)]
mod tests;
mod users;
mod workspace;

pub use assets::Assets;
pub use client::Knocks;
pub use content::ContentOrigin;
#[cfg(feature = "demo")]
pub use demo::{Demo, DemoPerson};
pub use router::{files, router};
pub use serve::serve;

use crate::channels::Providers;
use crate::clock::Clock;
use crate::config::{Limits, Proxies};
use crate::desk::Hub;
use crate::engine::Engine;
use crate::health::Health;
use crate::ingest::Ingest;
use crate::media::Blobs;
use session::{Attempts, Origins, Passwords};
use std::sync::Arc;

/// What every handler may use.
pub type App = Arc<Web>;

/// The parts of the web side.
pub struct Web {
    /// Where everything is decided.
    pub engine: Engine,
    /// Where webhooks are understood.
    pub ingest: Ingest,
    /// The ways to the providers.
    pub providers: Providers,
    /// How the accounts stand.
    pub health: Health,
    /// All desks' sockets.
    pub hub: Arc<Hub>,
    /// The system's clock: sessions do not travel in time.
    pub wall: Clock,
    /// The addresses of our own pages.
    pub origins: Origins,
    /// Whether we are reached by https alone.
    pub secure: bool,
    /// The address by which providers reach us, without a slash at the end.
    pub public_url: Option<String>,
    /// The path we are reached by, with slashes at both ends.
    pub path: String,
    /// The built desk and admin.
    pub assets: Assets,
    /// The demo, when this is one.
    #[cfg(feature = "demo")]
    pub demo: Option<Demo>,
    /// Customers' files.
    pub blobs: Blobs,
    /// Where browsers get those files; this address as well when there is none.
    pub content: Option<ContentOrigin>,
    /// Where passwords are checked.
    pub passwords: Passwords,
    /// Wrong passwords of late.
    pub attempts: Attempts,
    /// Questions of late whether a webhook address is ours.
    pub knocks: Knocks,
    /// Reports of browsers of late.
    pub reports: Knocks,
    /// Whose word about a client's address is taken.
    pub proxies: Proxies,
    /// How much is taken at a time, and how long anything may last.
    pub limits: Limits,
}
