//! Shortcuts of the whole desk: Ctrl or ⌘ + K finds everything, Alt + A accepts what is most urgent, Alt + R rejects it, Alt + S and Alt + C give the open chat its status and close it, P opens the pauses, G goes places. It takes no key from a text field.

use super::panels::Panels;
use super::place::Place;
use super::way::Way;
use crate::browser::clock;
use crate::desk::Desk;
use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use shared::permit;
use shared::refusal::Refusal;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// How long after G the letter of a place may come, in milliseconds.
const TOGETHER: f64 = 1_500.0;

/// Listens until the owner is gone.
pub fn listen(desk: Desk, way: Way, panels: Panels) {
    let (offers, tabs) = (desk.offers(), desk.tabs());
    let began = StoredValue::new(None::<f64>);
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.repeat() || event.default_prevented() || event.is_composing() {
            return;
        }
        let going = began.try_update_value(Option::take).flatten();
        let control = event.ctrl_key() || event.meta_key();
        // By its place on the keyboard: with Alt held, the letter itself is another one on many systems.
        let code = event.code();
        if control && !event.alt_key() && !event.shift_key() && code == "KeyK" {
            event.prevent_default();
            panels.palette.update(|open| *open = !*open);
        } else if event.alt_key() && !control && code == "KeyA" {
            let first = offers.with_untracked(|cards| cards.iter().find(|card| card.is_open()).cloned());
            if let Some(card) = first {
                event.prevent_default();
                way.expect(card.ringing.interaction);
                desk.accept(&card);
            }
        } else if event.alt_key() && !control && code == "KeyR" {
            let first = offers.with_untracked(|cards| cards.iter().find(|card| card.is_open()).cloned());
            if let Some(card) = first {
                event.prevent_default();
                match permit::reject(&desk.manner(card.ringing.queue.id), None) {
                    Ok(()) => desk.reject(&card, None),
                    Err(Refusal::ReasonRequired) => panels.reasons.set(true),
                    Err(_) => {}
                }
            }
        } else if event.alt_key() && !control && matches!(code.as_str(), "KeyC" | "KeyS") {
            let Some(id) = way.place().get_untracked().chat() else { return };
            event.prevent_default();
            if code == "KeyC" { desk.wish_close(id) } else { focus_status() }
        } else if event.alt_key() && !control {
            let number = code.strip_prefix("Digit").and_then(|digit| digit.parse::<usize>().ok());
            let tab = number.and_then(|number| number.checked_sub(1));
            if let Some(id) =
                tab.and_then(|at| tabs.with_untracked(|tabs| tabs.get(at).map(|tab| tab.interaction)))
            {
                event.prevent_default();
                way.go(Place::Chat(id));
            }
        } else if !control && !is_typing(&event) {
            let soon = going.is_some_and(|at| clock::monotonic_ms() - at < TOGETHER);
            plain(&event, way, panels, soon, began);
        }
    });
    on_cleanup(move || keys.remove());
}

/// A letter without Control, Alt or ⌘, outside of any field; `going` when G came just before.
fn plain(event: &KeyboardEvent, way: Way, panels: Panels, going: bool, began: StoredValue<Option<f64>>) {
    let key = event.key().to_ascii_lowercase();
    let place = match key.as_str() {
        _ if !going => None,
        "d" => Some(Place::Dashboard),
        "w" => Some(Place::Waiting),
        "a" => Some(Place::Activities),
        "s" => Some(Place::Settings),
        _ => None,
    };
    match (place, key.as_str()) {
        (Some(place), _) => way.go(place),
        (None, "g") => began.set_value(Some(clock::monotonic_ms())),
        (None, "p") => panels.pauses.update(|open| *open = !*open),
        (None, "?") => panels.keys.set(true),
        _ => return,
    }
    event.prevent_default();
}

/// The field of the status, where the chat that is open has one.
fn focus_status() {
    let field = document().get_element_by_id("status").and_then(|field| field.dyn_into::<HtmlElement>().ok());
    if let Some(field) = field {
        let _ = field.focus();
    }
}

/// Whether the key goes into a field, a menu or a dialog.
fn is_typing(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return false;
    };
    let within = target.closest("input, textarea, select, dialog, [role=menu]").ok().flatten().is_some();
    within || target.dyn_into::<HtmlElement>().is_ok_and(|element| element.is_content_editable())
}
