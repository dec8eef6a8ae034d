//! Making a queue where one is missing: its name, its number, its members; everything else as usual.

use super::kind::Kind;
use crate::admin::api;
use crate::admin::form::{Said, foot};
use crate::admin::load::{self, Load};
use crate::language::admin::{connectors, form, queue as words};
use crate::language::{fill, t};
use crate::reading::Reading;
use crate::ui::{Button, Kind as Weight, TextField};
use leptos::prelude::*;
use shared::config::{Role, Unattended};
use shared::time::Span;
use shared::wire::{DispositionBody, MemberBody, QueueBody, UserBody};
use wasm_bindgen_futures::spawn_local;

/// How long an offer rings, and how long the same agent is not asked again, unless somebody says otherwise.
const RING: Span = Span::seconds(30);
const SLEEP: Span = Span::seconds(10);

/// A small form inside another one, which is why it is no form itself.
#[component]
pub(in crate::admin) fn NewQueue(
    kind: Kind,
    #[prop(into)] on_made: Callback<String>,
    #[prop(into)] on_cancel: Callback<()>,
) -> impl IntoView {
    let people: RwSignal<Load<Vec<UserBody>>> = load::fetched("users");
    let statuses: RwSignal<Load<Vec<DispositionBody>>> = load::fetched("dispositions");
    let queues: RwSignal<Load<Vec<QueueBody>>> = load::fetched("queues");
    let title = RwSignal::new(fill(words::TITLE, &[("channel", kind.channel().capabilities().title)]));
    let number = RwSignal::new(String::new());
    let chosen = RwSignal::new(Vec::<UserBody>::new());
    let (said, busy) = (Said::new(), RwSignal::new(false));
    // The next free number, until somebody writes another one.
    Effect::new(move |_| {
        let Load::Ready(all) = queues.get() else { return };
        if number.with_untracked(String::is_empty) {
            let next = all.iter().map(|one| one.number).max().unwrap_or(1_000).saturating_add(1);
            number.set(next.to_string());
        }
    });
    // Whoever answers customers, until somebody is taken out.
    Effect::new(move |_| {
        let Load::Ready(all) = people.get() else { return };
        chosen.set(all.into_iter().filter(|one| one.role != Role::Admin).collect());
    });
    let make = move |()| {
        let queue = QueueBody {
            id: None,
            number: number.get_untracked().trim().parse().unwrap_or_default(),
            title: title.get_untracked().trim().to_owned(),
            channel: kind.channel(),
            enabled: true,
            priority: 5,
            ring: RING,
            sleep: SLEEP,
            max_wait: None,
            automatic_pause: None,
            disposition_required: true,
            dispositions: statuses
                .get_untracked()
                .ready()
                .unwrap_or_default()
                .into_iter()
                .filter(|one| one.enabled)
                .filter_map(|one| one.id)
                .collect(),
            unattended: Unattended::Wait,
            members: chosen
                .get_untracked()
                .into_iter()
                .map(|one| MemberBody { user: one.id, penalty: 0 })
                .collect(),
            links: Vec::new(),
            manner: shared::config::Manner::default(),
        };
        busy.set(true);
        said.nothing();
        spawn_local(async move {
            let answer: Result<QueueBody, _> = api::send("POST", "queues", &queue).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(made) => on_made.run(made.id.map(|id| id.to_string()).unwrap_or_default()),
                Err(fault) => said.no(fault),
            }
        });
    };
    view! {
        <fieldset class="inset" data-testid="queue-form">
            <legend class="label">{t(words::NEW)}</legend>
            <TextField
                id="queue-title"
                label=t(connectors::NAME)
                value=title
                error=said.of("title", t(connectors::NAME))
                testid="queue-title"
            />
            <TextField
                id="queue-number"
                label=t(words::NUMBER)
                value=number
                hint=t(words::NUMBER_HINT)
                error=said.of("number", t(words::NUMBER))
                testid="queue-number"
            />
            <Members people chosen />
            {foot(said.rest(&["title", "number"]))}
            <div class="actions">
                <Button on_press=make busy testid="make-queue">
                    {t(words::MAKE)}
                </Button>
                <Button kind=Weight::Quiet on_press=on_cancel>
                    {t(form::CANCEL)}
                </Button>
            </div>
        </fieldset>
    }
}

/// Who answers its customers.
#[component]
fn Members(people: RwSignal<Load<Vec<UserBody>>>, chosen: RwSignal<Vec<UserBody>>) -> impl IntoView {
    let row = move |one: UserBody| {
        let (own, other) = (one.clone(), one.clone());
        let is_in = Reading::of(move || chosen.with(|all| all.iter().any(|member| member.id == own.id)));
        let change = move |inside: bool| {
            chosen.update(|all| {
                all.retain(|member| member.id != other.id);
                if inside {
                    all.push(other.clone());
                }
            });
        };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || is_in.get()
                    on:change:target=move |event| change(event.target().checked())
                />
                <span dir="auto">{one.name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="checks">
            <legend class="label">{t(words::MEMBERS)}</legend>
            {move || people.get().ready().unwrap_or_default().into_iter().map(row).collect_view()}
        </fieldset>
    }
}
