//! The history: every line in its order, older ones on request, newer ones in sight, only what is near drawn. It marks as viewed only what is.

use super::bubble::HistoryRow;
use super::divider::Divider;
use super::leaving::{Leaving, LeavingAsked};
use super::rows::Rows;
use super::scroll::Place;
use super::viewer::{Gallery, Viewer};
use super::words;
use crate::desk::{Chat, Desk, LineKey};
use crate::language::t;
use crate::reading::{Local, Reading, each, follow, live, told};
use crate::ui::{Button, Device, Icon, Kind, Sign, When};
use leptos::prelude::*;
use shared::id::InteractionId;

/// The history.
#[component]
pub fn History(desk: Desk, id: InteractionId, chat: Reading<Option<Chat>>) -> impl IntoView {
    let device = Device::here();
    let place = Place::new(desk.left_at(id));
    on_cleanup(move || desk.leave_at(id, place.left_at()));
    let gallery = Gallery::provide();
    let leaving = Leaving::new();
    let chats = desk.chats(id);
    let newest =
        Reading::of(move || chat.with(|chat| chat.as_ref().map_or(0, |chat| chat.last_customer_seq)));
    follow(move || {
        let _ = newest.get();
        if place.at_end.get() && device.focused.get() {
            desk.viewed(id);
        }
    });
    // Only what comes in at the end is news; what comes in sight by scrolling is not.
    let spoken = move || if place.at_end.get() { "polite" } else { "off" };
    view! {
        <div class="history-wrap">
            <div
                class="history"
                node_ref=place.outer
                tabindex="0"
                role="log"
                aria-live=told(spoken)
                aria-label=t(words::HISTORY)
                data-testid="history"
                on:scroll=move |_| place.scrolled()
            >
                <div
                    class="history-in"
                    node_ref=place.inner
                    on:click=move |event| leaving.pressed(&event)
                    on:auxclick=move |event| leaving.pressed(&event)
                >
                    <Older desk id place />
                    {each(
                        move || chats.with(|chats| chats.iter().map(|id| id.0.as_u128()).collect()),
                        move |chat| {
                            view! { <Part desk home=id id=InteractionId::from_u128(chat) chats place /> }.into_any()
                        },
                    )}
                </div>
            </div>
            <Newest desk id chat place />
            <Viewer desk id gallery />
            <LeavingAsked leaving />
        </div>
    }
}

/// One chat of the history: the one that is open, or an earlier one of the same customer above it.
#[component]
fn Part(
    desk: Desk,
    home: InteractionId,
    id: InteractionId,
    chats: Reading<Vec<InteractionId>>,
    place: Place,
) -> impl IntoView {
    let blocks = desk.blocks(id);
    let own = id == home;
    let divided = Reading::of(move || chats.with(|chats| chats.len() > 1));
    view! {
        {live(move || (!own || divided.get()).then(|| view! { <Divider desk id own /> }))}
        {each(
            move || blocks.with(|blocks| blocks.iter().copied().map(u128::from).collect()),
            move |number| view! { <Block desk id own blocks place number /> }.into_any(),
        )}
    }
}

/// A block of the history: its rows while it is near what is in sight, else room of the same height.
#[component]
fn Block(
    desk: Desk,
    id: InteractionId,
    own: bool,
    blocks: Reading<Vec<u64>>,
    place: Place,
    number: u128,
) -> impl IntoView {
    let number = u64::try_from(number).unwrap_or_default();
    let day = Device::here().local_day;
    // A long history opens at its end, or where it was left, with nothing drawn far from there.
    let last = blocks.with_untracked(|blocks| blocks.last().copied()).unwrap_or_default();
    let end = place.left_at().map_or(last, |(left, _)| left);
    let stretch = place.stretch(number + 1 >= end && number <= end + 1, own.then_some(number));
    let body = move || {
        stretch.near.get().then(|| {
            let rows = Reading::of(move || {
                let lines = desk.lines(id, number);
                Rows::of(&if own { lines } else { lines.to_read() }, day)
            });
            each(
                move || rows.with(|rows| rows.order.iter().map(|key| key.number()).collect()),
                move |key| view! { <HistoryRow desk id rows key=LineKey::of(key) /> }.into_any(),
            )
        })
    };
    view! {
        <div
            class="block"
            data-block=own.then_some(number)
            node_ref=stretch.shell
            data-far=told(move || !stretch.near.get())
            style:--tall=move || stretch.tall()
        >
            {live(body)}
        </div>
    }
}

/// Fetches what is older, while there is any: lines of the chat on top, then the chats before it.
#[component]
fn Older(desk: Desk, id: InteractionId, place: Place) -> impl IntoView {
    let more = desk.has_older(id);
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
fn Newest(desk: Desk, id: InteractionId, chat: Reading<Option<Chat>>, place: Place) -> impl IntoView {
    let left_at = Local::new(None::<u64>);
    // Remembers the last line in sight at the moment the agent scrolls away from it, or the last one they saw before they
    // came back to the middle.
    let first = StoredValue::new(true);
    follow(move || {
        let back = first.get_value();
        first.set_value(false);
        let seen = |chat: &Chat| if back { chat.viewed } else { chat.newest };
        let newest = || chat.with_untracked(|chat| chat.as_ref().map(seen));
        left_at.set(if place.at_end.get() { None } else { newest() });
    });
    let count = Reading::of(move || left_at.get().map_or(0, |seq| desk.came_after(id, seq)));
    view! {
        <When is=move || { count.get() > 0 }>
            <button class="btn newest" type="button" data-testid="newest" on:click=move |_| place.to_end()>
                {live(move || words::new_below(count.get()))}
                <Icon sign=Sign::ArrowDown />
            </button>
        </When>
    }
}
