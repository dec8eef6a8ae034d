//! Notices in the corner: refusals that came after the click. What is asked beside its control is not repeated here.

use super::way::Way;
use crate::desk::{Asked, Desk, Notice};
use crate::reading::Reading;
use crate::ui::{Sign, Toast, Tone};
use leptos::prelude::*;
use shared::refusal::Refusal;

/// What a notice is about, as its title.
const fn title(asked: Option<Asked>) -> &'static str {
    match asked {
        Some(Asked::Accept) => "Not accepted",
        Some(Asked::Reject) => "Not rejected",
        Some(Asked::Status) => "Status not changed",
        Some(Asked::Close) => "Not closed",
        Some(Asked::Presence) => "Pause not changed",
        Some(Asked::Queue) => "Queue not changed",
        Some(Asked::Start) => "Chat not started",
        None => "Notice",
    }
}

/// The notices.
#[component]
pub fn Toasts(desk: Desk, way: Way) -> impl IntoView {
    let notices = desk.notices();
    let place = way.place();
    let shown = Reading::of(move || {
        let here = place.get().chat();
        let asks = |one: &Notice| {
            matches!(one.refusal, Some(Refusal::NewMessage { .. }))
                && one.about.is_some()
                && one.about == here
        };
        notices.with(|all| all.iter().filter(|one| !asks(one)).cloned().collect::<Vec<_>>())
    });
    view! {
        <div class="toasts">
            <For each=move || shown.get() key=|notice| notice.number let:notice>
                <One desk notice />
            </For>
        </div>
    }
}

/// One notice.
#[component]
fn One(desk: Desk, notice: Notice) -> impl IntoView {
    let number = notice.number;
    view! {
        <Toast
            tone=Tone::Amber
            sign=Sign::Info
            title=title(notice.asked)
            text=notice.sentence
            testid="notice"
            on_close=move |()| desk.dismiss(number)
        />
    }
}
