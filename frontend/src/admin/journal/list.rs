//! The page of what was not understood: groups by channel and reason, each with its items. Nothing is deleted here.

use super::again::{Again, whole};
use super::group::Group;
use crate::admin::load::{self, Load};
use crate::browser::clock;
use crate::language::admin::{journal as say, shell};
use crate::language::{count, t};
use crate::reading::Reading;
use crate::ui::{Button, EmptyState, Icon, Sign};
use leptos::prelude::*;
use shared::channel::Channel;
use shared::wire::{ItemGroup, ItemPage, ItemState, RetryRequest};
use wasm_bindgen_futures::spawn_local;

/// What makes two groups the same one.
type Key = (Option<Channel>, ItemState, String);

fn key(group: &ItemGroup) -> Key {
    (group.channel, group.state, group.reason.clone())
}

/// How often the list is looked at anew while items wait to be looked at, in milliseconds.
const LOOK: i32 = 2_000;

/// Looks again as long as items wait: they are not counted yet. Otherwise the list stays as somebody reads it.
fn watch(page: RwSignal<Load<ItemPage>>) {
    spawn_local(async move {
        loop {
            clock::sleep(LOOK).await;
            let waits = |page: &Load<ItemPage>| matches!(page, Load::Ready(page) if page.waiting > 0);
            match page.try_with_untracked(waits) {
                Some(true) => load::refresh(page, "journal").await,
                Some(false) => {}
                None => return,
            }
        }
    });
}

/// The page.
#[component]
pub(in crate::admin) fn NotUnderstoodPage() -> impl IntoView {
    let page: RwSignal<Load<ItemPage>> = load::fetched("journal");
    watch(page);
    let again = Again::new();
    let groups = Reading::of(move || page.get().ready().map(|page| page.groups).unwrap_or_default());
    let keys = Reading::of(move || groups.with(|groups| groups.iter().map(key).collect::<Vec<_>>()));
    let total =
        Reading::of(move || groups.with(|groups| groups.iter().map(|group| group.count).sum::<u64>()));
    let all = move |()| {
        let left = |page: &ItemPage| page.groups.iter().map(|group| group.count).sum();
        again.run(RetryRequest::default(), left, move |now| drop(page.try_set(Load::Ready(now))));
    };
    let refresh = move || {
        page.set(Load::Coming);
        load::fetch(page, "journal");
    };
    view! {
        <div class="page" data-testid="not-understood">
            <header class="page-head">
                <h1>{t(shell::NOT_UNDERSTOOD)}</h1>
                <p class="quiet">{move || words(total.get())}</p>
                <span class="grow"></span>
                {move || {
                    (total.get() > 0)
                        .then(|| {
                            view! {
                                <Button
                                    on_press=all
                                    busy=again.busy
                                    hint=t(say::AFTER_UPGRADE)
                                    testid="retry-all"
                                >
                                    <Icon sign=Sign::Retry />
                                    {t(say::ALL_AGAIN)}
                                </Button>
                            }
                                .into_any()
                        })
                }}
            </header>
            <p class="result" role="status" data-testid="retry-result">
                {move || again.said.get()}
            </p>
            {move || match page.with(|page| matches!(page, Load::Ready(_))).then(|| keys.get()) {
                Some(keys) if keys.is_empty() => nothing(),
                Some(keys) => {
                    let group = move |own: Key| {
                        let group = Reading::of(move || {
                            groups.with(|groups| groups.iter().find(|group| key(group) == own).cloned())
                        });
                        view! { <Group group page again /> }
                    };
                    view! { <ul class="groups">{keys.into_iter().map(group).collect_view()}</ul> }.into_any()
                }
                None => match page.get() {
                    Load::Failed(why) => load::failed(t(say::NOT_FETCHED), why, refresh),
                    _ => load::bones(),
                },
            }}
        </div>
    }
}

fn words(total: u64) -> String {
    if total == 0 { String::new() } else { count(say::KEPT, whole(total), &[]) }
}

fn nothing() -> AnyView {
    view! {
        <div class="card" data-testid="not-understood-empty">
            <EmptyState
                sign=Sign::Accept
                title=t(say::NONE)
                text=t(say::NONE_TEXT)
            />
        </div>
    }
    .into_any()
}
