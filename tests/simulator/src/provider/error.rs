//! Graph API error bodies with the codes businesses classify on; never localised.

use serde_json::{Value, json};

use super::viber::refusal;
use crate::config::Channel;
use crate::faults::{Rule, What};
use crate::gate::Reply;
use crate::ids;
use crate::state::{AccountState, TokenState};

/// A Graph error with its HTTP status.
pub(super) fn graph(status: u16, code: u32, subcode: Option<u32>, message: &str) -> Reply {
    let kind = if subcode == Some(33) { "GraphMethodException" } else { "OAuthException" };
    let mut error = json!({"message": message, "type": kind, "code": code, "fbtrace_id": ids::fbtrace()});
    if let (Some(subcode), Some(fields)) = (subcode, error.as_object_mut()) {
        fields.insert("error_subcode".to_owned(), json!(subcode));
    }
    Reply::new(status, json!({"error": error}))
}

/// 100: a parameter is missing, malformed or too long.
pub(super) fn parameter(message: &str) -> Reply {
    graph(400, 100, None, &format!("(#100) {message}"))
}

/// 190: the token opens nothing.
pub(super) fn token(status: u16) -> Reply {
    graph(status, 190, None, "Invalid OAuth access token - Cannot parse access token")
}

/// 190 with its subcode when the account's token ran out or was taken away.
pub(super) fn stale(account: &AccountState) -> Option<Reply> {
    let status = if account.account.channel() == Channel::Whatsapp { 401 } else { 400 };
    match account.token {
        TokenState::Valid => None,
        TokenState::Expired => {
            let message = "Error validating access token: Session has expired.";
            Some(graph(status, 190, Some(463), message))
        }
        TokenState::Revoked => {
            let message = "Error validating access token: The user has not authorized application.";
            Some(graph(status, 190, Some(458), message))
        }
    }
}

/// The permission the call needs is gone.
pub(super) fn denied(channel: Channel, permission: &str) -> Reply {
    match channel {
        Channel::Whatsapp => {
            whatsapp(403, 10, "Application does not have permission for this action", permission)
        }
        _ => graph(403, 200, None, &format!("(#200) Requires {permission} permission to manage the object")),
    }
}

/// 551: the person cannot be reached.
pub(super) fn unavailable() -> Reply {
    graph(400, 551, Some(1_545_041), "(#551) This person isn't available right now.")
}

/// 10: outside the window.
pub(super) fn outside(channel: Channel) -> Reply {
    let subcode = if channel == Channel::Messenger { 2_018_278 } else { 2_534_022 };
    graph(400, 10, Some(subcode), "(#10) This message is sent outside of allowed window.")
}

/// What a rule of the stage answers, in the provider's shape.
pub(crate) fn of_rule(channel: Channel, rule: &Rule) -> Reply {
    let mut reply = match channel {
        Channel::Viber => of_viber(rule),
        Channel::Whatsapp => of_whatsapp(rule),
        Channel::Messenger | Channel::Instagram => of_graph(channel, rule),
    };
    reply.status = rule.status.unwrap_or(reply.status);
    reply.wait_s = rule.wait_s;
    if let Some(body) = &rule.body {
        reply.body = body.clone();
    }
    reply
}

fn of_viber(rule: &Rule) -> Reply {
    match rule.fault {
        What::Rate => refusal(12, "tooManyRequests"),
        What::Token => refusal(2, "invalidAuthToken"),
        What::Window | What::Blocked => refusal(6, "receiverNotSubscribed"),
        What::Error => refusal(rule.code.unwrap_or(1), "error"),
        _ => Reply::new(500, json!({"message": "Internal Server Error"})),
    }
}

fn of_whatsapp(rule: &Rule) -> Reply {
    match rule.fault {
        What::Rate => whatsapp(
            429,
            rule.code.unwrap_or(130_429),
            "Rate limit hit",
            "Cloud API message throughput has been reached.",
        ),
        What::Token => graph(401, 190, rule.subcode, "Error validating access token"),
        What::Window => whatsapp(
            400,
            131_047,
            "Re-engagement message",
            "More than 24 hours have passed since the customer last replied to this number.",
        ),
        What::Blocked => whatsapp(400, 131_026, "Message undeliverable", "Message Undeliverable."),
        What::Error => whatsapp(400, rule.code.unwrap_or(131_000), "Something went wrong", "As staged."),
        _ => {
            whatsapp(500, 131_000, "Something went wrong", "Message failed to send due to an unknown error.")
        }
    }
}

fn of_graph(channel: Channel, rule: &Rule) -> Reply {
    match rule.fault {
        What::Rate => graph(
            429,
            rule.code.unwrap_or(613),
            rule.subcode,
            "(#613) Calls to this api have exceeded the rate limit.",
        ),
        What::Token => graph(400, 190, Some(rule.subcode.unwrap_or(460)), "Error validating access token"),
        What::Window => outside(channel),
        What::Blocked => unavailable(),
        What::Error => {
            let code = rule.code.unwrap_or(1);
            graph(400, code, rule.subcode, &format!("(#{code}) As staged"))
        }
        _ => graph(500, 2, None, "(#2) Service temporarily unavailable"),
    }
}

/// 104: no token at all.
pub(super) fn no_token() -> Reply {
    graph(400, 104, None, "An access token is required to request this resource.")
}

/// 100/33: the object is not there or not this token's.
pub(super) fn no_object(method: &str, id: &str) -> Reply {
    let what = method.to_ascii_lowercase();
    graph(
        400,
        100,
        Some(33),
        &format!(
            "Unsupported {what} request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation"
        ),
    )
}

/// 2500: the path means nothing.
pub(super) fn no_path(path: &str) -> Reply {
    graph(400, 2500, None, &format!("Unknown path components: {path}"))
}

/// A `WhatsApp` Cloud API error.
pub(super) fn whatsapp(status: u16, code: u32, title: &str, details: &str) -> Reply {
    Reply::new(
        status,
        json!({"error": {
            "message": format!("(#{code}) {title}"), "type": "OAuthException", "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": details}, "fbtrace_id": ids::fbtrace(),
        }}),
    )
}

/// The same refusal as a `failed` status carries it.
pub(super) fn in_status(code: u32, title: &str, details: &str) -> Value {
    json!({
        "code": code, "title": title, "message": title, "error_data": {"details": details},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    })
}
