//! What customers do to messages: reactions, edits, unsends; a provider without an event for it refuses in words.

use serde_json::json;

use super::{both, change, message, told};
use crate::config::Channel;
use crate::event::{self, Envelope, Tells};
use crate::ids;
use crate::phone::Refused;
use crate::state::State;
use crate::twist::Twist;

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

pub(super) fn react(
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

pub(super) fn edit(
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

pub(super) fn unsend(
    state: &mut State,
    key: &str,
    id: &str,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
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
