//! The step of the Meta app: its id, which names our address, and its secret, which signs what Meta sends.

use super::page::Guide;
use super::progress::Step;
use crate::admin::api;
use crate::admin::form::{ChoiceField, Said, SecretField, foot};
use crate::admin::place::Place;
use crate::admin::way::Way;
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
                    field: Some(("app".to_owned(), "may have letters, digits, - and _ alone".to_owned())),
                    ..fault
                }),
                Err(fault) => said.no(fault),
            }
        });
    };
    let lacking = move |words: &'static str, lacks: Signal<bool>| {
        Signal::derive(move || (empty.get() && lacks.get()).then(|| words.to_owned()))
    };
    let no_name =
        lacking("Enter the App ID.", Signal::derive(move || name.with(|name| name.trim().is_empty())));
    let no_secret = lacking("Enter the App secret.", Signal::derive(move || secret.with(String::is_empty)));
    let of_name = said.of("app", "App ID");
    let name_error = Signal::derive(move || no_name.get().or_else(|| of_name.get()));
    view! {
        <form class="form" on:submit=submit>
            <When is=move || !fixed.get()>
                <Name known name error=name_error />
            </When>
            <SecretField
                id="app-secret"
                label="App secret"
                stored
                value=secret
                hint="Meta signs with it what it sends, and nothing unsigned is taken. It is never shown again."
                error=no_secret
            />
            {foot(said.rest(&["app"]))}
            <Button kind=Kind::Primary submit=true busy testid="save-app">
                "Save and go on"
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
                label="Known apps"
                options=choices
                value=name
                placeholder="Another app"
                hint="Several accounts can share one app."
            />
        </When>
        <TextField
            id="app-id"
            label="App ID"
            value=name
            hint="It also stands at the end of the address that Meta calls."
            error
            testid="app-id"
        />
    }
}
