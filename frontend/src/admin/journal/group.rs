//! Items with one reason: how many, and on demand their list. It shows nothing of what is in them.

use super::again::{Again, whole};
use crate::admin::api;
use crate::admin::guide::mark;
use crate::admin::load::Load;
use crate::admin::place::Place;
use crate::admin::way::Link;
use crate::admin::when::when;
use crate::language::admin::journal as say;
use crate::language::keys::activities;
use crate::language::{count, t};
use crate::reading::Reading;
use crate::ui::{Button, ChannelMark, Icon, Kind, Pill, RowBones, Sign, Tone, When};
use leptos::prelude::*;
use shared::channel::Channel;
use shared::wire::{ItemGroup, ItemPage, ItemRow, ItemState, RetryGroup, RetryRequest};
use wasm_bindgen_futures::spawn_local;

/// One group. `page` is the whole list, which is renewed after a try.
#[component]
pub(super) fn Group(
    group: Reading<Option<ItemGroup>>,
    page: RwSignal<Load<ItemPage>>,
    again: Again,
) -> impl IntoView {
    let Some(first) = group.get_untracked() else { return ().into_any() };
    let open = RwSignal::new(false);
    let (channel, state, reason) = (first.channel, first.state, first.reason.clone());
    let words = sentence(&reason);
    let size = Reading::of(move || group.with(|group| group.as_ref().map_or(0, |group| group.count)));
    let newest = Reading::of(move || group.with(|group| group.as_ref().map(|group| group.newest_at)));
    let retried = reason.clone();
    let retry = move |()| {
        let (own, wanted) = (retried.clone(), RetryGroup { channel, reason: retried.clone() });
        let left = move |page: &ItemPage| {
            let same = |one: &&ItemGroup| one.channel == channel && one.reason == own;
            page.groups.iter().filter(same).map(|one| one.count).sum()
        };
        let request = RetryRequest { group: Some(wanted), ..RetryRequest::default() };
        again.run(request, left, move |now| drop(page.try_set(Load::Ready(now))));
    };
    let name = channel.map_or(t(say::NO_CHANNEL_NAME), |channel| channel.capabilities().title);
    let facts = move || {
        let newest = newest.get().map(when).unwrap_or_default();
        count(say::FACTS, whole(size.get()), &[("name", name), ("newest", &newest)])
    };
    view! {
        <li class="card group" data-testid="group">
            <div class="group-head">
                <button
                    class="group-toggle"
                    data-testid="group-toggle"
                    type="button"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon sign=Signal::derive(move || {
                        if open.get() { Sign::ChevronDown } else { Sign::ChevronEnd }
                    }) mirror=true />
                    {channel.map_or_else(
                        || view! { <span class="mark"><Icon sign=Sign::Question /></span> }.into_any(),
                        |channel| view! { <ChannelMark mark=mark(channel) /> }.into_any(),
                    )}
                    <span class="row-main">
                        <span class="row-title" dir="auto">{words}</span>
                        <span class="row-sub num">{facts}</span>
                    </span>
                </button>
                {(state == ItemState::Failed).then(|| view! { <Pill tone=Tone::Amber>{t(say::STATE_FAILED)}</Pill> })}
                <Button kind=Kind::Quiet on_press=retry busy=again.busy testid="retry-group">
                    <Icon sign=Sign::Retry />
                    {t(say::AGAIN)}
                </Button>
            </div>
            <When is=move || open.get()>
                <Items channel state reason=reason.clone() page />
            </When>
        </li>
    }
    .into_any()
}

/// The items of a group, newest first.
#[component]
fn Items(
    channel: Option<Channel>,
    state: ItemState,
    reason: String,
    page: RwSignal<Load<ItemPage>>,
) -> impl IntoView {
    let rows = RwSignal::new(Vec::<ItemRow>::new());
    let next = RwSignal::new(None::<i64>);
    let coming = RwSignal::new(true);
    let failed = RwSignal::new(None::<String>);
    let query = StoredValue::new(query(channel, state, &reason));
    let more = move |before: Option<i64>| {
        coming.set(true);
        failed.set(None);
        spawn_local(async move {
            let mut path = query.get_value();
            if let Some(before) = before {
                path = [path.as_str(), "&before=", &before.to_string()].concat();
            }
            let answer: Result<ItemPage, _> = api::get(&path).await;
            let _ = coming.try_set(false);
            match answer {
                Ok(page) => {
                    let _ = next.try_set(page.next);
                    let _ = rows.try_update(|rows| {
                        if before.is_none() {
                            rows.clear();
                        }
                        rows.extend(page.items);
                    });
                }
                Err(fault) => drop(failed.try_set(Some(fault.sentence))),
            }
        });
    };
    // Again whenever the whole list was renewed.
    Effect::new(move |_| {
        page.track();
        more(None);
    });
    let item = |row: ItemRow| {
        view! {
            <li>
                <Link to=Place::Item(row.id) class="item" testid="item-row">
                    <span class="num">{when(row.received_at)}</span>
                    <span class="item-account clip"><bdi class="mono" dir="ltr">{row.account}</bdi></span>
                    <span class="quiet num" dir="ltr">{["#", &row.id.to_string()].concat()}</span>
                    <Icon sign=Sign::ChevronEnd small=true mirror=true />
                </Link>
            </li>
        }
    };
    let first = Reading::of(move || coming.get() && rows.with(Vec::is_empty));
    view! {
        <div class="items">
            <When is=move || first.get()>
                <RowBones rows=2 />
            </When>
            <ul>{move || rows.get().into_iter().map(item).collect_view()}</ul>
            {move || failed.get().map(|words| view! { <p class="error" role="alert">{words}</p> })}
            {move || {
                next.get()
                    .map(|before| {
                        view! {
                            <div class="page-foot">
                                <Button small=true busy=coming on_press=move |()| more(Some(before))>
                                    {t(activities::MORE)}
                                </Button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// The address of a group's items.
fn query(channel: Option<Channel>, state: ItemState, reason: &str) -> String {
    let state = if state == ItemState::Failed { "failed" } else { "unsupported" };
    let reason = String::from(js_sys::encode_uri_component(reason));
    ["journal?channel=", channel.map_or("none", Channel::key), "&state=", state, "&reason=", &reason].concat()
}

/// A reason as a sentence without its stop: it begins large.
pub(super) fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => t(say::NO_REASON).to_owned(),
    }
}
