//! The menu of the person: who they are, how the desk looks, the way out. It asks before anything unsent is lost.

use super::words;
use crate::browser::theme::{self, Theme};
use crate::desk::Desk;
use crate::reading::Reading;
use crate::ui::{Avatar, Button, Kind, Menu, MenuItem, MenuLabel, Modal, Sign, initials};
use leptos::prelude::*;

/// The menu under the avatar.
#[component]
pub fn MeMenu(desk: Desk) -> impl IntoView {
    let me = desk.me();
    let name =
        Reading::of(move || me.with(|me| me.as_ref().map(|me| me.user.name.clone()).unwrap_or_default()));
    let chosen = RwSignal::new(theme::remembered());
    let connection = desk.connection();
    let asks = RwSignal::new(false);
    let out = move |()| {
        if connection.get_untracked().unsent > 0 { asks.set(true) } else { desk.log_out() }
    };
    let trigger =
        move || view! { <Avatar initials=Signal::derive(move || initials(&name.get())) /> }.into_any();
    view! {
        <Menu class="me" label=name trigger end=true testid="me">
            <MenuLabel>{move || name.get()}</MenuLabel>
            <hr />
            <MenuLabel>{words::THEME}</MenuLabel>
            {theme_item(chosen, Theme::System, words::THEME_SYSTEM)}
            {theme_item(chosen, Theme::Light, words::THEME_LIGHT)}
            {theme_item(chosen, Theme::Dark, words::THEME_DARK)}
            <hr />
            <MenuItem on_choose=out sign=Sign::Logout testid="log-out">
                {words::LOG_OUT}
            </MenuItem>
        </Menu>
        <Unsent desk asks />
    }
}

fn theme_item(chosen: RwSignal<Theme>, theme: Theme, name: &'static str) -> AnyView {
    let choose = move |()| {
        theme::set(theme);
        chosen.set(theme);
    };
    view! {
        <MenuItem on_choose=choose checked=Signal::derive(move || Some(chosen.get() == theme)) testid="theme-item">
            {name}
        </MenuItem>
    }
    .into_any()
}

/// The question before messages are lost.
#[component]
fn Unsent(desk: Desk, asks: RwSignal<bool>) -> impl IntoView {
    let stay = move |()| asks.set(false);
    let go = move |()| {
        asks.set(false);
        desk.log_out();
    };
    let foot = move || {
        view! {
            <Button on_press=stay>{words::STAY}</Button>
            <Button kind=Kind::Danger on_press=go>
                {words::LOG_OUT_ANYWAY}
            </Button>
        }
    };
    view! {
        <Modal open=asks title=words::UNSENT_TITLE on_close=stay foot>
            <p>{words::UNSENT_TEXT}</p>
        </Modal>
    }
}
