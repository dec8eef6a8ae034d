//! Where a history stands: at its end until the agent scrolls up, and still when older lines come in above. It reads no line.

use crate::reading::follow;
use leptos::html;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};

/// Closer than this to the end counts as the end, in pixels: half a bubble.
const NEAR: i32 = 24;

/// The place in a history.
#[derive(Clone, Copy)]
pub struct Place {
    /// The scrolling box.
    pub outer: NodeRef<html::Div>,
    /// What it scrolls.
    pub inner: NodeRef<html::Div>,
    /// Whether the newest line is in sight and stays there.
    pub at_end: RwSignal<bool>,
    /// The height before older lines were asked for; they push down what is read.
    before: StoredValue<Option<i32>>,
}

impl Place {
    /// A place at the end.
    pub fn new() -> Self {
        let place = Self {
            outer: NodeRef::new(),
            inner: NodeRef::new(),
            at_end: RwSignal::new(true),
            before: StoredValue::new(None),
        };
        place.watch();
        place
    }

    /// The agent scrolled.
    pub fn scrolled(self) {
        let Some(outer) = self.outer.get_untracked() else { return };
        let left = outer.scroll_height() - outer.client_height() - outer.scroll_top();
        let end = left <= NEAR;
        if self.at_end.get_untracked() != end {
            self.at_end.set(end);
        }
    }

    /// Goes to the newest line.
    pub fn to_end(self) {
        self.at_end.set(true);
        self.settle();
    }

    /// Older lines were asked for: what is read now stays where it is.
    pub fn older(self) {
        let height = self.outer.get_untracked().map(|outer| outer.scroll_height());
        self.before.set_value(height);
        self.at_end.set(false);
    }

    /// The box or its content changed its size.
    fn settle(self) {
        let Some(Some(outer)) = self.outer.try_get_untracked() else { return };
        let height = outer.scroll_height();
        if let Some(before) = self.before.try_get_value().flatten() {
            if height > before {
                outer.set_scroll_top(outer.scroll_top() + height - before);
                self.before.set_value(None);
            }
        } else if self.at_end.try_get_untracked() == Some(true) {
            outer.set_scroll_top(height);
        }
    }

    /// Follows every change of size until the owner is gone.
    fn watch(self) {
        let observer = Rc::new(RefCell::new(None::<Observer>));
        let held = StoredValue::new_local(Rc::clone(&observer));
        follow(move || {
            let (Some(outer), Some(inner)) = (self.outer.get(), self.inner.get()) else { return };
            let watching = Observer::new(&[outer.as_ref(), inner.as_ref()], move || self.settle());
            held.with_value(|held| drop(held.replace(watching)));
        });
        on_cleanup(move || {
            held.try_with_value(|held| drop(held.replace(None)));
        });
    }
}

/// Tells of changes of size while it lives.
struct Observer {
    inner: ResizeObserver,
    _told: Closure<dyn FnMut()>,
}

impl Observer {
    fn new(elements: &[&Element], tell: impl FnMut() + 'static) -> Option<Self> {
        let told = Closure::<dyn FnMut()>::new(tell);
        let inner = ResizeObserver::new(told.as_ref().unchecked_ref()).ok()?;
        for element in elements {
            inner.observe(element);
        }
        Some(Self { inner, _told: told })
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.inner.disconnect();
    }
}
