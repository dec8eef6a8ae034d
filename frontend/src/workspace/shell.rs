//! The frame of the desk: panel, main menu, banners, the screen, and what floats above. What the screen shows is given to it.

use super::banners::Banners;
use super::me::MeMenu;
use super::offers::Offers;
use super::palette::Palette;
use super::panels::Panels;
use super::place::Place;
use super::presence::{PauseOver, PresenceMenu};
use super::rail::Rail;
use super::shortcuts::Shortcuts;
use super::tabs::Tabs;
use super::toasts::Toasts;
use super::way::Way;
use super::{alerts, keys, words};
use crate::alerts::Taste;
use crate::browser::{location, title};
use crate::desk::Desk;
use crate::language::t;
use crate::reading::{follow, live};
use crate::ui::{Afloat, Device, IconButton, Sign};
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

/// The frame; `screen` draws what is at a place.
#[component]
pub fn Shell(desk: Desk, #[prop(into)] screen: Callback<(Place,), AnyView>) -> impl IntoView {
    let way = Way::new(desk);
    provide_context(way);
    let afloat = Afloat::provide();
    let panels = Panels::new();
    let taste = Taste::provide();
    keys::listen(desk, way, panels);
    alerts::listen(desk, way, taste);
    let device = Device::here();
    follow(move || {
        if device.focused.get() {
            desk.attend();
        }
    });
    let now = desk.now();
    follow(move || desk.close_due(now.get()));
    let unread = desk.unread();
    follow(move || title::set(unread.get(), words::NAME));
    on_cleanup(|| title::set(0, words::NAME));
    let place = way.place();
    let main = NodeRef::<html::Main>::new();
    // An address of its own would lead away from the document's base.
    let skip = move |event: MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            let _ = main.focus();
        }
    };
    view! {
        <div class="shell">
            <a class="skip" href="#screen" on:click=skip>
                {t(words::SKIP)}
            </a>
            <Panel desk way panels />
            <Rail desk way />
            <Banners desk taste />
            <main class="screen" id="screen" tabindex="-1" node_ref=main>
                {live(move || screen.run((place.get(),)))}
            </main>
        </div>
        <div class="afloat" node_ref=afloat.layer>
            <Offers desk way reasons=panels.reasons />
            <Toasts desk way />
        </div>
        <PauseOver desk asks=way.pause_over />
        <Palette desk way panels />
        <Shortcuts open=panels.keys />
    }
}

/// The static panel.
#[component]
fn Panel(desk: Desk, way: Way, panels: Panels) -> impl IntoView {
    view! {
        <header class="panel">
            <a
                class="logo"
                href=location::url(&Place::default().path())
                aria-label=words::NAME
                on:click=move |event| go_by(way, Place::default(), &event)
            >
                <img src=location::url("favicon.svg") alt="" width="26" height="26" />
            </a>
            <Tabs desk way />
            <div class="panel-end">
                <IconButton
                    sign=Sign::Search
                    label=t(words::PALETTE)
                    shortcut="Control+K"
                    on_press=move |()| panels.palette.set(true)
                    testid="palette-open"
                />
                <PresenceMenu desk opened=panels.pauses />
                <MeMenu desk way panels />
            </div>
        </header>
    }
}

/// Follows a link inside the desk; a click that wants another window is left to the browser.
pub(super) fn go_by(way: Way, place: Place, event: &MouseEvent) {
    if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
        return;
    }
    event.prevent_default();
    way.go(place);
}
