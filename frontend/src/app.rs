//! Puts the desk's views together: login or shell, and which page is at which place. It holds no state of its own.

use crate::alerts::Taste;
use crate::browser::{format, location, media, visibility};
use crate::desk::{Desk, Login};
use crate::language::keys::boot;
use crate::language::t;
use crate::pages::{ActivitiesPage, ChatPage, DashboardPage, LoginPage, SettingsPage, WaitingPage};
use crate::reading::{Reading, live};
use crate::ui::{Connecting, Device};
use crate::workspace::{Keys, Place, Shell, Way};
use leptos::prelude::*;

/// The whole desk.
#[component]
pub fn App(desk: Desk) -> impl IntoView {
    desk.provide();
    device().provide();
    let state = desk.login_state();
    // Whoever was sent here to log in goes back to where they came from. A login that is only remembered sends nobody
    // back: it may be over.
    Effect::watch(
        move || state.get(),
        move |now, before, _: Option<()>| {
            if *now == Login::In
                && before == Some(&Login::Asking)
                && let Some(to) = location::query("to").filter(|to| to.starts_with("admin"))
            {
                location::leave(&to);
            }
        },
        false,
    );
    let shows = Reading::of(move || match state.get() {
        Login::Asking => Login::Out,
        other => other,
    });
    live(move || match shows.get() {
        Login::In => {
            let screen = move |place| screen(desk, place);
            view! { <Shell desk screen /> }.into_any()
        }
        Login::Unknown => view! { <Connecting words=t(boot::STARTING) /> }.into_any(),
        Login::Out | Login::Asking => view! { <LoginPage desk /> }.into_any(),
    })
}

/// What is drawn at a place.
fn screen(desk: Desk, place: Place) -> AnyView {
    let Some(way) = Way::here() else { return ().into_any() };
    match place {
        Place::Dashboard => view! {
            <DashboardPage
                desk
                on_accept=move |id| way.pull(id)
                on_open=move |id| way.go(Place::Chat(id))
                on_waiting=move |()| way.go(Place::Waiting)
            />
        }
        .into_any(),
        Place::Activities => {
            view! { <ActivitiesPage desk on_open=move |id| way.go(Place::Chat(id)) /> }.into_any()
        }
        Place::Settings => {
            let Some(taste) = Taste::here() else { return ().into_any() };
            view! { <SettingsPage desk taste keys=|| view! { <Keys /> } /> }.into_any()
        }
        Place::Waiting => {
            let open = move |id| way.go(Place::Chat(id));
            view! { <WaitingPage desk on_accept=move |id| way.pull(id) on_open=open /> }.into_any()
        }
        Place::Chat(id) => view! { <ChatPage desk id /> }.into_any(),
    }
}

/// The device this page is shown on.
fn device() -> Device {
    let focused = RwSignal::new(visibility::has_focus());
    let watch = StoredValue::new_local(Some(visibility::watch(move || {
        let now = visibility::has_focus();
        if focused.try_get_untracked().is_some_and(|was| was != now) {
            focused.set(now);
        }
    })));
    on_cleanup(move || {
        watch.try_update_value(Option::take);
    });
    Device {
        time_of_day: format::time_of_day,
        day: format::day,
        exact: format::exact,
        local_day: format::local_day,
        coarse: media::coarse_pointer,
        plain_host: location::host_of,
        focused: focused.into(),
    }
}
