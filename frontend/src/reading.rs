//! What follows signals: values worked out from them and kept until one changes, and views, lists, attributes and deeds
//! that go by them. It holds no state.
//!
//! A [`Reading`] does what a `Memo` does. The machinery of a `Memo` is compiled anew for every type of value, and the desk has some
//! fifty types; here it stands once, and each type adds only how to make, compare and lend its values.

mod local;
mod slot;

pub use local::Local;
pub use slot::Slot;

use leptos::prelude::{
    AnyView, Effect, For, ForProps, Get, GetUntracked, IntoAny, Memo, RwSignal, Signal, Track,
};
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

/// A view that is drawn anew whenever a signal changes that was read for it.
///
/// A bare closure in a view does the same, and is compiled with all that follows signals for every place it stands in.
pub fn live<V: IntoAny + 'static>(draw: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    following(Box::new(move || draw().into_any()))
}

#[inline(never)]
fn following(draw: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    (move || draw()).into_any()
}

/// One view for each key, which stays as long as its key does, in the order of the keys. No key twice.
///
/// `For` of leptos is compiled anew for every list; here keys are bare numbers, and all lists are one.
pub fn each(
    keys: impl Fn() -> Vec<u128> + Send + Sync + 'static,
    draw: impl Fn(u128) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    list(Box::new(keys), Arc::new(draw))
}

type Keys = Box<dyn Fn() -> Vec<u128> + Send + Sync>;
type Draw = Arc<dyn Fn(u128) -> AnyView + Send + Sync>;

#[inline(never)]
fn list(keys: Keys, draw: Draw) -> AnyView {
    let props = ForProps::builder().each(keys).key(|key: &u128| *key).children(move |key| draw(key));
    For(props.build()).into_any()
}

/// Does something now, and again whenever a signal changes that it read. Until the owner is gone.
pub fn follow(act: impl Fn() + 'static) {
    following_act(Box::new(act));
}

#[inline(never)]
fn following_act(act: Box<dyn Fn()>) {
    Effect::new(move |_| act());
}

/// The value of an attribute that follows signals, for the same reason; none leaves the attribute out.
pub fn told<T: Into<Worth>>(say: impl Fn() -> T + Send + Sync + 'static) -> Signal<Option<String>> {
    derived(Box::new(move || say().into().0))
}

#[inline(never)]
fn derived(say: Box<dyn Fn() -> Option<String> + Send + Sync>) -> Signal<Option<String>> {
    Signal::derive(say)
}

/// What an attribute is worth, whatever it was written as.
pub struct Worth(Option<String>);

impl From<String> for Worth {
    fn from(text: String) -> Self {
        Self(Some(text))
    }
}

impl From<&str> for Worth {
    fn from(text: &str) -> Self {
        Self(Some(text.to_owned()))
    }
}

impl From<Option<String>> for Worth {
    fn from(text: Option<String>) -> Self {
        Self(text)
    }
}

impl From<Option<&str>> for Worth {
    fn from(text: Option<&str>) -> Self {
        Self(text.map(str::to_owned))
    }
}

impl From<bool> for Worth {
    fn from(is: bool) -> Self {
        Self(is.then(String::new))
    }
}
