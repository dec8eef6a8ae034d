//! The layer of offer cards over every screen: the most urgent on top, four at most. It never takes the focus.

use super::card::Card;
use super::drag::Spot;
use super::way::Way;
use super::words;
use crate::browser::keep;
use crate::desk::{Desk, OfferCard};
use crate::reading::Reading;
use leptos::prelude::*;
use shared::flat::FlatSet;
use shared::id::OfferId;

/// Cards shown at a time; more stay in the Waiting list.
const SHOWN: usize = 4;

/// Where the minimised cards are remembered, by the ids of their offers.
const FOLDED: &str = "signalbox-minimised";

fn remembered() -> FlatSet<OfferId> {
    let kept = keep::recall(FOLDED).unwrap_or_default();
    kept.split(' ').filter_map(|id| id.parse().ok()).collect()
}

/// All cards.
#[component]
pub fn Offers(desk: Desk, way: Way) -> impl IntoView {
    let offers = desk.offers();
    let folded = RwSignal::new(remembered());
    let spot = Spot::new();
    let shown = Reading::of(move || {
        let open = |card: &&OfferCard| folded.with(|folded| !folded.contains(&card.ringing.offer));
        offers.with(|cards| cards.iter().filter(open).take(SHOWN).cloned().collect::<Vec<_>>())
    });
    let count = Reading::of(move || shown.with(Vec::len));
    // A card that comes into a smaller window than the last one was left in.
    Effect::new(move |_| {
        if count.get() > 0 {
            spot.fit();
        }
    });
    // Minimised cards stay so over a reload; those that no longer ring are forgotten with the next one.
    Effect::new(move |before: Option<FlatSet<OfferId>>| {
        let now = folded.get();
        if before.is_some_and(|before| before != now) {
            let rings =
                |id: &&OfferId| offers.with_untracked(|all| all.iter().any(|one| one.ringing.offer == **id));
            let ids: Vec<String> = now.iter().filter(rings).map(ToString::to_string).collect();
            keep::remember(FOLDED, &ids.join(" "));
        }
        now
    });
    view! {
        <section class="offers" aria-label=words::OFFERS>
            <For each=move || shown.get() key=|card| card.ringing.offer let:card>
                <Card desk way spot shown folded id=card.ringing.offer />
            </For>
        </section>
        <div class="sr" role="alert" data-testid="offer-announcement">
            <For each=move || shown.get() key=|card| card.ringing.offer let:card>
                <p>{words::rings(&card)}</p>
            </For>
        </div>
    }
}
