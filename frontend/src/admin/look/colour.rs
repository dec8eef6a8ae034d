//! The form of the workspace's colour: Signalbox's own or another one, picked or typed. What it comes to is drawn beside it.

use super::PATH;
use super::preview::Preview;
use crate::admin::form::{Said, foot, put, saving};
use crate::admin::way::Way;
use crate::language::admin::{form, look as words};
use crate::language::t;
use crate::reading::Reading;
use crate::ui::TextField;
use leptos::html;
use leptos::prelude::*;
use shared::config::{Look, Rgb, Shades, Theme};
use shared::wire::LookBody;
use web_sys::SubmitEvent;

/// The form.
#[component]
pub(super) fn ColourForm(way: Way, one: LookBody) -> impl IntoView {
    let petrol = Shades::own(Theme::Light).accent.to_string();
    let own = RwSignal::new(one.accent.is_none());
    let text = RwSignal::new(one.accent.clone().unwrap_or(petrol));
    let kept = RwSignal::new(one);
    // None while what is typed is no colour.
    let colour = Reading::of(move || text.with(|text| text.trim().parse::<Rgb>().ok()));
    let chosen = Reading::of(move || {
        if own.get() { Some(Look::default()) } else { colour.get().map(|one| Look { accent: Some(one) }) }
    });
    let body = Reading::of(move || chosen.get().map(LookBody::from));
    let (said, field) = (Said::new(), NodeRef::<html::Input>::new());
    let (busy, saved) = (RwSignal::new(false), RwSignal::new(false));
    let dirty = Reading::of(move || body.with(|body| kept.with(|kept| body.as_ref() != Some(kept))));
    way.guard(dirty, saved);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || !dirty.get_untracked() {
            return;
        }
        said.nothing();
        let Some(body) = body.get_untracked() else {
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
            }
            return;
        };
        put(PATH, body, kept, (busy, saved), said);
    };
    let unchanged = Signal::derive(move || (!dirty.get()).then(|| t(form::UNCHANGED).to_owned()));
    view! {
        <form class="card form padded" on:submit=submit>
            <fieldset class="checks">
                <legend class="label">{t(words::COLOUR)}</legend>
                <Choice own mine=true testid="accent-own" words=t(words::OWN) />
                <Choice own mine=false testid="accent-other" words=t(words::OTHER) />
            </fieldset>
            {move || (!own.get()).then(|| view! { <Colour text colour field /> })}
            <Preview chosen />
            <p class="hint">{t(words::AT_LOAD)}</p>
            {foot(said.rest(&[]))}
            <div class="actions">{saving(form::SAVE, busy, unchanged, saved)}</div>
        </form>
    }
}

/// One of the two choices.
#[component]
fn Choice(own: RwSignal<bool>, mine: bool, testid: &'static str, words: &'static str) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="radio"
                name="accent"
                data-testid=testid
                prop:checked=move || own.get() == mine
                on:change=move |_| own.set(mine)
            />
            <span>{words}</span>
        </label>
    }
}

/// The colour, picked or typed; both are the same.
#[component]
fn Colour(
    text: RwSignal<String>,
    colour: Reading<Option<Rgb>>,
    field: NodeRef<html::Input>,
) -> impl IntoView {
    let error = Signal::derive(move || colour.get().is_none().then(|| t(words::NO_COLOUR).to_owned()));
    // A picker shows a colour, whatever is typed beside it.
    let last = RwSignal::new(String::new());
    let picked = Reading::of(move || match colour.get() {
        Some(colour) => colour.to_string(),
        None => last.get_untracked(),
    });
    Effect::new(move |_| last.set(picked.get()));
    view! {
        <div class="look-colour">
            <input
                class="look-picker"
                type="color"
                data-testid="accent-picker"
                aria-label=t(words::PICK)
                prop:value=move || picked.get()
                on:input:target=move |event| text.set(event.target().value())
            />
            <TextField
                id="accent"
                label=t(words::HEX)
                value=text
                hint=t(words::HEX_HINT)
                error
                node_ref=field
                testid="accent"
            />
        </div>
    }
}
