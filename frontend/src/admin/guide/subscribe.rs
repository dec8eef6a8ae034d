//! The step of the subscription: the relay asks the provider in the account's name; nothing is done at the provider by hand.

use super::advice::subscription;
use super::page::Guide;
use super::progress::Step;
use crate::admin::api;
use crate::admin::copy::CopyField;
use crate::admin::form::{Said, foot};
use crate::language::admin::{form, guide as words};
use crate::language::t;
use crate::reading::Reading;
use crate::ui::{Button, Kind};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// The step.
#[component]
pub(super) fn SubscribeStep(guide: Guide) -> impl IntoView {
    let Guide { kind, seen, .. } = guide;
    let (said, busy) = (Said::new(), RwSignal::new(false));
    let id = Reading::of(move || seen.with(|seen| seen.connector.as_ref().and_then(|one| one.id)));
    let subscribed = Reading::of(move || {
        seen.with(|seen| seen.facts.as_ref().is_some_and(|facts| facts.subscribed_at.is_some()))
    });
    let bot = Signal::derive(move || {
        seen.with(|seen| {
            let base = seen.public_url.clone().unwrap_or_default();
            let bot = seen.connector.as_ref().map(|one| one.account.clone()).unwrap_or_default();
            [base.as_str(), "/webhooks/viber/", &bot].concat()
        })
    });
    let subscribe = move |()| {
        let Some(id) = id.get_untracked() else { return };
        busy.set(true);
        said.nothing();
        spawn_local(async move {
            let path = ["connectors/", &id.to_string(), "/subscribe"].concat();
            let answer = api::call("POST", &path, Some("{}".to_owned())).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(_) => guide.went_on(Step::Test),
                Err(fault) => said.no(fault),
            }
        });
    };
    let skip = move |()| guide.open.set(Step::Subscribe.after(kind));
    move || {
        if id.get().is_none() {
            return view! { <p class="quiet">{t(words::FINISH_ONE)}</p> }.into_any();
        }
        view! {
            <p>{t(subscription(kind))}</p>
            {(!kind.is_meta())
                .then(|| view! { <CopyField id="bot-address" label=t(words::BOT_ADDRESS) value=bot /> })}
            {foot(said.rest(&[]))}
            <div class="actions">
                <Button kind=Kind::Primary on_press=subscribe busy testid="subscribe">
                    {move || t(if subscribed.get() { words::SUBSCRIBE_AGAIN } else { words::SUBSCRIBE })}
                </Button>
                <Button kind=Kind::Quiet on_press=skip testid="subscribe-next">
                    {t(form::GO_ON)}
                </Button>
            </div>
        }
        .into_any()
    }
}
