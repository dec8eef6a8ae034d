//! Buttons that can say why they cannot be used. A button never hides its reason and never loses focus for it.

use super::icon::{Icon, Sign};
use super::small::Kbd;
use super::when::When;
use crate::reading::{live, told};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// How much a button weighs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Bordered, the usual one.
    #[default]
    Plain,
    /// The one thing to do here.
    Primary,
    /// Without a border, for tools.
    Quiet,
    /// Ends or destroys something.
    Danger,
    /// Green: accepts an offer.
    Accept,
    /// Outlined on the offer card.
    Outline,
    /// White on the offer card.
    White,
    /// Looks like a link inside text.
    Link,
}

impl Kind {
    /// The value of `data-kind` in the stylesheet.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Primary => "primary",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
            Self::Accept => "accept",
            Self::Outline => "outline",
            Self::White => "white",
            Self::Link => "link",
        }
    }
}

/// A fresh id for an element that another one describes; unique within this page.
#[must_use]
pub(super) fn fresh_id(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    [prefix, &NEXT.fetch_add(1, Ordering::Relaxed).to_string()].concat()
}

/// The words under the pointer and on focus: the reason first, else the hint and the shortcut.
fn tip(id: String, words: Signal<Option<String>>, shortcut: &'static str) -> AnyView {
    view! {
        <When is=move || words.get().is_some()>
            <span class="tip" role="tooltip" id=id.clone()>
                {live(move || words.get())}
                {(!shortcut.is_empty()).then(|| view! { " " <Kbd keys=shortcut /> })}
            </span>
        </When>
    }
    .into_any()
}

/// A button. `refused` holds the sentence why it cannot be used now: it stays focusable, says the sentence on hover and
/// focus, and does nothing. `on_press` may be left out in a form's `submit` button.
#[component]
pub fn Button(
    #[prop(optional)] kind: Kind,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
    #[prop(optional, into)] refused: MaybeProp<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional)] shortcut: &'static str,
    #[prop(optional)] submit: bool,
    #[prop(optional)] small: bool,
    #[prop(optional)] wide: bool,
    #[prop(optional)] testid: &'static str,
    children: Children,
) -> impl IntoView {
    let id = fresh_id("tip-");
    let described = id.clone();
    let words = Signal::derive(move || refused.get().or_else(|| hint.get()));
    let press = move |event: MouseEvent| {
        if refused.get_untracked().is_some() || busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <span class="tipped">
            <button
                class="btn"
                data-testid=(!testid.is_empty()).then_some(testid)
                type=if submit { "submit" } else { "button" }
                data-kind=kind.key()
                data-size=small.then_some("small")
                data-wide=wide.then_some("")
                aria-disabled=told(move || refused.get().map(|_| "true"))
                aria-busy=told(move || busy.get().then_some("true"))
                aria-describedby=told(move || words.get().map(|_| described.clone()))
                aria-keyshortcuts=(!shortcut.is_empty()).then_some(shortcut)
                on:click=press
            >
                {children()}
            </button>
            {tip(id, words, shortcut)}
        </span>
    }
}

/// A button that looks like a link inside text.
#[must_use]
pub fn link(testid: &'static str, words: String, on_press: Callback<()>) -> AnyView {
    let press = move |_| on_press.run(());
    view! {
        <button class="btn" data-kind=Kind::Link.key() data-testid=testid type="button" on:click=press>
            {words}
        </button>
    }
    .into_any()
}

/// A button that is a sign; `label` is its name and its tip. `pressed` makes it a toggle.
#[component]
pub fn IconButton(
    #[prop(into)] sign: Signal<Sign>,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_press: Callback<()>,
    #[prop(optional, into)] refused: MaybeProp<String>,
    #[prop(optional, into)] pressed: MaybeProp<bool>,
    #[prop(optional)] shortcut: &'static str,
    #[prop(optional)] testid: &'static str,
) -> impl IntoView {
    let id = fresh_id("tip-");
    let described = id.clone();
    let words = Signal::derive(move || refused.get().or_else(|| Some(label.get())));
    let filled = Signal::derive(move || pressed.get() == Some(true));
    view! {
        <span class="tipped">
            <button
                class="icon-btn"
                type="button"
                data-testid=(!testid.is_empty()).then_some(testid)
                aria-label=told(move || label.get())
                aria-disabled=told(move || refused.get().map(|_| "true"))
                aria-pressed=told(move || pressed.get().map(|on| if on { "true" } else { "false" }))
                aria-describedby=told(move || refused.get().map(|_| described.clone()))
                aria-keyshortcuts=(!shortcut.is_empty()).then_some(shortcut)
                on:click=move |_| {
                    if refused.get_untracked().is_none() {
                        on_press.run(());
                    }
                }
            >
                <Icon sign filled />
            </button>
            {tip(id, words, shortcut)}
        </span>
    }
}
