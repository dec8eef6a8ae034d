//! The layer of offer cards over every screen: the most urgent on top, four at most. It never takes the focus.

use super::card::Card;
use super::drag::Spot;
use super::way::Way;
use super::words;
use crate::browser::keep;
use crate::desk::{Desk, OfferCard};
use crate::language::t;
use crate::reading::{Local, Reading, each, follow};
use leptos::prelude::*;
use shared::flat::FlatSet;
use shared::id::OfferId;
use std::cell::RefCell;

/// Cards shown at a time; more stay in the Waiting list.
const SHOWN: usize = 4;

/// Where the minimised cards are remembered, by the ids of their offers.
const FOLDED: &str = "signalbox-minimised";

fn remembered() -> FlatSet<OfferId> {
    let kept = keep::recall(FOLDED).unwrap_or_default();
    kept.split(' ').filter_map(|id| id.parse().ok()).collect()
}

/// All cards; `reasons` asks for the menu of reasons of the one on top.
#[component]
pub fn Offers(desk: Desk, way: Way, reasons: RwSignal<bool>) -> impl IntoView {
    let offers = desk.offers();
    let folded = Local::new(remembered());
    let spot = Spot::new();
    let shown = Reading::of(move || {
        let open = |card: &&OfferCard| folded.with(|folded| !folded.contains(&card.ringing.offer));
        offers.with(|cards| cards.iter().filter(open).take(SHOWN).cloned().collect::<Vec<_>>())
    });
    let count = Reading::of(move || shown.with(Vec::len));
    // A card that comes into a smaller window than the last one was left in.
    follow(move || {
        if count.get() > 0 {
            spot.fit();
        }
    });
    // Minimised cards stay so over a reload; those that no longer ring are forgotten with the next one.
    let kept = RefCell::new(None::<FlatSet<OfferId>>);
    follow(move || {
        let now = folded.get();
        if kept.replace(Some(now.clone())).is_some_and(|before| before != now) {
            let rings =
                |id: &&OfferId| offers.with_untracked(|all| all.iter().any(|one| one.ringing.offer == **id));
            let ids: Vec<String> = now.iter().filter(rings).map(ToString::to_string).collect();
            keep::remember(FOLDED, &ids.join(" "));
        }
    });
    let ids = move || shown.with(|cards| cards.iter().map(|card| card.ringing.offer.0.as_u128()).collect());
    view! {
        <section class="offers" aria-label=t(words::OFFERS)>
            {each(ids, move |id| view! { <Card desk way spot shown folded wished=reasons id=OfferId::from_u128(id) /> }.into_any())}
        </section>
        <div class="sr" role="alert" data-testid="offer-announcement">
            {each(
                ids,
                move |id| {
                    let this = |all: &Vec<OfferCard>| {
                        let card = all.iter().find(|card| card.ringing.offer == OfferId::from_u128(id))?;
                        Some(words::rings(card))
                    };
                    view! { <p>{shown.with_untracked(this)}</p> }.into_any()
                },
            )}
        </div>
    }
}
