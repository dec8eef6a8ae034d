//! The smallest parts: badge, pill, dot, avatar, face, key, counter, clock. They never fetch or tick by themselves.

use super::icon::{ChannelMark, Mark};
use super::text::{elapsed, initials, remaining};
use super::when::When;
use crate::language::keys::cap;
use crate::language::t;
use crate::reading::{Reading, live, told};
use leptos::prelude::*;
use leptos::web_sys::{ErrorEvent, HtmlElement};
use wasm_bindgen::JsCast;

/// What a colour says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// The accent: mine, new.
    Accent,
    /// Good, ready.
    Green,
    /// Take care, paused.
    Amber,
    /// Wrong, urgent.
    Danger,
    /// Not connected.
    Off,
}

impl Tone {
    /// The value of `data-tone` in the stylesheet.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Accent => "accent",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Danger => "danger",
            Self::Off => "off",
        }
    }
}

/// A number in a small circle; nothing at zero, `99+` above 99. `label` says what it counts to a screen reader.
#[component]
pub fn Badge(
    #[prop(into)] count: Signal<usize>,
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] label: MaybeProp<String>,
    #[prop(optional)] testid: &'static str,
) -> impl IntoView {
    let shown = Reading::of(move || count.get() > 0);
    view! {
        <When is=move || shown.get()>
            <span class="badge" data-tone=tone.key() data-testid=(!testid.is_empty()).then_some(testid)>
                <span aria-hidden=told(move || label.get().map(|_| "true"))>
                    {live(move || if count.get() > 99 { "99+".to_owned() } else { count.get().to_string() })}
                </span>
                {live(move || label.get().map(|words| view! { <span class="sr">{words}</span> }.into_any()))}
            </span>
        </When>
    }
}

/// A short word on a tinted ground.
#[component]
pub fn Pill(#[prop(optional, into)] tone: Signal<Tone>, children: Children) -> impl IntoView {
    view! { <span class="pill" data-tone=told(move || tone.get().key())>{children()}</span> }
}

/// A state as a dot; the words stand beside it.
#[component]
pub fn Dot(#[prop(into)] tone: Signal<Tone>) -> impl IntoView {
    view! { <span class="dot" aria-hidden="true" data-tone=told(move || tone.get().key())></span> }
}

/// A person's initials, and their picture over them where there is one: until it has come, and where it does not come,
/// the initials are seen. It says nothing to a screen reader: the name stands beside it.
#[component]
pub fn Avatar(
    #[prop(into)] initials: Signal<String>,
    #[prop(optional, into)] picture: Signal<Option<String>>,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    view! {
        <span class="avatar" aria-hidden="true" data-size=large.then_some("large")>
            {live(move || initials.get())}
            {live(move || picture.get().map(|src| {
                // Without a network the initials below it are better than a sign of something missing.
                let hide = |event: ErrorEvent| {
                    if let Some(missing) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
                        missing.set_hidden(true);
                    }
                };
                view! { <img src=src alt="" loading="lazy" decoding="async" on:error=hide /> }
            }))}
        </span>
    }
}

/// A customer's face, with the mark of their channel on its corner.
#[component]
pub fn Face(
    #[prop(into)] mark: Signal<Option<Mark>>,
    #[prop(into)] name: Signal<String>,
    #[prop(into)] picture: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <span class="face">
            <Avatar initials=Signal::derive(move || name.with(|name| initials(name))) picture />
            {live(move || mark.get().map(|mark| view! { <ChannelMark mark /> }))}
        </span>
    }
}

/// A key or a chord, as the keyboards of the agent's language have it printed on them.
#[component]
pub fn Kbd(keys: &'static str) -> impl IntoView {
    let printed = |key: &'static str| match key {
        "Ctrl" | "Control" => t(cap::CTRL),
        "Shift" => t(cap::SHIFT),
        "Enter" => t(cap::ENTER),
        other => other,
    };
    let all: Vec<&str> = keys.split([' ', '+']).map(printed).collect();
    view! { <kbd>{all.join(" ")}</kbd> }
}

/// What is left of a limit, from 80 % of it on; `words` makes the sentence from the number (negative: over the limit).
#[component]
pub fn Counter(
    #[prop(into)] used: Signal<usize>,
    #[prop(into)] limit: Signal<usize>,
    words: fn(i64) -> String,
) -> impl IntoView {
    let left = Reading::of(move || remaining(used.get(), limit.get()));
    let tone = move || if left.get().is_some_and(|left| left < 0) { "danger" } else { "amber" };
    view! {
        <When is=move || left.get().is_some()>
            <span class="counter num" data-tone=tone>
                {live(move || left.get().map(words))}
            </span>
        </When>
    }
}

/// Time passed since `since` as `m:ss`; both are milliseconds of the same clock, `now` ticks once a second.
#[component]
pub fn Elapsed(#[prop(into)] now: Signal<i64>, #[prop(into)] since: Signal<i64>) -> impl IntoView {
    let words = Reading::of(move || elapsed(now.get().saturating_sub(since.get())));
    view! { <span class="num" role="timer" aria-live="off">{live(move || words.get())}</span> }
}
