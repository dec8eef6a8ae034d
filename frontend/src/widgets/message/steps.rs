//! What an agent can do about a message that did not get there; decides nothing.

use super::words;
use crate::desk::Desk;
use crate::language::t;
use crate::ui::link;
use leptos::prelude::*;
use shared::id::{InteractionId, MessageId};

/// What can be done with a message that never left.
pub fn steps(desk: Desk, id: MessageId) -> Vec<AnyView> {
    vec![
        link("bubble-retry", t(words::AGAIN).to_owned(), Callback::new(move |()| desk.retry(id))),
        link("bubble-edit", t(words::EDIT).to_owned(), Callback::new(move |()| desk.restore(id))),
        link("bubble-discard", t(words::DISCARD).to_owned(), Callback::new(move |()| desk.discard(id))),
    ]
}

/// What can be done with a message that failed on the way, or may have; it is sent again where its agent has the chat open.
pub fn care(desk: Desk, chat: InteractionId, id: MessageId, open: bool) -> Vec<AnyView> {
    let dismiss = Callback::new(move |()| desk.dismiss_message(chat, id));
    let mut all = vec![link("bubble-dismiss", t(words::DISMISS).to_owned(), dismiss)];
    if open {
        let again = Callback::new(move |()| desk.resend(chat, id));
        all.insert(0, link("bubble-resend", t(words::AGAIN).to_owned(), again));
    }
    all
}
