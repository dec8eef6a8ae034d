//! Something that is fetched: on its way, there, or not to be had; and the places on screen for the first and the last.

use super::api;
use crate::ui::{ErrorState, RowBones};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;

/// Something that is fetched.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Load<T> {
    /// On its way.
    Coming,
    /// There.
    Ready(T),
    /// Not to be had, and why.
    Failed(String),
}

/// Fetches anew; what was there stays until the answer comes.
pub(super) fn fetch<T>(into: RwSignal<Load<T>>, path: impl Into<String>)
where
    T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    let path = path.into();
    spawn_local(async move {
        let answer = match api::get(&path).await {
            Ok(value) => Load::Ready(value),
            Err(fault) => Load::Failed(fault.sentence),
        };
        // The page may have been left meanwhile.
        if into.try_with_untracked(|was| *was != answer).unwrap_or_default() {
            into.set(answer);
        }
    });
}

/// Fetches anew in the background: when that fails, what was there stays.
pub(super) async fn refresh<T>(into: RwSignal<Load<T>>, path: &str)
where
    T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    if let Ok(value) = api::get(path).await {
        let value = Load::Ready(value);
        if into.try_with_untracked(|was| *was != value).unwrap_or_default() {
            into.set(value);
        }
    }
}

/// A signal that is fetched at once.
pub(super) fn fetched<T>(path: impl Into<String>) -> RwSignal<Load<T>>
where
    T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    let signal = RwSignal::new(Load::Coming);
    fetch(signal, path);
    signal
}

impl<T: Clone> Load<T> {
    /// What is there.
    pub(super) fn ready(&self) -> Option<T> {
        match self {
            Self::Ready(value) => Some(value.clone()),
            _ => None,
        }
    }
}

/// Bones of rows inside a card.
pub(super) fn bones() -> AnyView {
    view! { <div class="card"><RowBones /></div> }.into_any()
}

/// What failed, with a way to try again.
pub(super) fn failed(title: &'static str, why: String, retry: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! {
        <div class="card">
            <ErrorState title=title text=why on_retry=move |()| retry() />
        </div>
    }
    .into_any()
}
