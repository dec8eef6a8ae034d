//! How an account stands, in a word and a sentence; the list and the account's own page say the same. It asks nobody.

use crate::ui::Tone;
use shared::wire::{ConnectorHealth, HealthState, TokenState};

/// The relay's code for an account whose token is missing.
pub(super) const NO_TOKEN: &str = "no token";

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
pub(in crate::admin) fn stand(known: Known, health: Option<&ConnectorHealth>) -> (Tone, &'static str) {
    let state = health.map(|health| health.state);
    if !known.enabled || state == Some(HealthState::Off) {
        (Tone::Plain, "Off")
    } else if !known.has_token {
        (Tone::Danger, "No token")
    } else if state == Some(HealthState::Paused) {
        (Tone::Danger, "Paused")
    } else if state == Some(HealthState::Warning) {
        (Tone::Amber, "Warning")
    } else if !known.came {
        (Tone::Amber, "Nothing yet")
    } else {
        (Tone::Green, "On")
    }
}

/// The same from its health alone.
pub(super) fn stand_of(health: &ConnectorHealth) -> (Tone, &'static str) {
    let lacks = |code: Option<&String>| code.is_some_and(|code| code == NO_TOKEN);
    let paused = health.paused.as_ref().and_then(|paused| paused.why.code.as_ref());
    let looked = health.checked.as_ref().and_then(|check| check.error.as_ref());
    let has_token = !lacks(paused) && !lacks(looked);
    stand(Known { enabled: true, has_token, came: health.last_webhook_at.is_some() }, Some(health))
}

/// What is wrong, as it is said beside the account's name. The relay's sentence is made for desks, where it begins with
/// that name and says where in the admin to go.
pub(in crate::admin) fn sentence(health: &ConnectorHealth) -> Option<String> {
    let said = health.sentence.as_deref()?;
    let own =
        said.strip_prefix(health.title.as_str()).map_or(said, |rest| rest.trim_start_matches([':', ' ']));
    let mut letters = own.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect::<String>().replace(" under Connectors.", "."))
}

/// What the account's own page says above everything else.
pub(super) fn headline(health: &ConnectorHealth) -> String {
    let quiet = || match (health.state, &health.checked) {
        (HealthState::Off, _) => "Switched off: nothing is sent, and it is not looked at by itself.",
        (_, None) => "Not looked at yet.",
        (_, Some(check)) if check.token == TokenState::Unknown => {
            "The provider could not be asked. It is asked again by itself."
        }
        _ if health.last_webhook_at.is_none() => "The token works. No webhook has come yet.",
        _ => "All is well, as far as is known.",
    };
    sentence(health).unwrap_or_else(|| quiet().to_owned())
}

/// What a test found, for who pressed the button; the rest stands in the headline.
pub(super) fn outcome(health: &ConnectorHealth) -> &'static str {
    let token = health.checked.as_ref().map(|check| check.token);
    match (health.state, token) {
        (_, None | Some(TokenState::Unknown)) => "the provider could not be asked.",
        (HealthState::Paused, _) => "still nothing leaves.",
        (HealthState::Warning, _) => "it works, with something to mend.",
        (HealthState::Off, Some(TokenState::Refused)) => "the token is refused.",
        (HealthState::Good | HealthState::Off, Some(_)) => "it works.",
    }
}
