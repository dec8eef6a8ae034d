//! The page of one notice: written anew, changed, put up again after it came down by itself, or taken down.

use super::look::{end, is_over, look};
use super::text::{WordsField, problem, sent};
use crate::admin::api;
use crate::admin::form::{Said, foot, saving};
use crate::admin::load::{self, Load};
use crate::admin::place::Place;
use crate::admin::way::{Crumb, Way};
use crate::browser::id::fresh;
use crate::language::admin::{form, notices as words, shell};
use crate::language::t;
use crate::reading::Reading;
use crate::ui::{Button, EmptyState, Icon, Kind as Weight, Modal, Sign};
use leptos::html;
use leptos::prelude::*;
use shared::config::Tone as Meant;
use shared::id::NoticeId;
use shared::wire::NoticeBody;
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;

fn path(id: NoticeId) -> String {
    ["notices/", &id.to_string()].concat()
}

/// The page of a new one.
#[component]
pub(in crate::admin) fn NewNoticePage(way: Way) -> impl IntoView {
    // Made once: however often it is sent, one notice is put up.
    let new = NoticeBody { id: Some(NoticeId(fresh())), text: String::new(), tone: Meant::Info, until: None };
    view! {
        <div class="page narrow">
            <Crumb to=Place::Notices words=t(shell::NOTICES) />
            <Page way one=new new=true />
        </div>
    }
}

/// The page of one that is there.
#[component]
pub(in crate::admin) fn NoticePage(way: Way, id: NoticeId) -> impl IntoView {
    // The whole list, which says as well that this one is not up any more.
    let notices: RwSignal<Load<Vec<NoticeBody>>> = load::fetched("notices");
    view! {
        <div class="page narrow" data-testid="notice">
            <Crumb to=Place::Notices words=t(shell::NOTICES) />
            {move || match notices.get() {
                Load::Coming => load::bones(),
                Load::Failed(why) => load::failed(t(words::NOT_FETCHED), why, move || {
                    notices.set(Load::Coming);
                    load::fetch(notices, "notices");
                }),
                Load::Ready(all) => match all.into_iter().find(|one| one.id == Some(id)) {
                    Some(one) => view! { <Page way one new=false /> }.into_any(),
                    None => gone(),
                },
            }}
        </div>
    }
}

/// Somebody else was faster.
fn gone() -> AnyView {
    view! {
        <div class="card" data-testid="notice-gone">
            <EmptyState sign=Sign::Info title=t(words::GONE) text=t(words::GONE_TEXT) />
        </div>
    }
    .into_any()
}

#[component]
fn Page(way: Way, one: NoticeBody, new: bool) -> impl IntoView {
    let over = is_over(&one);
    let leaves = new || over;
    let end = end(&one);
    // What came down by itself is put up again without an end: its own has passed.
    let NoticeBody { id, until, .. } = one;
    let until = until.filter(|_| !over);
    let (text, tone) = (RwSignal::new(one.text.clone()), RwSignal::new(one.tone));
    let kept = RwSignal::new((one.text, one.tone));
    let (said, tried) = (Said::new(), RwSignal::new(false));
    let (busy, saved) = (RwSignal::new(false), RwSignal::new(false));
    let field = NodeRef::<html::Textarea>::new();
    let dirty = Reading::of(move || {
        kept.with(|(was, meant)| text.with(|typed| sent(typed) != was) || tone.get() != *meant)
    });
    way.guard(dirty, saved);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let unchanged = !leaves && !dirty.get_untracked();
        let (Some(id), false) = (id, busy.get_untracked() || unchanged) else { return };
        tried.set(true);
        said.nothing();
        if text.with_untracked(|typed| problem(typed)).is_some() {
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
            }
            return;
        }
        let text = text.with_untracked(|typed| sent(typed).to_owned());
        let body = NoticeBody { id: None, text, tone: tone.get_untracked(), until };
        busy.set(true);
        spawn_local(async move {
            let answer = api::call("PUT", &path(id), Some(api::written(&body))).await;
            // The page may have been left meanwhile: nobody is taken from where they are now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) if leaves => way.go_on(Place::Notices),
                Ok(_) => {
                    kept.set((body.text, body.tone));
                    saved.set(true);
                }
                Err(fault) => said.no(fault),
            }
        });
    };
    let unchanged = Signal::derive(move || (!leaves && !dirty.get()).then(|| t(form::UNCHANGED).to_owned()));
    let (title, save) = match (new, over) {
        (true, _) => (words::PUT_UP, words::PUT_UP),
        (_, true) => (words::NOTICE, words::AGAIN),
        _ => (words::NOTICE, form::SAVE),
    };
    let (full, passed) = (said.of("notices", t(shell::NOTICES)), said.of("until", t(words::END)));
    let rest = said.rest(&["text", "notices", "until"]);
    let rest = Reading::of(move || full.get().or_else(|| passed.get()).or_else(|| rest.get()));
    view! {
        <header class="page-head">
            <h1>{t(title)}</h1>
            <p class="quiet">{end}</p>
        </header>
        <form class="card form padded" on:submit=submit>
            <WordsField value=text tried said=said.of("text", t(words::TEXT)) node_ref=field />
            <ToneField value=tone />
            <Preview text tone />
            {foot(rest)}
            <div class="actions">
                {saving(save, busy, unchanged, saved)}
                {id.filter(|_| !new).map(|id| view! { <TakeDown way id said /> })}
            </div>
        </form>
    }
}

/// How it is meant.
#[component]
fn ToneField(value: RwSignal<Meant>) -> impl IntoView {
    let one = move |meant: Meant, testid: &'static str| {
        view! {
            <label class="check">
                <input
                    type="radio"
                    name="tone"
                    data-testid=testid
                    prop:checked=move || value.get() == meant
                    on:change=move |_| value.set(meant)
                />
                <span>{t(look(meant).2)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="checks">
            <legend class="label">{t(words::TONE)}</legend>
            {one(Meant::Info, "tone-info")}
            {one(Meant::Warning, "tone-warning")}
        </fieldset>
    }
}

/// As agents see it. Nothing for a screen reader: it has just heard the words.
#[component]
fn Preview(text: RwSignal<String>, tone: RwSignal<Meant>) -> impl IntoView {
    let shown = move || {
        let typed = text.with(|typed| sent(typed).to_owned());
        if typed.is_empty() { t(words::PREVIEW).to_owned() } else { typed }
    };
    view! {
        <div class="posted" aria-hidden="true" data-tone=move || look(tone.get()).0.key()>
            <Icon sign=Signal::derive(move || look(tone.get()).1) />
            <p dir="auto">{shown}</p>
        </div>
    }
}

/// Takes it down, once that was asked.
#[component]
fn TakeDown(way: Way, id: NoticeId, said: Said) -> impl IntoView {
    let (asks, busy) = (RwSignal::new(false), RwSignal::new(false));
    let take = move |()| {
        busy.set(true);
        said.nothing();
        spawn_local(async move {
            let answer = api::call("DELETE", &path(id), None).await;
            if busy.try_set(false).is_some() {
                return;
            }
            asks.set(false);
            match answer {
                Err(fault) if fault.status != Some(404) => said.no(fault),
                // Also when somebody else was faster.
                _ => way.go_on(Place::Notices),
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |()| asks.set(false) testid="keep-up">
                {t(form::CANCEL)}
            </Button>
            <Button kind=Weight::Danger on_press=take busy testid="take-down-now">
                {t(words::TAKE_DOWN)}
            </Button>
        }
    };
    view! {
        <Button on_press=move |()| asks.set(true) testid="take-down">
            {t(words::TAKE_DOWN)}
        </Button>
        <Modal open=asks title=t(words::TAKE_DOWN_TITLE) on_close=move |()| asks.set(false) foot>
            <p>{t(words::TAKE_DOWN_TEXT)}</p>
        </Modal>
    }
}
