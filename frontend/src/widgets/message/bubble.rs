//! One row of the history: a message with its state, or an event. Text is only ever a text node.

use super::links::linked;
use super::parts::{self, Parts};
use super::rows::{Row, Rows};
use super::steps::{care, steps};
use super::{events, words};
use crate::desk::{Desk, LineBody, LineKey, Progress, Said};
use crate::language::t;
use crate::reading::{Reading, live, told};
use crate::ui::{Device, Icon, Sign};
use leptos::prelude::*;
use shared::id::InteractionId;
use shared::interaction::{Delivery, Direction, MessageKind};
use shared::thread::Message;

/// The row of a key; it is drawn once and follows its line.
#[component]
pub fn HistoryRow(desk: Desk, id: InteractionId, rows: Reading<Rows>, key: LineKey) -> impl IntoView {
    let row = Reading::of(move || rows.with(|rows| rows.row(key).cloned()));
    let day = Reading::of(move || row.with(|row| row.as_ref().and_then(|row| row.day)));
    let event = Reading::of(move || {
        row.with(|row| row.as_ref().is_some_and(|row| matches!(row.line.body, LineBody::Event(_))))
    });
    view! {
        {live(move || day.get().map(|at| view! { <Day desk at /> }))}
        {live(move || {
            if event.get() {
                view! { <EventLine row /> }.into_any()
            } else {
                view! { <Turn desk id row /> }.into_any()
            }
        })}
    }
}

/// The name of a day above its first line.
#[component]
fn Day(desk: Desk, at: i64) -> impl IntoView {
    let device = Device::here();
    let now = desk.now();
    let today = Reading::of(move || (device.local_day)(now.get().0));
    let name = move || match today.get() - (device.local_day)(at) {
        0 => t(words::TODAY).to_owned(),
        1 => t(words::YESTERDAY).to_owned(),
        _ => (device.day)(at, now.get_untracked().0),
    };
    view! {
        <p class="day">
            <span>{live(name)}</span>
        </p>
    }
}

/// A quiet line of what happened.
#[component]
fn EventLine(row: Reading<Option<Row>>) -> impl IntoView {
    let device = Device::here();
    let said = move || {
        row.with(|row| match &row.as_ref()?.line.body {
            LineBody::Event(change) => events::sentence(change),
            LineBody::Message(_) => None,
        })
    };
    let time = move || row.with(|row| row.as_ref().map(|row| (device.time_of_day)(row.line.at.0)));
    view! {
        <p class="event-line" data-testid="event-line" dir="auto" title=time>
            {live(said)}
        </p>
    }
}

/// What a bubble shows, apart from its neighbours.
fn said(row: Option<&Row>) -> Option<&Said> {
    match &row?.line.body {
        LineBody::Message(said) => Some(said),
        LineBody::Event(_) => None,
    }
}

/// A message.
#[component]
fn Turn(desk: Desk, id: InteractionId, row: Reading<Option<Row>>) -> impl IntoView {
    let side = Reading::of(move || {
        row.with(|row| match said(row.as_ref()).map(|said| said.message.direction) {
            Some(Direction::Out) => "agent",
            _ => "customer",
        })
    });
    let state = Reading::of(move || {
        row.with(|row| said(row.as_ref())?.progress.as_ref().map(|progress| words::progress(progress).0))
    });
    let text = Reading::of(move || row.with(|row| said(row.as_ref()).and_then(|said| shown(&said.message))));
    let emoji =
        move || text.with(|text| text.as_ref().is_some_and(|(text, plain)| *plain && only_emoji(text)));
    let strange = move || text.with(|text| text.as_ref().is_some_and(|(_, plain)| !plain));
    // Drawn anew only when something of the message itself changes, never for a step of its delivery.
    let parts = Reading::of(move || {
        row.with(|row| Some(&said(row.as_ref())?.message).filter(|one| parts::any(one)).map(undelivered))
    });
    let tap =
        move || row.with(|row| said(row.as_ref()).is_some_and(|said| said.message.kind == MessageKind::Tap));
    let joined = move || row.with(|row| row.as_ref().is_some_and(|row| row.joined));
    let device = Device::here();
    // Not followed: when it was sent does not change.
    let exact = row.with_untracked(|row| {
        let row = row.as_ref()?;
        Some((device.exact)(sent(row.line.at.0, said(Some(row))?)))
    });
    view! {
        <div class="turn" title=exact data-side=told(move || side.get()) data-joined=told(move || joined().then_some(""))>
            <div
                class="bubble"
                data-testid="bubble"
                data-side=told(move || side.get())
                data-state=told(move || state.get())
                data-delivery=told(move || state.get())
                data-emoji=told(move || emoji().then_some(""))
                data-unsupported=told(move || strange().then_some(""))
                data-tap=told(move || tap().then_some(""))
            >
                {live(move || parts.get().map(|message| view! { <Parts desk id message /> }))}
                {live(move || text.get().map(|(text, _)| view! { <p dir="auto">{linked(&text)}</p> }))}
            </div>
            <Reactions row />
            <Meta row />
            <Trouble desk row />
        </div>
    }
}

/// A message without what happens to it on its way.
fn undelivered(message: &Message) -> Message {
    Message { delivery: None, pricing: None, reactions: Vec::new(), ..message.clone() }
}

/// The emoji that stand on a message.
#[component]
fn Reactions(row: Reading<Option<Row>>) -> impl IntoView {
    let all = Reading::of(move || {
        row.with(|row| {
            let message = &said(row.as_ref())?.message;
            let all: String = message.reactions.iter().map(|one| one.emoji.as_str()).collect();
            (!all.is_empty()).then_some(all)
        })
    });
    live(move || {
        all.get().map(
            |all| view! { <p class="reactions" title=t(words::REACTION) data-testid="reactions">{all}</p> },
        )
    })
}

/// The words of a message, and whether they are its own; nothing where files and cards say it all.
fn shown(message: &Message) -> Option<(String, bool)> {
    if message.unsent_at.is_some() {
        return Some((t(words::UNSENT).to_owned(), false));
    }
    match &message.text {
        Some(text) => Some((text.clone(), true)),
        None if message.kind == MessageKind::Unsupported => Some((unsupported(message), false)),
        None if parts::any(message) => None,
        None => Some((t(words::REMOVED).to_owned(), false)),
    }
}

/// Says what it is that cannot be shown, where that is known.
fn unsupported(message: &Message) -> String {
    let what = message.cards.iter().find_map(|card| card.title.as_deref());
    what.map_or_else(
        || t(words::UNSUPPORTED).to_owned(),
        |what| [t(words::UNSUPPORTED), " (", what, ")"].concat(),
    )
}

/// Whether a text is a few emoji and nothing else.
pub(super) fn only_emoji(text: &str) -> bool {
    let mut seen = 0;
    for sign in text.chars().filter(|sign| !sign.is_whitespace()) {
        match sign {
            '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' => seen += 1,
            '\u{200D}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}' => {}
            _ => return false,
        }
    }
    (1..=12).contains(&seen)
}

/// What stands under the last bubble of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Under {
    author: Option<String>,
    time: String,
    edited: bool,
    /// What it costs.
    price: Option<String>,
    /// The key of the state, and the words for it.
    progress: Option<(&'static str, &'static str)>,
}

/// When a message was sent, by the provider's clock where it says so, else when it came.
fn sent(came: i64, said: &Said) -> i64 {
    said.message.sent_at.map_or(came, |at| at.0)
}

/// Author, time and how far it has come; nothing inside a turn.
fn under(row: &Row, device: &Device) -> Option<Under> {
    let said = said(Some(row))?;
    let progress = said.progress.as_ref().map(words::progress).map(|(key, words)| (key, t(words)));
    // What is not well says so in every bubble; the rest only once a turn.
    let loud = progress.is_some_and(|(key, _)| matches!(key, "waiting" | "failed" | "refused" | "unknown"));
    let message = &said.message;
    let at = sent(row.line.at.0, said);
    let author = match &message.author {
        Some(author) => Some(first_name(&author.name)),
        None => (message.direction == Direction::Out).then(|| {
            let who = if message.automatic { t(words::AUTOMATIC) } else { t(words::ELSEWHERE) };
            who.to_owned()
        }),
    };
    let edited = message.edited_at.is_some();
    let price = message.pricing.as_ref().filter(|one| one.billable).map(words::price);
    (row.last || loud || edited).then(|| Under {
        author,
        time: (device.time_of_day)(at),
        edited,
        progress,
        price,
    })
}

fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or(name).to_owned()
}

/// The line under a turn.
#[component]
fn Meta(row: Reading<Option<Row>>) -> impl IntoView {
    let device = Device::here();
    let told = Reading::of(move || row.with(|row| under(row.as_ref()?, &device)));
    live(move || {
        let Under { author, time, edited, price, progress } = told.get()?;
        let key = progress.map(|(key, _)| key);
        let apart = author.is_some().then_some(" · ");
        let words = progress.map(|(_, words)| [" · ", words].concat());
        Some(view! {
            <p class="meta" data-state=key title=price>
                <span dir="auto">{author}</span>
                {apart}
                {time}
                {edited.then(|| [" · ", t(words::EDITED)].concat())}
                {words}
                {key.map(sign).map(|sign| view! { <Icon sign small=true /> })}
            </p>
        })
    })
}

/// The glyph of a state.
const fn sign(key: &str) -> Sign {
    match key.as_bytes() {
        b"sent" => Sign::Tick,
        b"delivered" | b"seen" => Sign::Ticks,
        b"waiting" => Sign::Offline,
        b"sending" => Sign::Pending,
        _ => Sign::Alert,
    }
}

/// What went wrong with a message, and the next step.
#[component]
fn Trouble(desk: Desk, row: Reading<Option<Row>>) -> impl IntoView {
    let told = Reading::of(move || {
        row.with(|row| {
            let said = said(row.as_ref())?;
            let progress = said.progress.as_ref()?;
            let words = words::trouble(progress)?;
            let unsent = matches!(progress, Progress::Refused(_) | Progress::Unclear);
            let lost = matches!(progress, Progress::Delivery(Delivery::Unknown));
            Some((said.message.id, words, unsent, lost, said.unsettled, said.open))
        })
    });
    live(move || {
        told.get().map(|(id, words, unsent, lost, unsettled, open)| {
            let state = if lost { "unknown" } else { "failed" };
            view! {
                <p class="meta" data-state=state role="status" data-testid="bubble-trouble">
                    <span>{words}</span>
                    {unsent.then(|| steps(desk, id))}
                    {unsettled.map(|chat| care(desk, chat, id, open))}
                </p>
            }
        })
    })
}
