//! The page of what holds for the whole workspace, whichever queue it is about.

use super::form::{ChoiceField, Said, SwitchField, foot, put, saving};
use super::load::{self, Load};
use super::way::Way;
use crate::language::admin::{form, shell, workspace as words};
use crate::language::{count, t};
use crate::reading::Reading;
use leptos::prelude::*;
use shared::config::Workspace;
use shared::time::Span;
use web_sys::SubmitEvent;

/// Where the relay has it.
const PATH: &str = "workspace";
/// What is offered for the time until somebody is lost.
const LOST: [Span; 7] = [
    Span::minutes(1),
    Span::minutes(5),
    Span::minutes(10),
    Span::minutes(30),
    Span::hours(1),
    Span::hours(8),
    Span::hours(24),
];
/// What is offered for the time in which messages wait.
const OUTBOX: [Span; 5] =
    [Span::minutes(10), Span::hours(1), Span::hours(8), Span::hours(24), Span::hours(7 * 24)];

/// The page.
#[component]
pub(super) fn WorkspacePage(way: Way) -> impl IntoView {
    let held: RwSignal<Load<Workspace>> = load::fetched(PATH);
    view! {
        <div class="page narrow" data-testid="workspace">
            <header class="page-head">
                <h1>{t(shell::WORKSPACE)}</h1>
                <p class="quiet">{t(words::ABOUT)}</p>
            </header>
            {move || match held.get() {
                Load::Coming => load::bones(),
                Load::Failed(why) => load::failed(t(words::NOT_FETCHED), why, move || {
                    held.set(Load::Coming);
                    load::fetch(held, PATH);
                }),
                Load::Ready(one) => view! { <Form way one /> }.into_any(),
            }}
        </div>
    }
}

/// A time in its largest whole unit.
fn named(span: Span) -> String {
    let minutes = span.whole_seconds() / 60;
    let (key, number) = match minutes {
        _ if minutes % (24 * 60) == 0 && minutes > 24 * 60 => (words::DAYS, minutes / (24 * 60)),
        _ if minutes % 60 == 0 => (words::HOURS, minutes / 60),
        _ => (words::MINUTES, minutes),
    };
    count(key, number, &[])
}

/// The value of a choice: milliseconds, nothing for no limit.
fn value(span: Option<Span>) -> String {
    span.map(|span| span.0.to_string()).unwrap_or_default()
}

fn span(value: &str) -> Option<Span> {
    value.parse().ok().map(Span)
}

/// What is offered, and what is set should it be something else.
fn offered(usual: &[Span], set: Option<Span>) -> Vec<(String, String)> {
    let other = set.filter(|span| !usual.contains(span));
    usual.iter().copied().chain(other).map(|span| (value(Some(span)), named(span))).collect()
}

#[component]
fn Form(way: Way, one: Workspace) -> impl IntoView {
    let on = |flag: bool| RwSignal::new(flag);
    let (lost, outbox) = (RwSignal::new(value(one.lost_after)), RwSignal::new(value(one.outbox_limit)));
    let (pull, ask, preview) = (on(one.pull_logged_out), on(one.ask_on_pause), on(one.preview));
    let (sound, split, undo) = (on(one.message_sound), on(one.split), on(one.undo_close));
    let chosen = Reading::of(move || Workspace {
        lost_after: lost.with(|value| span(value)),
        outbox_limit: outbox.with(|value| span(value)),
        pull_logged_out: pull.get(),
        ask_on_pause: ask.get(),
        preview: preview.get(),
        message_sound: sound.get(),
        split: split.get(),
        undo_close: undo.get(),
    });
    let (kept, said) = (RwSignal::new(one), Said::new());
    let (busy, saved) = (RwSignal::new(false), RwSignal::new(false));
    let dirty = Reading::of(move || chosen.get() != kept.get());
    way.guard(dirty, saved);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || !dirty.get_untracked() {
            return;
        }
        said.nothing();
        put(PATH, chosen.get_untracked(), kept, (busy, saved), said);
    };
    let unchanged = Signal::derive(move || (!dirty.get()).then(|| t(form::UNCHANGED).to_owned()));
    view! {
        <form class="card form padded" on:submit=submit>
            <ChoiceField
                id="lost-after"
                label=t(words::LOST)
                options=Signal::stored(offered(&LOST, one.lost_after))
                value=lost
                placeholder=t(words::NEVER)
                hint=t(words::LOST_HINT)
                error=said.of("lost_after", t(words::LOST))
            />
            <ChoiceField
                id="outbox-limit"
                label=t(words::OUTBOX)
                options=Signal::stored(offered(&OUTBOX, one.outbox_limit))
                value=outbox
                placeholder=t(words::UNLIMITED)
                hint=t(words::OUTBOX_HINT)
                error=said.of("outbox_limit", t(words::OUTBOX))
            />
            <SwitchField id="pull" label=t(words::PULL) hint=t(words::PULL_HINT) value=pull />
            <SwitchField id="ask-on-pause" label=t(words::ASK) hint=t(words::ASK_HINT) value=ask />
            <SwitchField id="preview" label=t(words::PREVIEW) hint=t(words::PREVIEW_HINT) value=preview />
            <SwitchField id="message-sound" label=t(words::SOUND) hint=t(words::SOUND_HINT) value=sound />
            <SwitchField id="split" label=t(words::SPLIT) hint=t(words::SPLIT_HINT) value=split />
            <SwitchField id="undo-close" label=t(words::UNDO) hint=t(words::UNDO_HINT) value=undo />
            {foot(said.rest(&["lost_after", "outbox_limit"]))}
            <div class="actions">
                {saving(form::SAVE, busy, unchanged, saved)}
            </div>
        </form>
    }
}
