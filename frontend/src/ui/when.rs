//! What is there only while something holds. It draws nothing of its own.

use crate::reading::Reading;
use leptos::prelude::*;

/// Shows its children while `is` holds; they are drawn anew each time it begins to.
///
/// It does what `Show` of leptos does. That one is compiled anew for every place it stands in, this one once.
#[component]
pub fn When(is: impl Fn() -> bool + Send + Sync + 'static, children: ChildrenFn) -> impl IntoView {
    drawn(Reading::of(is), children)
}

fn drawn(is: Reading<bool>, children: ChildrenFn) -> AnyView {
    (move || is.get().then(|| children())).into_any()
}
