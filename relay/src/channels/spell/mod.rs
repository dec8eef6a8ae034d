//! How each provider spells what we send: bodies of calls, made from the domain's closed form; never makes a call.

mod conversations;
mod viber;
mod whatsapp;

pub(super) use conversations::form;
pub(super) use viber::welcome;

use super::send::{SendError, Sending};
use serde_json::Value;
use shared::channel::Channel;
use shared::interaction::{Failure, FailureKind};

/// Where a provider finds a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asset {
    /// At an address that everybody may read.
    Address(String),
    /// At the provider itself, under this id.
    Id(String),
}

/// The body of a send call.
///
/// # Errors
/// [`SendError::Rejected`] when this channel has no spelling for it.
pub(super) fn body(out: &Sending<'_>, asset: Option<&Asset>) -> Result<Value, SendError> {
    match out.connector.channel {
        Channel::Messenger | Channel::Instagram => conversations::body(out, asset),
        Channel::WhatsApp => whatsapp::body(out, asset),
        Channel::Viber => viber::body(out, asset),
    }
}

/// A content that this channel does not have; checked before, so nobody meets it but by an error of ours.
pub(super) fn unsendable(why: &str) -> SendError {
    SendError::Rejected(Failure { kind: FailureKind::Content, code: Some(why.to_owned()) })
}

/// The file's place; a file without one cannot be sent.
fn placed(asset: Option<&Asset>) -> Result<&Asset, SendError> {
    asset.ok_or_else(|| unsendable("no file"))
}
