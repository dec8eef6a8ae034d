//! What a place says while it is empty, loading, failed or cut off. It never takes the focus.

use super::button::{Button, Kind};
use super::icon::{Icon, Sign};
use super::small::Tone;
use crate::language::keys::ui as keys;
use crate::language::t;
use crate::reading::{live, told};
use leptos::prelude::*;

/// A line across the screen; children are the sentence, `action` the button at its end.
#[component]
pub fn Banner(
    #[prop(into)] tone: Signal<Tone>,
    #[prop(into)] sign: Signal<Sign>,
    #[prop(optional, into)] action: ViewFn,
    #[prop(optional)] testid: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div
            class="banner"
            role="status"
            data-tone=told(move || tone.get().key())
            data-testid=(!testid.is_empty()).then_some(testid)
        >
            <Icon sign />
            <p class="grow">{children()}</p>
            {live(move || action.run())}
        </div>
    }
}

/// A notice in a corner; the list around it is `.toasts`. `action` is the button below its words, `on_close`
/// puts a cross at its end.
#[component]
pub fn Toast(
    #[prop(optional)] tone: Tone,
    sign: Sign,
    #[prop(into)] title: String,
    #[prop(optional, into)] text: String,
    #[prop(optional)] testid: &'static str,
    #[prop(into)] on_close: Callback<()>,
    action: Option<AnyView>,
) -> impl IntoView {
    view! {
        <div
            class="toast"
            role="status"
            data-tone=tone.key()
            data-testid=(!testid.is_empty()).then_some(testid)
        >
            <Icon sign=sign />
            <div class="row-main grow">
                <span class="strong">{title}</span>
                <span class="quiet">{text}</span>
                {action}
            </div>
            <button class="icon-btn" type="button" aria-label=t(keys::DISMISS) on:click=move |_| on_close.run(())>
                <Icon sign=Sign::Close />
            </button>
        </div>
    }
}

/// Nothing here: a sentence, what to expect, and an action as children.
#[component]
pub fn EmptyState(
    sign: Sign,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] text: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon sign=sign />
            <p class="empty-title">{live(move || title.get())}</p>
            <p class="quiet">{live(move || text.get())}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// Something failed: what, what to do about it, and a way to try again.
#[component]
pub fn ErrorState(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="empty" data-tone="danger" role="alert">
            <Icon sign=Sign::Alert />
            <p class="empty-title">{live(move || title.get())}</p>
            <p class="quiet">{live(move || text.get())}</p>
            <Button kind=Kind::Plain on_press=on_retry>
                <Icon sign=Sign::Retry />
                {t(keys::TRY_AGAIN)}
            </Button>
        </div>
    }
}

/// Rows of the final size while a list loads.
#[component]
pub fn RowBones(#[prop(default = 3)] rows: usize) -> impl IntoView {
    let one = || {
        view! {
            <li>
                <div class="row">
                    <span class="bone" data-kind="mark"></span>
                    <span class="grow">
                        <span class="bone" data-w="40"></span>
                    </span>
                    <span></span>
                </div>
            </li>
        }
        .into_any()
    };
    view! {
        <ul class="rows" aria-busy="true" aria-label=t(keys::LOADING)>
            {(0..rows).map(|_| one()).collect_view()}
        </ul>
    }
}

/// Bubbles of the final size while a history loads.
#[component]
pub fn BubbleBones() -> impl IntoView {
    view! {
        <span class="bone" data-kind="bubble"></span>
        <span class="bone" data-kind="bubble" data-side="agent"></span>
        <span class="bone" data-kind="bubble"></span>
        <span class="sr" role="status">{t(keys::LOADING)}</span>
    }
}

/// The desk is on its way: a spinner and the words.
#[component]
pub fn Connecting(#[prop(into)] words: Signal<String>) -> impl IntoView {
    view! {
        <p class="connecting" role="status">
            <span class="spinner" aria-hidden="true"></span>
            {live(move || words.get())}
        </p>
    }
}
