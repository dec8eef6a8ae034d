//! The facts of how an account stands, in words: only those that say something. They are written here and drawn elsewhere.

use super::stand::NO_TOKEN;
use crate::ui::Tone;
use shared::interaction::FailureKind;
use shared::time::{Span, Timestamp};
use shared::wire::{CheckBody, ConnectorHealth, ErrorBody, TOKEN_ENDS_SOON, TokenState};

const DAY: Span = Span::hours(24);

/// How instants are written, and now.
#[derive(Clone, Copy)]
pub(super) struct Write {
    /// Now.
    pub(super) now: Timestamp,
    /// An instant.
    pub(super) when: fn(Timestamp) -> String,
    /// A day.
    pub(super) day: fn(Timestamp) -> String,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its word in test ids.
    pub(super) key: &'static str,
    /// What it is of.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) words: String,
    /// What of it a provider spelt.
    pub(super) code: Option<String>,
    /// Whether it asks for care.
    pub(super) tone: Tone,
}

fn line(key: &'static str, name: &'static str, words: impl Into<String>, tone: Tone) -> Line {
    Line { key, name, words: words.into(), code: None, tone }
}

/// All facts there are: what went wrong first, what went wrong some time ago last.
pub(super) fn lines(health: &ConnectorHealth, write: Write) -> Vec<Line> {
    let mut lines = Vec::new();
    let at = |key, name, at: Timestamp| line(key, name, (write.when)(at), Tone::Plain);
    let check = health.checked.as_ref();
    if let Some(paused) = &health.paused {
        lines.push(Line { tone: Tone::Danger, ..reason("reason", "Reason", &paused.why) });
    }
    lines.extend(check.and_then(missing));
    if let Some(paused) = &health.paused {
        lines.push(at("paused", "Paused since", paused.since));
        let next = at("next", "Tried again by itself", paused.next_at);
        let is_due = paused.next_at <= write.now;
        lines.push(if is_due { Line { words: "Any moment now".to_owned(), ..next } } else { next });
    }
    if let Some(check) = check {
        look(check, write, &mut lines);
    }
    lines.extend(health.last_webhook_at.map(|when| at("webhook", "Last webhook", when)));
    lines.extend(health.last_sent_at.map(|when| at("sent", "Last message taken", when)));
    lines.extend(check.map(|check| at("looked", "Last looked at", check.at)));
    // What a pause began with is said above.
    let said = health.paused.as_ref().map(|paused| &paused.why);
    if let Some(error) = health.last_error.as_ref().filter(|error| said != Some(error)) {
        let one = reason("error", "Last refusal", error);
        lines.push(Line { words: [(write.when)(error.at).as_str(), ": ", &one.words].concat(), ..one });
    }
    lines
}

/// Permissions that the token lacks; one that is refused has none to speak of.
fn missing(check: &CheckBody) -> Option<Line> {
    let lacks = check.token == TokenState::Valid && !check.missing.is_empty();
    let missing = || Line {
        code: Some(check.missing.join(", ")),
        ..line("missing", "Missing permissions", "", Tone::Amber)
    };
    lacks.then(missing)
}

/// What a look at the account found.
fn look(check: &CheckBody, write: Write, lines: &mut Vec<Line>) {
    let (token, tone) = match check.token {
        TokenState::Valid => ("Valid", Tone::Plain),
        TokenState::Refused if check.error.as_deref() == Some(NO_TOKEN) => ("None is stored", Tone::Danger),
        TokenState::Refused => ("Refused", Tone::Danger),
        TokenState::Unknown => ("Not known", Tone::Amber),
    };
    lines.push(line("token", "Access token", token, tone));
    if let Some(at) = check.expires_at {
        lines.push(ends(at, write));
    }
    lines.extend(check.subscribed.map(|subscribed| {
        let (words, tone) =
            if subscribed { ("Subscribed", Tone::Plain) } else { ("Not subscribed", Tone::Danger) };
        line("subscribed", "Webhooks", words, tone)
    }));
    if let Some(quality) = &check.quality {
        let (words, tone) = match quality.as_str() {
            "GREEN" => ("High", Tone::Plain),
            "YELLOW" => ("Medium", Tone::Amber),
            "RED" => ("Low", Tone::Danger),
            "UNKNOWN" | "NA" => ("Not rated yet", Tone::Plain),
            other => (other, Tone::Plain),
        };
        lines.push(line("quality", "Quality at WhatsApp", words, tone));
    }
    lines.extend(check.name.clone().map(|name| line("name", "Name at the provider", name, Tone::Plain)));
}

/// When the token ends, and how soon that is.
fn ends(at: Timestamp, write: Write) -> Line {
    let left = at.since(write.now);
    let day = (write.day)(at);
    let (name, words, tone) = match left.0.div_euclid(DAY.0) {
        _ if left.0 < 0 => ("Token ended", day, Tone::Danger),
        _ if left.0 >= TOKEN_ENDS_SOON.0 => ("Token ends", day, Tone::Plain),
        0 => ("Token ends", [day.as_str(), ", within a day"].concat(), Tone::Amber),
        1 => ("Token ends", [day.as_str(), ", in a day"].concat(), Tone::Amber),
        days => ("Token ends", [day.as_str(), ", in ", &days.to_string(), " days"].concat(), Tone::Amber),
    };
    line("ends", name, words, tone)
}

/// What was refused, in words and in the provider's own.
fn reason(key: &'static str, name: &'static str, error: &ErrorBody) -> Line {
    let words = match (error.kind, error.code.as_deref()) {
        (_, Some(NO_TOKEN)) => "No access token is stored",
        (_, Some("unreachable")) => "The provider could not be reached",
        (_, Some("no answer")) => "The provider did not answer",
        (FailureKind::Window, _) => "The time to answer the customer was over",
        (FailureKind::Unreachable, _) => "The customer could not be reached",
        (FailureKind::Account, _) => "The account or its token was refused",
        (FailureKind::Content, _) => "The content of the message was refused",
        (FailureKind::Limit, _) => "A limit of the provider was reached",
        (FailureKind::Provider, _) => "The provider did not work",
    };
    Line { code: error.code.clone().and_then(spelt), ..line(key, name, words, Tone::Plain) }
}

/// The code, where a provider spelt it; the relay's own are words.
fn spelt(code: String) -> Option<String> {
    code.chars().any(|letter| letter.is_ascii_digit()).then_some(code)
}
