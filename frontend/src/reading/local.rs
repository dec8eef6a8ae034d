//! A value that belongs to the view that made it, with the machinery of a signal standing once for all types of values.

use super::Reading;
use leptos::prelude::{ArcTrigger, GetValue, LocalStorage, Notify, Signal, StoredValue, Track};
use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

/// A value that belongs to the view that made it and goes with it; whoever reads it while drawing is told when it is set.
/// A copy is a handle on the same value.
///
/// It does what an `RwSignal` does, which is compiled anew for every type of value.
pub struct Local<T> {
    held: StoredValue<Held, LocalStorage>,
    kind: PhantomData<fn(T) -> T>,
}

/// A value of any type, in a `RefCell`, and who is told of it.
#[derive(Clone)]
struct Held {
    value: Rc<dyn Any>,
    changed: ArcTrigger,
}

impl<T> Clone for Local<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Local<T> {}

impl<T: 'static> Local<T> {
    /// With a first value.
    pub fn new(value: T) -> Self {
        Self { held: store(Rc::new(RefCell::new(value))), kind: PhantomData }
    }

    /// Lends the value out; the caller's view is told when it is set.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        let held = held(self.held);
        held.changed.track();
        look(&of_kind(&held).borrow())
    }

    /// Lends the value out once.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(&of_kind(&held(self.held)).borrow())
    }

    /// Lends the value out once; not when its view is gone.
    pub fn try_with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        self.held.try_get_value().map(|held| look(&of_kind(&held).borrow()))
    }

    /// Changes the value and tells all who read it. Nothing happens when its view is gone.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if let Some(held) = self.held.try_get_value() {
            change(&mut of_kind(&held).borrow_mut());
            held.changed.notify();
        }
    }

    /// Puts another value in its place and tells all who read it.
    pub fn set(self, value: T) {
        self.update(|held| *held = value);
    }
}

impl<T: Clone + 'static> Local<T> {
    /// The value; the caller's view is told when it is set.
    #[must_use]
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    #[must_use]
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    /// The value as it is now; not when its view is gone.
    #[must_use]
    pub fn try_get_untracked(self) -> Option<T> {
        self.try_with_untracked(T::clone)
    }
}

impl<T: Clone + Send + Sync + 'static> From<Local<T>> for Signal<T> {
    fn from(local: Local<T>) -> Self {
        Self::derive(move || local.get())
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> From<Local<T>> for Reading<T> {
    fn from(local: Local<T>) -> Self {
        Self::of(move || local.get())
    }
}

#[inline(never)]
fn store(value: Rc<dyn Any>) -> StoredValue<Held, LocalStorage> {
    StoredValue::new_local(Held { value, changed: ArcTrigger::new() })
}

#[inline(never)]
fn held(stored: StoredValue<Held, LocalStorage>) -> Held {
    stored.get_value()
}

fn of_kind<T: 'static>(held: &Held) -> &RefCell<T> {
    match held.value.downcast_ref() {
        Some(value) => value,
        None => unreachable!("a local keeps a value of its own type only"),
    }
}
