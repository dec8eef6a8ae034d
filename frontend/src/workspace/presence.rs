//! Whether the agent takes work: the state, the pauses and the queues in one menu. Distribution is the relay's matter.

use super::words;
use crate::desk::{Availability, Desk, MyQueue};
use crate::language::{fill, t};
use crate::reading::{Reading, live};
use crate::sentences;
use crate::ui::{Button, Dot, Elapsed, Kind, Menu, MenuItem, MenuLabel, Modal, Sign, Tone, When, elapsed};
use leptos::prelude::*;
use shared::config::PauseRef;
use shared::id::PauseId;

/// The menu under the state.
#[component]
pub fn PresenceMenu(desk: Desk, opened: RwSignal<bool>) -> impl IntoView {
    let availability = desk.availability();
    let state = move || {
        availability.with(|is| match is {
            Availability::Ready { .. } => "ready",
            Availability::Paused { .. } => "paused",
            Availability::NotConnected => "off",
        })
    };
    view! {
        <Menu
            class="presence"
            label=t(words::PRESENCE)
            trigger=move || view! { <Trigger desk availability /> }.into_any()
            end=true
            state=Signal::derive(move || Some(state().to_owned()))
            opened=opened
            shortcut="P"
            testid="presence"
        >
            <Items desk availability />
        </Menu>
    }
}

fn name(is: &Availability) -> String {
    match is {
        Availability::Ready { .. } => t(words::READY).to_owned(),
        Availability::Paused { pause, .. } => pause.title.clone(),
        Availability::NotConnected => t(words::NOT_CONNECTED).to_owned(),
    }
}

/// The state as the panel shows it.
#[component]
fn Trigger(desk: Desk, availability: Reading<Availability>) -> impl IntoView {
    let tone = Signal::derive(move || {
        availability.with(|is| match is {
            Availability::Ready { .. } => Tone::Green,
            Availability::Paused { .. } => Tone::Amber,
            Availability::NotConnected => Tone::Off,
        })
    });
    let now = desk.now();
    let since = Reading::of(move || {
        availability.with(|is| match is {
            Availability::Ready { since } | Availability::Paused { since, .. } => Some(since.0),
            Availability::NotConnected => None,
        })
    });
    view! {
        <Dot tone />
        <span class="presence-name">{live(move || availability.with(name))}</span>
        <When is=move || since.get().is_some()>
            <span class="quiet">
                <Elapsed
                    now=Signal::derive(move || now.get().0)
                    since=Signal::derive(move || since.get().unwrap_or_default())
                />
            </span>
        </When>
    }
}

/// Everything the menu offers.
#[component]
fn Items(desk: Desk, availability: Reading<Availability>) -> impl IntoView {
    let pauses = desk.pauses();
    let queues = desk.my_queues();
    let paused = Reading::of(move || match availability.get() {
        Availability::Paused { pause, .. } => Some(pause.id),
        _ => None,
    });
    view! {
        <When is=move || paused.get().is_some()>
            <MenuItem on_choose=move |()| desk.resume() sign=Sign::Play testid="resume-item">
                {t(words::BACK_TO_WORK)}
            </MenuItem>
            <hr />
        </When>
        <MenuLabel>
            {live(move || if pauses.with(Vec::is_empty) { t(words::NO_PAUSES) } else { t(words::PAUSES) })}
        </MenuLabel>
        {live(move || pauses.get().into_iter().map(|pause| pause_item(desk, pause, paused)).collect_view())}
        <hr />
        <MenuLabel>{t(words::QUEUES)}</MenuLabel>
        {live(move || queues.get().into_iter().map(|queue| queue_item(desk, &queue)).collect_view())}
    }
}

fn pause_item(desk: Desk, pause: PauseRef, paused: Reading<Option<PauseId>>) -> AnyView {
    let id = pause.id;
    let paid = if pause.paid { t(words::PAID) } else { t(words::UNPAID) };
    let chosen = Signal::derive(move || Some(paused.get() == Some(id)));
    let left = desk.pause_left(id);
    let note = Signal::derive(move || {
        let left = left.get().ok().flatten().map(|left| elapsed(left.0));
        let note = left.map(|time| fill(words::PAUSE_LEFT, &[("paid", paid), ("time", &time)]));
        Some(note.unwrap_or_else(|| paid.to_owned()))
    });
    let refused = Signal::derive(move || left.get().err().map(|no| sentences::refusal(&no)));
    view! {
        <MenuItem on_choose=move |()| desk.pause(id) checked=chosen refused note testid="pause-item">
            {pause.title}
        </MenuItem>
    }
    .into_any()
}

fn queue_item(desk: Desk, one: &MyQueue) -> AnyView {
    let (id, joined) = (one.queue.queue.id, one.joined);
    let name = words::queue(&one.queue.queue);
    let note = if joined { t(words::LOGGED_IN) } else { t(words::LOGGED_OUT) };
    let choose = move |()| if joined { desk.leave_queue(id) } else { desk.join_queue(id) };
    view! {
        <MenuItem on_choose=choose checked=joined note=note.to_owned() testid="queue-item">
            {name}
        </MenuItem>
    }
    .into_any()
}

/// The question whether the pause is over, after taking somebody who waits.
#[component]
pub fn PauseOver(desk: Desk, asks: RwSignal<bool>) -> impl IntoView {
    let availability = desk.availability();
    // Who is back by another way, or was put there by the answer, need not be asked.
    let open = Signal::derive(move || {
        asks.get() && availability.with(|is| matches!(is, Availability::Paused { .. }))
    });
    let stay = move |()| asks.set(false);
    let back = move |()| {
        asks.set(false);
        desk.resume();
    };
    let foot = move || {
        view! {
            <Button on_press=stay testid="pause-stay">{t(words::PAUSE_STAY)}</Button>
            <Button kind=Kind::Primary on_press=back testid="pause-over">
                {t(words::BACK_TO_WORK)}
            </Button>
        }
    };
    view! {
        <Modal open title=t(words::PAUSE_OVER_TITLE) on_close=stay foot>
            <p>{live(move || fill(words::PAUSE_OVER_TEXT, &[("pause", &availability.with(name))]))}</p>
        </Modal>
    }
}
