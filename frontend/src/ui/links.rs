//! Ways to pages outside, each in a tab of its own: the first as a button, more in a menu. Where they lead is decided elsewhere.

use super::icon::{Icon, Sign};
use super::menu::{Menu, MenuLink};
use super::when::When;
use crate::reading::{Reading, live};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// A title, an address, and the size of the window it opens in; a tab without one.
pub type Way = (String, String, Option<(u16, u16)>);

/// The links; none draws nothing. `more` names the menu, `kind` is the look of the button, `testids` are those of the
/// button, of the menu and of what is in it.
#[component]
pub fn Links(
    all: Reading<Vec<Way>>,
    more: &'static str,
    #[prop(optional)] kind: &'static str,
    #[prop(optional)] small: bool,
    testids: [&'static str; 3],
) -> impl IntoView {
    let [first, menu, further] = testids;
    let one = Reading::of(move || all.with(|all| all.first().cloned()));
    let several = Reading::of(move || all.with(|all| all.len() > 1));
    let item = move |link: Way| view! { <MenuLink link testid=further /> }.into_any();
    let button = move |link: Way| {
        let (title, url, _) = link.clone();
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

/// Opens an address outside, in a window of this width and height or in a tab; it learns nothing of this page. Whether the
/// browser let it is not told.
pub fn open_outside((_, url, size): &Way) {
    let safe = "noopener,noreferrer";
    let features = size.map_or_else(
        || safe.to_owned(),
        |(width, height)| {
            [safe, ",popup,width=", &width.to_string(), ",height=", &height.to_string()].concat()
        },
    );
    let _ = window().open_with_url_and_target_and_features(url, "_blank", &features);
}

/// Opens a link in the window that is wanted for it, unless the press asks for something else. One without is left to the
/// browser.
pub(super) fn sized(way: &Way, event: &MouseEvent) {
    let (_, _, size) = way;
    if size.is_some() && !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
        event.prevent_default();
        open_outside(way);
    }
}
