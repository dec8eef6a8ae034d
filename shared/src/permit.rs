//! May I, and why not: asked by the relay before it decides and by the desk before it offers a control.

use crate::agent::Agent;
use crate::channel::{Channel, WindowState};
use crate::config::{Manner, Workspace};
use crate::id::{PauseId, UserId};
use crate::interaction::{Activity, ActivityState, Interaction};
use crate::refusal::Refusal;
use crate::time::{Span, Timestamp};

#[cfg(test)]
mod tests;

/// Whether this text may go out on this channel as one message.
///
/// # Errors
/// [`Refusal::Empty`] for nothing but blanks, [`Refusal::TooLong`] above the channel's limit.
pub fn text(channel: Channel, text: &str) -> Result<(), Refusal> {
    if text.chars().all(is_blank) {
        return Err(Refusal::Empty);
    }
    let limit = channel.capabilities().text;
    if limit.allows(text) {
        return Ok(());
    }
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Err(Refusal::TooLong { unit: limit.unit, size: count(limit.measure(text)), max: count(limit.max) })
}

/// Whether an address is one of the web.
#[must_use]
pub fn is_web(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// Whether a character leaves no mark: white space, controls, zero-width and direction marks, fillers, variation
/// selectors and tags.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether free text may be sent through this window.
///
/// # Errors
/// [`Refusal::WindowClosed`] or [`Refusal::Unsubscribed`].
pub const fn window(state: WindowState) -> Result<(), Refusal> {
    match state {
        WindowState::Open | WindowState::OpenUntil(_) => Ok(()),
        WindowState::Closed(since) => Err(Refusal::WindowClosed { since }),
        WindowState::Unsubscribed => Err(Refusal::Unsubscribed),
    }
}

/// Whether this person may write in this interaction now.
///
/// # Errors
/// What [`draft`] and [`window`] say, in this order.
pub fn write(interaction: &Interaction, user: UserId, now: Timestamp) -> Result<(), Refusal> {
    draft(interaction, user)?;
    window(interaction.window(now))
}

/// Whether this person may have something written here that is not sent: they have the interaction open, whether or not
/// the customer can be written to now.
///
/// # Errors
/// [`Refusal::Ended`], [`Refusal::NotOpen`], [`Refusal::Requeued`] or [`Refusal::NotYours`].
pub fn draft(interaction: &Interaction, user: UserId) -> Result<(), Refusal> {
    if !interaction.is_live() {
        return Err(Refusal::Ended);
    }
    if interaction.open_of(user).is_none() {
        let open = interaction.activities.iter().any(|a| a.state == ActivityState::Open);
        let back = interaction.waiting().is_some_and(|a| a.requeued_at.is_some());
        return Err(match (open, back) {
            (true, _) => Refusal::NotYours,
            (false, true) => Refusal::Requeued,
            (false, false) => Refusal::NotOpen,
        });
    }
    Ok(())
}

/// Whether this person may send this text in this interaction now.
///
/// # Errors
/// What [`write`] and [`text`] say, in this order.
pub fn send(interaction: &Interaction, user: UserId, words: &str, now: Timestamp) -> Result<(), Refusal> {
    write(interaction, user, now)?;
    text(interaction.channel, words)
}

/// Whether an offer of a queue may be rejected for this reason.
///
/// # Errors
/// [`Refusal::NoReject`], or [`Refusal::ReasonRequired`] where the queue has reasons and this is none of them.
pub fn reject(manner: &Manner, reason: Option<&str>) -> Result<(), Refusal> {
    if !manner.reject {
        return Err(Refusal::NoReject);
    }
    let fits = match reason {
        Some(reason) => manner.reject_reasons.iter().any(|one| one == reason),
        None => manner.reject_reasons.is_empty(),
    };
    if fits { Ok(()) } else { Err(Refusal::ReasonRequired) }
}

/// Whether what waits in a queue may be taken without an offer; `joined` says whether the person is logged in to it.
///
/// # Errors
/// [`Refusal::NotLoggedIn`] where the workspace demands that.
pub const fn pull(workspace: Workspace, joined: bool) -> Result<(), Refusal> {
    if joined || workspace.pull_logged_out { Ok(()) } else { Err(Refusal::NotLoggedIn) }
}

/// When a pause of at most this length, begun now, is over for this agent.
///
/// # Errors
/// [`Refusal::PauseUsedUp`] when nothing of it is left in 24 hours.
pub fn pause(agent: &Agent, pause: PauseId, longest: Span, now: Timestamp) -> Result<Timestamp, Refusal> {
    let left = Span(longest.0.saturating_sub(agent.rested_on(pause, now).0));
    if left.0 > 0 { Ok(now.plus(left)) } else { Err(Refusal::PauseUsedUp) }
}

/// Whether this person may work on this activity: its owner, or who supervises.
///
/// # Errors
/// [`Refusal::NotOpen`] for one that still waits, [`Refusal::NotYours`].
pub fn work(activity: &Activity, user: UserId, supervises: bool) -> Result<(), Refusal> {
    if activity.owner.is_none() {
        return Err(Refusal::NotOpen);
    }
    if activity.owner == Some(user) || supervises { Ok(()) } else { Err(Refusal::NotYours) }
}

/// Whether this person may close this activity; `required` says whether its queue demands a status.
///
/// # Errors
/// What [`work`] says, [`Refusal::Ended`], [`Refusal::DispositionRequired`], or [`Refusal::NewMessage`] when the
/// customer wrote after what the agent had `seen`.
pub fn close(
    interaction: &Interaction,
    activity: &Activity,
    user: UserId,
    supervises: bool,
    required: bool,
    seen: u64,
) -> Result<(), Refusal> {
    work(activity, user, supervises)?;
    if activity.state != ActivityState::Open {
        return Err(Refusal::Ended);
    }
    if required && activity.disposition.is_none() {
        return Err(Refusal::DispositionRequired);
    }
    if seen < interaction.last_customer_seq {
        return Err(Refusal::NewMessage { seq: interaction.last_customer_seq });
    }
    Ok(())
}
