//! Dragging with any pointer: captured, begun after four pixels, drawn once a frame, called off by Escape. It moves
//! nothing itself.

use super::clock::Frames;
use super::window;
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

/// How far a pointer goes before a press becomes a drag, in pixels.
pub const THRESHOLD: f64 = 4.0;

/// A place or a distance in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// A box in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// The distance that keeps `start`, moved by it, inside `bounds` with `margin` around; a box too large stays at the
/// bounds' left and top.
#[must_use]
pub fn clamp(start: Rect, by: Point, bounds: Rect, margin: f64) -> Point {
    let axis = |at: f64, size: f64, by: f64, from: f64, room: f64| {
        let least = from + margin - at;
        let most = (from + room - margin - size - at).max(least);
        // Not `clamp`: it can panic, and the words for that are five kilobytes.
        by.max(least).min(most)
    };
    Point {
        x: axis(start.x, start.width, by.x, bounds.x, bounds.width),
        y: axis(start.y, start.height, by.y, bounds.y, bounds.height),
    }
}

/// Whether a press has become a drag.
#[must_use]
pub fn is_drag(by: Point) -> bool {
    by.x.hypot(by.y) >= THRESHOLD
}

/// The step of an arrow key, `size` pixels long; nothing for other keys.
#[must_use]
pub fn arrow(key: &str, size: f64) -> Option<Point> {
    match key {
        "ArrowLeft" => Some(Point { x: -size, y: 0.0 }),
        "ArrowRight" => Some(Point { x: size, y: 0.0 }),
        "ArrowUp" => Some(Point { x: 0.0, y: -size }),
        "ArrowDown" => Some(Point { x: 0.0, y: size }),
        _ => None,
    }
}

/// The visible part of the page.
#[must_use]
pub fn viewport() -> Rect {
    let size = |value: Option<f64>| value.unwrap_or_default();
    let window = window();
    Rect {
        x: 0.0,
        y: 0.0,
        width: size(window.as_ref().and_then(|window| window.inner_width().ok()?.as_f64())),
        height: size(window.as_ref().and_then(|window| window.inner_height().ok()?.as_f64())),
    }
}

/// Where an element is drawn.
#[must_use]
pub fn rect_of(element: &Element) -> Rect {
    let rect = element.get_bounding_client_rect();
    Rect { x: rect.x(), y: rect.y(), width: rect.width(), height: rect.height() }
}

/// What a drag tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The press has become a drag.
    Began,
    /// The pointer is this far from where it was pressed; at most once a frame.
    Moved(Point),
    /// Let go here.
    Dropped(Point),
    /// Called off: put everything back.
    Cancelled,
}

#[derive(Default)]
struct State {
    from: Point,
    by: Point,
    dragging: bool,
}

/// A drag in progress; dropping it ends it in silence.
#[must_use = "dropping it ends the drag"]
pub struct Drag {
    _listeners: Vec<EventListener>,
    _frames: Frames,
}

/// Begins to follow the pointer of a `pointerdown` on `handle`; nothing for other buttons than the first. A press on a
/// link or a button inside the handle stays a press until it has moved.
pub fn begin(event: &PointerEvent, handle: &Element, tell: impl Fn(Step) + 'static) -> Option<Drag> {
    if event.button() != 0 || !event.is_primary() {
        return None;
    }
    // On the window: a quick pointer leaves the handle before the threshold, when it is not yet captured.
    let window = window()?;
    let pointer = event.pointer_id();
    let from = Point { x: f64::from(event.client_x()), y: f64::from(event.client_y()) };
    let state = Rc::new(RefCell::new(State { from, ..State::default() }));
    let tell: Rc<dyn Fn(Step)> = Rc::new(tell);
    let frames = {
        let (state, tell) = (Rc::clone(&state), Rc::clone(&tell));
        Frames::new(move || {
            let (dragging, by) = (state.borrow().dragging, state.borrow().by);
            if dragging {
                tell(Step::Moved(by));
            }
        })
    };
    let mut listeners = Vec::new();
    {
        let (state, tell, frames, element) =
            (Rc::clone(&state), Rc::clone(&tell), frames.clone(), handle.clone());
        listeners.push(EventListener::new(&window, "pointermove", move |event| {
            let Some(event) = event.dyn_ref::<PointerEvent>().filter(|event| event.pointer_id() == pointer)
            else {
                return;
            };
            if follow(&state, event) {
                // Captured only now, so that a plain press still reaches the link under it.
                let _ = element.set_pointer_capture(pointer);
                tell(Step::Began);
            }
            frames.ask();
        }));
    }
    for (name, kept) in [("pointerup", true), ("pointercancel", false)] {
        let (state, tell) = (Rc::clone(&state), Rc::clone(&tell));
        listeners.push(EventListener::new(&window, name, move |event| {
            let Some(event) = event.dyn_ref::<PointerEvent>().filter(|event| event.pointer_id() == pointer)
            else {
                return;
            };
            if kept {
                follow(&state, event);
            }
            finish(&state, &tell, kept);
        }));
    }
    let options = EventListenerOptions { passive: false, ..EventListenerOptions::run_in_capture_phase() };
    listeners.push(EventListener::new_with_options(&window, "keydown", options, move |event| {
        let escape = event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape");
        if escape && state.borrow().dragging {
            event.prevent_default();
            event.stop_propagation();
            finish(&state, &tell, false);
        }
    }));
    Some(Drag { _listeners: listeners, _frames: frames })
}

/// Takes the pointer's place; whether the press became a drag just now.
fn follow(state: &RefCell<State>, event: &PointerEvent) -> bool {
    let mut state = state.borrow_mut();
    state.by = Point {
        x: f64::from(event.client_x()) - state.from.x,
        y: f64::from(event.client_y()) - state.from.y,
    };
    let began = !state.dragging && event.buttons() != 0 && is_drag(state.by);
    state.dragging |= began;
    began
}

/// Ends a drag once; a press that never became one ends in silence.
fn finish(state: &RefCell<State>, tell: &Rc<dyn Fn(Step)>, kept: bool) {
    let by = {
        let mut state = state.borrow_mut();
        if !std::mem::take(&mut state.dragging) {
            return;
        }
        state.by
    };
    tell(if kept { Step::Dropped(by) } else { Step::Cancelled });
}

#[cfg(test)]
mod tests {
    use super::{Point, Rect, arrow, clamp, is_drag};

    const SCREEN: Rect = Rect { x: 0.0, y: 0.0, width: 1_000.0, height: 600.0 };
    const CARD: Rect = Rect { x: 600.0, y: 50.0, width: 360.0, height: 180.0 };

    #[test]
    fn a_card_stays_on_the_screen() {
        let far = Point { x: 5_000.0, y: 5_000.0 };
        assert_eq!(clamp(CARD, far, SCREEN, 8.0), Point { x: 32.0, y: 362.0 });
        let back = Point { x: -5_000.0, y: -5_000.0 };
        assert_eq!(clamp(CARD, back, SCREEN, 8.0), Point { x: -592.0, y: -42.0 });
        let near = Point { x: -10.0, y: 3.0 };
        assert_eq!(clamp(CARD, near, SCREEN, 8.0), near);
    }

    #[test]
    fn a_card_larger_than_the_screen_shows_its_beginning() {
        let small = Rect { width: 300.0, height: 100.0, ..SCREEN };
        let moved = clamp(CARD, Point { x: 40.0, y: 40.0 }, small, 0.0);
        assert_eq!(moved, Point { x: -600.0, y: -50.0 });
    }

    #[test]
    fn four_pixels_make_a_drag() {
        assert!(!is_drag(Point { x: 2.0, y: 3.0 }));
        assert!(is_drag(Point { x: 0.0, y: -4.0 }));
        assert!(is_drag(Point { x: 3.0, y: 3.0 }));
    }

    #[test]
    fn arrows_step() {
        assert_eq!(arrow("ArrowUp", 16.0), Some(Point { x: 0.0, y: -16.0 }));
        assert_eq!(arrow("ArrowRight", 16.0), Some(Point { x: 16.0, y: 0.0 }));
        assert_eq!(arrow("Enter", 16.0), None);
    }
}
