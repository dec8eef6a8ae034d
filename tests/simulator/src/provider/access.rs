//! Who may do what at the Graph API: tokens, permissions and what can be asked about them; never answers for Viber.

use std::collections::HashMap;

use axum::http::{HeaderMap, Method, header};
use serde_json::{Map, Value, json};

use super::error;
use crate::config::{Account, Channel};
use crate::gate::Reply;
use crate::phone::OWN_APP;
use crate::state::{AccountState, State, TokenState};

pub(super) type Params = HashMap<String, String>;

/// The token a request shows: header, query or body.
pub(super) fn token<'a>(
    query: &'a Params,
    headers: &'a HeaderMap,
    body: Option<&'a Map<String, Value>>,
) -> Option<&'a str> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer "));
    bearer
        .or_else(|| query.get("access_token").map(String::as_str))
        .or_else(|| body?.get("access_token")?.as_str())
        .filter(|t| !t.is_empty())
}

/// Whether the path segment names the account or the business account around a number.
pub(super) fn is_named(account: &Account, id: &str) -> bool {
    match account {
        Account::Messenger { .. } | Account::Instagram { .. } => id == "me" || id == account.id(),
        Account::WhatsApp { waba_id, phone_number_id, .. } => id == phone_number_id || id == waba_id,
        Account::Viber { .. } => false,
    }
}

/// Accounts the token belongs to, whatever its state.
pub(super) fn holders<'a>(state: &'a State, shown: &str) -> Vec<&'a AccountState> {
    state
        .accounts
        .iter()
        .filter(|a| a.account.channel() != Channel::Viber && a.account.token() == shown)
        .collect()
}

/// The account of the path, opened by the shown token.
pub(super) fn authorise(
    state: &State,
    method: &Method,
    id: &str,
    shown: Option<&str>,
) -> Result<Account, Reply> {
    let shown = shown.ok_or_else(error::no_token)?;
    let holders = holders(state, shown);
    if holders.is_empty() {
        let named = |a: &&AccountState| a.account.channel() == Channel::Whatsapp && is_named(&a.account, id);
        let whatsapp = state.accounts.iter().any(|a| named(&a));
        return Err(error::token(if whatsapp { 401 } else { 400 }));
    }
    let found = holders
        .into_iter()
        .find(|a| is_named(&a.account, id))
        .ok_or_else(|| error::no_object(method.as_str(), id))?;
    match error::stale(found) {
        Some(reply) => Err(reply),
        None => Ok(found.account.clone()),
    }
}

/// What an app asks for a channel.
pub(super) const fn permissions(channel: Channel) -> &'static [&'static str] {
    match channel {
        Channel::Messenger => {
            &["pages_messaging", "pages_manage_metadata", "pages_show_list", "pages_read_engagement"]
        }
        Channel::Instagram => &["instagram_business_basic", "instagram_business_manage_messages"],
        Channel::Whatsapp => &["whatsapp_business_messaging", "whatsapp_business_management"],
        Channel::Viber => &[],
    }
}

/// The permission a kind of call needs.
const fn needed(channel: Channel, kind: &str) -> &'static str {
    let management = matches!(kind.as_bytes(), b"subscribe" | b"templates" | b"account");
    match channel {
        Channel::Messenger if management => "pages_manage_metadata",
        Channel::Messenger => "pages_messaging",
        Channel::Instagram if management => "instagram_business_basic",
        Channel::Instagram => "instagram_business_manage_messages",
        Channel::Whatsapp if management => "whatsapp_business_management",
        Channel::Whatsapp => "whatsapp_business_messaging",
        Channel::Viber => "",
    }
}

/// A refusal when the account's token lost what the call needs.
pub(super) fn permitted(state: &State, account: &Account, kind: &str) -> Result<(), Reply> {
    if kind == "token" {
        // Asking what a token may do needs nothing.
        return Ok(());
    }
    let permission = needed(account.channel(), kind);
    let lost = state.account(account.id()).is_some_and(|a| a.denied.iter().any(|d| d == permission));
    if lost { Err(error::denied(account.channel(), permission)) } else { Ok(()) }
}

fn granted(account: &AccountState) -> Vec<&'static str> {
    let all = permissions(account.account.channel());
    all.iter().filter(|p| !account.denied.iter().any(|d| d == *p)).copied().collect()
}

/// `GET /debug_token`: what a token is good for. The caller shows an app's token (`id|secret`) or one of ours.
pub(super) fn debug(state: &State, query: &Params, shown: Option<&str>) -> Reply {
    let Some(shown) = shown else {
        return error::no_token();
    };
    let of_app = shown.split_once('|').is_some_and(|(_, secret)| {
        state.accounts.iter().any(|a| a.account.channel() != Channel::Viber && a.account.secret() == secret)
    });
    if !of_app && holders(state, shown).is_empty() {
        return error::token(400);
    }
    let Some(input) = query.get("input_token") else {
        return error::parameter("The parameter input_token is required.");
    };
    let invalid = |code: u32, subcode: Option<u32>, message: &str| json!({"data": {"is_valid": false, "scopes": [], "error": {"code": code, "subcode": subcode, "message": message}}});
    let Some(account) = holders(state, input).first().copied() else {
        return Reply::ok(invalid(190, None, "Invalid OAuth access token."));
    };
    match account.token {
        TokenState::Expired => return Reply::ok(invalid(190, Some(463), "Session has expired.")),
        TokenState::Revoked => {
            return Reply::ok(invalid(190, Some(458), "The user has not authorized application."));
        }
        TokenState::Valid => {}
    }
    let kind = match account.account.channel() {
        Channel::Messenger => "PAGE",
        Channel::Whatsapp => "SYSTEM_USER",
        _ => "USER",
    };
    Reply::ok(json!({"data": {
        "app_id": OWN_APP.to_string(), "type": kind, "application": "Signalbox", "is_valid": true, "expires_at": 0,
        "data_access_expires_at": 0, "scopes": granted(account), "profile_id": account.account.id(),
    }}))
}

/// `GET /me/permissions`.
pub(super) fn list(state: &State, account: &Account) -> Reply {
    let Some(account) = state.account(account.id()) else {
        return error::no_object("GET", "me");
    };
    let granted = granted(account);
    let row = |permission: &&str| {
        let status = if granted.contains(permission) { "granted" } else { "declined" };
        json!({"permission": permission, "status": status})
    };
    Reply::ok(json!({"data": permissions(account.account.channel()).iter().map(row).collect::<Vec<_>>()}))
}

#[cfg(test)]
mod tests;
