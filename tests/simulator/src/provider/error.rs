//! Graph API error bodies with the codes businesses classify on; never localised.

use serde_json::{Value, json};

use crate::gate::Reply;
use crate::ids;

/// A Graph error with its HTTP status.
pub(super) fn graph(status: u16, code: u32, subcode: Option<u32>, message: &str) -> Reply {
    let kind = if subcode == Some(33) { "GraphMethodException" } else { "OAuthException" };
    let mut error = json!({"message": message, "type": kind, "code": code, "fbtrace_id": ids::fbtrace()});
    if let (Some(subcode), Some(fields)) = (subcode, error.as_object_mut()) {
        fields.insert("error_subcode".to_owned(), json!(subcode));
    }
    Reply { status, body: json!({"error": error}) }
}

/// 100: a parameter is missing, malformed or too long.
pub(super) fn parameter(message: &str) -> Reply {
    graph(400, 100, None, &format!("(#100) {message}"))
}

/// 190: the token opens nothing.
pub(super) fn token(status: u16) -> Reply {
    graph(status, 190, None, "Invalid OAuth access token - Cannot parse access token")
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
    Reply {
        status,
        body: json!({"error": {
            "message": format!("(#{code}) {title}"), "type": "OAuthException", "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": details}, "fbtrace_id": ids::fbtrace(),
        }}),
    }
}

/// The same refusal as a `failed` status carries it.
pub(super) fn in_status(code: u32, title: &str, details: &str) -> Value {
    json!({
        "code": code, "title": title, "message": title, "error_data": {"details": details},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    })
}
