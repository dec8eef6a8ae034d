//! Choosing what is to be seen of a list: words to look for, and one of each kind. It filters nothing itself.

use super::words;
use crate::desk::{Desk, Filter, MyQueue};
use crate::language::keys::filter as keys;
use crate::language::{Key, t};
use crate::reading::Slot;
use crate::ui::{Button, EmptyState, Icon, Select, Sign};
use leptos::prelude::*;
use shared::channel::Channel;
use shared::interaction::Phase;

/// Where an interaction may stand, as addresses call it.
const PHASES: [(&str, Phase); 4] = [
    ("queued", Phase::Queued),
    ("active", Phase::Active),
    ("ended", Phase::Ended),
    ("missed", Phase::Missed),
];

/// Value and words of what may be chosen.
type Options = Vec<(String, String)>;

/// The choices above a list; `phases` where it shows more than those who wait.
#[component]
pub fn Filters(desk: Desk, filter: Slot<Filter>, #[prop(optional)] phases: bool) -> impl IntoView {
    let queues = desk.my_queues();
    let queues = Signal::derive(move || {
        let option = |one: &MyQueue| (one.queue.queue.id.to_string(), words::queue(&one.queue.queue));
        queues.with(|all| all.iter().map(option).collect::<Options>())
    });
    let channels = Channel::ALL.map(|one| (one.key().to_owned(), one.capabilities().title.to_owned()));
    let stands = PHASES.map(|(key, phase)| (key.to_owned(), t(words::phase(phase)).to_owned()));
    let (value, typed) = (filter.clone(), filter.clone());
    let stands = phases.then(|| {
        let options = Signal::stored(stands.to_vec());
        choice(filter.clone(), "filter-phase", keys::PHASE, options, |filter| &mut filter.phase)
    });
    let channels = Signal::stored(channels.to_vec());
    let channels =
        choice(filter.clone(), "filter-channel", keys::CHANNEL, channels, |filter| &mut filter.channel);
    let queues = choice(filter, "filter-queue", keys::QUEUE, queues, |filter| &mut filter.queue);
    view! {
        <search class="filters">
            <span class="filter-words">
                <Icon sign=Sign::Search />
                <input
                    class="input"
                    type="search"
                    id="filter-words"
                    data-testid="filter-words"
                    aria-label=t(keys::SEARCH)
                    placeholder=t(keys::SEARCH)
                    autocomplete="off"
                    prop:value=move || value.with(|filter| filter.words.clone())
                    on:input:target=move |event| typed.update(|filter| filter.words = event.target().value())
                />
            </span>
            {stands}
            {channels}
            {queues}
        </search>
    }
}

/// One choice, with everything as its first.
fn choice(
    filter: Slot<Filter>,
    id: &'static str,
    all: Key,
    options: Signal<Options>,
    pick: fn(&mut Filter) -> &mut String,
) -> AnyView {
    let (now, chosen) = (filter.clone(), filter);
    let value = Signal::derive(move || pick(&mut now.get()).clone());
    let choose = move |key| chosen.update(|filter| *pick(filter) = key);
    let label = Signal::stored(t(all).to_owned());
    view! { <Select id label options value on_choose=choose placeholder=label testid=id /> }.into_any()
}

/// There are some, and none of those that were asked for.
#[component]
pub fn NothingFits(filter: Slot<Filter>) -> impl IntoView {
    let clear = move |()| filter.set(Filter::default());
    view! {
        <EmptyState sign=Sign::Search title=t(keys::NOTHING) text=t(keys::NOTHING_TEXT)>
            <Button on_press=clear testid="filter-clear">
                {t(keys::CLEAR)}
            </Button>
        </EmptyState>
    }
}
