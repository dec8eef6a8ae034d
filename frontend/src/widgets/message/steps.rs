//! What an agent can do about a message that did not get there; decides nothing.

use super::words;
use crate::desk::Desk;
use crate::language::t;
use crate::ui::{Button, Kind};
use leptos::prelude::*;
use shared::id::{InteractionId, MessageId};

/// What can be done with a message that never left.
#[component]
pub fn Steps(desk: Desk, id: MessageId) -> impl IntoView {
    view! {
        <Button kind=Kind::Link testid="bubble-retry" on_press=move |()| desk.retry(id)>
            {t(words::AGAIN)}
        </Button>
        <Button kind=Kind::Link testid="bubble-edit" on_press=move |()| desk.restore(id)>
            {t(words::EDIT)}
        </Button>
        <Button kind=Kind::Link testid="bubble-discard" on_press=move |()| desk.discard(id)>
            {t(words::DISCARD)}
        </Button>
    }
}

/// What can be done with a message that failed on the way, or may have.
#[component]
pub fn Care(desk: Desk, chat: InteractionId, id: MessageId) -> impl IntoView {
    view! {
        <Button kind=Kind::Link testid="bubble-resend" on_press=move |()| desk.resend(chat, id)>
            {t(words::AGAIN)}
        </Button>
        <Button kind=Kind::Link testid="bubble-dismiss" on_press=move |()| desk.dismiss_message(chat, id)>
            {t(words::DISMISS)}
        </Button>
    }
}
