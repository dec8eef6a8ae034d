//! The calls we make: sending and learning a name; never retries and never stores anything.

use super::read;
use super::spell;
use super::transport::{self, Answer};
use super::verdict::{self, Pace, Verdict};
use reqwest::Client;
use serde_json::Value;
use shared::channel::{Channel, Outgoing};
use shared::config::Connector;
use shared::id::MessageId;
use shared::interaction::{Failure, FailureKind};
use shared::time::Span;

/// The header in which Viber's token travels.
pub(super) const VIBER_TOKEN: &str = "X-Viber-Auth-Token";

/// All providers, spoken to over one HTTP client.
#[derive(Clone, Debug)]
pub struct Providers {
    pub(super) http: Client,
    pub(super) version: String,
}

/// One message to send.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// The account it is sent from.
    pub connector: &'a Connector,
    /// The account's token; never shown, never in an address.
    pub token: &'a str,
    /// The customer's id at the provider.
    pub address: &'a str,
    /// What is said.
    pub content: &'a Outgoing,
    /// The bytes of the file that it shows, where that has no address.
    pub bytes: Option<&'a [u8]>,
    /// Our id of the message, given along where the provider gives it back.
    pub key: MessageId,
    /// Whether it claims the human agent's longer window.
    pub tag: bool,
}

/// The provider has taken it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The provider's id of the message.
    pub external_id: String,
}

/// Why a message was not sent, or may not have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The provider refused it for good.
    Rejected(Failure),
    /// It came too late for the channel's window; where the account has the right, a tag helps.
    Outside(Failure),
    /// The provider surely does not have it and may take it later.
    Temporary {
        /// How long it asks to be left alone.
        retry_after: Option<Span>,
        /// Whom that concerns and how it grows.
        pace: Pace,
        /// What it becomes when patience runs out.
        failure: Failure,
    },
    /// The provider surely does not have it and takes nothing of this account until somebody mends that.
    Broken(Failure),
    /// The answer was lost: the provider may or may not have it.
    Unknown,
}

/// What a provider tells about a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The name.
    pub name: Option<String>,
    /// The user name, with its `@`.
    pub handle: Option<String>,
    /// Where the picture is, for a few days.
    pub picture: Option<String>,
}

impl Providers {
    /// Providers spoken to in this version of the Graph API, such as `v25.0`.
    ///
    /// # Errors
    /// When no HTTP client can be made on this system.
    pub fn new(version: impl Into<String>) -> Result<Self, reqwest::Error> {
        Ok(Self { http: transport::client()?, version: version.into() })
    }

    /// Sends one message, once; its file is brought there first, where it must be.
    ///
    /// # Errors
    /// What the provider's answer means, or that there was none.
    pub async fn send(&self, out: &Sending<'_>) -> Result<Sent, SendError> {
        let asset = self.asset(out).await?;
        let body = spell::body(out, asset.as_ref())?;
        if out.connector.channel == Channel::Viber {
            let url = format!("{}/pa/send_message", base(out.connector));
            let request = self.http.post(url).header(VIBER_TOKEN, out.token).json(&body);
            viber_sent(&transport::call(request).await?)
        } else {
            let url = self.edge(out.connector, sender(out.connector), "messages");
            let request = self.http.post(url).bearer_auth(out.token).json(&body);
            graph_sent(out.connector.channel, &transport::call(request).await?)
        }
    }

    /// Asks for a customer's name; only Messenger and Instagram are asked, the others tell it with every message.
    /// None when it could not be learned; an empty profile is an answer.
    pub async fn profile(&self, connector: &Connector, token: &str, address: &str) -> Option<Profile> {
        let fields = match connector.channel {
            Channel::Messenger => "first_name,last_name,name,profile_pic",
            Channel::Instagram => "name,username,profile_pic",
            Channel::WhatsApp | Channel::Viber => return None,
        };
        let url = format!("{}/{}/{}", base(connector), self.version, segment(address));
        let request = self.http.get(url).query(&[("fields", fields)]).bearer_auth(token);
        let answer = transport::call(request).await.ok()?;
        let body = &answer.body;
        if !answer.status.is_success() || !body.is_object() {
            return None;
        }
        let field = |key: &str| read::name(read::at(body, &[key]));
        let parts = || {
            let parts: Vec<String> = ["first_name", "last_name"].into_iter().filter_map(field).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        };
        let handle = field("username").map(|name| format!("@{}", name.trim_start_matches('@')));
        let picture = read::link(read::at(body, &["profile_pic"]));
        Some(Profile { name: field("name").or_else(parts), handle, picture })
    }

    /// The address of an edge of an object in the Graph API.
    pub(super) fn edge(&self, connector: &Connector, object: &str, edge: &str) -> String {
        format!("{}/{}/{}/{edge}", base(connector), self.version, segment(object))
    }

    /// The client of all calls.
    pub(super) const fn http(&self) -> &Client {
        &self.http
    }

    /// The version of the Graph API.
    pub(super) fn version(&self) -> &str {
        &self.version
    }
}

/// Who writes: an Instagram account that is reached through a Page is written from by that Page.
pub(super) fn sender(connector: &Connector) -> &str {
    let page = connector.business.as_ref().filter(|_| connector.channel == Channel::Instagram);
    page.unwrap_or(&connector.account)
}

/// The provider's address, or the one the account was given.
pub(super) fn base(connector: &Connector) -> &str {
    let own = match connector.channel {
        Channel::Instagram if connector.business.is_none() => "https://graph.instagram.com",
        Channel::Messenger | Channel::WhatsApp | Channel::Instagram => "https://graph.facebook.com",
        Channel::Viber => "https://chatapi.viber.com",
    };
    connector
        .base_url
        .as_deref()
        .map(str::trim)
        .filter(|url| !url.is_empty())
        .unwrap_or(own)
        .trim_end_matches('/')
}

/// The host and port that the calls of an account go to; none when its address is no URL.
#[must_use]
pub fn host(connector: &Connector) -> Option<(String, u16)> {
    let url = reqwest::Url::parse(base(connector)).ok()?;
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

/// An id as one segment of a path: whatever could lead elsewhere is escaped.
pub(super) fn segment(id: &str) -> String {
    use std::fmt::Write;
    id.bytes().fold(String::with_capacity(id.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Graph names the message, or says no.
pub(super) fn graph_sent(channel: Channel, answer: &Answer) -> Result<Sent, SendError> {
    if !answer.status.is_success() {
        return Err(graph_refusal(channel, answer));
    }
    let part = |path: &[&str]| read::at(&answer.body, path);
    let first = part(&["messages"]).get(0).unwrap_or(&Value::Null);
    let id = read::id(part(&["message_id"])).or_else(|| read::id(read::at(first, &["id"])));
    id.map(|external_id| Sent { external_id }).ok_or(SendError::Unknown)
}

/// Graph says no with an HTTP status and an `error` object.
pub(super) fn graph_refusal(channel: Channel, answer: &Answer) -> SendError {
    let part = |path: &[&str]| read::at(&answer.body, path);
    let Some(code) = read::number(part(&["error", "code"])) else { return answer.without_words() };
    let subcode = read::number(part(&["error", "error_subcode"])).unwrap_or(0);
    let verdict = match channel {
        Channel::WhatsApp => verdict::whatsapp(code),
        _ => verdict::conversations(code, subcode),
    };
    let passing = answer.status.is_server_error() || read::truth(part(&["error", "is_transient"]));
    let verdict = match verdict {
        Verdict::Later(FailureKind::Limit, _) => verdict,
        _ if answer.status.as_u16() == 429 => Verdict::Later(FailureKind::Limit, Pace::Account),
        Verdict::Never(FailureKind::Provider) if passing => {
            Verdict::Later(FailureKind::Provider, Pace::Usual)
        }
        other => other,
    };
    let code = if subcode == 0 { code.to_string() } else { format!("{code}/{subcode}") };
    refused(verdict, code, answer)
}

/// Viber says no with HTTP 200 and a `status` other than 0.
pub(super) fn viber_sent(answer: &Answer) -> Result<Sent, SendError> {
    match viber_said(answer) {
        Ok(()) => {
            let id = read::id(read::at(&answer.body, &["message_token"]));
            id.map(|external_id| Sent { external_id }).ok_or(SendError::Unknown)
        }
        Err(error) => Err(error),
    }
}

/// What Viber's `status` means.
pub(super) fn viber_said(answer: &Answer) -> Result<(), SendError> {
    match read::number(read::at(&answer.body, &["status"])) {
        Some(0) => Ok(()),
        Some(status) => Err(refused(verdict::viber(status), status.to_string(), answer)),
        None if answer.status.is_success() => Err(SendError::Unknown),
        None => Err(answer.without_words()),
    }
}

fn refused(verdict: Verdict, code: String, answer: &Answer) -> SendError {
    let failure = verdict.failure(code);
    match verdict {
        Verdict::Never(_) => SendError::Rejected(failure),
        Verdict::Outside => SendError::Outside(failure),
        Verdict::Broken(_) => SendError::Broken(failure),
        Verdict::Later(_, pace) => SendError::Temporary { retry_after: answer.retry_after, pace, failure },
    }
}
