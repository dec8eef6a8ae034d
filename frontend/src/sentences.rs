//! What the domain, the network and the storage have to say, in the agent's language. It decides nothing.
//!
//! Where the domain has an English sentence of its own, that one is for the API.

use crate::browser::net::NetError;
use crate::browser::storage::StorageError;
use crate::language::keys::{account, connection, kind as kinds, media, refusal as no, storage};
use crate::language::{self, Key, fill, t};
use serde::Deserialize;
use shared::channel::Unit;
use shared::config::QueueRef;
use shared::interaction::{MediaFault, MessageKind};
use shared::refusal::Refusal;
use shared::wire::{AccountTrouble, AccountWrong, read};

/// A queue as it is called.
#[must_use]
pub fn queue(queue: &QueueRef) -> String {
    [queue.number.to_string().as_str(), " ", &queue.title].concat()
}

/// A "no" as the agent reads it.
#[must_use]
pub fn refusal(said: &Refusal) -> String {
    let key = match said {
        Refusal::Taken { by: Some(by) } => return fill(no::TAKEN_BY, &[("name", &by.name)]),
        Refusal::AlreadyLive { with: Some(with) } => {
            return fill(no::ALREADY_LIVE_WITH, &[("name", &with.name)]);
        }
        Refusal::TooLong { unit, size, max } => {
            let key = match unit {
                Unit::Bytes => no::TOO_LONG_BYTES,
                Unit::Characters => no::TOO_LONG_CHARACTERS,
            };
            return fill(key, &[("size", &size.to_string()), ("max", &max.to_string())]);
        }
        Refusal::Invalid { field, problem } => {
            return fill(no::INVALID, &[("field", field), ("problem", problem)]);
        }
        Refusal::Taken { by: None } => no::TAKEN,
        Refusal::AlreadyLive { with: None } => no::ALREADY_LIVE,
        Refusal::CustomerGone => no::CUSTOMER_GONE,
        Refusal::OfferOver => no::OFFER_OVER,
        Refusal::Ended => no::ENDED,
        Refusal::NotYours => no::NOT_YOURS,
        Refusal::NotOpen => no::NOT_OPEN,
        Refusal::Requeued => no::REQUEUED,
        Refusal::NoReject => no::NO_REJECT,
        Refusal::ReasonRequired => no::REASON_REQUIRED,
        Refusal::PauseUsedUp => no::PAUSE_USED_UP,
        Refusal::NotLoggedIn => no::NOT_LOGGED_IN,
        Refusal::DispositionRequired => no::DISPOSITION_REQUIRED,
        Refusal::DispositionUnknown => no::DISPOSITION_UNKNOWN,
        Refusal::NewMessage { .. } => no::NEW_MESSAGE,
        Refusal::Empty => no::EMPTY,
        Refusal::WindowClosed { since: Some(_) } => no::WINDOW_CLOSED,
        Refusal::WindowClosed { since: None } | Refusal::NeverWrote => no::NEVER_WROTE,
        Refusal::Unsubscribed => no::UNSUBSCRIBED,
        Refusal::NoRights => no::NO_RIGHTS,
        Refusal::NotFound { .. } => no::NOT_FOUND,
        Refusal::OtherChannel => no::OTHER_CHANNEL,
        Refusal::KeyReused => no::KEY_REUSED,
        Refusal::Settled => no::SETTLED,
        Refusal::NotSaved => no::NOT_SAVED,
        Refusal::NotUnderstood => no::NOT_UNDERSTOOD,
        Refusal::Unknown => no::UNKNOWN,
    };
    t(key).to_owned()
}

/// Why a file could not be had.
#[must_use]
pub const fn fault(why: MediaFault) -> Key {
    match why {
        MediaFault::Gone => media::GONE,
        MediaFault::TooLarge => media::TOO_LARGE,
        MediaFault::Forbidden => media::FORBIDDEN,
        MediaFault::Unreachable => media::UNREACHABLE,
    }
}

/// What stands for a message without words.
#[must_use]
pub const fn kind(is: MessageKind) -> Key {
    match is {
        MessageKind::Text => kinds::TEXT,
        MessageKind::Image => kinds::IMAGE,
        MessageKind::Video => kinds::VIDEO,
        MessageKind::Audio => kinds::AUDIO,
        MessageKind::Voice => kinds::VOICE,
        MessageKind::File => kinds::FILE,
        MessageKind::Sticker => kinds::STICKER,
        MessageKind::Location => kinds::LOCATION,
        MessageKind::Contact => kinds::CONTACT,
        MessageKind::Tap => kinds::TAP,
        MessageKind::Order => kinds::ORDER,
        MessageKind::Share => kinds::SHARE,
        MessageKind::Story => kinds::STORY,
        MessageKind::Unsupported => kinds::UNSUPPORTED,
    }
}

/// Why there is no answer from the relay; beyond refusals it speaks English, and is quoted where the agent does.
#[must_use]
pub fn network(error: &NetError) -> String {
    #[derive(Deserialize)]
    struct Problem {
        detail: Option<String>,
        refusal: Option<Refusal>,
    }
    match error {
        NetError::Unreachable => t(connection::UNREACHABLE).to_owned(),
        NetError::Malformed => t(connection::MALFORMED).to_owned(),
        NetError::Refused(name) => fill(connection::NOT_ASKED, &[("name", name)]),
        NetError::Status { status, body } => {
            let problem = read::<Problem>(body).ok();
            let (detail, no) = problem.map_or((None, None), |problem| (problem.detail, problem.refusal));
            let said = no.as_ref().map(refusal).or_else(|| detail.filter(|_| language::is_english()));
            said.unwrap_or_else(|| match status {
                401 => t(connection::LOGGED_OUT).to_owned(),
                403 => t(no::NO_RIGHTS).to_owned(),
                404 => t(no::NOT_FOUND).to_owned(),
                429 => t(connection::TOO_OFTEN).to_owned(),
                503 => t(no::NOT_SAVED).to_owned(),
                other => fill(connection::STATUS, &[("status", &other.to_string())]),
            })
        }
    }
}

/// Why the device keeps nothing.
#[must_use]
pub fn device(error: &StorageError) -> String {
    let key = match error {
        StorageError::Refused(name) => return fill(storage::REFUSED, &[("name", name)]),
        StorageError::NotSecure => storage::NOT_SECURE,
        StorageError::Blocked => storage::BLOCKED,
        StorageError::Closed => storage::CLOSED,
        StorageError::Quota => storage::QUOTA,
        StorageError::Aborted => storage::ABORTED,
        StorageError::Unreadable(_) | StorageError::Unordered => storage::UNREADABLE,
    };
    t(key).to_owned()
}

/// What is wrong with an account.
#[must_use]
pub fn trouble(trouble: &AccountTrouble) -> String {
    let key = match trouble.wrong {
        AccountWrong::Ending => account::ENDING,
        AccountWrong::Limit => account::LIMIT,
        AccountWrong::Quality => account::QUALITY,
        AccountWrong::Refused => account::REFUSED,
        AccountWrong::Rights => account::RIGHTS,
        AccountWrong::Silent => account::SILENT,
        AccountWrong::Token => account::TOKEN,
        AccountWrong::Unsubscribed => account::UNSUBSCRIBED,
        AccountWrong::Waiting => account::WAITING,
        AccountWrong::Unknown => account::WRONG,
    };
    fill(key, &[("title", &trouble.title)])
}
