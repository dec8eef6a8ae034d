//! A value worked out from signals, kept until one of them changes: what widgets and desk read from. It holds no state.
//!
//! It does what a `Memo` does. The machinery of a `Memo` is compiled anew for every type of value, and the desk has some
//! fifty types; here it stands once, and each type adds only how to make, compare and lend its values.

use leptos::prelude::{ArcRwSignal, Get, GetUntracked, Memo, RwSignal, Signal, Track};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// A value that follows what it was worked out from. A copy is a handle on the same value.
pub struct Reading<T> {
    memo: Memo<Kept>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reading<T> {}

/// A value of any type, and how to tell whether another one of its type is the same.
#[derive(Clone)]
struct Kept {
    value: Arc<dyn Any + Send + Sync>,
    same: fn(&dyn Any, &dyn Any) -> bool,
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&*self.value, &*other.value)
    }
}

impl<T: PartialEq + Send + Sync + 'static> Reading<T> {
    /// Works the value out when it is first read, and again after one of the signals it was worked out from changed.
    /// Readers are told only when it is another value then.
    pub fn of(work_out: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let kept = move || Kept { value: Arc::new(work_out()), same: same::<T> };
        Self { memo: memo(Box::new(kept)), kind: PhantomData }
    }
}

impl<T: 'static> Reading<T> {
    /// Lends the value out; the caller's view is told when it changes.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(of_kind(&self.memo.get()))
    }

    /// Asks to be told when the value changes.
    pub fn track(self) {
        self.memo.track();
    }

    /// Lends the value out once.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(of_kind(&self.memo.get_untracked()))
    }
}

impl<T: Clone + 'static> Reading<T> {
    /// The value; the caller's view is told when it changes.
    #[must_use]
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    #[must_use]
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T: Clone + Send + Sync + 'static> From<Reading<T>> for Signal<T> {
    fn from(reading: Reading<T>) -> Self {
        Self::derive(move || reading.get())
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> From<RwSignal<T>> for Reading<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::of(move || signal.get())
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> From<ArcRwSignal<T>> for Reading<T> {
    fn from(signal: ArcRwSignal<T>) -> Self {
        Self::of(move || signal.get())
    }
}

#[inline(never)]
fn memo(work_out: Box<dyn Fn() -> Kept + Send + Sync>) -> Memo<Kept> {
    Memo::new(move |_| work_out())
}

fn same<T: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    one.downcast_ref::<T>() == other.downcast_ref::<T>()
}

fn of_kind<T: 'static>(kept: &Kept) -> &T {
    match kept.value.downcast_ref() {
        Some(value) => value,
        None => unreachable!("a reading keeps values of its own type only"),
    }
}
