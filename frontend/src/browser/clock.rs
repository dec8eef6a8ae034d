//! The browser's clocks: now, a monotonic now, frames, a ticker each second, sleeping. No decision is taken on them.

use super::window;
use gloo::timers::callback::Interval;
use js_sys::Promise;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Milliseconds since 1970 by the device's clock, which may be wrong.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds of today are far below 2^53, all whole")]
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Milliseconds since the page began; never goes back, whatever is done to the device's clock.
#[must_use]
pub fn monotonic_ms() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Resolves after `milliseconds`; a hidden tab may be made to wait longer.
pub async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Runs `work` for at most `milliseconds`.
///
/// # Errors
/// The unfinished work, which may be run on.
pub async fn within<F>(milliseconds: i32, mut work: Pin<Box<F>>) -> Result<F::Output, Pin<Box<F>>>
where
    F: Future + ?Sized,
{
    let mut timer = Box::pin(sleep(milliseconds));
    let outcome = poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
    .await;
    outcome.ok_or(work)
}

/// The device's time in milliseconds as a signal that ticks once a second until the owner is gone.
#[must_use]
pub fn ticker() -> ReadSignal<i64> {
    let (now, set_now) = signal(now_ms());
    let ticking = StoredValue::new_local(Some(Interval::new(1_000, move || {
        set_now.try_set(now_ms());
    })));
    on_cleanup(move || {
        ticking.try_update_value(Option::take);
    });
    now
}

/// Runs a function at most once per frame, however often it is asked; nothing runs after it is dropped.
#[derive(Clone)]
pub struct Frames(Rc<FramesInner>);

struct FramesInner {
    pending: Cell<Option<i32>>,
    closure: RefCell<Option<Closure<dyn FnMut()>>>,
}

impl Frames {
    /// Prepares `run`.
    pub fn new(mut run: impl FnMut() + 'static) -> Self {
        let inner = Rc::new(FramesInner { pending: Cell::new(None), closure: RefCell::new(None) });
        let weak = Rc::downgrade(&inner);
        let closure = Closure::<dyn FnMut()>::new(move || {
            if let Some(inner) = weak.upgrade() {
                inner.pending.set(None);
            }
            run();
        });
        inner.closure.replace(Some(closure));
        Self(inner)
    }

    /// Asks for a run in the next frame.
    pub fn ask(&self) {
        if self.0.pending.get().is_some() {
            return;
        }
        if let (Some(window), Some(closure)) = (window(), self.0.closure.borrow().as_ref()) {
            self.0.pending.set(window.request_animation_frame(closure.as_ref().unchecked_ref()).ok());
        }
    }
}

impl Drop for FramesInner {
    fn drop(&mut self) {
        if let (Some(window), Some(pending)) = (window(), self.pending.get()) {
            let _ = window.cancel_animation_frame(pending);
        }
    }
}
