//! The layer of offer cards over every screen: the most urgent on top, four at most. It never takes the focus.

use super::card::Card;
use super::drag::Spot;
use super::way::Way;
use super::words;
use crate::desk::{Desk, OfferCard};
use crate::reading::Reading;
use leptos::prelude::*;
use shared::flat::FlatSet;
use shared::id::OfferId;

/// Cards shown at a time; more stay in the Waiting list.
const SHOWN: usize = 4;

/// All cards.
#[component]
pub fn Offers(desk: Desk, way: Way) -> impl IntoView {
    let offers = desk.offers();
    let folded = RwSignal::new(FlatSet::<OfferId>::new());
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
    view! {
        <div class="offers">
            <For each=move || shown.get() key=|card| card.ringing.offer let:card>
                <Card desk way spot shown folded id=card.ringing.offer />
            </For>
        </div>
        <div class="sr" role="alert" data-testid="offer-announcement">
            <For each=move || shown.get() key=|card| card.ringing.offer let:card>
                <p>{words::rings(&card)}</p>
            </For>
        </div>
    }
}
