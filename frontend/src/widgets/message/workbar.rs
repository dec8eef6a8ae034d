//! The work bar: the status and the way out. Closing without what is demanded says so and does nothing else.

use super::status::Status;
use super::words;
use crate::desk::{Asked, Chat, Desk};
use crate::language::{Key, fill, t};
use crate::reading::{Local, Reading, follow, live};
use crate::sentences;
use crate::ui::{Ask, Button, Kind, When};
use leptos::html;
use leptos::prelude::*;
use shared::id::InteractionId;
use shared::refusal::Refusal;

/// What is asked before closing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// A reply was begun and not sent.
    Unsent,
    /// The customer wrote again.
    WroteAgain,
}

/// The work bar.
#[component]
pub fn Workbar(desk: Desk, id: InteractionId, chat: Reading<Option<Chat>>) -> impl IntoView {
    let demanded = Local::new(None::<String>);
    let doubt = Local::new(None::<Doubt>);
    let field = NodeRef::<html::Select>::new();
    let open = Reading::of(move || chat.with(|chat| chat.as_ref().is_some_and(|chat| chat.open)));
    let close = Callback::new(move |()| close(desk, id, field, demanded, doubt));
    let wished = desk.close_wished(id);
    follow(move || {
        if wished.get() {
            desk.close_heard();
            close.run(());
        }
    });
    // A refusal that came after the click asks the same question.
    let refused = desk.refused(id, Asked::Close);
    follow(move || {
        let number = refused.with(|notice| {
            let notice = notice.as_ref()?;
            matches!(notice.refusal, Some(Refusal::NewMessage { .. })).then_some(notice.number)
        });
        if number.is_some() {
            doubt.set(Some(Doubt::WroteAgain));
        }
    });
    view! {
        <footer class="workbar">
            <Status desk id chat demanded field />
            <span id="status-error" aria-live="polite">
                {live(move || {
                    demanded
                        .get()
                        .map(|words| {
                            view! {
                                <p class="error" data-testid="status-error">
                                    {words}
                                </p>
                            }
                            .into_any()
                        })
                })}
            </span>
            <span class="grow"></span>
            <When is=move || open.get()>
                <CloseButton desk id close />
            </When>
        </footer>
        <Doubts desk id doubt close />
    }
}

/// Closes, or finds out what stands in the way.
fn close(
    desk: Desk,
    id: InteractionId,
    field: NodeRef<html::Select>,
    demanded: Local<Option<String>>,
    doubt: Local<Option<Doubt>>,
) {
    let refusal = desk.may_close(id).get_untracked().err();
    match refusal {
        Some(refusal @ Refusal::DispositionRequired) => {
            demanded.set(Some(sentences::refusal(&refusal)));
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
            }
        }
        None | Some(Refusal::NewMessage { .. }) if !desk.draft(id).get_untracked().trim().is_empty() => {
            doubt.set(Some(Doubt::Unsent));
        }
        Some(Refusal::NewMessage { .. }) => doubt.set(Some(Doubt::WroteAgain)),
        // Anything else is said by the button itself.
        _ => drop(desk.close(id)),
    }
}

/// The way out.
#[component]
fn CloseButton(desk: Desk, id: InteractionId, close: Callback<()>) -> impl IntoView {
    let asked = desk.asked(id, Asked::Close);
    let closes_in = desk.closes_in(id);
    let may = desk.may_close(id);
    let press = move |()| {
        if closes_in.get_untracked().is_some() { desk.stay_open(id) } else { close.run(()) }
    };
    let refused = Signal::derive(move || match may.get() {
        Ok(()) | Err(Refusal::DispositionRequired | Refusal::NewMessage { .. }) => None,
        Err(refusal) => Some(sentences::refusal(&refusal)),
    });
    view! {
        <Button kind=Kind::Danger testid="close" refused=refused busy=asked on_press=press shortcut="Alt+C">
            {live(move || match closes_in.get() {
                Some(seconds) => fill(words::UNDO_CLOSE, &[("s", &seconds.to_string())]),
                None => t(if asked.get() { words::CLOSING } else { words::CLOSE }).to_owned(),
            })}
        </Button>
    }
}

/// The questions before closing.
#[component]
fn Doubts(desk: Desk, id: InteractionId, doubt: Local<Option<Doubt>>, close: Callback<()>) -> impl IntoView {
    let unsent = move || doubt.get() == Some(Doubt::Unsent);
    let said =
        move |one: Key, other: Key| Signal::derive(move || t(if unsent() { one } else { other }).to_owned());
    let stay = move |()| {
        doubt.set(None);
        if let Some(notice) = desk.refused(id, Asked::Close).get_untracked() {
            desk.dismiss(notice.number);
        }
    };
    let go = Callback::new(move |()| {
        let was = doubt.get_untracked();
        doubt.set(None);
        match was {
            Some(Doubt::Unsent) => {
                desk.set_draft(id, String::new());
                close.run(());
            }
            // Refused again only when the chat is gone meanwhile, and then there is nothing left to say.
            Some(Doubt::WroteAgain) => drop(desk.close_anyway(id)),
            None => {}
        }
    });
    view! {
        <Ask
            open=Signal::derive(move || doubt.get().is_some())
            title=said(words::UNSENT_TITLE, words::AGAIN_TITLE)
            text=said(words::UNSENT_TEXT, words::AGAIN_TEXT)
            stay=said(words::KEEP_WRITING, words::READ_FIRST)
            go=said(words::CLOSE_WITHOUT, words::CLOSE_ANYWAY)
            on_stay=stay
            on_go=go
            testids=["doubt-stay", "doubt-close"]
        />
    }
}
