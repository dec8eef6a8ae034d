//! How things stand between this tab and the relay: connection, login, what the device keeps. Words for it are the desk's.

use serde::{Deserialize, Serialize};
use shared::config::{Role, UserRef};
use shared::time::Timestamp;
use shared::wire::{DayBody, InteractionRow};

/// Who is logged in, and under which epoch the streams are held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The person.
    pub user: UserRef,
    /// What they may do in general.
    pub role: Role,
    /// When they logged in.
    pub logged_in_at: Timestamp,
    /// The epoch of the log.
    pub epoch: String,
}

/// How the connection stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Nothing was tried yet.
    #[default]
    Starting,
    /// The device has no network.
    Offline,
    /// A connection is being made.
    Connecting,
    /// Connected; what was missed has arrived.
    Live,
    /// The next attempt comes at this instant of the relay's clock.
    Retrying(Timestamp),
    /// The relay speaks another version: the page must be reloaded.
    Outdated,
    /// There is no connection because nobody is logged in.
    LoggedOut,
}

/// Whether somebody is logged in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Login {
    /// Not known yet.
    #[default]
    Unknown,
    /// Nobody is.
    Out,
    /// A name and password were sent.
    Asking,
    /// Somebody is.
    In,
}

/// What the device keeps over a reload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Keeping {
    /// Not known yet.
    #[default]
    Opening,
    /// Everything, encrypted.
    Everything,
    /// Nothing; the sentence says why.
    Nothing(String),
}

/// What an agent has chosen to see of a list; nothing chosen is everything. The words of choices are those of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words to look for.
    pub words: String,
    /// Where an interaction stands: `queued`, `active`, …
    pub phase: String,
    /// A channel's key.
    pub channel: String,
    /// A queue's id.
    pub queue: String,
}

/// The agent's day in numbers, as far as it was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// The numbers.
    pub numbers: Option<DayBody>,
    /// Why the last ones did not come, as a sentence.
    pub failed: Option<String>,
}

/// The list of activities as far as it was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activities {
    /// The rows, newest first.
    pub rows: Vec<InteractionRow>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
    /// Whether a page is on its way.
    pub loading: bool,
    /// Which request it is: answers to earlier ones are passed over.
    pub asked: u32,
    /// Whether the first page has ever arrived.
    pub loaded: bool,
    /// Why the last page did not come, as a sentence.
    pub failed: Option<String>,
}

/// What a demo relay offers on its login page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demo {
    /// The people of the demo.
    pub logins: Vec<DemoLogin>,
    /// The address of the customers' phones.
    #[serde(default)]
    pub phones: Option<String>,
}

/// One person of the demo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoLogin {
    /// The name to log in with.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The password everybody knows.
    pub password: String,
}
