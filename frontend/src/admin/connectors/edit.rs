//! The page of one account: how it stands, and its settings: name, queue, secrets, on or off. What identifies it at the provider is not changed here.

use super::fields::{
    Advanced, BusinessField, Fields, HumanAgentField, QueueField, SHOWN, TitleField, TokenField, WelcomeField,
};
use crate::admin::api::{self, Fault};
use crate::admin::form::{SecretField, SwitchField, foot, saving};
use crate::admin::guide::Kind;
use crate::admin::health::{HealthCard, Looks};
use crate::admin::load::{self, Load};
use crate::admin::place::Place;
use crate::admin::way::{Crumb, Link, Way};
use crate::language::admin::{connectors as words, form, shell};
use crate::language::t;
use crate::reading::Reading;
use crate::ui::ChannelMark;
use leptos::prelude::*;
use serde::Serialize;
use shared::id::ConnectorId;
use shared::wire::ConnectorBody;
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;

/// The app's secret.
#[derive(Serialize)]
struct Secret {
    secret: String,
}

/// The page.
#[component]
pub(in crate::admin) fn ConnectorPage(way: Way, id: ConnectorId) -> impl IntoView {
    let path = ["connectors/", &id.to_string()].concat();
    let connector: RwSignal<Load<ConnectorBody>> = load::fetched(path.clone());
    let retry = move || {
        connector.set(Load::Coming);
        load::fetch(connector, path.clone());
    };
    let retry = StoredValue::new(retry);
    let looks = Looks::new();
    // Both are drawn at once: nothing moves down under somebody who has begun to read.
    let comes = Reading::of(move || looks.is_coming());
    let shown = move || if comes.get() { Load::Coming } else { connector.get() };
    view! {
        <div class="page narrow" data-testid="connector">
            <Crumb to=Place::Connectors words=t(shell::CONNECTORS) />
            {move || match shown() {
                Load::Coming => load::bones(),
                Load::Failed(why) => {
                    load::failed(t(words::ONE_NOT_FETCHED), why, move || retry.with_value(|retry| retry()))
                }
                Load::Ready(one) => view! { <Settings way id one looks /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Settings(way: Way, id: ConnectorId, one: ConnectorBody, looks: Looks) -> impl IntoView {
    let kind = Kind::of_connector(&one);
    let fields = Fields::of(kind, Some(&one));
    let secret = RwSignal::new(String::new());
    let (busy, saved) = (RwSignal::new(false), RwSignal::new(false));
    let dirty = Reading::of(move || fields.is_dirty() || !secret.with(String::is_empty));
    way.guard(dirty, saved);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || !dirty.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = save(fields, id, secret).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    let _ = saved.try_set(true);
                    looks.soon();
                }
                Err(fault) => fields.said.no(fault),
            }
        });
    };
    let unchanged = Signal::derive(move || (!dirty.get()).then(|| t(form::UNCHANGED).to_owned()));
    view! {
        <header class="page-head">
            <ChannelMark mark=kind.mark() />
            <h1 dir="auto">{move || fields.saved_title()}</h1>
            <span class="grow"></span>
            <Link to=Place::Guide(id) class="btn" testid="to-guide">
                {t(words::STEPS)}
            </Link>
        </header>
        <HealthCard looks id />
        <form class="card form padded" on:submit=submit>
            <Facts kind one />
            <TitleField fields />
            <QueueField fields />
            <BusinessField fields />
            <TokenField fields />
            {kind
                .is_meta()
                .then(|| {
                    view! {
                        <SecretField
                            id="app-secret"
                            label=t(words::APP_SECRET)
                            stored=Signal::stored(true)
                            value=secret
                            hint=t(words::APP_SECRET_HINT)
                        />
                    }
                })}
            <SwitchField
                id="enabled"
                label=t(words::ENABLED)
                hint=t(words::ENABLED_HINT)
                value=fields.enabled
            />
            <HumanAgentField fields />
            <WelcomeField fields />
            <Advanced fields />
            {foot(fields.said.rest(SHOWN))}
            <div class="actions">
                {saving(form::SAVE, busy, unchanged, saved)}
            </div>
        </form>
    }
}

/// Saves the account, then the app's secret when a new one was typed.
async fn save(fields: Fields, id: ConnectorId, secret: RwSignal<String>) -> Result<(), Fault> {
    let typed = secret.get_untracked().trim().to_owned();
    let kept = fields.save(Some(id)).await?;
    if !typed.is_empty() {
        let body = api::written(&Secret { secret: typed });
        api::call("PUT", &["apps/", &kept.app].concat(), Some(body)).await?;
    }
    let _ = secret.try_set(String::new());
    Ok(())
}

/// What identifies the account at its provider.
#[component]
fn Facts(kind: Kind, one: ConnectorBody) -> impl IntoView {
    let app = kind.is_meta().then(|| {
        view! {
            <div>
                <dt>{t(words::APP_ID)}</dt>
                <dd>
                    <bdi class="mono" dir="ltr">
                        {one.app}
                    </bdi>
                </dd>
            </div>
        }
    });
    view! {
        <dl class="facts">
            <div>
                <dt>{kind.account().label}</dt>
                <dd>
                    <bdi class="mono" dir="ltr">
                        {one.account}
                    </bdi>
                </dd>
            </div>
            {app}
        </dl>
    }
}
