//! The open chats as tabs: they flash until they are looked at, a second click leads back, and they stay where they are
//! put. They close nothing.

use super::order::Order;
use super::place::Place;
use super::way::Way;
use super::words;
use crate::browser::clock::Frames;
use crate::browser::pointer::rect_of;
use crate::desk::{Desk, Tab};
use crate::language::{fill, t};
use crate::reading::{Local, Reading, each, follow, live, told};
use crate::ui::{Badge, ChannelMark, Icon, Menu, MenuItem, Sign, Tone, When};
use crate::widgets::registry::mark;
use leptos::ev::{self, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use shared::flat::FlatSet;
use shared::id::InteractionId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Of an id, so much tells two customers of the same name apart.
const END: usize = 4;

/// All tabs.
#[component]
pub fn Tabs(desk: Desk, way: Way) -> impl IntoView {
    let tabs = desk.tabs();
    let order = Order::new(desk, tabs);
    let list = NodeRef::<html::Div>::new();
    let hidden = Local::new(FlatSet::<InteractionId>::new());
    let frames = StoredValue::new_local(Frames::new(move || measure(list, hidden)));
    let resized = window_event_listener(ev::resize, move |_| frames.with_value(Frames::ask));
    on_cleanup(move || resized.remove());
    follow(move || {
        tabs.track();
        way.place().track();
        frames.with_value(Frames::ask);
    });
    view! {
        <div
            class="tabs"
            role="tablist"
            aria-label=t(words::TABS)
            node_ref=list
            on:keydown=move |event| step(list, order, &event)
            on:scroll=move |_| frames.with_value(Frames::ask)
        >
            {each(
                move || tabs.with(|tabs| tabs.iter().map(|tab| tab.interaction.0.as_u128()).collect()),
                move |id| view! { <One tabs way order id=InteractionId::from_u128(id) /> }.into_any(),
            )}
        </div>
        <When is=move || hidden.with(|hidden| !hidden.is_empty())>
            <More tabs way hidden />
        </When>
    }
}

/// What a tab shows, apart from its neighbours.
fn find(tabs: &[Tab], id: InteractionId) -> Option<&Tab> {
    tabs.iter().find(|tab| tab.interaction == id)
}

/// The name on a tab; two of the same name and channel are told apart by the ends of their ids.
fn name(tabs: &[Tab], tab: &Tab) -> String {
    if tab.customer.is_empty() {
        return t(words::OPENING).to_owned();
    }
    let like = |other: &Tab| {
        other.interaction != tab.interaction && other.customer == tab.customer && other.channel == tab.channel
    };
    let id = tab.interaction.to_string();
    match id.get(id.len().saturating_sub(END)..) {
        Some(end) if tabs.iter().any(like) => [tab.customer.as_str(), " · ", end].concat(),
        _ => tab.customer.clone(),
    }
}

/// The name of a chat's tab.
fn named(tabs: Reading<Vec<Tab>>, id: InteractionId) -> Option<String> {
    tabs.with(|tabs| find(tabs, id).map(|tab| name(tabs, tab)))
}

/// A tab; it follows its chat.
#[component]
fn One(tabs: Reading<Vec<Tab>>, way: Way, order: Order, id: InteractionId) -> impl IntoView {
    let tab = Reading::of(move || tabs.with(|tabs| find(tabs, id).cloned()));
    let channel = Reading::of(move || tab.with(|tab| tab.as_ref().and_then(|tab| tab.channel)));
    let here = Reading::of(move || way.place().get() == Place::Chat(id));
    let unread = Reading::of(move || tab.with(|tab| tab.as_ref().map_or(0, |tab| tab.unread)));
    let label = Reading::of(move || named(tabs, id));
    let button = NodeRef::<html::Button>::new();
    follow(move || {
        if here.get()
            && let Some(button) = button.get()
        {
            button.scroll_into_view_with_bool(false);
        }
    });
    view! {
        <button
            class="tab"
            type="button"
            role="tab"
            node_ref=button
            data-testid="tab"
            data-interaction=id.to_string()
            data-flash=told(move || (unread.get() > 0).then_some(""))
            aria-selected=told(move || if here.get() { "true" } else { "false" })
            aria-controls="screen"
            title=told(move || label.get())
            data-dragged=told(move || order.drags(id))
            on:pointerdown=move |event| order.press(id, &event)
            on:click=move |event| {
                if order.is_click(&event) {
                    way.toggle(id);
                }
            }
        >
            {live(move || channel.get().map(|channel| view! { <ChannelMark mark=mark(channel) /> }))}
            <span class="tab-name" dir="auto">
                {live(move || label.get())}
            </span>
            <Badge count=unread tone=Tone::Danger label=t(words::UNREAD) />
        </button>
    }
}

/// The tabs that do not fit, with the sum of what is unread in them.
#[component]
fn More(tabs: Reading<Vec<Tab>>, way: Way, hidden: Local<FlatSet<InteractionId>>) -> impl IntoView {
    let out = Reading::of(move || {
        hidden.with(|hidden| {
            tabs.with(|tabs| {
                tabs.iter().filter(|tab| hidden.contains(&tab.interaction)).cloned().collect::<Vec<_>>()
            })
        })
    });
    let unread = Reading::of(move || out.with(|out| out.iter().map(|tab| tab.unread).sum::<usize>()));
    let trigger = move || {
        view! {
            {live(move || out.with(Vec::len))}
            <Badge count=unread tone=Tone::Danger label=t(words::UNREAD) />
            <Icon sign=Sign::ChevronDown />
        }
        .into_any()
    };
    let label = Signal::derive(move || fill(words::MORE_TABS, &[("n", &out.with(Vec::len).to_string())]));
    let item = move |id: u128| {
        let id = InteractionId::from_u128(id);
        let tab = Reading::of(move || tabs.with(|tabs| find(tabs, id).cloned()));
        let note = Signal::derive(move || {
            tab.with(|tab| tab.as_ref().filter(|tab| tab.unread > 0).map(|tab| tab.unread.to_string()))
        });
        view! {
            <MenuItem on_choose=move |()| way.go(Place::Chat(id)) note=note>
                {live(move || named(tabs, id))}
            </MenuItem>
        }
        .into_any()
    };
    view! {
        <div class="tabs-more">
            <Menu class="btn" label=label trigger end=true testid="tabs-more">
                // An item stays what it is while others come and go around it.
                {each(
                    move || out.with(|out| out.iter().map(|tab| tab.interaction.0.as_u128()).collect()),
                    item,
                )}
            </Menu>
        </div>
    }
}

/// Finds the tabs that are not whole in sight.
fn measure(list: NodeRef<html::Div>, hidden: Local<FlatSet<InteractionId>>) {
    let Some(Some(list)) = list.try_get_untracked() else { return };
    let frame = rect_of(&list);
    let children = list.children();
    let out = (0..children.length()).filter_map(|at| children.item(at)).filter(|tab| {
        let rect = rect_of(tab);
        rect.x + 1.0 < frame.x || rect.x + rect.width > frame.x + frame.width + 1.0
    });
    let out = out.filter_map(|tab| tab.get_attribute("data-interaction")?.parse().ok()).collect();
    if hidden.try_with_untracked(|held| *held != out) == Some(true) {
        hidden.set(out);
    }
}

/// Arrows, Home and End move the focus from tab to tab; with Shift, arrows move the tab.
fn step(list: NodeRef<html::Div>, order: Order, event: &KeyboardEvent) {
    let Some(list) = list.get_untracked() else { return };
    let tabs = list.children();
    let end = tabs.length().saturating_sub(1);
    let active = document().active_element();
    let now = (0..=end).find(|at| {
        tabs.item(*at)
            .as_ref()
            .is_some_and(|tab| active.as_ref().is_some_and(|active| active.is_same_node(Some(tab))))
    });
    let Some(now) = now else { return };
    let key = event.key();
    // From right to left, the next one is on the left.
    let on = if document().dir() == "rtl" { "ArrowLeft" } else { "ArrowRight" };
    let arrow = matches!(key.as_str(), "ArrowLeft" | "ArrowRight");
    if let (true, Some(tab)) = (arrow && event.shift_key(), tabs.item(now)) {
        event.prevent_default();
        if let Some(id) = tab.get_attribute("data-interaction").and_then(|id| id.parse().ok()) {
            order.shift(id, key == on);
            // What is moved on the page loses the focus.
            spawn_local(async move {
                tick().await;
                focus(Some(tab));
            });
        }
        return;
    }
    let to = match key.as_str() {
        _ if key == on => (now + 1) % (end + 1),
        _ if arrow => now.checked_sub(1).unwrap_or(end),
        "Home" => 0,
        "End" => end,
        _ => return,
    };
    event.prevent_default();
    focus(tabs.item(to));
}

fn focus(tab: Option<Element>) {
    if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
        let _ = tab.focus();
    }
}
