//! The step of the Meta app: its id, which names our address, and its secret, which signs what Meta sends.

use super::page::Guide;
use super::progress::Step;
use crate::admin::api;
use crate::admin::form::{ChoiceField, Said, SecretField, foot};
use crate::admin::place::Place;
use crate::admin::way::Way;
use crate::admin::wrong::Wrong;
use crate::language::admin::{connectors, form, guide as say, wrong};
use crate::language::{Key, fill, t};
use crate::reading::Reading;
use crate::ui::{Button, Kind, TextField, When};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;

/// What is stored of an app.
#[derive(Serialize)]
struct Secrets {
    secret: String,
}

/// The step.
#[component]
pub(super) fn AppStep(guide: Guide) -> impl IntoView {
    let Guide { kind, seen, setup, app, way, .. } = guide;
    let name = RwSignal::new(app.get_untracked());
    let secret = RwSignal::new(String::new());
    let (said, busy, empty) = (Said::new(), RwSignal::new(false), RwSignal::new(false));
    let fixed = Reading::of(move || seen.with(|seen| seen.connector.is_some()));
    seen.with_untracked(|seen| {
        if let Some(connector) = &seen.connector {
            name.set(connector.app.clone());
        }
    });
    let known = Reading::of(move || {
        let apps = setup.get().ready().map(|setup| setup.apps).unwrap_or_default();
        apps.into_iter().filter(|app| app.has_secret).map(|app| app.app).collect::<Vec<_>>()
    });
    let stored = Signal::derive(move || known.with(|known| known.contains(&name.get().trim().to_owned())));
    Effect::new(move |_| way.keep_dirty(!secret.with(String::is_empty)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let id = name.get_untracked().trim().to_owned();
        let typed = secret.get_untracked().trim().to_owned();
        let lacks = id.is_empty() || (typed.is_empty() && !stored.get_untracked());
        empty.set(lacks);
        if lacks || busy.get_untracked() {
            return;
        }
        busy.set(true);
        said.nothing();
        spawn_local(async move {
            let saved = if typed.is_empty() {
                Ok(String::new())
            } else {
                let body = api::written(&Secrets { secret: typed });
                api::call("PUT", &["apps/", &id].concat(), Some(body)).await
            };
            let _ = busy.try_set(false);
            match saved {
                Ok(_) => {
                    let _ = secret.try_set(String::new());
                    if fixed.get_untracked() {
                        guide.went_on(Step::Webhook);
                    } else {
                        let _ = app.try_set(id.clone());
                        // A reload goes on with this app.
                        Way::rename(&Place::Begin(kind, Some(id)));
                        guide.went_on(Step::Webhook);
                    }
                }
                // An app's name stands in an address: what cannot stand there names nothing.
                Err(fault) if fault.status == Some(404) => said.no(api::Fault {
                    field: Some(("app".to_owned(), Wrong::Known(wrong::LETTERS))),
                    ..fault
                }),
                Err(fault) => said.no(fault),
            }
        });
    };
    let lacking = move |label: Key, lacks: Signal<bool>| {
        let words = move || fill(form::ENTER, &[("field", t(label))]);
        Signal::derive(move || (empty.get() && lacks.get()).then(words))
    };
    let no_name =
        lacking(connectors::APP_ID, Signal::derive(move || name.with(|name| name.trim().is_empty())));
    let no_secret = lacking(connectors::APP_SECRET, Signal::derive(move || secret.with(String::is_empty)));
    let of_name = said.of("app", t(connectors::APP_ID));
    let name_error = Signal::derive(move || no_name.get().or_else(|| of_name.get()));
    view! {
        <form class="form" on:submit=submit>
            <When is=move || !fixed.get()>
                <Name known name error=name_error />
            </When>
            <SecretField
                id="app-secret"
                label=t(connectors::APP_SECRET)
                stored
                value=secret
                hint=t(say::APP_SECRET_HINT)
                error=no_secret
            />
            {foot(said.rest(&["app"]))}
            <Button kind=Kind::Primary submit=true busy testid="save-app">
                {t(form::SAVE_NEXT)}
            </Button>
        </form>
    }
}

/// The app: one that is known, or another one by its id.
#[component]
fn Name(known: Reading<Vec<String>>, name: RwSignal<String>, error: Signal<Option<String>>) -> impl IntoView {
    let choices =
        Signal::derive(move || known.get().into_iter().map(|app| (app.clone(), app)).collect::<Vec<_>>());
    let offers = Reading::of(move || known.with(|known| !known.is_empty()));
    view! {
        <When is=move || offers.get()>
            <ChoiceField
                id="known-app"
                label=t(say::APP_KNOWN)
                options=choices
                value=name
                placeholder=t(say::APP_ANOTHER)
                hint=t(say::APP_KNOWN_HINT)
            />
        </When>
        <TextField
            id="app-id"
            label=t(connectors::APP_ID)
            value=name
            hint=t(say::APP_HINT)
            error
            testid="app-id"
        />
    }
}
