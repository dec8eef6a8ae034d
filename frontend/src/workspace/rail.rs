//! The main menu with what exists: those who wait above, pages below. A badge is hidden at zero.

use super::place::Place;
use super::shell::go_by;
use super::way::Way;
use super::words;
use crate::browser::location;
use crate::desk::Desk;
use crate::language::t;
use crate::reading::{Reading, told};
use crate::ui::{Badge, Icon, Sign, Tone, When};
use leptos::prelude::*;
use shared::config::Role;

/// The main menu.
#[component]
pub fn Rail(desk: Desk, way: Way) -> impl IntoView {
    let waiting = desk.waiting_count();
    let me = desk.me();
    let admin = Reading::of(move || me.with(|me| me.as_ref().is_some_and(|me| me.role == Role::Admin)));
    view! {
        <nav class="rail" aria-label=t(words::MENU)>
            <Item way place=Place::Dashboard sign=Sign::Dashboard name=t(words::DASHBOARD) testid="nav-dashboard">
                ""
            </Item>
            <Item way place=Place::Waiting sign=Sign::Waiting name=t(words::WAITING) testid="nav-waiting">
                <Badge count=waiting tone=Tone::Danger testid="waiting-badge" />
            </Item>
            <hr />
            <Item way place=Place::Activities sign=Sign::Activities name=t(words::ACTIVITIES) testid="nav-activities">
                ""
            </Item>
            <span class="rail-gap"></span>
            <When is=move || admin.get()>
                <a class="rail-item" href=location::url("admin/") data-testid="nav-admin">
                    <Icon sign=Sign::Settings />
                    <span class="rail-name">{t(words::ADMIN)}</span>
                </a>
            </When>
        </nav>
    }
}

/// One entry.
#[component]
fn Item(
    way: Way,
    place: Place,
    sign: Sign,
    name: &'static str,
    testid: &'static str,
    children: Children,
) -> impl IntoView {
    let here = Reading::of(move || way.place().get() == place);
    view! {
        <a
            class="rail-item"
            href=location::url(&place.path())
            data-testid=testid
            aria-current=told(move || here.get().then_some("page"))
            on:click=move |event| go_by(way, place, &event)
        >
            <Icon sign=sign />
            <span class="rail-name">{name}</span>
            {children()}
        </a>
    }
}
