//! The head of the message widget: who, where, how long free text may be sent, how long the chat runs. It changes nothing.

use super::{mark, words};
use crate::desk::{Chat, Desk};
use crate::language::t;
use crate::reading::{Reading, live};
use crate::ui::{Elapsed, Face, Links, Pill, Tone};
use leptos::prelude::*;
use shared::channel::WindowState;
use shared::id::InteractionId;

/// Below this many milliseconds the window is shown in amber: an hour, time enough to finish a thought.
const SOON: i64 = 3_600_000;

/// What a pill says and in which colour.
type Told = (Tone, String);

/// The head.
#[component]
pub fn Header(desk: Desk, id: InteractionId, chat: Reading<Option<Chat>>) -> impl IntoView {
    let channel = Reading::of(move || chat.with(|chat| chat.as_ref().map(|chat| chat.channel)));
    let customer = Reading::of(move || chat.with(|chat| chat.as_ref().map(|chat| chat.customer.clone())));
    let picture = Reading::of(move || chat.with(|chat| chat.as_ref().and_then(|chat| chat.picture.clone())));
    let queue = Reading::of(move || chat.with(|chat| chat.as_ref().map(place)));
    let runs = Reading::of(move || {
        chat.with(|chat| chat.as_ref().filter(|one| one.ended_at.is_none()).map(|one| one.entered_at.0))
    });
    let links = Reading::of(move || {
        chat.with(|chat| chat.as_ref().map(|chat| chat.links.clone()).unwrap_or_default())
    });
    let window = desk.window(id);
    let now = desk.now();
    // Looks at the clock each second; what is drawn changes once a minute.
    let pill = Reading::of(move || told(runs.get().is_some(), window.get(), now.get().0));
    view! {
        <header class="widget-head">
            <Face
                mark=Signal::derive(move || channel.get().map(mark))
                name=Signal::derive(move || customer.get().unwrap_or_default())
                picture
            />
            <h1 class="widget-title clip" dir="auto" data-testid="chat-customer">
                {live(move || customer.get())}
            </h1>
            <span class="widget-sub clip" data-testid="chat-queue">
                {live(move || queue.get())}
            </span>
            <Links
                all=links
                more=t(words::MORE_LINKS)
                small=true
                testids=["chat-link", "chat-links", "chat-further"]
            />
            {live(move || {
                pill.get()
                    .map(|(tone, words)| view! { <Pill tone=Signal::stored(tone)>{words}</Pill> })
            })}
            {live(move || {
                runs.get()
                    .map(|since| {
                        view! {
                            <span title=t(words::RUNS)>
                                <Elapsed now=Signal::derive(move || now.get().0) since=since />
                            </span>
                        }
                        .into_any()
                    })
            })}
        </header>
    }
}

fn place(chat: &Chat) -> String {
    let queue = chat.queue.as_ref();
    let queue = queue.map(|queue| [queue.number.to_string().as_str(), " · ", &queue.title].concat());
    queue.unwrap_or_default()
}

/// What the pill says.
fn told(live: bool, window: Option<WindowState>, now: i64) -> Option<Told> {
    if !live {
        return Some((Tone::Plain, t(words::ENDED).to_owned()));
    }
    match window? {
        WindowState::OpenUntil(until) => {
            let left = until.0.saturating_sub(now);
            Some((if left < SOON { Tone::Amber } else { Tone::Plain }, words::window_left(left)))
        }
        WindowState::Open => None,
        WindowState::Closed(_) | WindowState::Unsubscribed => {
            Some((Tone::Danger, t(words::WINDOW_OVER).to_owned()))
        }
    }
}
