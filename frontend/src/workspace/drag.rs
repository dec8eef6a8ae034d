//! Where the offer cards lie: dragged by pointer or arrow keys, kept inside the window and over a reload. It knows no offer.

use crate::browser::keep;
use crate::browser::pointer::{self, Drag, Point, Rect, Step};
use crate::reading::{Local, Reading};
use leptos::ev::{self, KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Where the place is remembered.
const KEY: &str = "signalbox-offers";
/// Kept free around the cards, in pixels.
const MARGIN: f64 = 8.0;
/// One press of an arrow key, in pixels.
const STEP: f64 = 16.0;

/// How far the cards lie from their first place.
#[derive(Clone, Copy)]
pub struct Spot {
    by: Local<Point>,
    dragging: RwSignal<bool>,
    drag: StoredValue<Option<Drag>, LocalStorage>,
}

impl Spot {
    /// The spot remembered on this device; it follows the size of the window.
    pub fn new() -> Self {
        let by = keep::recall(KEY).as_deref().and_then(parse).unwrap_or_default();
        let spot =
            Self { by: Local::new(by), dragging: RwSignal::new(false), drag: StoredValue::new_local(None) };
        let resized = window_event_listener(ev::resize, move |_| spot.fit());
        on_cleanup(move || {
            resized.remove();
            spot.drag.try_update_value(Option::take);
        });
        spot
    }

    /// Whether the pointer holds a card.
    pub fn dragging(self) -> Reading<bool> {
        self.dragging.into()
    }

    /// The distance to the right, for the stylesheet.
    pub fn x(self) -> String {
        pixels(self.by.get().x)
    }

    /// The distance downwards, for the stylesheet.
    pub fn y(self) -> String {
        pixels(self.by.get().y)
    }

    /// Back to the first place.
    pub fn reset(self) {
        self.set(Point::default(), true);
    }

    /// The handle was pressed.
    pub fn press(self, event: &PointerEvent) {
        let Some((handle, card)) = parts(event.current_target()) else { return };
        let (from, rect) = (self.by.get_untracked(), pointer::rect_of(&card));
        let drag = pointer::begin(event, &handle, move |step| match step {
            Step::Began => self.dragging.set(true),
            Step::Moved(by) => self.set(moved(from, rect, by), false),
            Step::Dropped(by) => {
                self.dragging.set(false);
                self.set(moved(from, rect, by), true);
            }
            Step::Cancelled => {
                self.dragging.set(false);
                self.set(from, false);
            }
        });
        self.drag.set_value(drag);
    }

    /// A key on the handle.
    pub fn key(self, event: &KeyboardEvent) {
        let Some(by) = pointer::arrow(&event.key(), STEP) else { return };
        let Some((_, card)) = parts(event.current_target()) else { return };
        event.prevent_default();
        self.set(moved(self.by.get_untracked(), pointer::rect_of(&card), by), true);
    }

    /// Brings the first card back into a window that became smaller.
    pub fn fit(self) {
        let card = document().query_selector(".offer").ok().flatten();
        if let (Some(card), Some(by)) = (card, self.by.try_get_untracked()) {
            self.set(moved(by, pointer::rect_of(&card), Point::default()), false);
        }
    }

    fn set(self, by: Point, keep: bool) {
        if self.by.try_get_untracked().is_some_and(|now| now != by) {
            self.by.set(by);
        }
        if keep {
            keep::remember(KEY, &[whole(by.x), whole(by.y)].join(" "));
        }
    }
}

/// The new distance of a card that lies at `rect` with the distance `from`, moved on `by`, kept inside the window.
fn moved(from: Point, rect: Rect, by: Point) -> Point {
    let by = pointer::clamp(rect, by, pointer::viewport(), MARGIN);
    Point { x: from.x + by.x, y: from.y + by.y }
}

fn pixels(length: f64) -> String {
    [whole(length).as_str(), "px"].concat()
}

/// Written as a whole number: writing and reading fractions would cost every visitor 15 kB of tables.
#[expect(clippy::cast_possible_truncation, reason = "a cast keeps within the bounds, and so does a window")]
fn whole(length: f64) -> String {
    (length.round() as i32).to_string()
}

fn parse(text: &str) -> Option<Point> {
    let (x, y) = text.split_once(' ')?;
    let whole = |text: &str| text.parse::<i32>().ok().map(f64::from);
    Some(Point { x: whole(x)?, y: whole(y)? })
}

/// The handle an event belongs to, and its card.
fn parts(target: Option<web_sys::EventTarget>) -> Option<(HtmlElement, Element)> {
    let handle: HtmlElement = target?.dyn_into().ok()?;
    let card = handle.closest(".offer").ok().flatten()?;
    Some((handle, card))
}
