//! What the business writes elsewhere: the Page's inbox, another app, the Business app on a phone; never our own sends, whose echoes are made where they arrive.

use serde_json::json;

use super::{OTHER_APP, both, change, told};
use crate::config::{Account, Channel};
use crate::event::{self, Envelope, Tells};
use crate::ids;
use crate::phone::Refused;
use crate::state::{Message, State};
use crate::twist::Twist;

/// Echoes of what was written in the Page's inbox carry this app.
const PAGE_INBOX: u64 = 26_390_203_743_090;

/// What the business wrote elsewhere.
pub(super) struct Elsewhere {
    pub from: String,
    pub text: String,
    pub metadata: Option<String>,
    pub edits: Option<String>,
    pub unsends: Option<String>,
}

pub(super) fn echo(
    state: &mut State,
    key: &str,
    wrote: &Elsewhere,
    twist: &Twist,
) -> Result<Option<String>, Refused> {
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
