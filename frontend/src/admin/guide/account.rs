//! The step of the account: its id, its token, the queue its customers wait in. Saving it makes the connector.

use super::page::Guide;
use super::progress::Step;
use crate::admin::connectors::{Advanced, BusinessField, Fields, QueueField, SHOWN, TitleField, TokenField};
use crate::admin::form::foot;
use crate::admin::place::Place;
use crate::language::admin::{form, guide as words};
use crate::language::t;
use crate::reading::Reading;
use crate::ui::{Button, Kind, TextField};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;

/// The step.
#[component]
pub(super) fn AccountStep(guide: Guide) -> impl IntoView {
    let Guide { kind, seen, app, way, .. } = guide;
    let old = seen.with_untracked(|seen| seen.connector.clone());
    let id = old.as_ref().and_then(|old| old.id);
    let fields = Fields::of(kind, old.as_ref());
    let busy = RwSignal::new(false);
    // A new account belongs to the app of the step before.
    Effect::new(move |_| {
        let app = app.get();
        if id.is_none() {
            fields.app.set(app);
        }
    });
    Effect::new(move |_| way.keep_dirty(fields.is_dirty()));
    on_cleanup(move || way.keep_dirty(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let lacks = untrack(|| fields.wish().token.is_none() && !fields.has_token.get());
        fields.lacks_token.set(lacks);
        if lacks || busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = fields.save(id).await;
            let _ = busy.try_set(false);
            match answer {
                // From here on the relay knows the account, and the address names it.
                Ok(kept) if id.is_none() => way.go_on(kept.id.map_or(Place::Connectors, Place::Guide)),
                Ok(_) => guide.went_on(Step::Subscribe),
                Err(fault) => fields.said.no(fault),
            }
        });
    };
    let lacks_app = Reading::of(move || kind.is_meta() && fields.app.with(String::is_empty));
    let label = kind.account().label;
    move || {
        if lacks_app.get() {
            return view! { <p class="quiet">{t(words::FINISH_APP)}</p> }.into_any();
        }
        view! {
            <form class="form" on:submit=submit>
                <TitleField fields />
                <TextField
                    id="account"
                    label
                    value=fields.account
                    hint=kind.account().hint
                    error=fields.said.of("account", label)
                    testid="account"
                />
                <BusinessField fields />
                <TokenField fields />
                <QueueField fields />
                <Advanced fields />
                {foot(fields.said.rest(SHOWN))}
                <Button kind=Kind::Primary submit=true busy testid="save-account">
                    {t(form::SAVE_NEXT)}
                </Button>
            </form>
        }
        .into_any()
    }
}
