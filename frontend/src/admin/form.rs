//! What the forms share: what the relay says of a field, a secret that is never shown, a choice, a switch, and putting a whole value.

use super::api::{self, Fault};
use crate::language::admin::form as words;
use crate::language::{Key, t};
use crate::reading::Reading;
use crate::ui::{Button, Counter, Field, Icon, Pill, Select, Sign, TextField, Tone};
use leptos::html;
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;

/// What the relay said of the last try.
#[derive(Clone, Copy)]
pub(super) struct Said(RwSignal<Option<Fault>>);

impl Said {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// A new try.
    pub(super) fn nothing(self) {
        let _ = self.0.try_set(None);
    }

    /// The relay said no.
    pub(super) fn no(self, fault: Fault) {
        let _ = self.0.try_set(Some(fault));
    }

    /// What is wrong with a field, as a sentence that calls it by its label.
    pub(super) fn of(self, field: &'static str, label: &'static str) -> Signal<Option<String>> {
        let wrong = move |fault: &Fault| {
            let (of, wrong) = fault.field.as_ref()?;
            (of == field).then(|| wrong.sentence(label))
        };
        Signal::derive(move || self.0.with(|fault| fault.as_ref().and_then(wrong)))
    }

    /// What was said of no field among these, for the foot of the form.
    pub(super) fn rest(self, fields: &'static [&'static str]) -> Reading<Option<String>> {
        Reading::of(move || {
            self.0.with(|fault| {
                let fault = fault.as_ref()?;
                let shown = fault.field.as_ref().is_some_and(|(of, _)| fields.contains(&of.as_str()));
                (!shown).then(|| fault.sentence.clone())
            })
        })
    }
}

/// The line at the foot of a form when something is wrong that belongs to no field.
pub(super) fn foot(words: Reading<Option<String>>) -> AnyView {
    view! {
        <div role="alert">
            {move || {
                words
                    .get()
                    .map(|words| {
                        view! {
                            <p class="error" data-testid="form-error">
                                {words}
                            </p>
                        }
                            .into_any()
                    })
            }}
        </div>
    }
    .into_any()
}

/// Puts a value in the place of the one the relay has at this path. While that is asked `busy` is set; then `kept` holds
/// the value and `saved` is set, or it is said why not.
pub(super) fn put<T: Serialize + Send + Sync + 'static>(
    path: &'static str,
    value: T,
    kept: RwSignal<T>,
    (busy, saved): (RwSignal<bool>, RwSignal<bool>),
    said: Said,
) {
    busy.set(true);
    spawn_local(async move {
        let answer = api::call("PUT", path, Some(api::written(&value))).await;
        // The page may have been left meanwhile.
        if busy.try_set(false).is_some() {
            return;
        }
        match answer {
            Ok(_) => {
                kept.set(value);
                saved.set(true);
            }
            Err(fault) => said.no(fault),
        }
    });
}

/// The button that saves a form, and the word that it was; `refused` says why there is nothing to save.
pub(super) fn saving(
    label: Key,
    busy: RwSignal<bool>,
    refused: Signal<Option<String>>,
    saved: RwSignal<bool>,
) -> AnyView {
    view! {
        <Button kind=crate::ui::Kind::Primary submit=true busy refused testid="save">
            {t(label)}
        </Button>
        <span class="quiet grow" role="status" data-testid="saved">
            {move || saved.get().then_some(t(words::SAVED))}
        </span>
    }
    .into_any()
}

/// A secret: typed when there is none, replaced when there is one, never shown.
#[component]
pub(super) fn SecretField(
    id: &'static str,
    label: &'static str,
    #[prop(into)] stored: Signal<bool>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
) -> impl IntoView {
    let replaces = RwSignal::new(false);
    let typed = Reading::of(move || !stored.get() || replaces.get());
    let keep = move |()| {
        value.set(String::new());
        replaces.set(false);
    };
    // What was stored is shown as stored again after it was replaced.
    Effect::watch(
        move || stored.get(),
        move |now, _, _: Option<()>| {
            if *now {
                replaces.set(false);
            }
        },
        false,
    );
    move || {
        if typed.get() {
            view! {
                <div class="secret">
                    <TextField id label value kind="password" autocomplete="off" hint error testid=id />
                    {move || {
                        stored
                            .get()
                            .then(|| {
                                view! {
                                    <Button kind=crate::ui::Kind::Link on_press=keep>
                                        {t(words::KEEP)}
                                    </Button>
                                }
                                    .into_any()
                            })
                    }}
                </div>
            }
            .into_any()
        } else {
            let testid = ["stored-", id].concat();
            view! {
                <div class="field">
                    <span class="label">{label}</span>
                    <div class="stored" data-testid=testid>
                        <Pill tone=Tone::Green>
                            <Icon sign=Sign::Lock small=true />
                            {t(words::STORED)}
                        </Pill>
                        <Button kind=crate::ui::Kind::Link on_press=move |()| replaces.set(true)>
                            {t(words::REPLACE)}
                        </Button>
                    </div>
                    {move || hint.get().map(|words| view! { <p class="hint">{words}</p> }.into_any())}
                </div>
            }
            .into_any()
        }
    }
}

/// A choice of one with its label above.
#[component]
pub(super) fn ChoiceField(
    id: &'static str,
    label: &'static str,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    value: RwSignal<String>,
    #[prop(into)] placeholder: Signal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
) -> impl IntoView {
    let invalid = Signal::derive(move || error.get().is_some());
    view! {
        <Field id label hint error>
            <Select
                id
                label
                options
                value
                on_choose=move |chosen: String| value.set(chosen)
                placeholder
                invalid
                testid=id
            />
        </Field>
    }
}

/// Several lines of text; what is left of the limit stands at the end of the label's line.
#[component]
pub(super) fn AreaField(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(into)] hint: MaybeProp<String>,
    #[prop(into)] error: MaybeProp<String>,
    #[prop(into)] used: Signal<usize>,
    limit: usize,
    words: fn(i64) -> String,
    node_ref: NodeRef<html::Textarea>,
) -> impl IntoView {
    view! {
        <Field id label hint error>
            <Counter used limit=Signal::stored(limit) words />
            <textarea
                node_ref=node_ref
                class="input area"
                data-testid=id
                id=id
                rows="4"
                dir=move || value.with(|text| (!text.is_empty()).then_some("auto"))
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=format!("{id}-hint")
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            ></textarea>
        </Field>
    }
}

/// On or off, with what that means below.
#[component]
pub(super) fn SwitchField(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <div class="switch-field">
            <input
                class="switch"
                type="checkbox"
                role="switch"
                id=id
                data-testid=id
                aria-describedby=format!("{id}-hint")
                prop:checked=move || value.get()
                on:change:target=move |event| value.set(event.target().checked())
            />
            <label class="label" for=id>
                {label}
            </label>
            <p class="hint" id=format!("{id}-hint")>
                {hint}
            </p>
        </div>
    }
}
