//! The facts of how an account stands, in words: only those that say something. They are written here and drawn elsewhere.

use super::told::{LOW, NO_ANSWER, NO_TOKEN, UNREACHABLE};
use crate::language::admin::{connectors, health as say};
use crate::language::{Key, count, fill, t};
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

fn line(key: &'static str, name: Key, words: impl Into<String>, tone: Tone) -> Line {
    Line { key, name: t(name), words: words.into(), code: None, tone }
}

/// All facts there are: what went wrong first, what went wrong some time ago last.
pub(super) fn lines(health: &ConnectorHealth, write: Write) -> Vec<Line> {
    let mut lines = Vec::new();
    let at = |key, name, at: Timestamp| line(key, name, (write.when)(at), Tone::Plain);
    let check = health.checked.as_ref();
    if let Some(paused) = &health.paused {
        lines.push(Line { tone: Tone::Danger, ..reason("reason", say::REASON, &paused.why) });
    }
    lines.extend(check.and_then(missing));
    if let Some(paused) = &health.paused {
        lines.push(at("paused", say::PAUSED_SINCE, paused.since));
        let next = at("next", say::NEXT, paused.next_at);
        let is_due = paused.next_at <= write.now;
        lines.push(if is_due { Line { words: t(say::ANY_MOMENT).to_owned(), ..next } } else { next });
    }
    if let Some(check) = check {
        look(check, write, &mut lines);
    }
    lines.extend(health.last_webhook_at.map(|when| at("webhook", connectors::LAST_WEBHOOK, when)));
    lines.extend(health.last_sent_at.map(|when| at("sent", say::LAST_SENT, when)));
    lines.extend(check.map(|check| at("looked", say::LOOKED, check.at)));
    // What a pause began with is said above.
    let said = health.paused.as_ref().map(|paused| &paused.why);
    if let Some(error) = health.last_error.as_ref().filter(|error| said != Some(error)) {
        let one = reason("error", say::LAST_ERROR, error);
        let words = fill(say::LAST_ERROR_AT, &[("at", &(write.when)(error.at)), ("why", &one.words)]);
        lines.push(Line { words, ..one });
    }
    lines
}

/// Permissions that the token lacks; one that is refused has none to speak of.
fn missing(check: &CheckBody) -> Option<Line> {
    let lacks = check.token == TokenState::Valid && !check.missing.is_empty();
    let missing =
        || Line { code: Some(check.missing.join(", ")), ..line("missing", say::MISSING, "", Tone::Amber) };
    lacks.then(missing)
}

/// What a look at the account found.
fn look(check: &CheckBody, write: Write, lines: &mut Vec<Line>) {
    let (token, tone) = match check.token {
        TokenState::Valid => (say::TOKEN_VALID, Tone::Plain),
        TokenState::Refused if check.error.as_deref() == Some(NO_TOKEN) => (say::TOKEN_NONE, Tone::Danger),
        TokenState::Refused => (say::TOKEN_REFUSED, Tone::Danger),
        TokenState::Unknown => (say::TOKEN_UNKNOWN, Tone::Amber),
    };
    lines.push(line("token", say::TOKEN, t(token), tone));
    if let Some(at) = check.expires_at {
        lines.push(ends(at, write));
    }
    lines.extend(check.subscribed.map(|subscribed| {
        let (words, tone) =
            if subscribed { (say::WEBHOOKS_ON, Tone::Plain) } else { (say::WEBHOOKS_OFF, Tone::Danger) };
        line("subscribed", say::WEBHOOKS, t(words), tone)
    }));
    if let Some(quality) = &check.quality {
        let (words, tone) = match quality.as_str() {
            "GREEN" => (t(say::IS_HIGH), Tone::Plain),
            "YELLOW" => (t(say::IS_MEDIUM), Tone::Amber),
            LOW => (t(say::IS_LOW), Tone::Danger),
            "UNKNOWN" | "NA" => (t(say::IS_UNRATED), Tone::Plain),
            other => (other, Tone::Plain),
        };
        lines.push(line("quality", say::QUALITY, words, tone));
    }
    lines.extend(check.name.clone().map(|name| line("name", say::NAME, name, Tone::Plain)));
}

/// When the token ends, and how soon that is.
fn ends(at: Timestamp, write: Write) -> Line {
    let left = at.since(write.now);
    let day = (write.day)(at);
    let (name, words, tone) = match left.0.div_euclid(DAY.0) {
        _ if left.0 < 0 => (say::TOKEN_ENDED, day, Tone::Danger),
        _ if left.0 >= TOKEN_ENDS_SOON.0 => (say::TOKEN_ENDS, day, Tone::Plain),
        0 => (say::TOKEN_ENDS, fill(say::ENDS_TODAY, &[("day", &day)]), Tone::Amber),
        days => (say::TOKEN_ENDS, count(say::ENDS_DAYS, days, &[("day", &day)]), Tone::Amber),
    };
    line("ends", name, words, tone)
}

/// What was refused, in words and in the provider's own.
fn reason(key: &'static str, name: Key, error: &ErrorBody) -> Line {
    let words = match (error.kind, error.code.as_deref()) {
        (_, Some(NO_TOKEN)) => say::WHY_NO_TOKEN,
        (_, Some(UNREACHABLE)) => say::WHY_UNREACHABLE,
        (_, Some(NO_ANSWER)) => say::WHY_NO_ANSWER,
        (FailureKind::Window, _) => say::WHY_WINDOW,
        (FailureKind::Unreachable, _) => say::WHY_UNREACHABLE_CUSTOMER,
        (FailureKind::Account, _) => say::WHY_ACCOUNT,
        (FailureKind::Content, _) => say::WHY_CONTENT,
        (FailureKind::Limit, _) => say::WHY_LIMIT,
        (FailureKind::Provider, _) => say::WHY_PROVIDER,
    };
    Line { code: error.code.clone().and_then(spelt), ..line(key, name, t(words), Tone::Plain) }
}

/// The code, where a provider spelt it; the relay's own are words.
fn spelt(code: String) -> Option<String> {
    code.chars().any(|letter| letter.is_ascii_digit()).then_some(code)
}
