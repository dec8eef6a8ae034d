//! The English words of the pages, in one place. It formats nothing but sentences.

use crate::ui::elapsed;
use shared::interaction::Phase;

/// The product.
pub const NAME: &str = "Signalbox";
/// What it is for.
pub const CLAIM: &str = "Answer customers on Messenger, WhatsApp, Viber and Instagram.";
/// The login name.
pub const LOGIN: &str = "Login name";
/// The password.
pub const PASSWORD: &str = "Password";
/// Logs in.
pub const LOG_IN: &str = "Log in";
/// Logging in.
pub const LOGGING_IN: &str = "Logging in…";
/// Nothing was typed.
pub const BOTH: &str = "Enter your login name and your password.";
/// The demo's people.
pub const DEMO: &str = "Or try the demo as";
/// The demo's phones.
pub const PHONES: &str = "Open the customers' phones";
/// An agent.
pub const AGENT: &str = "Agent";
/// A supervisor.
pub const SUPERVISOR: &str = "Supervisor";
/// An admin.
pub const ADMIN: &str = "Administrator";

/// Those who wait.
pub const WAITING: &str = "Waiting";
/// Nobody waits.
pub const NOBODY: &str = "Nobody is waiting";
/// What to expect.
pub const NOBODY_TEXT: &str =
    "Customers who write to your queues appear here, and ring at you when it is your turn.";
/// Not connected.
pub const CUT_OFF: &str = "The list cannot be shown";
/// What helps.
pub const CUT_OFF_TEXT: &str = "There is no connection. It comes back by itself as soon as there is one.";
/// Takes one.
pub const ACCEPT: &str = "Accept";
/// Refuses one.
pub const REJECT: &str = "Reject";
/// Asked for, not answered.
pub const CONNECTING: &str = "Connecting…";
/// It rings nowhere.
pub const WAITS: &str = "Waiting";
/// It rings here.
pub const RINGS_HERE: &str = "Rings at you";

/// All interactions.
pub const ACTIVITIES: &str = "Activities";
/// What they are.
pub const ACTIVITIES_TEXT: &str = "All chats of your queues, newest first";
/// There are none.
pub const NONE_YET: &str = "No chats yet";
/// What to expect.
pub const NONE_YET_TEXT: &str = "Every chat of your queues is listed here, running or ended.";
/// Could not be fetched.
pub const NOT_FETCHED: &str = "The list could not be fetched";
/// Fetches more.
pub const MORE: &str = "Load more";
/// Fetches anew.
pub const REFRESH: &str = "Refresh";
/// The columns after the mark.
pub const COLUMNS: &[&str] = &["Customer", "Queue", "Agent and status", "Began"];
/// Nobody worked on it.
pub const NOBODY_YET: &str = "Nobody yet";

/// How many wait, and the longest of them.
pub fn waiting(count: usize, longest: i64) -> String {
    let who = match count {
        1 => "1 customer waits".to_owned(),
        n => [n.to_string().as_str(), " customers wait, the longest"].concat(),
    };
    [who.as_str(), " for ", &elapsed(longest)].concat()
}

/// Where it rings.
pub fn rings_at(name: &str) -> String {
    ["Rings at ", name].concat()
}

/// Where an interaction stands.
pub const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Routing => "Arriving",
        Phase::Queued => "Waiting",
        Phase::Active => "Open",
        Phase::Missed => "Missed",
        Phase::Ended => "Ended",
    }
}
