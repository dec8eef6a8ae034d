//! A menu under a button, whole on the keyboard: arrows, Home, End, letters, Escape. It closes on any press outside it.

use super::button::{Kind, fresh_id};
use super::icon::{Icon, Sign};
use super::links::{Way, sized};
use super::when::When;
use crate::reading::{follow, live, told};
use js_sys::JsString;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent, Node};

/// Whether the menu around an item is open; the item closes it.
#[derive(Clone, Copy)]
struct Open(RwSignal<bool>);

/// A menu. `class` styles its button (`btn` with a `kind`, `icon-btn`, `presence`, `me`), `trigger` is what the button
/// shows, children are `MenuItem`, `MenuLink`, `MenuLabel` and `<hr/>`. `opened` lets a shortcut open it.
#[component]
pub fn Menu(
    class: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] trigger: ViewFn,
    #[prop(optional)] kind: Option<Kind>,
    #[prop(optional)] small: bool,
    #[prop(optional)] up: bool,
    #[prop(optional)] end: bool,
    #[prop(optional, into)] state: MaybeProp<String>,
    #[prop(optional)] opened: Option<RwSignal<bool>>,
    #[prop(optional)] shortcut: &'static str,
    #[prop(optional)] testid: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let open = opened.unwrap_or_else(|| RwSignal::new(false));
    let wrap = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let list = NodeRef::<html::Div>::new();
    let id = fresh_id("menu-");
    let controls = id.clone();

    let outside = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        let inside = wrap.get_untracked().is_some_and(|wrap| wrap.contains(target.as_ref()));
        if open.get_untracked() && !inside {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    follow(move || {
        if open.get()
            && let Some(list) = list.get()
        {
            focus(&items(&list), 0);
        }
    });

    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    };
    let keys = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        match event.key().as_str() {
            "Escape" => close(),
            "Tab" => {
                open.set(false);
                return;
            }
            key => {
                let items = items(&list);
                let Some(next) = step(&items, key) else { return };
                focus(&items, next);
            }
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let from_button = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") && !open.get_untracked() {
            event.prevent_default();
            open.set(true);
        }
    };
    view! {
        <div class="menu-wrap" node_ref=wrap>
            <button
                class=class
                type="button"
                node_ref=button
                data-testid=(!testid.is_empty()).then_some(testid)
                data-kind=kind.map(Kind::key)
                data-size=small.then_some("small")
                data-state=told(move || state.get())
                aria-keyshortcuts=(!shortcut.is_empty()).then_some(shortcut)
                aria-haspopup="menu"
                aria-expanded=told(move || if open.get() { "true" } else { "false" })
                aria-controls=told(move || open.get().then(|| controls.clone()))
                on:click=move |_| open.update(|open| *open = !*open)
                on:keydown=from_button
            >
                // Its name is what it is for and what it shows: who speaks to the machine says what they see.
                <span class="sr">{live(move || label.get())}</span>
                {live(move || trigger.run())}
            </button>
            <When is=move || open.get()>
                <div
                    class="menu"
                    role="menu"
                    id=id.clone()
                    node_ref=list
                    tabindex="-1"
                    aria-label=told(move || label.get())
                    data-place=up.then_some("up")
                    data-align=end.then_some("end")
                    on:keydown=keys
                >
                    {items_of(open, &children)}
                </div>
            </When>
        </div>
    }
}

/// The items, which close the menu around them. A context holds for whatever is drawn beside it as well, so it is given
/// where the items are drawn and not where the menu is: another menu beside this one has its own.
fn items_of(open: RwSignal<bool>, children: &ChildrenFn) -> AnyView {
    provide_context(Open(open));
    children()
}

/// One thing to choose. `checked` makes it one of several states, `refused` says why it cannot be chosen, `note` stands at
/// its end.
#[component]
pub fn MenuItem(
    #[prop(into)] on_choose: Callback<()>,
    #[prop(optional, into)] sign: Option<Sign>,
    #[prop(optional, into)] checked: MaybeProp<bool>,
    #[prop(optional, into)] refused: MaybeProp<String>,
    #[prop(optional, into)] note: MaybeProp<String>,
    #[prop(optional)] testid: &'static str,
    children: Children,
) -> impl IntoView {
    let open = use_context::<Open>();
    let choose = move |_| {
        if refused.get_untracked().is_some() {
            return;
        }
        if let Some(Open(open)) = open {
            open.set(false);
        }
        on_choose.run(());
    };
    view! {
        <button
            class="menu-item"
            type="button"
            data-testid=(!testid.is_empty()).then_some(testid)
            tabindex="-1"
            role=told(move || if checked.get().is_some() { "menuitemradio" } else { "menuitem" })
            aria-checked=told(move || checked.get().map(|on| if on { "true" } else { "false" }))
            aria-disabled=told(move || refused.get().map(|_| "true"))
            title=told(move || refused.get())
            on:click=choose
        >
            {sign.map(|sign| view! { <Icon sign=sign /> })}
            <span class="grow">{children()}</span>
            {live(move || note.get().map(|words| view! { <span class="end">{words}</span> }.into_any()))}
        </button>
    }
}

/// A way to a page outside, in a tab of its own.
#[component]
pub fn MenuLink(link: Way, #[prop(optional)] testid: &'static str) -> impl IntoView {
    let menu = use_context::<Open>();
    let (title, url, _) = link.clone();
    let choose = move |event: MouseEvent| {
        sized(&link, &event);
        if let Some(Open(menu)) = menu {
            menu.set(false);
        }
    };
    view! {
        <a
            class="menu-item"
            role="menuitem"
            tabindex="-1"
            data-testid=(!testid.is_empty()).then_some(testid)
            href=url
            target="_blank"
            rel="noopener noreferrer"
            on:click=choose
        >
            <span class="grow" dir="auto">
                {title}
            </span>
            <Icon sign=Sign::External />
        </a>
    }
}

/// A heading inside a menu.
#[component]
pub fn MenuLabel(children: Children) -> impl IntoView {
    view! { <div class="menu-label" role="presentation">{children()}</div> }
}

/// The menu's items in the order drawn.
fn items(list: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = list.query_selector_all("[role^=menuitem]") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// Where a key leads from the item in focus; nothing when the key is none of the menu's.
fn step(items: &[HtmlElement], key: &str) -> Option<usize> {
    let last = items.len().checked_sub(1)?;
    let active = document().active_element();
    let now =
        items.iter().position(|item| active.as_ref().is_some_and(|active| active.is_same_node(Some(item))));
    match (key, now) {
        ("Home", _) | ("ArrowDown", None) => Some(0),
        ("End", _) | ("ArrowUp", None) => Some(last),
        ("ArrowDown", Some(at)) => Some(if at == last { 0 } else { at + 1 }),
        ("ArrowUp", Some(at)) => Some(at.checked_sub(1).unwrap_or(last)),
        (letter, now) if letter.chars().count() == 1 && letter != " " => {
            // The browser's own tables of letters: Rust's would be downloaded.
            let small = |text: &str| String::from(JsString::from(text).to_lower_case());
            let letter = small(letter);
            let starts = |at: &usize| {
                let words = items.get(*at).and_then(|item| item.text_content()).unwrap_or_default();
                small(words.trim()).starts_with(&letter)
            };
            let from = now.map_or(0, |at| at + 1);
            (from..=last).chain(0..from.min(last + 1)).find(starts)
        }
        _ => None,
    }
}

/// Puts the focus on one of the items.
fn focus(items: &[HtmlElement], at: usize) {
    if let Some(item) = items.get(at) {
        let _ = item.focus();
    }
}
