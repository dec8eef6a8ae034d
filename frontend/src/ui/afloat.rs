//! What floats over everything, over dialogs too. Nothing outside an open dialog can be pressed, so it moves into that.

use leptos::html;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The layer that floats; one a page, handed down by context to its dialogs.
#[derive(Clone, Copy)]
pub struct Afloat {
    /// Its element.
    pub layer: NodeRef<html::Div>,
    /// Where it is while no dialog is open.
    home: StoredValue<Option<Element>, LocalStorage>,
}

impl Afloat {
    /// One for everything below.
    #[must_use]
    pub fn provide() -> Self {
        let afloat = Self { layer: NodeRef::new(), home: StoredValue::new_local(None) };
        provide_context(afloat);
        afloat
    }

    /// A dialog opened or closed.
    pub fn settle(self) {
        let Some(Some(layer)) = self.layer.try_get_untracked() else { return };
        let known = self.home.try_get_value().flatten();
        let home = known.or_else(|| layer.parent_element());
        self.home.try_set_value(home.clone());
        let dialogs = document().query_selector_all("dialog:modal").ok();
        let last = dialogs.and_then(|all| all.item(all.length().checked_sub(1)?));
        let host = last.and_then(|last| last.dyn_into::<Element>().ok()).or(home);
        let Some(host) = host.filter(|host| layer.parent_element().as_ref() != Some(host)) else { return };
        let active = document().active_element().filter(|active| layer.contains(Some(active)));
        let _ = host.append_child(&layer);
        // What is moved loses the focus.
        if let Some(active) = active.and_then(|active| active.dyn_into::<HtmlElement>().ok()) {
            let _ = active.focus();
        }
    }

    /// A dialog goes, with everything in it.
    pub fn leave(self) {
        spawn_local(async move {
            tick().await;
            self.settle();
        });
    }
}
