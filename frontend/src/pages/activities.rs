//! All activities: interactions that run and ran, newest first, page by page. Opening one is the workspace's matter.

use super::filter::{Filters, NothingFits};
use super::words;
use crate::browser::{clock, format};
use crate::desk::{Activities, Desk, Filter};
use crate::language::keys::{activities, workspace};
use crate::language::{Key, t};
use crate::reading::{Reading, Slot, each, follow, live};
use crate::ui::{
    Button, ChannelMark, Device, EmptyState, ErrorState, IconButton, Pill, Row, RowBones, Rows, Sign, Tone,
    When,
};
use crate::widgets::registry::mark;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::id::InteractionId;
use shared::interaction::Phase;
use shared::wire::InteractionRow;

/// The columns after the mark.
const HEAD: [Key; 4] = [activities::CUSTOMER, activities::QUEUE, activities::AGENT, activities::BEGAN];

/// Typing has come to rest after so many milliseconds.
const REST_MS: i32 = 250;

/// What the page shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    Loading,
    Failed,
    Empty,
    NothingFits,
    List,
}

/// The page; `on_open` hears which interaction was chosen.
#[component]
pub fn ActivitiesPage(desk: Desk, #[prop(into)] on_open: Callback<InteractionId>) -> impl IntoView {
    let list = desk.activities();
    let filter = desk.activities_filter();
    let (chosen, cleared) = (filter.clone(), filter.clone());
    load_when_asked(desk, filter.clone());
    let shows = Reading::of(move || {
        list.with(|list| match list {
            Activities { rows, .. } if !rows.is_empty() => Shows::List,
            Activities { failed: Some(_), .. } => Shows::Failed,
            Activities { loading: true, .. } | Activities { loaded: false, .. } => Shows::Loading,
            _ if chosen.with(|chosen| *chosen != Filter::default()) => Shows::NothingFits,
            _ => Shows::Empty,
        })
    });
    let body = move || {
        match shows.get() {
        Shows::Loading => view! { <RowBones rows=6 /> }.into_any(),
        Shows::Failed => view! { <Failed desk list /> }.into_any(),
        Shows::Empty => {
            view! { <EmptyState sign=Sign::Activities title=t(activities::NONE) text=t(activities::NONE_TEXT) /> }
                .into_any()
        }
        Shows::NothingFits => view! { <NothingFits filter=cleared.clone() /> }.into_any(),
        Shows::List => view! { <List list on_open /> }.into_any(),
    }
    };
    view! {
        <div class="page" data-testid="activities">
            <header class="page-head">
                <h1>{t(workspace::ACTIVITIES)}</h1>
                <p class="quiet">{t(activities::TEXT)}</p>
                <span class="grow"></span>
                <IconButton
                    sign=Sign::Retry
                    label=t(activities::REFRESH)
                    on_press=move |()| desk.load_activities()
                    testid="activities-refresh"
                />
            </header>
            <Filters desk filter phases=true />
            <div class="card">{live(body)}</div>
            <More desk list />
        </div>
    }
}

/// Fetches the list now, and anew whenever something else is to be seen of it and the typing has come to rest.
fn load_when_asked(desk: Desk, filter: Slot<Filter>) {
    let asked = StoredValue::new(0_u32);
    follow(move || {
        filter.track();
        asked.update_value(|asked| *asked += 1);
        let own = asked.get_value();
        if own == 1 {
            desk.load_activities();
            return;
        }
        spawn_local(async move {
            clock::sleep(REST_MS).await;
            // None when the page was left.
            if asked.try_get_value() == Some(own) {
                desk.load_activities();
            }
        });
    });
}

/// Nothing came.
#[component]
fn Failed(desk: Desk, list: Reading<Activities>) -> impl IntoView {
    let why = Signal::derive(move || list.with(|list| list.failed.clone().unwrap_or_default()));
    view! { <ErrorState title=t(activities::NOT_FETCHED) text=why on_retry=move |()| desk.load_activities() /> }
}

/// The next page, and why it did not come.
#[component]
fn More(desk: Desk, list: Reading<Activities>) -> impl IntoView {
    let more = Reading::of(move || list.with(|list| !list.rows.is_empty() && list.next.is_some()));
    let loading = Signal::derive(move || list.with(|list| list.loading));
    let failed = Reading::of(move || list.with(|list| list.failed.clone().filter(|_| !list.rows.is_empty())));
    view! {
        <div class="page-foot" aria-live="polite">
            {live(move || failed.get().map(|words| view! { <p class="error">{words}</p> }.into_any()))}
            <When is=move || more.get()>
                <Button busy=loading on_press=move |()| desk.more_activities() testid="activities-more">
                    {t(activities::MORE)}
                </Button>
            </When>
        </div>
    }
}

/// The rows.
#[component]
fn List(list: Reading<Activities>, on_open: Callback<InteractionId>) -> impl IntoView {
    view! {
        <Rows columns=5 head=HEAD.map(t).to_vec() label=t(workspace::ACTIVITIES)>
            {each(
                move || list.with(|list| list.rows.iter().map(|row| row.id.0.as_u128()).collect()),
                move |id| view! { <One list on_open id=InteractionId::from_u128(id) /> }.into_any(),
            )}
        </Rows>
    }
}

/// One interaction; drawn once, it follows its row.
#[component]
fn One(list: Reading<Activities>, on_open: Callback<InteractionId>, id: InteractionId) -> impl IntoView {
    let row = Reading::of(move || list.with(|list| list.rows.iter().find(|row| row.id == id).cloned()));
    view! {
        <Row on_open=move |()| on_open.run(id) testid="activities-row">
            {live(move || row.get().map(cells))}
        </Row>
    }
}

fn cells(row: InteractionRow) -> AnyView {
    let device = Device::here();
    let queue = row.queue.as_ref().map(words::queue);
    let owner = row.owner.map_or_else(|| t(activities::NOBODY_YET).to_owned(), |owner| owner.name);
    let status = row.status.as_ref().map(|status| [" · ", status].concat());
    let began = row.entered_at.0;
    let (today, day) = ((device.local_day)(clock::now_ms()), (device.local_day)(began));
    let time = (device.time_of_day)(began);
    let when = if today == day { time } else { [format::short_day(began).as_str(), ", ", &time].concat() };
    view! {
        <ChannelMark mark=mark(row.channel) />
        <span class="row-main">
            <span class="row-title" dir="auto">
                {row.customer}
            </span>
            <span class="row-sub" dir="auto">
                {row.preview}
            </span>
        </span>
        <span class="row-cell" data-wide="">
            {queue}
        </span>
        <span class="row-cell" data-wide="">
            {owner}
            {status}
        </span>
        <span class="row-state">
            <span class="num">{when}</span>
            <Pill tone=Signal::stored(tone(row.phase))>{t(words::phase(row.phase))}</Pill>
        </span>
    }
    .into_any()
}

const fn tone(phase: Phase) -> Tone {
    match phase {
        Phase::Routing | Phase::Ended => Tone::Plain,
        Phase::Queued => Tone::Amber,
        Phase::Active => Tone::Green,
        Phase::Missed => Tone::Danger,
    }
}
