//! What customers and the business's other senders do beside writing: reactions, edits, taps, notices, echoes; what a provider has no event for is refused in words.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::config::Channel;
use crate::event::{self, Envelope, Tells};
use crate::ids;
use crate::inbound::meta_ad;
use crate::phone::{Refused, bent, retell, tell};
use crate::state::{AccountState, Message, Phone, State};
use crate::twist::Twist;

mod echo;
mod notice;
mod own;

use echo::{Elsewhere, echo};
use notice::{change_number, change_user_id, prefer, system, update_user_id};
use own::{edit, react, unsend};

/// Some other app of the business.
const OTHER_APP: u64 = 263_902_037_430_900;

/// One action; the field `do` names it.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Action {
    /// Puts an emoji on a message.
    React { message_id: String, emoji: String },
    /// Takes the emoji back; `bare` leaves out what may be left out.
    Unreact {
        message_id: String,
        #[serde(default)]
        bare: bool,
    },
    /// Changes a text.
    Edit { message_id: String, text: String },
    /// Takes a message back.
    Unsend { message_id: String },
    /// Taps a button that carries a payload.
    Postback { payload: String, title: Option<String>, referral: Option<Map<String, Value>> },
    /// Comes back through a link or an advertisement.
    Refer {
        #[serde(default)]
        fields: Map<String, Value>,
    },
    /// Agrees through a plugin.
    Optin {
        #[serde(rename = "ref")]
        reference: String,
    },
    /// `WhatsApp`: has a new number.
    ChangeNumber { phone: Option<String> },
    /// `WhatsApp`: has a new business-scoped id.
    ChangeUserId,
    /// `WhatsApp`: has a new business-scoped id, told by the older field of its own.
    UpdateUserId,
    /// `WhatsApp`: stops or resumes marketing messages.
    Prefer { marketing: bool },
    /// `WhatsApp`: has a new identity key.
    ChangeIdentity,
    /// How far a message of the business came, once more or out of turn.
    Status {
        message_id: String,
        status: String,
        code: Option<u32>,
        title: Option<String>,
        /// Once per device.
        #[serde(default = "once")]
        times: u32,
    },
    /// The business writes elsewhere: `inbox`, `app` or `business_app`.
    Echo {
        from: String,
        text: String,
        metadata: Option<String>,
        /// `WhatsApp` Business app: edits or takes back an earlier echo.
        edits: Option<String>,
        unsends: Option<String>,
    },
    /// The thread changes hands: `pass`, `take`, `request` or `roles`.
    Handover { what: String, app_id: Option<u64>, metadata: Option<String> },
    /// The page is blocked or unblocked for breaking the rules.
    Policy { action: String, reason: Option<String> },
    /// `WhatsApp`: an error without a message.
    Trouble { code: u32, title: String },
}

const fn once() -> u32 {
    1
}

/// Does it; the id of what was made, where something was.
pub(crate) fn act(
    state: &mut State,
    key: &str,
    action: Action,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
    let channel = state.phones.get(key).ok_or(Refused::Nobody)?.channel;
    match action {
        Action::React { message_id, emoji } => react(state, key, &message_id, Some(emoji), false, twist),
        Action::Unreact { message_id, bare } => react(state, key, &message_id, None, bare, twist),
        Action::Edit { message_id, text } => edit(state, key, &message_id, &text, twist),
        Action::Unsend { message_id } => unsend(state, key, &message_id, twist),
        Action::Status { message_id, status, code, title, times } => {
            let error = (status == "failed").then(|| {
                let (code, title) =
                    (code.unwrap_or(131_026), title.unwrap_or_else(|| "Message undeliverable".to_owned()));
                json!({"code": code, "title": title, "message": title, "error_data": {"details": title}})
            });
            for _ in 0..times.clamp(1, 20) {
                retell(state, key, &message_id, &status, error.as_ref(), twist)?;
            }
            Ok(None)
        }
        Action::Echo { from, text, metadata, edits, unsends } => {
            echo(state, key, &Elsewhere { from, text, metadata, edits, unsends }, twist)
        }
        Action::ChangeNumber { phone } => change_number(state, key, phone, twist),
        Action::ChangeUserId => change_user_id(state, key, twist),
        Action::UpdateUserId => update_user_id(state, key, twist),
        Action::Prefer { marketing } => prefer(state, key, marketing, twist),
        Action::ChangeIdentity => system(
            state,
            key,
            &json!({"body": "The customer's identity has changed", "type": "customer_identity_changed"}),
            twist,
        ),
        Action::Trouble { code, title } => {
            only(channel, &[Channel::Whatsapp], "trouble")?;
            let (_, account) = both(state, key)?;
            let error =
                json!({"code": code, "title": title, "message": title, "error_data": {"details": title}});
            let body = event::whatsapp(&account.account, "messages", json!({"errors": [error]}));
            told(state, key, body, Tells::of("trouble", code.to_string()), twist)
        }
        other => plain(state, key, channel, other, twist),
    }
}

/// Messenger's and Instagram's events that are one object beside sender and recipient.
fn plain(
    state: &mut State,
    key: &str,
    channel: Channel,
    action: Action,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
    let meta = &[Channel::Messenger, Channel::Instagram];
    let mid = || if channel == Channel::Messenger { ids::messenger_mid() } else { ids::instagram_mid() };
    let (field, name, content, id) = match action {
        Action::Postback { payload, title, referral } => {
            only(channel, meta, "postback")?;
            let id = mid();
            let mut content = json!({"mid": id, "payload": payload});
            if let Some(fields) = content.as_object_mut() {
                fields.extend(title.map(|title| ("title".to_owned(), json!(title))));
                fields.extend(referral.map(|referral| ("referral".to_owned(), Value::Object(referral))));
            }
            ("messaging_postbacks", "postback", content, id)
        }
        Action::Refer { fields } => {
            only(channel, meta, "refer")?;
            let ad = fields.contains_key("ad_id") || fields.get("source").is_some_and(|s| s == "ADS");
            let mut content = if ad {
                meta_ad(&Map::new())
            } else {
                json!({"ref": "spring", "source": "SHORTLINK", "type": "OPEN_THREAD"})
            };
            if let Some(known) = content.as_object_mut() {
                known.extend(fields);
            }
            let field =
                if channel == Channel::Messenger { "messaging_referrals" } else { "messaging_referral" };
            (field, "referral", content, mid())
        }
        Action::Optin { reference } => {
            only(channel, &[Channel::Messenger], "optin")?;
            ("messaging_optins", "optin", json!({"ref": reference}), mid())
        }
        Action::Handover { what, app_id, metadata } => {
            only(channel, meta, "handover")?;
            let app = app_id.unwrap_or(OTHER_APP);
            let metadata = metadata.unwrap_or_default();
            let (name, content) = match what.as_str() {
                "pass" => ("pass_thread_control", json!({"new_owner_app_id": app, "metadata": metadata})),
                "take" => {
                    ("take_thread_control", json!({"previous_owner_app_id": app, "metadata": metadata}))
                }
                "request" => {
                    ("request_thread_control", json!({"requested_owner_app_id": app, "metadata": metadata}))
                }
                "roles" => ("app_roles", json!({app.to_string(): ["primary_receiver"]})),
                _ => return Err("what: pass, take, request or roles".to_owned().into()),
            };
            ("messaging_handovers", name, content, mid())
        }
        Action::Policy { action, reason } => {
            only(channel, &[Channel::Messenger], "policy")?;
            let mut content = json!({"action": action});
            if let (Some(reason), Some(fields)) = (reason, content.as_object_mut()) {
                fields.insert("reason".to_owned(), json!(reason));
            }
            ("messaging_policy_enforcement", "policy-enforcement", content, mid())
        }
        _ => return Err("do: no such action here".to_owned().into()),
    };
    let now = state.now();
    let (phone, account) = both(state, key)?;
    if !account.wants(field) {
        return Ok(None);
    }
    let body = Envelope { account: &account.account, phone, at_ms: now, now, standby: false }
        .by_customer(name, content);
    let kind = match name {
        "postback" => "postback",
        "referral" => "referral",
        "optin" => "optin",
        "policy-enforcement" => "policy",
        _ => "handover",
    };
    // A tap or a link is an action of the user and opens the window.
    if matches!(kind, "postback" | "referral" | "optin")
        && let Some(phone) = state.phones.get_mut(key)
    {
        phone.last_written_ms = phone.last_written_ms.max(Some(now));
    }
    told(state, key, body, Tells::of(kind, id.clone()), twist)?;
    Ok(Some(id))
}

fn both<'a>(state: &'a State, key: &str) -> Result<(&'a Phone, &'a AccountState), Refused> {
    let phone = state.phones.get(key).ok_or(Refused::Nobody)?;
    let account = state.account(&phone.account).ok_or(Refused::Nobody)?;
    Ok((phone, account))
}

fn only(channel: Channel, those: &[Channel], what: &str) -> Result<(), Refused> {
    if those.contains(&channel) { Ok(()) } else { Err(format!("do: this provider has no {what}").into()) }
}

fn told(
    state: &mut State,
    key: &str,
    body: Value,
    tells: Tells,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
    let body = bent(body, twist)?;
    tell(state, key, &body, tells);
    Ok(None)
}

fn message<'a>(phone: &'a Phone, id: &str) -> Result<&'a Message, Refused> {
    let found = phone.thread.iter().rev().find(|m| m.id == id);
    found.ok_or_else(|| format!("message_id: no message {id} on this phone").into())
}

/// Changes a message on the phone and tells the page.
fn change(state: &mut State, key: &str, id: &str, how: impl FnOnce(&mut Message)) {
    let message = state.phones.get_mut(key).and_then(|phone| {
        let message = phone.message_mut(id)?;
        how(message);
        Some(message.clone())
    });
    if let Some(message) = message {
        state.announce_message(key, &message);
    }
}

#[cfg(test)]
mod tests;
