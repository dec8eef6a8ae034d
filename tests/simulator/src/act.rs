//! What customers and the business's other senders do beside writing: reactions, edits, taps, notices, echoes; what a provider has no event for is refused in words. Long because every action of four providers stands in one list.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::config::{Account, Channel};
use crate::event::{self, Envelope, Tells};
use crate::ids;
use crate::inbound::meta_ad;
use crate::phone::{Refused, bent, retell, tell};
use crate::state::{AccountState, Message, Phone, State};
use crate::twist::Twist;

/// Echoes of what was written in the Page's inbox carry this app.
const PAGE_INBOX: u64 = 26_390_203_743_090;
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

/// The provider's word for an emoji.
fn word(channel: Channel, emoji: &str) -> &'static str {
    match emoji.trim_end_matches('\u{fe0f}') {
        "❤" => "love",
        "😮" => "wow",
        "😢" => "sad",
        "😠" | "😡" => "angry",
        "👍" => "like",
        "😆" | "😂" if channel == Channel::Instagram => "laugh",
        "😆" | "😂" => "smile",
        "👎" if channel == Channel::Messenger => "dislike",
        _ => "other",
    }
}

fn react(
    state: &mut State,
    key: &str,
    id: &str,
    emoji: Option<String>,
    bare: bool,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
    let now = state.now();
    let (phone, account) = both(state, key)?;
    let before = message(phone, id)?.reaction.clone();
    let channel = phone.channel;
    let (body, event_id) = match channel {
        Channel::Viber => return Err("do: Viber has no reactions".to_owned().into()),
        Channel::Whatsapp => {
            let own = ids::wamid(phone.address(), true);
            let mut reaction = json!({"message_id": id});
            if let (false, Some(fields)) = (bare, reaction.as_object_mut()) {
                fields.insert("emoji".to_owned(), json!(emoji.clone().unwrap_or_default()));
            }
            let fields = json!({"reaction": reaction});
            (event::whatsapp_item(&account.account, phone, &own, "reaction", now, &fields), own)
        }
        Channel::Messenger | Channel::Instagram => {
            let action = if emoji.is_some() { "react" } else { "unreact" };
            let mut reaction = json!({"mid": id, "action": action});
            let shown = emoji.clone().or(before).filter(|_| !bare);
            if let (Some(shown), Some(fields)) = (shown, reaction.as_object_mut()) {
                fields.insert("reaction".to_owned(), json!(word(channel, &shown)));
                fields.insert("emoji".to_owned(), json!(shown));
            }
            let envelope = Envelope { account: &account.account, phone, at_ms: now, now, standby: false };
            (envelope.by_customer("reaction", reaction), format!("{id} {action} {now}"))
        }
    };
    let wanted = channel == Channel::Whatsapp || account.wants("message_reactions");
    change(state, key, id, |message| message.reaction = emoji);
    if wanted {
        told(state, key, body, Tells::of("reaction", event_id.clone()), twist)?;
    }
    // A reaction is an action of the user and opens the window.
    if let Some(phone) = state.phones.get_mut(key) {
        phone.last_written_ms = phone.last_written_ms.max(Some(now));
    }
    Ok(Some(event_id))
}

fn edit(
    state: &mut State,
    key: &str,
    id: &str,
    text: &str,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
    let now = state.now();
    let (phone, account) = both(state, key)?;
    let old = message(phone, id)?;
    if !old.from_customer || old.kind != "text" {
        return Err("message_id: customers edit their own texts".to_owned().into());
    }
    let edits = old.edits + 1;
    let (body, event_id) = match phone.channel {
        Channel::Messenger if edits > 5 => return Err("do: Messenger allows five edits".to_owned().into()),
        Channel::Messenger => {
            let envelope = Envelope { account: &account.account, phone, at_ms: now, now, standby: false };
            let content = json!({"mid": id, "text": text, "num_edit": edits});
            (envelope.by_customer("message_edit", content), format!("{id} {edits}"))
        }
        Channel::Whatsapp if !account.coexistence => {
            let own = ids::wamid(phone.address(), true);
            let error = json!({"code": 131_051, "title": "Message type unknown", "message": "Message type unknown", "error_data": {"details": "Message type is currently not supported."}});
            let fields = json!({"errors": [error], "unsupported": {"type": "edit"}});
            (event::whatsapp_item(&account.account, phone, &own, "unsupported", now, &fields), own)
        }
        Channel::Whatsapp => {
            let own = ids::wamid(phone.address(), true);
            let fields = json!({"edit": {"original_message_id": id, "message": {"type": "text", "text": {"body": text}}}});
            (event::whatsapp_item(&account.account, phone, &own, "edit", now, &fields), own)
        }
        Channel::Instagram => return Err("do: Instagram tells nothing of edits".to_owned().into()),
        Channel::Viber => return Err("do: Viber tells nothing of edits".to_owned().into()),
    };
    let wanted = phone.channel == Channel::Whatsapp || account.wants("message_edits");
    change(state, key, id, |message| {
        message.text = Some(text.to_owned());
        message.edits = edits;
    });
    if wanted {
        told(state, key, body, Tells::of("edit", event_id.clone()), twist)?;
    }
    Ok(Some(event_id))
}

fn unsend(state: &mut State, key: &str, id: &str, twist: &Twist) -> Result<Option<String>, Refused> {
    let now = state.now();
    let (phone, account) = both(state, key)?;
    let old = message(phone, id)?;
    if !old.from_customer {
        return Err("message_id: customers take back what they wrote".to_owned().into());
    }
    let (body, event_id) = match phone.channel {
        Channel::Messenger | Channel::Instagram => {
            let envelope = Envelope { account: &account.account, phone, at_ms: now, now, standby: false };
            (envelope.by_customer("message", json!({"mid": id, "is_deleted": true})), id.to_owned())
        }
        Channel::Whatsapp if !account.coexistence => {
            return Err("do: only numbers in the Business app are told of messages taken back"
                .to_owned()
                .into());
        }
        Channel::Whatsapp => {
            let own = ids::wamid(phone.address(), true);
            let fields = json!({"revoke": {"original_message_id": id}});
            (event::whatsapp_item(&account.account, phone, &own, "revoke", now, &fields), own)
        }
        Channel::Viber => return Err("do: Viber tells nothing of messages taken back".to_owned().into()),
    };
    change(state, key, id, |message| message.unsent = true);
    told(state, key, body, Tells::of("unsend", event_id.clone()), twist)?;
    Ok(Some(event_id))
}

/// `WhatsApp`: a notice about the customer.
fn system(state: &mut State, key: &str, system: &Value, twist: &Twist) -> Result<Option<String>, Refused> {
    let now = state.now();
    let (phone, account) = both(state, key)?;
    only(phone.channel, &[Channel::Whatsapp], "system message")?;
    let id = ids::wamid(phone.address(), true);
    let body = event::whatsapp_item(&account.account, phone, &id, "system", now, &json!({"system": system}));
    told(state, key, body, Tells::of("system", id.clone()), twist)?;
    Ok(Some(id))
}

fn change_number(
    state: &mut State,
    key: &str,
    number: Option<String>,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
    let (phone, _) = both(state, key)?;
    only(phone.channel, &[Channel::Whatsapp], "number")?;
    let number = number.unwrap_or_else(ids::phone_number);
    let new = event::digits(&number);
    if state.key_of(&phone.account, &new).is_some() {
        return Err("phone: another customer has this number".to_owned().into());
    }
    let words = format!("User {} changed from {} to {new}", phone.name, phone.id);
    // The notice still comes from the old number.
    let id = system(state, key, &json!({"body": words, "wa_id": new, "type": "user_changed_number"}), twist)?;
    if let Some(phone) = state.phones.get_mut(key) {
        phone.id = new;
        phone.user_id = Some(ids::bsuid(Some(&number)));
        phone.number = Some(number);
        let shown = phone.describe();
        state.announce(&json!({"type": "customer", "customer": shown}));
    }
    Ok(id)
}

fn change_user_id(state: &mut State, key: &str, twist: &Twist) -> Result<Option<String>, Refused> {
    let (phone, _) = both(state, key)?;
    let new = ids::bsuid(phone.number.as_deref());
    let words =
        json!({"body": "The customer's user id has changed", "user_id": new, "type": "user_changed_user_id"});
    let id = system(state, key, &words, twist)?;
    if let Some(phone) = state.phones.get_mut(key) {
        phone.user_id = Some(new);
    }
    Ok(id)
}

/// What the business wrote elsewhere.
struct Elsewhere {
    from: String,
    text: String,
    metadata: Option<String>,
    edits: Option<String>,
    unsends: Option<String>,
}

fn echo(state: &mut State, key: &str, wrote: &Elsewhere, twist: &Twist) -> Result<Option<String>, Refused> {
    let now = state.now();
    let (phone, account) = both(state, key)?;
    let fits = match wrote.from.as_str() {
        "inbox" | "app" => matches!(phone.channel, Channel::Messenger | Channel::Instagram),
        "business_app" => phone.channel == Channel::Whatsapp && account.coexistence,
        _ => return Err("from: inbox, app or business_app".to_owned().into()),
    };
    if !fits {
        return Err(format!("from: this provider has no echoes from {}", wrote.from).into());
    }
    let (message, body) = if let Account::WhatsApp { .. } = &account.account {
        let id = ids::wamid(phone.address(), false);
        let (kind, fields) = match (&wrote.edits, &wrote.unsends) {
            (Some(old), _) => (
                "edit",
                json!({"edit": {"original_message_id": old, "message": {"type": "text", "text": {"body": wrote.text}}}}),
            ),
            (None, Some(old)) => ("revoke", json!({"revoke": {"original_message_id": old}})),
            (None, None) => ("text", json!({"text": {"body": wrote.text}})),
        };
        let body = event::whatsapp_echo(&account.account, phone, &id, kind, now, &fields);
        (Message::new(id, false, kind.to_owned(), fields, now), body)
    } else {
        let mid =
            if phone.channel == Channel::Messenger { ids::messenger_mid() } else { ids::instagram_mid() };
        let mut content = json!({"text": wrote.text});
        if let (Some(metadata), Some(fields)) = (&wrote.metadata, content.as_object_mut()) {
            fields.insert("metadata".to_owned(), json!(metadata));
        }
        let message = Message::new(mid, false, "text".to_owned(), content, now);
        let app = if wrote.from == "inbox" { PAGE_INBOX } else { OTHER_APP };
        let envelope = Envelope { account: &account.account, phone, at_ms: now, now, standby: false };
        let body = envelope.echo(&message, &json!(app));
        (message, body)
    };
    let id = message.id.clone();
    match (&wrote.edits, &wrote.unsends) {
        (Some(old), _) => change(state, key, old, |message| message.text = Some(wrote.text.clone())),
        (None, Some(old)) => change(state, key, old, |message| message.unsent = true),
        (None, None) => {
            let message = Message { text: Some(wrote.text.clone()), ..message };
            if let Some(phone) = state.phones.get_mut(key) {
                phone.push(message.clone());
            }
            state.announce_message(key, &message);
        }
    }
    told(state, key, body, Tells::of("echo", id.clone()), twist)?;
    Ok(Some(id))
}

#[cfg(test)]
mod tests;
