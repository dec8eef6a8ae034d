//! Fields: a label, a control, a hint and an error that belong together. They check nothing themselves.

use super::icon::{Icon, Sign};
use crate::reading::{Reading, live, told};
use leptos::html;
use leptos::prelude::*;

/// A labelled place for a control with this `id`; the control names `{id}-hint` in its `aria-describedby`.
#[component]
pub fn Field(
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="label" for=id>
                {live(move || label.get())}
            </label>
            {children()}
            <div id=format!("{id}-hint") aria-live="polite">
                {live(move || hint.get().map(|words| view! { <p class="hint">{words}</p> }.into_any()))}
                {live(move || error.get().map(|words| view! { <p class="error">{words}</p> }.into_any()))}
            </div>
        </div>
    }
}

/// A line of text. `kind` is the input's type, `autocomplete` what a password manager may fill in.
#[component]
pub fn TextField(
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional)] node_ref: NodeRef<html::Input>,
    #[prop(optional)] testid: &'static str,
) -> impl IntoView {
    view! {
        <Field id label hint error>
            <input
                node_ref=node_ref
                class="input"
                data-testid=(!testid.is_empty()).then_some(testid)
                id=id
                name=id
                type=kind
                autocomplete=autocomplete
                spellcheck="false"
                aria-invalid=told(move || error.get().map(|_| "true"))
                aria-describedby=format!("{id}-hint")
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
        </Field>
    }
}

/// A choice of one. Options are value and words; an empty value means nothing is chosen and shows `placeholder`.
#[component]
pub fn Select(
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
    #[prop(optional, into)] placeholder: Signal<String>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional)] described_by: &'static str,
    #[prop(optional)] node_ref: NodeRef<html::Select>,
    #[prop(optional)] testid: &'static str,
) -> impl IntoView {
    let list = move || {
        let option = |(key, words): (String, String)| {
            let own = key.clone();
            let chosen = Reading::of(move || value.get() == own);
            view! { <option value=key prop:selected=move || chosen.get()>{words}</option> }
        };
        options.get().into_iter().map(option).collect_view()
    };
    view! {
        <span class="select">
            <select
                node_ref=node_ref
                class="input"
                data-testid=(!testid.is_empty()).then_some(testid)
                id=id
                aria-label=told(move || label.get())
                aria-invalid=told(move || invalid.get().then_some("true"))
                aria-describedby=(!described_by.is_empty()).then_some(described_by)
                on:change:target=move |event| on_choose.run(event.target().value())
            >
                <option value="" prop:selected=move || value.get().is_empty()>
                    {live(move || placeholder.get())}
                </option>
                {live(list)}
            </select>
            <Icon sign=Sign::ChevronDown />
        </span>
    }
}
