//! The English words of the workspace, in one place. It formats nothing but sentences.

use crate::desk::OfferCard;
use shared::agent::PauseCause;
use shared::config::PauseRef;

/// The product.
pub const NAME: &str = "Signalbox";
/// For who cannot see the panel.
pub const SKIP: &str = "Skip to the screen";
/// The main menu.
pub const MENU: &str = "Main menu";
/// The open chats.
pub const TABS: &str = "Open chats";
/// A tab whose conversation is on its way.
pub const OPENING: &str = "Opening…";
/// What rings.
pub const OFFERS: &str = "Offers";
/// More tabs than fit, before their number.
pub const MORE_TABS: &str = "More chats: ";
/// The list of those who wait.
pub const WAITING: &str = "Waiting";
/// The list of interactions.
pub const ACTIVITIES: &str = "Activities";
/// The admin's pages.
pub const ADMIN: &str = "Admin";
/// Where an account is mended.
pub const CONNECTORS: &str = "Open Connectors";
/// Can take work.
pub const READY: &str = "Ready";
/// Cannot be reached.
pub const NOT_CONNECTED: &str = "Not connected";
/// The pause menu.
pub const PRESENCE: &str = "Presence and pauses";
/// Pauses to choose from.
pub const PAUSES: &str = "Go on a pause";
/// No pause may be chosen.
pub const NO_PAUSES: &str = "There is no pause to choose.";
/// Ends a pause.
pub const BACK_TO_WORK: &str = "Back to work";
/// The queues.
pub const QUEUES: &str = "Queues that ring at you";
/// Logged in to a queue.
pub const LOGGED_IN: &str = "on";
/// Logged out of a queue.
pub const LOGGED_OUT: &str = "off";
/// Paid time.
pub const PAID: &str = "paid";
/// Unpaid time.
pub const UNPAID: &str = "unpaid";
/// The themes.
pub const THEME: &str = "Appearance";
/// As the system has it.
pub const THEME_SYSTEM: &str = "As the system";
/// Always light.
pub const THEME_LIGHT: &str = "Light";
/// Always dark.
pub const THEME_DARK: &str = "Dark";
/// Ends the session.
pub const LOG_OUT: &str = "Log out";
/// Asks before messages are lost.
pub const UNSENT_TITLE: &str = "Messages were not sent";
/// What happens to them.
pub const UNSENT_TEXT: &str =
    "Logging out forgets everything on this device, and with it what waits to be sent.";
/// Goes on.
pub const LOG_OUT_ANYWAY: &str = "Log out anyway";
/// Stays.
pub const STAY: &str = "Stay";
/// Takes an offer.
pub const ACCEPT: &str = "Accept";
/// Refuses an offer.
pub const REJECT: &str = "Reject";
/// Folds a card away.
pub const MINIMISE: &str = "Minimise into Waiting";
/// Asked for, not yet answered.
pub const CONNECTING: &str = "Connecting…";
/// Refused, not yet answered.
pub const REJECTING: &str = "Rejecting…";
/// The ring time is over.
pub const TIME_OVER: &str = "The time to answer is over.";
/// No name yet.
pub const SOMEBODY: &str = "A customer";
/// Moves a card.
pub const MOVE: &str = "Move with the arrow keys, reset with a double click";
/// Tries now.
pub const RECONNECT: &str = "Reconnect now";
/// Loads the new version.
pub const RELOAD: &str = "Reload";
/// Takes a notice away.
pub const DISMISS: &str = "Dismiss";
/// The device keeps nothing.
pub const NOT_KEPT: &str = "Drafts and unsent messages will not survive a reload.";

/// A queue as it is called.
pub fn queue(queue: &shared::config::QueueRef) -> String {
    [queue.number.to_string().as_str(), " ", &queue.title].concat()
}

/// What a screen reader says when it rings.
pub fn rings(card: &OfferCard) -> String {
    let name = card.customer.as_deref().unwrap_or(SOMEBODY);
    let channel = card.ringing.channel.capabilities().title;
    [name, " is waiting on ", channel, ", ", &queue(&card.ringing.queue), ". Accept with Alt + A."].concat()
}

/// Why somebody is on a pause without having chosen it; nothing when they chose it.
pub fn paused_by_itself(pause: &PauseRef, cause: PauseCause, since: &str) -> Option<String> {
    let why = match cause {
        PauseCause::Chosen => return None,
        PauseCause::NoAnswer { .. } => "because an offer was not answered in time",
        PauseCause::Rejected { .. } => "because an offer was rejected",
    };
    let paid = if pause.paid { PAID } else { UNPAID };
    let parts = [
        "You are on the pause ",
        &pause.title,
        " (",
        paid,
        ") since ",
        since,
        ", ",
        why,
        ". Nothing new rings until you are back.",
    ];
    Some(parts.concat())
}
