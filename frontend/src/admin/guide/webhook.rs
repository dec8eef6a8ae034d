//! The step of the app's webhook: address and verify token to copy, fields to choose, and whether Meta has asked.

use super::page::Guide;
use super::progress::{Stand, Step};
use crate::admin::api;
use crate::admin::copy::CopyField;
use crate::admin::form::{Said, foot};
use crate::admin::when::when;
use crate::reading::Reading;
use crate::ui::{Button, Icon, Kind, Pill, Sign, Tone};
use leptos::prelude::*;
use shared::channel::webhook_fields;
use shared::wire::VerifyToken;
use wasm_bindgen_futures::spawn_local;

/// The step.
#[component]
pub(super) fn WebhookStep(guide: Guide) -> impl IntoView {
    let Guide { kind, seen, .. } = guide;
    let name = Reading::of(move || {
        seen.with(|seen| seen.app.as_ref().map(|app| app.app.clone()).unwrap_or_default())
    });
    let address = Signal::derive(move || {
        let base = seen.with(|seen| seen.public_url.clone()).unwrap_or_default();
        [base.as_str(), "/webhooks/meta/", &name.get()].concat()
    });
    let ready = Reading::of(move || seen.with(|seen| seen.app.is_some() && seen.public_url.is_some()));
    let list = move || {
        webhook_fields(kind.channel())
            .iter()
            .map(|field| view! { <li><code>{*field}</code></li> })
            .collect_view()
    };
    let done = Reading::of(move || {
        seen.with(|seen| matches!(Step::Webhook.stand(kind, seen, when), Stand::Done(_)))
    });
    let go_on = move |()| guide.open.set(Step::Webhook.after(kind));
    move || {
        if !ready.get() {
            return view! { <p class="quiet">"Finish the steps above first."</p> }.into_any();
        }
        view! {
            <CopyField id="callback" label="Callback URL" value=address />
            <Verify guide name />
            <div class="field">
                <span class="label">"Fields"</span>
                <ul class="tokens">{list()}</ul>
            </div>
            <p class="waits" role="status">
                {move || if done.get() {
                    view! { <Icon sign=Sign::Tick /> "Meta has asked for the address." }.into_any()
                } else {
                    view! { <span class="spinner" aria-hidden="true"></span> "Waiting until Meta asks for the address…" }
                        .into_any()
                }}
            </p>
            <Button kind=Kind::Primary on_press=go_on testid="webhook-next">
                "Go on"
            </Button>
        }
        .into_any()
    }
}

/// The verify token: made here, shown once.
#[component]
fn Verify(guide: Guide, name: Reading<String>) -> impl IntoView {
    let seen = guide.seen;
    let made = RwSignal::new(None::<String>);
    let (said, busy) = (Said::new(), RwSignal::new(false));
    let stored = Reading::of(move || seen.with(|seen| seen.app.as_ref().is_some_and(|app| app.has_verify)));
    let make = move |()| {
        busy.set(true);
        said.nothing();
        spawn_local(async move {
            let path = ["apps/", &name.get_untracked(), "/verify"].concat();
            let answer: Result<VerifyToken, _> = api::send("POST", &path, &()).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(token) => {
                    let _ = made.try_set(Some(token.verify));
                    guide.look();
                }
                Err(fault) => said.no(fault),
            }
        });
    };
    let value = Signal::derive(move || made.get().unwrap_or_default());
    let shown = Reading::of(move || made.with(Option::is_some));
    view! {
        <div>
            {move || {
                if shown.get() {
                    return view! {
                        <CopyField
                            id="verify-token"
                            label="Verify token"
                            value
                            hint="Copy it now: it is not shown again. A new one can be made at any time."
                        />
                    }
                        .into_any();
                }
                let is_stored = stored.get();
                let words = if is_stored { "Make a new one" } else { "Make a verify token" };
                view! {
                    <div class="field">
                        <span class="label">"Verify token"</span>
                        <div class="stored">
                            {is_stored
                                .then(|| {
                                    view! {
                                        <Pill tone=Tone::Green>
                                            <Icon sign=Sign::Lock small=true />
                                            "Stored"
                                        </Pill>
                                    }
                                })}
                            <Button on_press=make busy testid="make-verify">
                                {words}
                            </Button>
                        </div>
                        <p class="hint">
                            {if is_stored {
                                "It was shown when it was made. If it is not at Meta yet, make a new one."
                            } else {
                                "Meta shows it when it asks for the address, so that nobody else can."
                            }}
                        </p>
                    </div>
                }
                    .into_any()
            }}
            {foot(said.rest(&[]))}
        </div>
    }
}
