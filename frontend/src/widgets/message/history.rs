//! The history: every line in its order, older ones on request, newer ones in sight. It marks as viewed only what is.

use super::bubble::HistoryRow;
use super::rows::Rows;
use super::scroll::Place;
use super::viewer::{Gallery, Viewer};
use super::words;
use crate::desk::{Chat, Desk, LineKey};
use crate::language::t;
use crate::reading::{Reading, each, follow, live};
use crate::ui::{Button, Device, Icon, Kind, Sign, When};
use leptos::prelude::*;
use shared::id::InteractionId;
use std::sync::Arc;

/// The history.
#[component]
pub fn History(desk: Desk, id: InteractionId, chat: Reading<Option<Chat>>) -> impl IntoView {
    let device = Device::here();
    let place = Place::new();
    let gallery = Gallery::provide();
    let lines = desk.lines(id);
    let rows = Reading::of(move || lines.with(|lines| Arc::new(Rows::of(lines, device.local_day))));
    let newest =
        Reading::of(move || chat.with(|chat| chat.as_ref().map_or(0, |chat| chat.last_customer_seq)));
    follow(move || {
        let _ = newest.get();
        if place.at_end.get() && device.focused.get() {
            desk.viewed(id);
        }
    });
    view! {
        <div class="history-wrap">
            <div
                class="history"
                node_ref=place.outer
                tabindex="0"
                role="log"
                aria-label=t(words::HISTORY)
                data-testid="history"
                on:scroll=move |_| place.scrolled()
            >
                <div class="history-in" node_ref=place.inner>
                    <Older desk id chat place />
                    {each(
                        move || rows.with(|rows| rows.order.iter().map(|key| key.number()).collect()),
                        move |key| view! { <HistoryRow desk rows key=LineKey::of(key) /> }.into_any(),
                    )}
                </div>
            </div>
            <Newest rows place />
            <Viewer rows gallery />
        </div>
    }
}

/// Fetches what is older, while there is any.
#[component]
fn Older(desk: Desk, id: InteractionId, chat: Reading<Option<Chat>>, place: Place) -> impl IntoView {
    let more = Reading::of(move || chat.with(|chat| chat.as_ref().is_some_and(|chat| chat.has_older)));
    let loading = desk.loading_older(id);
    let press = move |()| {
        place.older();
        desk.load_older(id);
    };
    view! {
        <When is=move || more.get()>
            <Button kind=Kind::Quiet small=true testid="load-older" busy=loading on_press=press>
                {live(move || if loading.get() { t(words::LOADING_OLDER) } else { t(words::OLDER) })}
            </Button>
        </When>
    }
}

/// Says that there is more below, and goes there.
#[component]
fn Newest(rows: Reading<Arc<Rows>>, place: Place) -> impl IntoView {
    let left_at = RwSignal::new(None::<LineKey>);
    // Remembers the last line in sight at the moment the agent scrolls away from it.
    follow(move || {
        let at_end = place.at_end.get();
        left_at.set(if at_end { None } else { rows.with_untracked(|rows| rows.order.last().copied()) });
    });
    let count =
        Reading::of(move || left_at.get().map_or(0, |key| rows.with(|rows| rows.incoming_after(key))));
    view! {
        <When is=move || { count.get() > 0 }>
            <button class="btn newest" type="button" data-testid="newest" on:click=move |_| place.to_end()>
                {live(move || words::new_below(count.get()))}
                <Icon sign=Sign::ArrowDown />
            </button>
        </When>
    }
}
