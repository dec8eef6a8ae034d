//! The frame of the admin: panel, menu, the page, and the question before something is lost. It draws no page itself.

use super::connectors::{ChoosePage, ConnectorPage, ConnectorsPage};
use super::guide::GuidePage;
use super::journal::{ItemPage, NotUnderstoodPage};
use super::look::LookPage;
use super::notices::{NewNoticePage, NoticePage, NoticesPage};
use super::place::Place;
use super::way::Way;
use super::workspace::WorkspacePage;
use crate::browser::theme::{self, Theme};
use crate::browser::{location, title};
use crate::language::admin::shell as words;
use crate::language::keys::workspace;
use crate::language::{Key, t};
use crate::reading::Reading;
use crate::ui::{Avatar, Button, Icon, Kind, Menu, MenuItem, MenuLabel, Modal, Sign, initials};
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use shared::wire::UserBody;

/// The frame.
#[component]
pub(super) fn Shell(me: UserBody) -> impl IntoView {
    let way = Way::new();
    provide_context(way);
    title::set(0, t(words::TITLE));
    let place = way.place();
    let main = NodeRef::<html::Main>::new();
    // An address of its own would lead away from the document's base.
    let skip = move |event: MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            let _ = main.focus();
        }
    };
    // A new page begins at its top, and a screen reader at its heading.
    Effect::watch(
        move || place.get(),
        move |_, _, _: Option<()>| {
            if let Some(main) = main.get_untracked() {
                main.set_scroll_top(0);
                let _ = main.focus();
            }
        },
        false,
    );
    view! {
        <div class="admin-shell">
            <a class="skip" href="#screen" on:click=skip>
                {t(words::SKIP)}
            </a>
            <Panel me />
            <Entries way />
            <main class="admin-screen" id="screen" tabindex="-1" node_ref=main>
                {move || page(way, place.get())}
            </main>
        </div>
        <Unsaved way />
    }
}

/// What is drawn at a place.
fn page(way: Way, place: Place) -> AnyView {
    match place {
        Place::Connectors => view! { <ConnectorsPage way /> }.into_any(),
        Place::Choose => view! { <ChoosePage /> }.into_any(),
        Place::Begin(kind, app) => view! { <GuidePage way kind=Some(kind) app id=None /> }.into_any(),
        Place::Guide(id) => view! { <GuidePage way kind=None app=None id=Some(id) /> }.into_any(),
        Place::Connector(id) => view! { <ConnectorPage way id /> }.into_any(),
        Place::Notices => view! { <NoticesPage way /> }.into_any(),
        Place::NewNotice => view! { <NewNoticePage way /> }.into_any(),
        Place::Notice(id) => view! { <NoticePage way id /> }.into_any(),
        Place::Workspace => view! { <WorkspacePage way /> }.into_any(),
        Place::Look => view! { <LookPage way /> }.into_any(),
        Place::NotUnderstood => view! { <NotUnderstoodPage /> }.into_any(),
        Place::Item(id) => view! { <ItemPage id /> }.into_any(),
    }
}

/// The panel: where one is, the way back to the desk, the person.
#[component]
fn Panel(me: UserBody) -> impl IntoView {
    view! {
        <header class="panel admin-panel">
            <a class="logo" href=location::url("../") aria-label=t(words::LOGO)>
                <img src=location::url("favicon.svg") alt="" width="26" height="26" />
            </a>
            <span class="admin-title">{t(workspace::ADMIN)}</span>
            <div class="panel-end">
                <a class="btn" data-kind="quiet" href=location::url("../") data-testid="to-desk">
                    <Icon sign=Sign::ChevronStart mirror=true />
                    {t(words::DESK)}
                </a>
                <Me me />
            </div>
        </header>
    }
}

/// The menu of the person: how pages look, and the way back to the desk.
#[component]
fn Me(me: UserBody) -> impl IntoView {
    let letters = initials(&me.name);
    let name = Signal::stored(me.name);
    let chosen = RwSignal::new(theme::remembered());
    let trigger = move || view! { <Avatar initials=letters.clone() /> }.into_any();
    let item = move |wanted: Theme, name: Key| {
        let choose = move |()| {
            theme::set(wanted);
            chosen.set(wanted);
        };
        view! {
            <MenuItem on_choose=choose checked=Signal::derive(move || Some(chosen.get() == wanted))>
                {t(name)}
            </MenuItem>
        }
        .into_any()
    };
    // Logging out is the desk's: it has to forget what it keeps on this device.
    let back = |()| location::leave("../");
    view! {
        <Menu class="me" label=name trigger end=true testid="me">
            <MenuLabel>{move || name.get()}</MenuLabel>
            <hr />
            <MenuLabel>{t(workspace::THEME)}</MenuLabel>
            {item(Theme::System, workspace::THEME_SYSTEM)}
            {item(Theme::Light, workspace::THEME_LIGHT)}
            {item(Theme::Dark, workspace::THEME_DARK)}
            <hr />
            <MenuItem on_choose=back sign=Sign::ChevronStart>
                {t(words::BACK)}
            </MenuItem>
        </Menu>
    }
}

/// The menu of pages.
#[component]
fn Entries(way: Way) -> impl IntoView {
    view! {
        <nav class="admin-menu" aria-label=t(workspace::ADMIN)>
            <Entry way to=Place::Connectors sign=Sign::Plug name=t(words::CONNECTORS) testid="nav-connectors" />
            <Entry way to=Place::Notices sign=Sign::Info name=t(words::NOTICES) testid="nav-notices" />
            <Entry way to=Place::Workspace sign=Sign::Settings name=t(words::WORKSPACE) testid="nav-workspace" />
            <Entry way to=Place::Look sign=Sign::Theme name=t(words::LOOK) testid="nav-look" />
            <Entry way to=Place::NotUnderstood sign=Sign::Question name=t(words::NOT_UNDERSTOOD) testid="nav-not-understood" />
        </nav>
    }
}

#[component]
fn Entry(way: Way, to: Place, sign: Sign, name: &'static str, testid: &'static str) -> impl IntoView {
    let place = way.place();
    let own = to.clone();
    let here = Reading::of(move || place.with(|place| place.entry() == own));
    let href = location::url(&to.path());
    view! {
        <a
            class="admin-entry"
            href=href
            data-testid=testid
            aria-current=move || here.get().then_some("page")
            on:click=move |event: MouseEvent| way.follow(to.clone(), &event)
        >
            <Icon sign=sign />
            <span>{name}</span>
        </a>
    }
}

/// The question before something is lost.
#[component]
fn Unsaved(way: Way) -> impl IntoView {
    let foot = move || {
        view! {
            <Button on_press=move |()| way.stay() testid="stay">
                {t(workspace::STAY)}
            </Button>
            <Button kind=Kind::Danger on_press=move |()| way.lose() testid="leave">
                {t(words::LEAVE)}
            </Button>
        }
    };
    view! {
        <Modal open=way.asks() title=t(words::UNSAVED_TITLE) on_close=move |()| way.stay() foot>
            <p>{t(words::UNSAVED_TEXT)}</p>
        </Modal>
    }
}
