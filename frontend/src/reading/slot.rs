//! A value that is set now and then, with the machinery of a signal standing once for all types of values.

use super::Reading;
use leptos::prelude::{ArcTrigger, Notify, Signal, Track};
use std::sync::{Arc, PoisonError, RwLock};

/// A value that is set now and then; whoever reads it while drawing is told when it is. A clone is a handle on the same
/// value.
///
/// It does what an `Slot` does, which is compiled anew for every type of value.
pub struct Slot<T> {
    value: Arc<RwLock<T>>,
    changed: ArcTrigger,
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), changed: self.changed.clone() }
    }
}

impl<T: Default> Default for Slot<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Slot<T> {
    /// With a first value.
    pub fn new(value: T) -> Self {
        Self { value: Arc::new(RwLock::new(value)), changed: ArcTrigger::new() }
    }

    /// Asks to be told when the value changes.
    pub fn track(&self) {
        self.changed.track();
    }

    /// Lends the value out; the caller's view is told when it changes.
    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.with_untracked(look)
    }

    /// Lends the value out once.
    pub fn with_untracked<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.value.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the value and tells all who read it.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.value.write().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify();
    }

    /// Puts another value in its place and tells all who read it.
    pub fn set(&self, value: T) {
        self.update(|held| *held = value);
    }
}

impl<T: Clone> Slot<T> {
    /// The value; the caller's view is told when it changes.
    #[must_use]
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    #[must_use]
    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> From<Slot<T>> for Reading<T> {
    fn from(slot: Slot<T>) -> Self {
        Self::of(move || slot.get())
    }
}

impl<T: Clone + Send + Sync + 'static> From<Slot<T>> for Signal<T> {
    fn from(slot: Slot<T>) -> Self {
        Self::derive(move || slot.get())
    }
}
