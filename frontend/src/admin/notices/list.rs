//! The list of what is up on the dashboards, the oldest first as agents see it. It changes nothing.

use super::look::{end, is_over, look, made};
use crate::admin::load::{self, Load};
use crate::admin::place::Place;
use crate::admin::way::{Link, Way};
use crate::admin::when::when;
use crate::language::admin::{notices as words, shell};
use crate::language::t;
use crate::reading::Reading;
use crate::ui::{EmptyState, Icon, Pill, Row, Rows, Sign, Tone};
use leptos::prelude::*;
use shared::wire::NoticeBody;

/// The page.
#[component]
pub(in crate::admin) fn NoticesPage(way: Way) -> impl IntoView {
    let notices: RwSignal<Load<Vec<NoticeBody>>> = load::fetched("notices");
    let some = Reading::of(move || notices.with(|all| matches!(all, Load::Ready(all) if !all.is_empty())));
    view! {
        <div class="page" data-testid="notices">
            <header class="page-head">
                <h1>{t(shell::NOTICES)}</h1>
                <p class="quiet">{t(words::ABOUT)}</p>
                <span class="grow"></span>
                {move || some.get().then(put_up)}
            </header>
            {move || match notices.get() {
                Load::Coming => load::bones(),
                Load::Failed(why) => load::failed(t(words::NOT_FETCHED), why, move || {
                    notices.set(Load::Coming);
                    load::fetch(notices, "notices");
                }),
                Load::Ready(all) if all.is_empty() => nothing(),
                Load::Ready(all) => {
                    let head = [words::NOTICE, words::SINCE, words::TONE].map(t).to_vec();
                    let rows = all.into_iter().map(|one| row(way, one)).collect_view();
                    view! {
                        <div class="card">
                            <Rows columns=4 head label=t(shell::NOTICES)>
                                {rows}
                            </Rows>
                        </div>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// The way to a new one.
fn put_up() -> AnyView {
    view! {
        <Link to=Place::NewNotice class="btn" kind="primary" testid="new-notice">
            {t(words::PUT_UP)}
        </Link>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <div class="card" data-testid="notices-empty">
            <EmptyState sign=Sign::Info title=t(words::NONE) text=t(words::NONE_TEXT)>
                {put_up()}
            </EmptyState>
        </div>
    }
    .into_any()
}

fn row(way: Way, one: NoticeBody) -> AnyView {
    let id = one.id;
    let (tone, sign, name) = look(one.tone);
    let (tone, name) = if is_over(&one) { (Tone::Off, words::OVER) } else { (tone, name) };
    let since = id.and_then(made).map(when);
    let end = end(&one).map(|words| view! { <span class="row-sub">{words}</span> });
    let open = move |()| {
        if let Some(id) = id {
            way.go(Place::Notice(id));
        }
    };
    view! {
        <Row on_open=open testid="notice-row">
            <span class="notice-sign" data-tone=tone.key()>
                <Icon sign=sign />
            </span>
            <span class="row-main">
                <span class="notice-text" dir="auto">
                    {one.text}
                </span>
                {end}
            </span>
            <span class="row-cell num" data-wide="">{since}</span>
            <span class="row-state">
                <Pill tone=tone>{t(name)}</Pill>
                <Icon sign=Sign::ChevronEnd small=true mirror=true />
            </span>
        </Row>
    }
    .into_any()
}
