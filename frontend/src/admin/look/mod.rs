//! The page of how the workspace looks and sounds: its colour, shown in light and dark before it is saved, and its sounds.

mod colour;
mod preview;
mod sounds;

use super::load::{self, Load};
use super::way::Way;
use crate::language::admin::{look as words, shell};
use crate::language::t;
use colour::ColourForm;
use leptos::prelude::*;
use shared::wire::LookBody;
use sounds::Sounds;

/// Where the relay has the colour.
const PATH: &str = "look";

/// The page.
#[component]
pub(super) fn LookPage(way: Way) -> impl IntoView {
    let held: RwSignal<Load<LookBody>> = load::fetched(PATH);
    view! {
        <div class="page narrow" data-testid="look">
            <header class="page-head">
                <h1>{t(shell::LOOK)}</h1>
                <p class="quiet">{t(words::ABOUT)}</p>
            </header>
            {move || match held.get() {
                Load::Coming => load::bones(),
                Load::Failed(why) => load::failed(t(words::NOT_FETCHED), why, move || {
                    held.set(Load::Coming);
                    load::fetch(held, PATH);
                }),
                Load::Ready(one) => view! { <ColourForm way one /> }.into_any(),
            }}
            <Sounds />
        </div>
    }
}
