//! The day at a glance: what was put up, the agent's own numbers, who waits longest, how the queues stand. It counts nothing itself.

use super::waiting::List;
use super::words;
use crate::browser::format;
use crate::desk::{Day, Desk, MyQueue, Standing};
use crate::language::keys::{dashboard as keys, waiting, workspace};
use crate::language::{Key, count, t};
use crate::reading::{Reading, each, follow, live};
use crate::ui::{Button, ChannelMark, ErrorState, Icon, Pill, RowBones, Rows, Sign, Tone, elapsed, link};
use crate::widgets::registry::mark;
use leptos::prelude::*;
use shared::config::{Posted, Tone as Meant};
use shared::id::{InteractionId, QueueId};
use shared::wire::DayBody;

/// Of those who wait longest, so many.
const FIRST: usize = 5;

/// The page; `on_accept` hears which chat was asked for, `on_open` which is to be looked at, `on_waiting` that all who wait are to be seen.
#[component]
pub fn DashboardPage(
    desk: Desk,
    #[prop(into)] on_accept: Callback<InteractionId>,
    #[prop(into)] on_open: Callback<InteractionId>,
    #[prop(into)] on_waiting: Callback<()>,
) -> impl IntoView {
    let now = desk.now();
    let day = Reading::of(move || format::day(now.get().0, now.get().0));
    let items = desk.waiting();
    let first =
        Reading::of(move || items.with(|items| items.iter().take(FIRST).cloned().collect::<Vec<_>>()));
    let some = Reading::of(move || first.with(|first| !first.is_empty()));
    let standing = desk.standing();
    let waits = move || match (some.get(), standing.get()) {
        (true, _) => view! { <List desk items=first on_accept on_open /> }.into_any(),
        (false, Standing::Starting) => view! { <RowBones /> }.into_any(),
        (false, standing) => {
            let words = if standing == Standing::Good { waiting::NOBODY } else { waiting::CUT_OFF };
            view! { <p class="quiet card-note">{t(words)}</p> }.into_any()
        }
    };
    view! {
        <div class="page" data-testid="dashboard">
            <header class="page-head">
                <h1>{t(workspace::DASHBOARD)}</h1>
                <p class="quiet">{live(move || day.get())}</p>
            </header>
            <Notices desk on_open />
            <Numbers desk />
            <div class="columns">
                <section class="card">
                    <header class="card-head">
                        <h2>{t(keys::LONGEST)}</h2>
                        <span class="grow"></span>
                        <Button small=true on_press=on_waiting testid="dashboard-waiting">
                            {t(keys::ALL_WAITING)}
                        </Button>
                    </header>
                    {live(waits)}
                </section>
                <Queues desk />
            </div>
        </div>
    }
}

/// What the admins put up, and what of the agent's messages did not arrive after its chat was left, with the way there.
#[component]
fn Notices(desk: Desk, on_open: Callback<InteractionId>) -> impl IntoView {
    let (posted, undelivered) = (desk.posted(), desk.undelivered());
    let line = |tone: Tone, sign: Sign, testid: &'static str, text: String, links: Vec<AnyView>| {
        view! {
            <li class="posted" data-tone=tone.key() data-testid=testid>
                <Icon sign=sign />
                <p dir="auto">{text} {links}</p>
            </li>
        }
        .into_any()
    };
    let one = move |notice: Posted| {
        let (tone, sign) = match notice.tone {
            Meant::Info => (Tone::Accent, Sign::Info),
            Meant::Warning => (Tone::Amber, Sign::Alert),
        };
        line(tone, sign, "posted", notice.text, Vec::new())
    };
    let open = move |id| {
        let name = desk.undelivered_to(id).unwrap_or_else(|| t(workspace::SOMEBODY).to_owned());
        link("undelivered-open", name, Callback::new(move |()| on_open.run(id)))
    };
    live(move || {
        let mut all: Vec<_> = posted.get().into_iter().map(one).collect();
        let chats = undelivered.get();
        if let Some(number) = i64::try_from(chats.len()).ok().filter(|number| *number > 0) {
            let text = count(keys::UNDELIVERED, number, &[]);
            let links = chats.into_iter().map(open).collect();
            all.push(line(Tone::Amber, Sign::Alert, "undelivered", text, links));
        }
        (!all.is_empty()).then(|| {
            view! {
                <ul class="stack" aria-label=t(keys::NOTICES)>
                    {all}
                </ul>
            }
            .into_any()
        })
    })
}

/// The agent's own numbers; fetched again when a chat opens or closes, and after the connection was away.
#[component]
fn Numbers(desk: Desk) -> impl IntoView {
    let (day, tabs, standing) = (desk.day(), desk.tabs(), desk.standing());
    let open = Reading::of(move || tabs.with(Vec::len));
    follow(move || {
        open.track();
        if standing.get() == Standing::Good {
            desk.load_day();
        }
    });
    let failed = Reading::of(move || day.with(|day| day.failed.clone().filter(|_| day.numbers.is_none())));
    let figures: [Figure; 5] = [
        (keys::ACCEPTED, "day-accepted", |day| day.accepted.to_string()),
        (keys::CLOSED, "day-closed", |day| day.closed.to_string()),
        (keys::SENT, "day-sent", |day| day.sent.to_string()),
        (keys::MISSED, "day-missed", |day| day.missed.to_string()),
        (keys::FIRST_REPLY, "day-first-reply", |day| {
            let time = day.first_reply_ms.and_then(|time| i64::try_from(time).ok());
            time.map_or(NOTHING.to_owned(), elapsed)
        }),
    ];
    let one = move |(name, testid, pick): Figure| {
        let worth = Reading::of(move || day.with(|day: &Day| day.numbers.as_ref().map(pick)));
        view! {
            <div class="figure">
                <dt>{t(name)}</dt>
                <dd class="num" data-testid=testid>
                    {live(move || worth.get().unwrap_or(NOTHING.to_owned()))}
                </dd>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-label=t(keys::MY_DAY)>
            {live(move || match failed.get() {
                Some(why) => {
                    view! { <ErrorState title=t(keys::NOT_FETCHED) text=why on_retry=move |()| desk.load_day() /> }
                        .into_any()
                }
                None => view! { <dl class="figures">{figures.map(one).into_iter().collect_view()}</dl> }.into_any(),
            })}
        </section>
    }
}

/// What a number is called, how a test finds it, and the number.
type Figure = (Key, &'static str, fn(&DayBody) -> String);

/// Where there is no number.
const NOTHING: &str = "–";

/// How the agent's queues stand.
#[component]
fn Queues(desk: Desk) -> impl IntoView {
    let queues = desk.my_queues();
    let none = Reading::of(move || queues.with(Vec::is_empty));
    view! {
        <section class="card">
            <header class="card-head">
                <h2>{t(keys::MY_QUEUES)}</h2>
            </header>
            <Rows columns=3 label=t(keys::MY_QUEUES)>
                {each(
                    move || queues.with(|all| all.iter().map(|one| one.queue.queue.id.0.as_u128()).collect()),
                    move |id| view! { <Queue desk queues id=QueueId::from_u128(id) /> }.into_any(),
                )}
            </Rows>
            {live(move || none.get().then(|| view! { <p class="quiet card-note">{t(keys::NO_QUEUES)}</p> }.into_any()))}
        </section>
    }
}

/// One queue; drawn once, it follows its row.
#[component]
fn Queue(desk: Desk, queues: Reading<Vec<MyQueue>>, id: QueueId) -> impl IntoView {
    let now = desk.now();
    let own =
        Reading::of(move || queues.with(|all| all.iter().find(|one| one.queue.queue.id == id).cloned()));
    // Not with the second's tick: only the words that change are drawn anew.
    let longest = Reading::of(move || {
        let since = own.with(|own| own.as_ref()?.row.as_ref()?.oldest)?;
        Some(elapsed(now.get().since(since).0))
    });
    let draw = move || {
        let MyQueue { queue, joined, row, .. } = own.get()?;
        // A device that has not heard of the queue since the page began says nothing of it.
        let stands = row.map(|row| (i64::from(row.waiting), i64::from(row.ready)));
        let ready = stands.map(|(_, ready)| count(keys::READY, ready, &[]));
        let waiting = stands.map(|(waiting, _)| {
            let tone = if waiting > 0 { Tone::Amber } else { Tone::Plain };
            view! { <Pill tone=Signal::stored(tone)>{count(keys::WAITING, waiting, &[])}</Pill> }
        });
        let off = (!joined)
            .then(|| view! { <Pill tone=Signal::stored(Tone::Plain)>{t(workspace::LOGGED_OUT)}</Pill> });
        Some(
            view! {
                <ChannelMark mark=mark(queue.channel) />
                <span class="row-main">
                    <span class="row-title" dir="auto">
                        {words::queue(&queue.queue)}
                    </span>
                    <span class="row-sub">{ready}</span>
                </span>
                <span class="row-state">
                    {off} <span class="num">{live(move || longest.get())}</span>
                    {waiting}
                </span>
            }
            .into_any(),
        )
    };
    view! {
        <li>
            <div class="row" data-testid="dashboard-queue">
                {live(draw)}
            </div>
        </li>
    }
}
