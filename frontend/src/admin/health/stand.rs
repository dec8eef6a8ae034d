//! How an account stands, in a word and a sentence; the list and the account's own page say the same. It asks nobody.

use super::told::{LOW, NO_TOKEN, SILENT, WHERE};
use crate::language::admin::health as say;
use crate::language::{Key, fill, t};
use crate::ui::Tone;
use shared::interaction::FailureKind;
use shared::time::Timestamp;
use shared::wire::{CheckBody, ConnectorHealth, ErrorBody, HealthState, TOKEN_ENDS_SOON, TokenState};

/// What is known of an account apart from its health.
#[derive(Clone, Copy)]
pub(in crate::admin) struct Known {
    /// Whether it is switched on.
    pub(in crate::admin) enabled: bool,
    /// Whether a token is stored.
    pub(in crate::admin) has_token: bool,
    /// Whether a webhook ever came; true while that is not known.
    pub(in crate::admin) came: bool,
}

/// How it stands, in a word.
pub(in crate::admin) fn stand(known: Known, health: Option<&ConnectorHealth>) -> (Tone, Key) {
    let state = health.map(|health| health.state);
    if !known.enabled || state == Some(HealthState::Off) {
        (Tone::Plain, say::STAND_OFF)
    } else if !known.has_token {
        (Tone::Danger, say::STAND_NO_TOKEN)
    } else if state == Some(HealthState::Paused) {
        (Tone::Danger, say::STAND_PAUSED)
    } else if state == Some(HealthState::Warning) {
        (Tone::Amber, say::STAND_WARNING)
    } else if !known.came {
        (Tone::Amber, say::STAND_NOTHING)
    } else {
        (Tone::Green, say::STAND_ON)
    }
}

/// The same from its health alone.
pub(super) fn stand_of(health: &ConnectorHealth) -> (Tone, Key) {
    let lacks = |code: Option<&String>| code.is_some_and(|code| code == NO_TOKEN);
    let paused = health.paused.as_ref().and_then(|paused| paused.why.code.as_ref());
    let looked = health.checked.as_ref().and_then(|check| check.error.as_ref());
    let has_token = !lacks(paused) && !lacks(looked);
    stand(Known { enabled: true, has_token, came: health.last_webhook_at.is_some() }, Some(health))
}

/// What is wrong, as it is said beside the account's name. The relay says whether something is; what it is stands in the
/// facts beside that, and is said from them, in the admin's language.
pub(in crate::admin) fn sentence(health: &ConnectorHealth, now: Timestamp) -> Option<String> {
    let said = health.sentence.as_deref()?;
    if let Some(paused) = &health.paused {
        return Some(t(pause(&paused.why)).to_owned());
    }
    let known = health.checked.as_ref().and_then(|check| warning(check, now));
    known.or_else(|| said.contains(SILENT).then(|| t(say::WARN_SILENT).to_owned())).or_else(|| quoted(health))
}

/// Why nothing leaves and what ends that, by the codes of the relay and of the providers.
fn pause(why: &ErrorBody) -> Key {
    let code = why.code.as_deref().unwrap_or_default();
    match (why.kind, code) {
        (_, NO_TOKEN) => say::PAUSE_NO_TOKEN,
        (_, "190/463") => say::PAUSE_EXPIRED,
        (_, "190/460") => say::PAUSE_PASSWORD,
        (_, "190/458") => say::PAUSE_REMOVED,
        (FailureKind::Account, _) if code.starts_with("190") || matches!(code, "0" | "2" | "http 401") => {
            say::PAUSE_REFUSED
        }
        (_, "address") => say::PAUSE_ADDRESS,
        (_, "200/2534041") => say::PAUSE_OWNER,
        (_, "131042") => say::PAUSE_PAYMENT,
        (_, "131048") => say::PAUSE_SPAM,
        (_, "368" | "131031" | "10/1893063" | "7" | "9") => say::PAUSE_RESTRICTED,
        (FailureKind::Limit, _) => say::PAUSE_LIMIT,
        _ => say::PAUSE_OTHER,
    }
}

/// What a look at an account found that is to be mended, the gravest first.
fn warning(check: &CheckBody, now: Timestamp) -> Option<String> {
    let ends_soon = |at: Timestamp| at.since(now).0 < TOKEN_ENDS_SOON.0;
    let key = if check.token == TokenState::Valid && !check.missing.is_empty() {
        return Some(fill(say::WARN_LACKS, &[("missing", &check.missing.join(", "))]));
    } else if check.subscribed == Some(false) {
        say::WARN_WEBHOOKS
    } else if check.expires_at.is_some_and(ends_soon) {
        say::WARN_ENDS
    } else if check.quality.as_deref() == Some(LOW) {
        say::WARN_QUALITY
    } else {
        return None;
    };
    Some(t(key).to_owned())
}

/// The relay's own sentence. It is made for desks, where it begins with the account's name and says where in the admin to
/// go.
fn quoted(health: &ConnectorHealth) -> Option<String> {
    let said = health.sentence.as_deref()?;
    let own =
        said.strip_prefix(health.title.as_str()).map_or(said, |rest| rest.trim_start_matches([':', ' ']));
    let mut letters = own.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect::<String>().replace(WHERE, "."))
}

/// What the account's own page says above everything else.
pub(super) fn headline(health: &ConnectorHealth, now: Timestamp) -> String {
    let quiet = || match (health.state, &health.checked) {
        (HealthState::Off, _) => say::OFF_TEXT,
        (_, None) => say::NOT_LOOKED,
        (_, Some(check)) if check.token == TokenState::Unknown => say::NOT_ASKED,
        _ if health.last_webhook_at.is_none() => say::WELL_NO_WEBHOOK,
        _ => say::WELL,
    };
    sentence(health, now).unwrap_or_else(|| t(quiet()).to_owned())
}

/// What a test found, for who pressed the button; the rest stands in the headline.
pub(super) fn outcome(health: &ConnectorHealth) -> Key {
    let token = health.checked.as_ref().map(|check| check.token);
    match (health.state, token) {
        (_, None | Some(TokenState::Unknown)) => say::FOUND_NOT_ASKED,
        (HealthState::Paused, _) => say::FOUND_PAUSED,
        (HealthState::Warning, _) => say::FOUND_WARNING,
        (HealthState::Off, Some(TokenState::Refused)) => say::FOUND_REFUSED,
        (HealthState::Good | HealthState::Off, Some(_)) => say::FOUND_WELL,
    }
}
