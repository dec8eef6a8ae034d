//! Where a history stands: at its end until the agent scrolls up, and still when lines come in or go above it. It reads no line.

use crate::reading::{Local, follow};
use leptos::html;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit, ResizeObserver,
};

/// Closer than this to the end counts as the end, in pixels: half a bubble.
const NEAR: i32 = 24;

/// What is at most so far from what is in sight is drawn: about a screen.
const MARGIN: &str = "1000px 0px";

/// The place in a history.
#[derive(Clone, Copy)]
pub struct Place {
    /// The scrolling box.
    pub outer: NodeRef<html::Div>,
    /// What it scrolls.
    pub inner: NodeRef<html::Div>,
    /// Whether the newest line is in sight and stays there.
    pub at_end: RwSignal<bool>,
    /// How far down it stood when it was last at its end.
    top: StoredValue<i32>,
    /// The first row in sight, and how far below the upper edge it begins.
    anchor: StoredValue<Option<(Element, f64)>, LocalStorage>,
    /// The block in which that row is, by its number, and how far below the upper edge it begins.
    block: StoredValue<Option<(u64, i32)>>,
}

/// A stretch of a history, drawn while it is near.
#[derive(Clone, Copy)]
pub struct Stretch {
    /// Its element.
    pub shell: NodeRef<html::Div>,
    /// Whether it is near what is in sight.
    pub near: RwSignal<bool>,
    /// Its height when it was last drawn, in pixels; none before.
    tall: Local<Option<i32>>,
}

impl Stretch {
    /// Its height when it was last drawn, as a length of CSS; empty before.
    pub fn tall(self) -> String {
        self.tall.get().map(|tall| [tall.to_string().as_str(), "px"].concat()).unwrap_or_default()
    }

    /// It came near or went far. What holds the focus stays.
    fn seen(self, near: bool) {
        let Some(Some(shell)) = self.shell.try_get_untracked() else { return };
        if self.near.get_untracked() == near {
            return;
        }
        if !near {
            let active = document().active_element();
            if active.is_some_and(|active| shell.contains(Some(&active))) {
                return;
            }
            self.tall.set(Some(shell.offset_height()));
        }
        self.near.set(near);
    }
}

impl Place {
    /// A place at the end, or where it was left.
    pub fn new(left_at: Option<(u64, i32)>) -> Self {
        let place = Self {
            outer: NodeRef::new(),
            inner: NodeRef::new(),
            at_end: RwSignal::new(left_at.is_none()),
            top: StoredValue::new(0),
            anchor: StoredValue::new_local(None),
            block: StoredValue::new(left_at),
        };
        while_here(move || {
            let (outer, inner) = (place.outer.get()?, place.inner.get()?);
            Observer::of_sizes(&[&outer, &inner], move || place.settle())
        });
        place
    }

    /// Where it stands, unless it is at its end: what a place is made of that goes on there.
    pub fn left_at(self) -> Option<(u64, i32)> {
        self.block.get_value().filter(|_| !self.at_end.get_untracked())
    }

    /// A stretch that is drawn while it is near; `near` is taken for granted until it is known. `number` is that of a
    /// block in which a place can be left.
    pub fn stretch(self, near: bool, number: Option<u64>) -> Stretch {
        let stretch = Stretch { shell: NodeRef::new(), near: RwSignal::new(near), tall: Local::new(None) };
        let from = self.block.get_value().filter(|(left, _)| Some(*left) == number).map(|(_, from)| from);
        if let Some(from) = from.filter(|_| !self.at_end.get_untracked()) {
            follow(move || {
                if let Some(shell) = stretch.shell.get() {
                    self.anchor.set_value(Some((shell.into(), f64::from(from))));
                }
            });
        }
        while_here(move || {
            let (outer, shell) = (self.outer.get()?, stretch.shell.get()?);
            Observer::of_sight(&outer, &shell, move |near| stretch.seen(near))
        });
        stretch
    }

    /// It was scrolled, by the agent or by what came in. Only going up leaves the end: a line that came in meanwhile does not.
    pub fn scrolled(self) {
        let Some(outer) = self.outer.get_untracked() else { return };
        let top = outer.scroll_top();
        let end = outer.scroll_height() - outer.client_height() - top <= NEAR;
        let up = top + NEAR / 2 < self.top.get_value();
        let was = self.at_end.get_untracked();
        if end || up || !was {
            self.top.set_value(top);
            if was != end {
                self.at_end.set(end);
            }
        }
        self.note();
    }

    /// Goes to the newest line.
    pub fn to_end(self) {
        self.at_end.set(true);
        self.settle();
    }

    /// Older lines were asked for: what is read now stays where it is.
    pub fn older(self) {
        self.at_end.set(false);
        self.note();
    }

    /// Remembers what is in sight.
    fn note(self) {
        let (Some(outer), Some(inner)) = (self.outer.get_untracked(), self.inner.get_untracked()) else {
            return;
        };
        let edge = outer.get_bounding_client_rect().top();
        let block = below(&inner, edge);
        let number = block.as_ref().and_then(|block| block.get_attribute("data-block")?.parse().ok());
        let from = block.as_ref().map(|block| block.get_bounding_client_rect().top() - edge);
        #[expect(clippy::cast_possible_truncation, reason = "a distance on a page, in pixels")]
        self.block.set_value(number.zip(from.map(|from| from as i32)));
        let found = block.map(|block| below(&block, edge).unwrap_or(block));
        self.anchor.set_value(found.map(|row| {
            let from = row.get_bounding_client_rect().top() - edge;
            (row, from)
        }));
    }

    /// The box or its content changed its size.
    fn settle(self) {
        let Some(Some(outer)) = self.outer.try_get_untracked() else { return };
        if self.at_end.get_untracked() {
            outer.set_scroll_top(outer.scroll_height());
            return;
        }
        let edge = outer.get_bounding_client_rect().top();
        self.anchor.with_value(|anchor| {
            if let Some((row, from)) = anchor.as_ref().filter(|(row, _)| row.is_connected()) {
                let off = row.get_bounding_client_rect().top() - edge - from;
                // Less than half a pixel is rounding.
                if off.abs() > 0.5 {
                    #[expect(clippy::cast_possible_truncation, reason = "a distance on a page, in pixels")]
                    outer.set_scroll_top(outer.scroll_top() + off.round() as i32);
                }
            }
        });
    }
}

/// The first block or row that ends below an edge. The name of a day goes when older lines of it come in, so it is none.
fn below(parent: &Element, edge: f64) -> Option<Element> {
    let mut next = parent.first_element_child();
    while let Some(one) = next {
        let counts = matches!(one.class_name().as_str(), "block" | "turn" | "event-line");
        if counts && one.get_bounding_client_rect().bottom() > edge {
            return Some(one);
        }
        next = one.next_element_sibling();
    }
    None
}

/// Observes as soon as what is observed is there, until the owner is gone.
fn while_here(observe: impl Fn() -> Option<Observer> + 'static) {
    let observer = Rc::new(RefCell::new(None::<Observer>));
    let held = StoredValue::new_local(Rc::clone(&observer));
    let observe: Box<dyn Fn() -> Option<Observer>> = Box::new(observe);
    follow(move || {
        let observing = observe();
        held.with_value(|held| drop(held.replace(observing)));
    });
    on_cleanup(move || {
        held.try_with_value(|held| drop(held.replace(None)));
    });
}

/// Tells of changes while it lives.
struct Observer {
    stop: fn(&JsValue),
    inner: JsValue,
    _told: Closure<dyn FnMut(js_sys::Array)>,
}

impl Observer {
    /// Changes of size.
    fn of_sizes(elements: &[&Element], mut tell: impl FnMut() + 'static) -> Option<Self> {
        let told = Closure::<dyn FnMut(js_sys::Array)>::new(move |_| tell());
        let inner = ResizeObserver::new(told.as_ref().unchecked_ref()).ok()?;
        for element in elements {
            inner.observe(element);
        }
        let stop = |inner: &JsValue| inner.unchecked_ref::<ResizeObserver>().disconnect();
        Some(Self { stop, inner: inner.into(), _told: told })
    }

    /// Whether an element is near what can be seen of the box around it.
    fn of_sight(around: &Element, element: &Element, mut tell: impl FnMut(bool) + 'static) -> Option<Self> {
        let told = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let last = entries.get(entries.length().saturating_sub(1));
            tell(last.unchecked_ref::<IntersectionObserverEntry>().is_intersecting());
        });
        let options = IntersectionObserverInit::new();
        options.set_root(Some(around));
        options.set_root_margin(MARGIN);
        let told_as = told.as_ref().unchecked_ref();
        let inner = IntersectionObserver::new_with_options(told_as, &options).ok()?;
        inner.observe(element);
        let stop = |inner: &JsValue| inner.unchecked_ref::<IntersectionObserver>().disconnect();
        Some(Self { stop, inner: inner.into(), _told: told })
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        (self.stop)(&self.inner);
    }
}
