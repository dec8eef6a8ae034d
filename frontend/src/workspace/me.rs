//! The menu of the person: who they are, how the desk looks, the way out. It asks before anything unsent is lost.

use super::panels::Panels;
use super::place::Place;
use super::way::Way;
use super::words;
use crate::browser::theme::{self, Theme};
use crate::desk::Desk;
use crate::language::t;
use crate::reading::{Local, Reading, live};
use crate::ui::{Ask, Avatar, Menu, MenuItem, MenuLabel, Sign, initials};
use leptos::prelude::*;

/// The menu under the avatar.
#[component]
pub fn MeMenu(desk: Desk, way: Way, panels: Panels) -> impl IntoView {
    let me = desk.me();
    let name =
        Reading::of(move || me.with(|me| me.as_ref().map(|me| me.user.name.clone()).unwrap_or_default()));
    let chosen = Local::new(theme::remembered());
    let trigger =
        move || view! { <Avatar initials=Signal::derive(move || initials(&name.get())) /> }.into_any();
    view! {
        <Menu class="me" label=name trigger end=true testid="me">
            <MenuLabel>{live(move || name.get())}</MenuLabel>
            <hr />
            <MenuLabel>{t(words::THEME)}</MenuLabel>
            {theme_item(chosen, Theme::System, t(words::THEME_SYSTEM))}
            {theme_item(chosen, Theme::Light, t(words::THEME_LIGHT))}
            {theme_item(chosen, Theme::Dark, t(words::THEME_DARK))}
            <hr />
            <MenuItem on_choose=move |()| way.go(Place::Settings) sign=Sign::Settings testid="settings">
                {t(words::SETTINGS)}
            </MenuItem>
            <MenuItem on_choose=move |()| panels.keys.set(true) sign=Sign::Question testid="shortcuts-item">
                {t(words::SHORTCUTS)}
            </MenuItem>
            <MenuItem on_choose=move |()| panels.leave(desk) sign=Sign::Logout testid="log-out">
                {t(words::LOG_OUT)}
            </MenuItem>
        </Menu>
        <Unsent desk asks=panels.leaving />
    }
}

fn theme_item(chosen: Local<Theme>, theme: Theme, name: &'static str) -> AnyView {
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
    view! {
        <Ask
            open=asks
            title=t(words::UNSENT_TITLE)
            text=t(words::UNSENT_TEXT)
            stay=t(words::STAY)
            go=t(words::LOG_OUT_ANYWAY)
            on_stay=stay
            on_go=go
            testids=["log-out-stay", "log-out-anyway"]
        />
    }
}
