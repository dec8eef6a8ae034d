//! The words of the message widget: keys, and the sentences that are put together of them. It formats nothing else.

pub use crate::language::keys::message::*;

use crate::desk::Progress;
use crate::language::{Key, count, fill, t};
use crate::sentences;
use shared::card::CardKind;
use shared::interaction::{Delivery, Failure, FailureKind, Pricing};

/// What a card is; nothing for what cannot be named.
pub const fn card(kind: CardKind) -> Option<Key> {
    Some(match kind {
        CardKind::Location => LOCATION,
        CardKind::Contact => CONTACT,
        CardKind::Order => ORDER,
        CardKind::Share => SHARE,
        CardKind::StoryReply => STORY_REPLY,
        CardKind::StoryMention => STORY_MENTION,
        CardKind::Ad => AD,
        CardKind::Form => FORM,
        CardKind::Appointment => APPOINTMENT,
        CardKind::Forwarded => FORWARDED,
        CardKind::Unsupported | CardKind::Unknown => return None,
    })
}

/// A size in bytes, in the unit that suits it.
pub fn size(bytes: u64) -> String {
    let (unit, key) = if bytes < 1_000_000 { (1_000, KILOBYTES) } else { (1_000_000, MEGABYTES) };
    fill(key, &[("n", &bytes.div_ceil(unit).to_string())])
}

/// The host an address leads to: what a person looks at before they follow it.
pub fn host(url: &str) -> String {
    let rest = url.split_once(':').map_or(url, |(_, rest)| rest.trim_start_matches('/'));
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}

/// What a message costs.
pub fn price(pricing: &Pricing) -> String {
    fill(PRICE, &[("category", &pricing.category)])
}

/// What is left of a limit in characters.
pub fn characters(left: i64) -> String {
    count(if left < 0 { TOO_MANY } else { LEFT }, left.saturating_abs(), &[])
}

/// What is left of a limit in bytes.
pub fn bytes(left: i64) -> String {
    count(if left < 0 { BYTES_TOO_MANY } else { BYTES_LEFT }, left.saturating_abs(), &[])
}

/// The pill that says when more came while the agent read above.
pub fn new_below(number: usize) -> String {
    count(NEW_BELOW, i64::try_from(number).unwrap_or(i64::MAX), &[])
}

/// How long free text may still be sent.
pub fn window_left(milliseconds: i64) -> String {
    let minutes = milliseconds.max(0) / 60_000;
    let (hours, minutes) = (minutes / 60, (minutes % 60).to_string());
    if hours > 0 {
        fill(WINDOW_HOURS, &[("h", &hours.to_string()), ("m", &minutes)])
    } else {
        fill(WINDOW_MINUTES, &[("m", &minutes)])
    }
}

/// How far a message has come: its key in the stylesheet, and the words.
pub const fn progress(progress: &Progress) -> (&'static str, Key) {
    match progress {
        Progress::WaitsForConnection => ("waiting", WAITS),
        Progress::Sending | Progress::Delivery(Delivery::Sending) => ("sending", SENDING),
        Progress::Delivery(Delivery::Queued) => ("sending", QUEUED),
        Progress::Unclear | Progress::Delivery(Delivery::Unknown) => ("unknown", UNCLEAR),
        Progress::Refused(_) => ("refused", NOT_SENT),
        Progress::Delivery(Delivery::Sent) => ("sent", SENT),
        Progress::Delivery(Delivery::Delivered) => ("delivered", DELIVERED),
        Progress::Delivery(Delivery::Seen) => ("seen", SEEN),
        Progress::Delivery(Delivery::Failed(_)) => ("failed", NOT_DELIVERED),
    }
}

/// What went wrong and what helps; nothing where all is well.
pub fn trouble(progress: &Progress) -> Option<String> {
    Some(match progress {
        Progress::Refused(refusal) => sentences::refusal(refusal),
        Progress::Unclear => t(UNCLEAR_TEXT).to_owned(),
        Progress::Delivery(Delivery::Unknown) => t(UNKNOWN_TEXT).to_owned(),
        Progress::Delivery(Delivery::Failed(failure)) => failed(failure),
        _ => return None,
    })
}

fn failed(failure: &Failure) -> String {
    let sentence = t(match failure.kind {
        FailureKind::Window => FAILED_WINDOW,
        FailureKind::Unreachable => FAILED_UNREACHABLE,
        FailureKind::Account => FAILED_ACCOUNT,
        FailureKind::Content => FAILED_CONTENT,
        FailureKind::Limit => FAILED_LIMIT,
        FailureKind::Provider => FAILED_PROVIDER,
    });
    match &failure.code {
        Some(code) => fill(WITH_CODE, &[("sentence", sentence), ("code", code)]),
        None => sentence.to_owned(),
    }
}

/// As how many messages a text is sent.
pub fn pieces(number: usize) -> String {
    count(SPLIT, i64::try_from(number).unwrap_or(i64::MAX), &[])
}
