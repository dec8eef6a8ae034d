//! The order of the tabs on this device: dragged by hand, or moved with Shift and an arrow key. It opens and closes nothing.

use crate::browser::keep;
use crate::browser::pointer::{self, Drag, Step};
use crate::desk::{Desk, Tab};
use crate::reading::{Local, Reading};
use leptos::ev::{MouseEvent, PointerEvent};
use leptos::prelude::*;
use shared::id::InteractionId;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The name of the order on this device.
const KEY: &str = "signalbox-tabs";

/// Who may put tabs elsewhere.
#[derive(Clone, Copy)]
pub struct Order {
    desk: Desk,
    tabs: Reading<Vec<Tab>>,
    drag: StoredValue<Option<Drag>, LocalStorage>,
    /// The tab that is being dragged.
    dragged: Local<Option<InteractionId>>,
    /// Whether the last press became a drag: the click at its end is none.
    was_drag: StoredValue<bool>,
}

impl Order {
    /// With the order this device has kept.
    pub fn new(desk: Desk, tabs: Reading<Vec<Tab>>) -> Self {
        let kept = keep::recall(KEY).unwrap_or_default();
        desk.order_tabs(kept.split(' ').filter_map(|id| id.parse().ok()).collect());
        let order = Self {
            desk,
            tabs,
            drag: StoredValue::new_local(None),
            dragged: Local::new(None),
            was_drag: StoredValue::new(false),
        };
        on_cleanup(move || drop(order.drag.try_update_value(Option::take)));
        order
    }

    /// Whether this tab is being dragged.
    pub fn drags(self, id: InteractionId) -> bool {
        self.dragged.get() == Some(id)
    }

    /// A tab was pressed.
    pub fn press(self, id: InteractionId, event: &PointerEvent) {
        let tab = event.current_target().and_then(|tab| tab.dyn_into::<Element>().ok());
        let Some(tab) = tab else { return };
        self.was_drag.set_value(false);
        let (from, before) = (f64::from(event.client_x()), self.now());
        let own = tab.clone();
        let drag = pointer::begin(event, &own, move |step| match step {
            Step::Began => {
                self.was_drag.set_value(true);
                self.dragged.set(Some(id));
            }
            Step::Moved(by) => self.over(id, &tab, from + by.x),
            Step::Dropped(by) => {
                self.over(id, &tab, from + by.x);
                self.dragged.set(None);
                remember(&self.now());
            }
            Step::Cancelled => {
                self.dragged.set(None);
                self.desk.order_tabs(before.clone());
            }
        });
        self.drag.set_value(drag);
    }

    /// Whether a click is one, and not the end of a drag.
    pub fn is_click(self, event: &MouseEvent) -> bool {
        // The keyboard's clicks have no press.
        event.detail() == 0 || !self.was_drag.get_value()
    }

    /// Moves a tab a place on, or back.
    pub fn shift(self, id: InteractionId, on: bool) {
        shift(self.desk, id, on);
    }

    /// The pointer is here with the tab: it takes the place of the one below once it is past the middle of that.
    fn over(self, id: InteractionId, tab: &Element, x: f64) {
        let Some(list) = tab.parent_element() else { return };
        let (own, children) = (pointer::rect_of(tab), list.children());
        let below = (0..children.length()).filter_map(|at| children.item(at)).find_map(|other| {
            let rect = pointer::rect_of(&other);
            let middle = rect.x + rect.width / 2.0;
            let passed = if rect.x > own.x { x > middle } else { x < middle };
            let there: Option<InteractionId> = other.get_attribute("data-interaction")?.parse().ok();
            there.filter(|there| *there != id && x >= rect.x && x < rect.x + rect.width && passed)
        });
        let mut all = self.now();
        let place = |one: Option<InteractionId>| all.iter().position(|other| Some(*other) == one);
        if let (Some(from), Some(to)) = (place(Some(id)), place(below)) {
            let moved = all.remove(from);
            all.insert(to, moved);
            self.desk.order_tabs(all);
        }
    }

    fn now(self) -> Vec<InteractionId> {
        now(self.tabs)
    }
}

/// Moves a tab a place on, or back; the way without dragging.
pub fn shift(desk: Desk, id: InteractionId, on: bool) {
    let mut all = now(desk.tabs());
    let Some(at) = all.iter().position(|one| *one == id) else { return };
    let to = if on { at + 1 } else { at.wrapping_sub(1) };
    if to < all.len() {
        all.swap(at, to);
        remember(&all);
        desk.order_tabs(all);
    }
}

fn now(tabs: Reading<Vec<Tab>>) -> Vec<InteractionId> {
    tabs.with_untracked(|tabs| tabs.iter().map(|tab| tab.interaction).collect())
}

fn remember(order: &[InteractionId]) {
    let ids: Vec<String> = order.iter().map(ToString::to_string).collect();
    keep::remember(KEY, &ids.join(" "));
}
