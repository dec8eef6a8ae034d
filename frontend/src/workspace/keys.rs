//! Shortcuts of the whole desk: Alt + A accepts what is most urgent, P opens the pauses. It takes no key from a text field.

use super::way::Way;
use crate::desk::Desk;
use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Listens until the owner is gone.
pub fn listen(desk: Desk, way: Way, pauses: RwSignal<bool>) {
    let offers = desk.offers();
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.repeat() || event.default_prevented() {
            return;
        }
        let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        // By its place on the keyboard: with Alt held, the letter itself is another one on many systems.
        if event.alt_key() && !event.ctrl_key() && !event.meta_key() && event.code() == "KeyA" {
            let first = offers.with_untracked(|cards| {
                cards.iter().find(|card| card.over.is_none() && card.asked.is_none()).cloned()
            });
            if let Some(card) = first {
                event.prevent_default();
                way.expect(card.ringing.interaction);
                desk.accept(&card);
            }
        } else if plain && event.key().eq_ignore_ascii_case("p") && !is_typing(&event) {
            event.prevent_default();
            pauses.update(|open| *open = !*open);
        }
    });
    on_cleanup(move || keys.remove());
}

/// Whether the key goes into a field, a menu or a dialog.
fn is_typing(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return false;
    };
    let within = target.closest("input, textarea, select, dialog, [role=menu]").ok().flatten().is_some();
    within || target.dyn_into::<HtmlElement>().is_ok_and(|element| element.is_content_editable())
}
