//! A picture of the chat as large as the window, with those before and after it. It fetches nothing but the picture.

use super::parts::address;
use super::words;
use crate::desk::Desk;
use crate::language::keys::kind;
use crate::language::{fill, t};
use crate::reading::{Local, Reading, live, told};
use crate::ui::{IconButton, Sign, When, open_while};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use shared::id::{AttachmentId, InteractionId};

/// The picture that is looked at; handed down by context to where pictures are drawn.
#[derive(Clone, Copy)]
pub struct Gallery(Local<Option<AttachmentId>>);

impl Gallery {
    /// A closed one, handed down to everything below.
    pub fn provide() -> Self {
        let gallery = Self(Local::new(None));
        provide_context(gallery);
        gallery
    }

    /// Opens the picture in the gallery around; does nothing where there is none.
    pub fn show(id: AttachmentId) -> impl Fn() + 'static {
        let gallery = use_context::<Self>();
        move || {
            if let Some(Self(open)) = gallery {
                open.set(Some(id));
            }
        }
    }
}

/// A picture and what it is called.
type Picture = (AttachmentId, Option<String>);

/// The window over everything.
#[component]
pub fn Viewer(desk: Desk, id: InteractionId, gallery: Gallery) -> impl IntoView {
    let Gallery(open) = gallery;
    let dialog = NodeRef::<html::Dialog>::new();
    let all = Reading::of(move || if open.get().is_some() { desk.pictures(id) } else { Vec::new() });
    let at = Reading::of(move || {
        let open = open.get();
        all.with(|all| all.iter().position(|(id, _)| Some(*id) == open))
    });
    let step = move |by: isize| {
        let to = at.get_untracked().and_then(|at| at.checked_add_signed(by));
        if let Some(id) = to.and_then(|to| all.with_untracked(|all| all.get(to).map(|(id, _)| *id))) {
            open.set(Some(id));
        }
    };
    let rtl = move || {
        dialog.get_untracked().is_some_and(|dialog| dialog.closest("[dir=rtl]").is_ok_and(|it| it.is_some()))
    };
    let key = move |event: KeyboardEvent| {
        // A card over the picture goes where its arrows say.
        if event.default_prevented() {
            return;
        }
        let forward = match event.key().as_str() {
            "ArrowRight" => !rtl(),
            "ArrowLeft" => rtl(),
            _ => return,
        };
        event.prevent_default();
        step(if forward { 1 } else { -1 });
    };
    open_while(dialog, Signal::derive(move || open.get().is_some()));
    let first =
        Signal::derive(move || at.get().is_none_or(|at| at == 0).then(|| t(words::FIRST_PICTURE).to_owned()));
    let last = Signal::derive(move || {
        let end = all.with(|all| all.len().saturating_sub(1));
        at.get().is_none_or(|at| at == end).then(|| t(words::LAST_PICTURE).to_owned())
    });
    view! {
        <dialog
            class="viewer"
            node_ref=dialog
            aria-label=t(kind::IMAGE)
            data-testid="viewer"
            on:close=move |_| open.set(None)
            on:keydown=key
        >
            <When is=move || open.get().is_some()>
                <header class="viewer-head">
                    <span class="num quiet">{live(move || count(at.get(), all.with(Vec::len)))}</span>
                    <span class="clip grow" dir="auto">
                        {live(move || named(all, at))}
                    </span>
                    <a
                        class="btn"
                        data-kind="quiet"
                        href=told(move || open.get().map(|id| address(id, "")))
                        download=""
                        data-testid="viewer-save"
                    >
                        {t(words::SAVE)}
                    </a>
                    <IconButton sign=Sign::Close label=t(words::CLOSE_PICTURE) on_press=move |()| open.set(None) testid="viewer-close" />
                </header>
                <div class="viewer-stage">
                    <IconButton sign=Sign::ChevronStart label=t(words::PREVIOUS_PICTURE) refused=first on_press=move |()| step(-1) testid="viewer-previous" />
                    <img
                        src=told(move || open.get().map(|id| address(id, "/preview")))
                        alt=told(move || named(all, at))
                        data-testid="viewer-picture"
                    />
                    <IconButton sign=Sign::ChevronEnd label=t(words::NEXT_PICTURE) refused=last on_press=move |()| step(1) testid="viewer-next" />
                </div>
            </When>
        </dialog>
    }
}

/// Which of how many.
fn count(at: Option<usize>, all: usize) -> Option<String> {
    Some(fill(words::OF_PICTURES, &[("n", &(at? + 1).to_string()), ("all", &all.to_string())]))
}

/// What the picture is called.
fn named(all: Reading<Vec<Picture>>, at: Reading<Option<usize>>) -> String {
    let name = all.with(|all| all.get(at.get()?).and_then(|(_, name)| name.clone()));
    name.unwrap_or_else(|| t(kind::IMAGE).to_owned())
}
