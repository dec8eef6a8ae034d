//! One webhook item as it came: its facts, its text, and another try. The text is shown and never read.

use super::again::Again;
use super::group::sentence;
use crate::admin::load::{self, Load};
use crate::admin::place::Place;
use crate::admin::way::Crumb;
use crate::admin::when::when;
use crate::language::admin::{journal as say, shell};
use crate::language::{Key, fill, t};
use crate::reading::Reading;
use crate::ui::{Button, Icon, Pill, Sign, Tone};
use leptos::prelude::*;
use shared::channel::Channel;
use shared::wire::{ItemBody, ItemRow, ItemState, RetryRequest};

/// The page.
#[component]
pub(in crate::admin) fn ItemPage(id: i64) -> impl IntoView {
    let path = StoredValue::new(["journal/", &id.to_string()].concat());
    let item: RwSignal<Load<ItemBody>> = load::fetched(path.get_value());
    let again = Again::new();
    let refetch = move || load::fetch(item, path.get_value());
    let kept = Reading::of(move || {
        item.with(|item| matches!(item, Load::Ready(item) if matches!(item.row.state, ItemState::Unsupported | ItemState::Failed)))
    });
    let retry = move |()| {
        let left = move |page: &shared::wire::ItemPage| u64::from(page.items.iter().any(|row| row.id == id));
        again.run(RetryRequest { ids: vec![id], group: None }, left, move |_| refetch());
    };
    view! {
        <div class="page" data-testid="item">
            <Crumb to=Place::NotUnderstood words=t(shell::NOT_UNDERSTOOD) />
            <header class="page-head">
                <h1>{fill(say::ITEM, &[("id", &id.to_string())])}</h1>
                <span class="grow"></span>
                {move || {
                    kept.get()
                        .then(|| {
                            view! {
                                <Button on_press=retry busy=again.busy testid="retry-item">
                                    <Icon sign=Sign::Retry />
                                    {t(say::AGAIN)}
                                </Button>
                            }
                                .into_any()
                        })
                }}
            </header>
            <p class="result" role="status" data-testid="retry-result">
                {move || again.said.get()}
            </p>
            {move || match item.get() {
                Load::Coming => load::bones(),
                Load::Failed(why) => load::failed(t(say::ONE_NOT_FETCHED), why, move || {
                    item.set(Load::Coming);
                    refetch();
                }),
                Load::Ready(one) => body(one),
            }}
        </div>
    }
}

fn body(one: ItemBody) -> AnyView {
    let ItemBody { row, raw } = one;
    view! {
        <div class="card">
            <dl class="facts padded">{facts(&row).into_iter().map(fact).collect_view()}</dl>
            <pre class="raw" tabindex="0" dir="ltr" data-testid="raw" aria-label=t(say::RAW)>
                {raw}
            </pre>
        </div>
    }
    .into_any()
}

fn facts(row: &ItemRow) -> Vec<(Key, AnyView)> {
    let text = |words: String| view! { <bdi>{words}</bdi> }.into_any();
    let (tone, state) = match row.state {
        ItemState::Unsupported => (Tone::Amber, say::STATE_UNSUPPORTED),
        ItemState::Failed => (Tone::Amber, say::STATE_FAILED),
        ItemState::Done => (Tone::Green, say::STATE_DONE),
        ItemState::New | ItemState::Parked => (Tone::Plain, say::STATE_WAITS),
        ItemState::Unknown => (Tone::Plain, say::STATE_UNKNOWN),
    };
    let channel = row.channel.map_or(t(say::NO_CHANNEL), |channel: Channel| channel.capabilities().title);
    let mut facts = vec![
        (
            say::STATE,
            view! { <span data-testid="item-state"><Pill tone=tone>{t(state)}</Pill></span> }.into_any(),
        ),
        (say::CHANNEL, text(channel.to_owned())),
        (say::ACCOUNT, text(row.account.clone())),
        (say::CAME_TO, text(row.address.clone())),
        (say::RECEIVED, text(when(row.received_at))),
    ];
    if let Some(reason) = &row.reason {
        facts.insert(1, (say::REASON, text(sentence(reason))));
    }
    facts
}

fn fact((name, value): (Key, AnyView)) -> AnyView {
    view! {
        <div>
            <dt>{t(name)}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}
