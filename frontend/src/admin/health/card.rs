//! The card that says how an account stands, and the button that has it looked at now. It changes no settings.

use super::lines::{Line, Write, lines};
use super::looks::Looks;
use super::stand::{headline, outcome, stand_of};
use crate::admin::when::{day, when};
use crate::browser::clock;
use crate::language::admin::health as say;
use crate::language::keys::ui;
use crate::language::{Key, fill, t};
use crate::reading::Reading;
use crate::ui::{Button, Kind, Pill, Tone};
use leptos::prelude::*;
use shared::id::ConnectorId;
use shared::time::Timestamp;
use shared::wire::ConnectorHealth;
use wasm_bindgen_futures::spawn_local;

/// The card.
#[component]
pub(in crate::admin) fn HealthCard(looks: Looks, id: ConnectorId) -> impl IntoView {
    let health = Reading::of(move || looks.of(id));
    let busy = RwSignal::new(false);
    let said = RwSignal::new(None::<Result<String, String>>);
    let test = move |()| {
        busy.set(true);
        said.set(None);
        spawn_local(async move {
            let answer = looks.test(id).await;
            let now = when(Timestamp(clock::now_ms()));
            let words = match &answer {
                Ok(found) => Ok(fill(say::TESTED, &[("at", &now), ("found", t(outcome(found)))])),
                Err(fault) => Err(fill(say::FAILED, &[("why", &fault.sentence)])),
            };
            if answer.is_ok() {
                looks.soon();
            }
            let _ = busy.try_set(false);
            let _ = said.try_set(Some(words));
        });
    };
    let stand = Reading::of(move || health.with(|health| health.as_ref().map(stand_of)));
    view! {
        <section class="card padded health" aria-labelledby="health-title" data-testid="health">
            <header class="health-head">
                <h2 id="health-title">{t(say::TITLE)}</h2>
                {move || stand.get().map(pill)}
                <span class="grow"></span>
                <Button on_press=test busy testid="test-now">
                    {t(say::TEST)}
                </Button>
            </header>
            {move || match health.get() {
                Some(health) => known(&health),
                None => unknown(looks),
            }}
            <Outcome busy said />
        </section>
    }
}

fn pill((tone, word): (Tone, Key)) -> AnyView {
    view! {
        <span data-testid="health-state">
            <Pill tone>{t(word)}</Pill>
        </span>
    }
    .into_any()
}

fn known(health: &ConnectorHealth) -> AnyView {
    let write = Write { now: Timestamp(clock::now_ms()), when, day };
    view! {
        <p class="health-words" data-testid="health-words">
            {headline(health, write.now)}
        </p>
        <dl class="facts">{lines(health, write).into_iter().map(fact).collect_view()}</dl>
    }
    .into_any()
}

fn fact(one: Line) -> AnyView {
    let Line { key, name, words, code, tone } = one;
    view! {
        <div data-testid=["health-", key].concat()>
            <dt>{name}</dt>
            <dd data-tone=tone.key()>
                <bdi>{words}</bdi>
                {code.map(|code| view! { " " <bdi class="mono" dir="ltr">{code}</bdi> })}
            </dd>
        </div>
    }
    .into_any()
}

/// What stands there while the relay has said nothing of the account.
fn unknown(looks: Looks) -> AnyView {
    match looks.failed() {
        Some(why) => view! {
            <div class="health-words" role="alert">
                <p class="error">{fill(say::NOT_FETCHED, &[("why", &why)])}</p>
                <Button kind=Kind::Link on_press=move |()| looks.ask()>
                    {t(ui::TRY_AGAIN)}
                </Button>
            </div>
        }
        .into_any(),
        None => view! { <p class="health-words">{t(say::NOT_LOOKED)}</p> }.into_any(),
    }
}

/// What the test found, said politely; why there was none, said at once.
#[component]
fn Outcome(busy: RwSignal<bool>, said: RwSignal<Option<Result<String, String>>>) -> impl IntoView {
    let found = move || match said.get() {
        Some(Ok(words)) => words,
        None if busy.get() => t(say::TESTING).to_owned(),
        Some(Err(_)) | None => String::new(),
    };
    let failed = move || {
        let why = said.get().and_then(Result::err);
        why.map(|why| view! { <p class="error">{why}</p> }.into_any())
    };
    view! {
        <p class="health-outcome quiet" role="status" aria-live="polite" data-testid="test-result">
            {found}
        </p>
        <div role="alert" data-testid="test-failed">
            {failed}
        </div>
    }
}
