//! Notices in the corner: refusals that came after the click. What is asked beside its control is not repeated here.

use super::place::Place;
use super::way::Way;
use super::words;
use crate::desk::{Asked, Desk, Notice};
use crate::language::{Key, t};
use crate::reading::{Reading, each};
use crate::ui::{Sign, Toast, Tone, link};
use leptos::prelude::*;
use shared::refusal::Refusal;

/// What a notice is about, as its title.
const fn title(asked: Option<Asked>) -> Key {
    match asked {
        Some(Asked::Accept) => words::NOT_ACCEPTED,
        Some(Asked::Reject) => words::NOT_REJECTED,
        Some(Asked::Status) => words::NOT_STATUS,
        Some(Asked::Close) => words::NOT_CLOSED,
        Some(Asked::Presence) => words::NOT_PAUSED,
        Some(Asked::Queue) => words::NOT_QUEUE,
        Some(Asked::Start) => words::NOT_STARTED,
        None => words::NOTICE,
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
            {each(
                move || shown.with(|all| all.iter().map(|one| u128::from(one.number)).collect()),
                move |number| {
                    let find = |all: &Vec<Notice>| all.iter().find(|one| u128::from(one.number) == number).cloned();
                    shown.with_untracked(find).map(|notice| view! { <One desk way notice /> }).into_any()
                },
            )}
        </div>
    }
}

/// One notice. What is no answer to a click leads to the chat it is about.
#[component]
fn One(desk: Desk, way: Way, notice: Notice) -> impl IntoView {
    let number = notice.number;
    let about = notice.about.filter(|_| notice.asked.is_none());
    let action = about.map(|id| {
        let open = move |()| {
            desk.dismiss(number);
            way.go(Place::Chat(id));
        };
        link("notice-open", t(words::TO_CHAT).to_owned(), Callback::new(open))
    });
    view! {
        <Toast
            tone=Tone::Amber
            sign=Sign::Info
            title=t(title(notice.asked))
            text=notice.sentence
            testid="notice"
            on_close=move |()| desk.dismiss(number)
            action
        />
    }
}
