//! The list of connected accounts with what is known of each. It changes nothing.

use crate::admin::guide::{Kind, mark};
use crate::admin::health::{GLANCE, Known, Looks, sentence, stand};
use crate::admin::load::{self, Load};
use crate::admin::place::Place;
use crate::admin::way::{Link, Way};
use crate::admin::when::when;
use crate::browser::clock;
use crate::language::admin::{connectors as words, shell};
use crate::language::{fill, t};
use crate::reading::Reading;
use crate::ui::{ChannelMark, EmptyState, Icon, Pill, Row, Rows, Sign};
use leptos::prelude::*;
use shared::time::Timestamp;
use shared::wire::{ConnectorBody, QueueBody, SetupBody};
use wasm_bindgen_futures::spawn_local;

/// Asks again and again what came while the list is shown.
fn watch(setup: RwSignal<Load<SetupBody>>) {
    spawn_local(async move {
        loop {
            clock::sleep(GLANCE).await;
            if setup.try_get_untracked().is_none() {
                return;
            }
            load::refresh(setup, "setup").await;
        }
    });
}

/// The page.
#[component]
pub(in crate::admin) fn ConnectorsPage(way: Way) -> impl IntoView {
    let connectors: RwSignal<Load<Vec<ConnectorBody>>> = load::fetched("connectors");
    let queues: RwSignal<Load<Vec<QueueBody>>> = load::fetched("queues");
    let setup: RwSignal<Load<SetupBody>> = load::fetched("setup");
    watch(setup);
    let looks = Looks::new();
    let some = Reading::of(move || connectors.with(|all| matches!(all, Load::Ready(all) if !all.is_empty())));
    view! {
        <div class="page" data-testid="connectors">
            <header class="page-head">
                <h1>{t(shell::CONNECTORS)}</h1>
                <p class="quiet">{t(words::TEXT)}</p>
                <span class="grow"></span>
                {move || {
                    some.get()
                        .then(|| {
                            view! {
                                <Link to=Place::Choose class="btn" kind="primary" testid="connect">
                                    {t(words::CONNECT)}
                                </Link>
                            }
                        })
                }}
            </header>
            {move || match connectors.get() {
                Load::Coming => load::bones(),
                Load::Failed(why) => load::failed(t(words::NOT_FETCHED), why, move || {
                    connectors.set(Load::Coming);
                    load::fetch(connectors, "connectors");
                }),
                Load::Ready(all) if all.is_empty() => nothing(),
                Load::Ready(all) => {
                    let rows = all.into_iter().map(|one| row(way, one, queues, setup, looks)).collect_view();
                    view! {
                        <div class="card">
                            <Rows columns=5 head=head() label=t(shell::CONNECTORS)>
                                {rows}
                            </Rows>
                        </div>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// What the columns are called.
fn head() -> Vec<&'static str> {
    [words::ACCOUNT, words::QUEUE, words::LAST_WEBHOOK, words::STATE].map(t).to_vec()
}

fn nothing() -> AnyView {
    view! {
        <div class="card" data-testid="connectors-empty">
            <EmptyState
                sign=Sign::Plug
                title=t(words::NONE)
                text=t(words::NONE_TEXT)
            >
                <Link to=Place::Choose class="btn" kind="primary" testid="connect">
                    {t(words::CONNECT)}
                </Link>
            </EmptyState>
        </div>
    }
    .into_any()
}

fn row(
    way: Way,
    one: ConnectorBody,
    queues: RwSignal<Load<Vec<QueueBody>>>,
    setup: RwSignal<Load<SetupBody>>,
    looks: Looks,
) -> AnyView {
    let id = one.id;
    let queue = one.queue;
    let queue = Reading::of(move || {
        let all = queues.get().ready().unwrap_or_default();
        let own = all.into_iter().find(|other| queue.is_some() && other.id == queue);
        own.map_or_else(String::new, |queue| [queue.number.to_string().as_str(), " ", &queue.title].concat())
    });
    let facts = Reading::of(move || {
        let all = setup.get().ready().map(|setup| setup.connectors).unwrap_or_default();
        all.into_iter().find(|facts| Some(facts.connector) == id)
    });
    let label = Kind::of_connector(&one).account().label;
    let account = fill(words::ACCOUNT_OF, &[("label", label), ("id", &one.account)]);
    let (enabled, has_token) = (one.enabled, one.has_token);
    let health = Reading::of(move || id.and_then(|id| looks.of(id)));
    let standing = Reading::of(move || {
        let came = facts.with(|facts| facts.as_ref().is_none_or(|facts| facts.webhook_at.is_some()));
        health.with(|health| stand(Known { enabled, has_token, came }, health.as_ref()))
    });
    let state = move || {
        let (tone, words) = standing.get();
        view! { <Pill tone=tone>{t(words)}</Pill> }
    };
    let wrong = Reading::of(move || {
        health.with(|health| health.as_ref().and_then(|health| sentence(health, Timestamp(clock::now_ms()))))
    });
    let note = move || wrong.get().map(|words| note(standing.get().0.key(), words));
    let last = move || {
        facts.get().and_then(|facts| facts.webhook_at).map_or_else(|| t(words::NEVER).to_owned(), when)
    };
    let open = move |()| {
        if let Some(id) = id {
            way.go(Place::Connector(id));
        }
    };
    view! {
        <Row on_open=open testid="connector-row">
            <ChannelMark mark=mark(one.channel) />
            <span class="row-main">
                <span class="row-title" dir="auto">{one.title}</span>
                <span class="row-sub">{account}</span>
            </span>
            <span class="row-cell" data-wide=""><bdi>{move || queue.get()}</bdi></span>
            <span class="row-cell num" data-wide="">{last}</span>
            <span class="row-state">{state} <Icon sign=Sign::ChevronEnd small=true mirror=true /></span>
            {note}
        </Row>
    }
    .into_any()
}

/// What is wrong with an account, below it.
fn note(tone: &'static str, words: String) -> AnyView {
    view! {
        <span class="row-note" data-tone=tone data-testid="connector-note">
            <Icon sign=Sign::Alert small=true />
            <span>{words}</span>
        </span>
    }
    .into_any()
}
