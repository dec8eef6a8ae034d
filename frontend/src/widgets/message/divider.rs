//! The line above a chat where several stand above one another: which one it is, when it was and what became of it.

use super::{events, words};
use crate::desk::{Desk, Earlier};
use crate::language::{fill, t};
use crate::reading::live;
use crate::ui::Device;
use leptos::prelude::*;
use shared::id::InteractionId;

/// The line above an earlier chat, or above the one that is open.
#[component]
pub fn Divider(desk: Desk, id: InteractionId, own: bool) -> impl IntoView {
    let device = Device::here();
    let earlier = desk.earlier(id);
    let now = desk.now();
    let said = move || {
        if own {
            return Some(t(words::THIS_CHAT).to_owned());
        }
        let Earlier { queue, began, missed, status } = earlier.get()?;
        let day = (device.day)(began.0, now.get_untracked().0);
        let time = [&day, " ", &(device.time_of_day)(began.0)].concat();
        let end = match (missed, &status) {
            (Some(why), _) => t(events::missed(why)),
            (None, Some(status)) => status,
            (None, None) => t(words::ENDED),
        };
        let queue = events::named(&queue);
        Some(fill(words::EARLIER_CHAT, &[("queue", &queue), ("time", &time), ("end", end)]))
    };
    view! {
        <h2 class="chat-line" data-testid="chat-line">
            <span dir="auto">{live(said)}</span>
        </h2>
    }
}
