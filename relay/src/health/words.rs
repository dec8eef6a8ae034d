//! What is said of an account that does not work, to admins and to agents; decides nothing.

use super::standing::Standing;
use crate::channels::Token;
use shared::config::Connector;
use shared::interaction::{Failure, FailureKind};
use shared::time::Timestamp;
use shared::wire::AccountWrong;

/// What admins are told when there is something to mend, and the sentence for it. That is in English alone: the admin's
/// page says the same in its own language from the codes beside it, and quotes this one where it knows none.
pub(super) fn for_admins(
    connector: &Connector,
    standing: &Standing,
    now: Timestamp,
) -> Option<(AccountWrong, String)> {
    let title = &connector.title;
    if let Some(pause) = &standing.kept.pause {
        let (wrong, why, mend) = reason(&pause.why);
        return Some((wrong, format!("{title} cannot send: {why}. {mend}")));
    }
    let check = standing.checked.as_ref().map(|(_, check)| check)?;
    if check.token == Token::Valid && !check.missing.is_empty() {
        let missing = check.missing.join(", ");
        let said = format!("{title}: the access token lacks {missing}. Make a new one under Connectors.");
        return Some((AccountWrong::Rights, said));
    }
    if check.subscribed == Some(false) {
        let said = format!(
            "{title} receives nothing: its webhooks are not subscribed. Subscribe them under Connectors."
        );
        return Some((AccountWrong::Unsubscribed, said));
    }
    if standing.ends_soon(now).is_some() {
        let said = format!("{title}: the access token ends soon. Renew it under Connectors.");
        return Some((AccountWrong::Ending, said));
    }
    if standing.silent_since(now).is_some() {
        let said = format!(
            "{title}: no message has come for unusually long after an outage. Test it under Connectors."
        );
        return Some((AccountWrong::Silent, said));
    }
    if check.quality.as_deref() == Some("RED") {
        return Some((
            AccountWrong::Quality,
            format!("{title}: WhatsApp rates the number's quality as low."),
        ));
    }
    None
}

/// The sentence for agents, when their messages wait; shown by desks that know no codes.
pub(super) fn for_agents(connector: &Connector, standing: &Standing) -> Option<String> {
    standing.kept.pause.as_ref()?;
    Some(format!(
        "{} cannot send at the moment. Your messages wait and leave by themselves.",
        connector.title
    ))
}

/// Why an account is refused, as a clause, and where that is mended.
fn reason(failure: &Failure) -> (AccountWrong, &'static str, &'static str) {
    const MEND: &str = "Enter a new token under Connectors.";
    let (token, refused) = (AccountWrong::Token, AccountWrong::Refused);
    let code = failure.code.as_deref().unwrap_or_default();
    match (failure.kind, code) {
        (_, NO_TOKEN) => (token, "no access token is stored", "Enter one under Connectors."),
        (_, "190/463") => (token, "the access token has expired", MEND),
        (_, "190/460") => (token, "the access token ended when a password was changed", MEND),
        (_, "190/458") => (token, "the app was removed from the account", MEND),
        (FailureKind::Account, _) if code.starts_with("190") || matches!(code, "0" | "2" | "http 401") => {
            (token, "the access token is refused", MEND)
        }
        (_, "address") => (refused, "its address is not right", "Correct it under Connectors."),
        (_, "200/2534041") => {
            (refused, "the owner switched off access to messages", "Switch it on in Instagram's settings.")
        }
        (_, "131042") => (refused, "a payment is missing", "Settle it in WhatsApp Manager."),
        (_, "131048") => {
            (refused, "too many messages were reported as spam", "Look at the number in WhatsApp Manager.")
        }
        (_, "368" | "131031" | "10/1893063" | "7" | "9") => {
            (refused, "the provider restricted the account", "Look into the provider's own pages.")
        }
        (FailureKind::Limit, _) => {
            (AccountWrong::Limit, "the provider's limit is reached", "It is tried again by itself.")
        }
        _ => (refused, "the provider refuses the account", "Test it under Connectors."),
    }
}

/// The code under which a missing token stands.
pub const NO_TOKEN: &str = "no token";
