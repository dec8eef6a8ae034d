//! Those who wait: everyone this agent could take, longest first, wherever it rings. Nothing moves before the relay says so.

use super::filter::{Filters, NothingFits};
use super::words;
use crate::browser::fold::{fold, has};
use crate::desk::{Desk, Filter, Standing, WaitingItem};
use crate::language::keys::{waiting, workspace};
use crate::language::t;
use crate::reading::{Reading, each, live};
use crate::sentences;
use crate::ui::{
    Button, ChannelMark, EmptyState, ErrorState, Kind, Pill, RowBones, Rows, Sign, Tone, When, elapsed,
};
use crate::widgets::RejectButton;
use crate::widgets::registry::mark;
use leptos::prelude::*;
use shared::id::{ActivityId, InteractionId};
use shared::wire::{WaitingRow, WaitingState};

/// The page; `on_accept` hears which chat was asked for, `on_open` which is to be looked at.
#[component]
pub fn WaitingPage(
    desk: Desk,
    #[prop(into)] on_accept: Callback<InteractionId>,
    #[prop(into)] on_open: Callback<InteractionId>,
) -> impl IntoView {
    let items = desk.waiting();
    let filter = desk.waiting_filter();
    let (chosen, cleared) = (filter.clone(), filter.clone());
    let fitting = Reading::of(move || {
        let chosen = chosen.get();
        let words = fold(&chosen.words);
        items.with(|items| {
            items.iter().filter(|item| fits(item, &chosen, &words)).cloned().collect::<Vec<_>>()
        })
    });
    let some = Reading::of(move || items.with(|items| !items.is_empty()));
    let none_fits = Reading::of(move || fitting.with(Vec::is_empty));
    let standing = desk.standing();
    let body = move || match (some.get(), standing.get()) {
        (true, _) if none_fits.get() => view! { <NothingFits filter=cleared.clone() /> }.into_any(),
        (true, _) => view! { <List desk items=fitting on_accept on_open /> }.into_any(),
        (false, Standing::Good) => view! { <Nobody /> }.into_any(),
        (false, Standing::Starting) => view! { <RowBones /> }.into_any(),
        (false, _) => view! {
            <ErrorState
                title=t(waiting::CUT_OFF)
                text=t(waiting::CUT_OFF_TEXT)
                on_retry=move |()| desk.reconnect()
            />
        }
        .into_any(),
    };
    view! {
        <div class="page">
            <header class="page-head">
                <h1>{t(workspace::WAITING)}</h1>
                <Summary desk items />
            </header>
            <Filters desk filter />
            <div class="card">{live(body)}</div>
        </div>
    }
}

/// Whether somebody who waits is to be seen; `words` are the filter's as they are compared.
fn fits(item: &WaitingItem, filter: &Filter, words: &str) -> bool {
    let WaitingRow { channel, queue, customer, preview, .. } = &item.row;
    let about = || fold(&[customer, " ", preview.as_deref().unwrap_or_default()].concat());
    (filter.channel.is_empty() || filter.channel == channel.key())
        && (filter.queue.is_empty() || filter.queue == queue.id.to_string())
        && (words.trim().is_empty() || has(&about(), words.trim()))
}

/// How many wait, and the longest of them.
#[component]
fn Summary(desk: Desk, items: Reading<Vec<WaitingItem>>) -> impl IntoView {
    let now = desk.now();
    let words = Reading::of(move || {
        items.with(|items| {
            let first = items.first()?;
            Some(words::waiting(items.len(), now.get().since(first.row.queued_at).0))
        })
    });
    view! { <p class="quiet num">{live(move || words.get())}</p> }
}

/// Nobody waits.
#[component]
fn Nobody() -> impl IntoView {
    view! {
        <div data-testid="waiting-empty">
            <EmptyState sign=Sign::Waiting title=t(waiting::NOBODY) text=t(waiting::NOBODY_TEXT) />
        </div>
    }
}

/// Some who wait, each with what can be done.
#[component]
pub fn List(
    desk: Desk,
    items: Reading<Vec<WaitingItem>>,
    on_accept: Callback<InteractionId>,
    on_open: Callback<InteractionId>,
) -> impl IntoView {
    view! {
        <Rows columns=5 label=t(workspace::WAITING)>
            {each(
                move || items.with(|items| items.iter().map(|item| item.row.activity.0.as_u128()).collect()),
                move |id| view! { <One desk items on_accept on_open id=ActivityId::from_u128(id) /> }.into_any(),
            )}
        </Rows>
    }
}

/// One who waits; drawn once, it follows its row.
#[component]
fn One(
    desk: Desk,
    items: Reading<Vec<WaitingItem>>,
    on_accept: Callback<InteractionId>,
    on_open: Callback<InteractionId>,
    id: ActivityId,
) -> impl IntoView {
    let item =
        Reading::of(move || items.with(|items| items.iter().find(|item| item.row.activity == id).cloned()));
    let channel = Reading::of(move || item.with(|item| item.as_ref().map(|item| item.row.channel)));
    let row = move |pick: fn(&WaitingItem) -> Option<String>| {
        Reading::of(move || item.with(|item| item.as_ref().and_then(pick)))
    };
    let customer = row(|item| Some(item.row.customer.clone()));
    let preview = row(|item| item.row.preview.clone());
    let queue = row(|item| Some(words::queue(&item.row.queue)));
    let open = move |_| {
        if let Some(item) = item.get_untracked() {
            on_open.run(item.row.interaction);
        }
    };
    view! {
        <li>
            <div class="row" data-testid="waiting-row">
                {live(move || channel.get().map(|channel| view! { <ChannelMark mark=mark(channel) /> }))}
                <span class="row-main">
                    <button class="row-title row-link" type="button" dir="auto" data-testid="waiting-open" on:click=open>
                        {live(move || customer.get())}
                    </button>
                    <span class="row-sub" dir="auto">
                        {live(move || preview.get())}
                    </span>
                </span>
                <span class="row-cell" data-wide="">
                    {live(move || queue.get())}
                </span>
                <State desk item />
                <Actions desk item on_accept id />
            </div>
        </li>
    }
}

/// Whether and where it rings, and since when the customer waits.
#[component]
fn State(desk: Desk, item: Reading<Option<WaitingItem>>) -> impl IntoView {
    let now = desk.now();
    let waited = Reading::of(move || {
        item.with(|item| item.as_ref().map(|item| elapsed(now.get().since(item.row.queued_at).0)))
    });
    let me = desk.me();
    let state = Reading::of(move || {
        let me = me.with(|me| me.as_ref().map(|me| me.user.id));
        item.with(|item| {
            let item = item.as_ref()?;
            Some(match (&item.row.state, item.mine) {
                (_, Some(_)) => (Tone::Accent, t(waiting::RINGS_HERE).to_owned()),
                // A row may be a second older than the verdict on this agent's own offer.
                (WaitingState::Ringing { at }, None) if Some(at.id) != me => {
                    (Tone::Amber, words::rings_at(&at.name))
                }
                (_, None) if item.was_mine => (Tone::Plain, t(waiting::NO_LONGER).to_owned()),
                (_, None) => (Tone::Plain, t(waiting::WAITS).to_owned()),
            })
        })
    });
    view! {
        <span class="row-state">
            <span class="num">{live(move || waited.get())}</span>
            {live(move || {
                state
                    .get()
                    .map(|(tone, words)| view! { <Pill tone=Signal::stored(tone)>{words}</Pill> })
            })}
        </span>
    }
}

/// What can be done.
#[component]
fn Actions(
    desk: Desk,
    item: Reading<Option<WaitingItem>>,
    on_accept: Callback<InteractionId>,
    id: ActivityId,
) -> impl IntoView {
    let may = desk.may_accept(id);
    let asked = Reading::of(move || item.with(|item| item.as_ref().is_some_and(|item| item.asked)));
    let mine = Reading::of(move || item.with(|item| item.as_ref().and_then(|item| item.mine)));
    let refused = Signal::derive(move || {
        if asked.get() {
            Some(t(workspace::CONNECTING).to_owned())
        } else {
            may.get().err().map(|no| sentences::refusal(&no))
        }
    });
    let offers = desk.offers();
    let accept = move |()| {
        if let Some(item) = item.get_untracked() {
            on_accept.run(item.row.interaction);
            desk.accept_waiting(&item.row);
        }
    };
    let card = Reading::of(move || {
        offers.with(|cards| cards.iter().find(|card| Some(card.ringing.offer) == mine.get()).cloned())
    });
    let closed = RwSignal::new(false);
    view! {
        <span class="row-actions">
            <When is=move || mine.get().is_some()>
                <RejectButton desk card refused opened=closed small=true testid="waiting-reject" />
            </When>
            <Button kind=Kind::Primary small=true refused=refused on_press=accept testid="waiting-accept">
                {live(move || if asked.get() { t(workspace::CONNECTING) } else { t(workspace::ACCEPT) })}
            </Button>
        </span>
    }
}
