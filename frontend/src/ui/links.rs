//! Ways to pages outside, each in a tab of its own: the first as a button, more in a menu. Where they lead is decided elsewhere.

use super::icon::{Icon, Sign};
use super::menu::{Menu, MenuLink};
use super::when::When;
use crate::browser::location;
use crate::reading::{Reading, live};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use shared::config::Link;

/// The links; none draws nothing. `more` names the menu, `kind` is the look of the button, `testids` are those of the
/// button, of the menu and of what is in it.
#[component]
pub fn Links(
    all: Reading<Vec<Link>>,
    more: &'static str,
    #[prop(optional)] kind: &'static str,
    #[prop(optional)] small: bool,
    testids: [&'static str; 3],
) -> impl IntoView {
    let [first, menu, further] = testids;
    let one = Reading::of(move || all.with(|all| all.first().cloned()));
    let several = Reading::of(move || all.with(|all| all.len() > 1));
    let item = move |link: Link| view! { <MenuLink link testid=further /> }.into_any();
    let button = move |link: Link| {
        let Link { title, url, .. } = link.clone();
        view! {
            <a
                class="btn"
                data-kind=(!kind.is_empty()).then_some(kind)
                data-size=small.then_some("small")
                data-testid=first
                href=url
                target="_blank"
                rel="noopener noreferrer"
                on:click=move |event| sized(&link, &event)
            >
                {title}
                <Icon sign=Sign::External />
            </a>
        }
        .into_any()
    };
    view! {
        {live(move || one.get().map(button))}
        <When is=move || several.get()>
            <Menu
                class="icon-btn"
                label=more
                trigger=|| view! { <Icon sign=Sign::ChevronDown /> }
                end=true
                testid=menu
            >
                {live(move || all.get().into_iter().skip(1).map(item).collect_view())}
            </Menu>
        </When>
    }
}

/// Opens a link in the window its admin wants for it, unless the press asks for something else. One without is left to
/// the browser.
pub(super) fn sized(link: &Link, event: &MouseEvent) {
    let own = event.ctrl_key() || event.meta_key() || event.shift_key();
    if link.window.is_some() && !own {
        event.prevent_default();
        location::open(link);
    }
}
