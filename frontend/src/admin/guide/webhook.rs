//! The step of the app's webhook: address and verify token to copy, fields to choose, and whether Meta has asked.

use super::page::Guide;
use super::progress::{Stand, Step};
use crate::admin::api;
use crate::admin::copy::CopyField;
use crate::admin::form::{Said, foot};
use crate::admin::when::when;
use crate::language::admin::{form, guide as say};
use crate::language::t;
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
            return view! { <p class="quiet">{t(say::FINISH_ABOVE)}</p> }.into_any();
        }
        view! {
            <CopyField id="callback" label=t(say::WEBHOOK_URL) value=address />
            <Verify guide name />
            <div class="field">
                <span class="label">{t(say::WEBHOOK_FIELDS)}</span>
                <ul class="tokens">{list()}</ul>
            </div>
            <p class="waits" role="status">
                {move || if done.get() {
                    view! { <Icon sign=Sign::Tick /> {t(say::WEBHOOK_ASKED)} }.into_any()
                } else {
                    view! { <span class="spinner" aria-hidden="true"></span> {t(say::WEBHOOK_WAITS)} }
                        .into_any()
                }}
            </p>
            <Button kind=Kind::Primary on_press=go_on testid="webhook-next">
                {t(form::GO_ON)}
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
                            label=t(say::VERIFY)
                            value
                            hint=t(say::VERIFY_COPY)
                        />
                    }
                        .into_any();
                }
                let is_stored = stored.get();
                let words = t(if is_stored { say::VERIFY_AGAIN } else { say::VERIFY_MAKE });
                view! {
                    <div class="field">
                        <span class="label">{t(say::VERIFY)}</span>
                        <div class="stored">
                            {is_stored
                                .then(|| {
                                    view! {
                                        <Pill tone=Tone::Green>
                                            <Icon sign=Sign::Lock small=true />
                                            {t(form::STORED)}
                                        </Pill>
                                    }
                                })}
                            <Button on_press=make busy testid="make-verify">
                                {words}
                            </Button>
                        </div>
                        <p class="hint">
                            {t(if is_stored { say::VERIFY_SHOWN } else { say::VERIFY_ASKS })}
                        </p>
                    </div>
                }
                    .into_any()
            }}
            {foot(said.rest(&[]))}
        </div>
    }
}
