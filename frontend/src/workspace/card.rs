//! One offer card: who, where, since when, and what can be done about it. It never ends an offer by itself.

use super::drag::Spot;
use super::way::Way;
use super::words;
use crate::desk::{Asked, Desk, OfferCard, Over};
use crate::language::{fill, t};
use crate::reading::{Local, Reading, follow, live, told};
use crate::ui::{Button, Face, IconButton, Kind, Links, Sign, elapsed};
use crate::widgets::RejectButton;
use crate::widgets::registry::mark;
use leptos::prelude::*;
use shared::flat::FlatSet;
use shared::id::OfferId;

/// The card of an offer; drawn once, it follows its offer.
#[component]
pub fn Card(
    desk: Desk,
    way: Way,
    spot: Spot,
    shown: Reading<Vec<OfferCard>>,
    folded: Local<FlatSet<OfferId>>,
    id: OfferId,
    wished: RwSignal<bool>,
) -> impl IntoView {
    let card =
        Reading::of(move || shown.with(|cards| cards.iter().find(|card| card.ringing.offer == id).cloned()));
    let depth = Reading::of(move || {
        shown.with(|cards| cards.iter().position(|card| card.ringing.offer == id).unwrap_or_default())
    });
    let name = Reading::of(move || {
        card.with(|card| card.as_ref().and_then(|card| card.customer.clone()))
            .unwrap_or(t(words::SOMEBODY).to_owned())
    });
    // A key that asks for the reasons means the card on top.
    let opened = RwSignal::new(false);
    follow(move || {
        if wished.get() && depth.get() == 0 {
            wished.set(false);
            opened.set(true);
        }
    });
    let over = Reading::of(move || card.with(|card| card.as_ref()?.over.as_ref().map(Over::sentence)));
    view! {
        <article
            class="offer"
            data-testid="offer-card"
            aria-label=told(move || name.get())
            data-depth=told(move || depth.get().to_string())
            data-dragging=told(move || spot.dragging().get().then_some(""))
            style:--x=move || spot.x()
            style:--y=move || spot.y()
        >
            <Head desk spot card name />
            <Facts desk card />
            <Ring desk card />
            {live(move || match over.get() {
                Some(words) => view! {
                    <p class="offer-note" role="status" data-testid="offer-over">
                        {words}
                    </p>
                    <footer class="offer-foot"></footer>
                }
                .into_any(),
                None => view! { <Foot desk way card folded opened /> }.into_any(),
            })}
        </article>
    }
}

/// The handle: mark, name, and how long it has been ringing.
#[component]
fn Head(desk: Desk, spot: Spot, card: Reading<Option<OfferCard>>, name: Reading<String>) -> impl IntoView {
    let now = desk.now();
    let channel = Reading::of(move || card.with(|card| card.as_ref().map(|card| card.ringing.channel)));
    let picture = Reading::of(move || card.with(|card| card.as_ref().and_then(|card| card.picture.clone())));
    let rung =
        Reading::of(move || card.with(|card| card.as_ref().map(|card| elapsed(card.rung(now.get()).0))));
    view! {
        <header
            class="offer-head"
            data-testid="offer-handle"
            tabindex="0"
            role="group"
            aria-label=told(move || fill(words::MOVE, &[("name", &name.get())]))
            on:pointerdown=move |event| spot.press(&event)
            on:keydown=move |event| spot.key(&event)
            on:dblclick=move |_| spot.reset()
        >
            <Face mark=Signal::derive(move || channel.get().map(mark)) name picture />
            <span class="offer-name" dir="auto">
                {live(move || name.get())}
            </span>
            <span class="offer-clock num" role="timer" aria-live="off">
                {live(move || rung.get())}
            </span>
        </header>
    }
}

/// The queue, how long the customer waits in it, and what they wrote last.
#[component]
fn Facts(desk: Desk, card: Reading<Option<OfferCard>>) -> impl IntoView {
    let now = desk.now();
    let facts = Reading::of(move || {
        card.with(|card| {
            let card = card.as_ref()?;
            let (queue, waited) = (words::queue(&card.ringing.queue), elapsed(card.waited(now.get()).0));
            Some(fill(words::IN_QUEUE, &[("queue", &queue), ("time", &waited)]))
        })
    });
    let text = Reading::of(move || card.with(|card| card.as_ref().and_then(|card| card.preview.clone())));
    view! {
        <p class="offer-facts num" data-testid="offer-facts">
            {live(move || facts.get())}
        </p>
        {live(move || {
            text.get()
                .map(|text| {
                    view! {
                        <p class="offer-text" dir="auto" data-testid="offer-text">
                            {text}
                        </p>
                    }
                    .into_any()
                })
        })}
    }
}

/// The ring time as a bar that empties by the relay's clock.
#[component]
fn Ring(desk: Desk, card: Reading<Option<OfferCard>>) -> impl IntoView {
    let now = desk.now();
    let left = Reading::of(move || {
        card.with(|card| {
            let card = card.as_ref()?;
            let length = card.length().0.max(1);
            // In thousandths: the bar is a few hundred pixels long.
            Some(card.left(now.get()).0.saturating_mul(1_000) / length)
        })
    });
    let share = move || {
        let thousandths = left.get().unwrap_or_default().clamp(0, 1_000);
        if thousandths == 1_000 { "1".to_owned() } else { format!("0.{thousandths:03}") }
    };
    view! {
        <div class="offer-bar" role="presentation">
            <span style:--left=share></span>
        </div>
    }
}

/// What can be done.
#[component]
fn Foot(
    desk: Desk,
    way: Way,
    card: Reading<Option<OfferCard>>,
    folded: Local<FlatSet<OfferId>>,
    opened: RwSignal<bool>,
) -> impl IntoView {
    let now = desk.now();
    let asked = Reading::of(move || card.with(|card| card.as_ref().and_then(|card| card.asked)));
    let late =
        Reading::of(move || card.with(|card| card.as_ref().is_some_and(|card| card.left(now.get()).0 == 0)));
    let refused = Signal::derive(move || match asked.get() {
        Some(Asked::Accept) => Some(t(words::CONNECTING).to_owned()),
        Some(_) => Some(t(words::REJECTING).to_owned()),
        None => late.get().then(|| t(words::TIME_OVER).to_owned()),
    });
    let links =
        Reading::of(move || card.with(|card| card.as_ref().map(OfferCard::links).unwrap_or_default()));
    let accept = move |()| {
        if let Some(card) = card.get_untracked() {
            way.expect(card.ringing.interaction);
            desk.accept(&card);
        }
    };
    let fold = move |()| {
        if let Some(card) = card.get_untracked() {
            folded.update(|folded| {
                folded.insert(card.ringing.offer);
            });
        }
    };
    view! {
        <footer class="offer-foot">
            <IconButton sign=Sign::Minimise label=t(words::MINIMISE) on_press=fold testid="offer-minimise" />
            <Button kind=Kind::Accept refused=refused on_press=accept shortcut="Alt+A" testid="offer-accept">
                {live(move || if asked.get() == Some(Asked::Accept) { t(words::CONNECTING) } else { t(words::ACCEPT) })}
                <kbd>{t(words::ACCEPT_KEYS)}</kbd>
            </Button>
            <RejectButton desk card refused opened kind=Kind::Outline testid="offer-reject" />
            <Links
                all=links
                more=t(words::MORE_LINKS)
                kind="white"
                testids=["offer-link", "offer-links", "offer-further"]
            />
        </footer>
    }
}
