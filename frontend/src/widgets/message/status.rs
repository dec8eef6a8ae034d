//! The status of a chat: one to choose, or several side by side where the queue allows it. What may be chosen is decided elsewhere.

use super::words;
use crate::desk::{Chat, Desk};
use crate::language::{fill, t};
use crate::reading::{Local, Reading, live};
use crate::ui::{Icon, Select, Sign, When};
use leptos::html;
use leptos::prelude::*;
use shared::config::{Colour, DispositionRef};
use shared::id::{DispositionId, InteractionId};
use shared::wire::StatusNote;

/// The field, and before it what was chosen where that can be several. `demanded` is why the field is outlined.
#[component]
pub fn Status(
    desk: Desk,
    id: InteractionId,
    chat: Reading<Option<Chat>>,
    demanded: Local<Option<String>>,
    field: NodeRef<html::Select>,
) -> impl IntoView {
    // What was asked for shows at once; refused, it gives way to what is.
    let chosen =
        move || chat.with(|chat| chat.as_ref().map(|chat| (desk.statuses_after(chat), chat.several)));
    let chosen = move || chosen().unwrap_or_default();
    let drawn = move |beside: bool| {
        let (chosen, several) = chosen();
        let all = chat.with(|chat| chat.as_ref().map(named).unwrap_or_default());
        let wanted = |one: &(DispositionId, String)| (several && chosen.contains(&one.0)) == beside;
        all.into_iter().filter(wanted).map(|(id, title)| (id.to_string(), title)).collect::<Vec<_>>()
    };
    let options = Reading::of(move || drawn(false));
    let chips = Reading::of(move || drawn(true));
    let value = Reading::of(move || {
        let (chosen, several) = chosen();
        chosen.first().filter(|_| !several).map(ToString::to_string).unwrap_or_default()
    });
    let noted = move |id: &str| {
        let found = |chat: &Chat| chat.status_notes.iter().find(|note| note.id.to_string() == id).cloned();
        chat.with(|chat| chat.as_ref().and_then(found))
    };
    let note = Reading::of(move || noted(&value.get()));
    let choose = move |value: String| {
        demanded.set(None);
        match value.parse() {
            Ok(status) => desk.choose_status(id, status),
            Err(_) => desk.choose_statuses(id, &[]),
        }
    };
    let drop = Callback::new(move |status: String| {
        let (mut left, _) = untrack(chosen);
        left.retain(|one| one.to_string() != status);
        desk.choose_statuses(id, &left);
        // Its button goes, and the focus with it.
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    });
    let chip = move |(status, title): (String, String)| {
        let label = fill(words::DROP_STATUS, &[("status", &title)]);
        // Not followed: a chip that is drawn anew with every message would lose the focus to it.
        let note = untrack(|| noted(&status));
        view! {
            <button
                class="btn"
                data-size="small"
                type="button"
                data-testid="status-chosen"
                title=label
                on:click=move |_| drop.run(status.clone())
            >
                {note.map(|note| dot(&note))}
                {title}
                <Icon sign=Sign::Close small=true />
            </button>
        }
        .into_any()
    };
    let any = move || {
        chat.with(|chat| {
            chat.as_ref().is_some_and(|chat| !chat.statuses.is_empty() || !chat.chosen.is_empty())
        })
    };
    view! {
        <When is=any>
            {live(move || note.get().map(|note| dot(&note)))}
            {live(move || chips.get().into_iter().map(chip).collect_view())}
            <Select
                id="status"
                label=t(words::STATUS)
                options=options
                value=value
                on_choose=choose
                placeholder=t(words::CHOOSE_STATUS)
                invalid=Signal::derive(move || demanded.get().is_some())
                described_by="status-error"
                node_ref=field
                testid="status"
            />
            {live(move || {
                note.get()
                    .map(|note| {
                        view! {
                            <span class="hint status-note" data-testid="status-note">
                                {note.description}
                            </span>
                        }
                    })
            })}
        </When>
    }
}

/// All there are to choose from, each with the headings above it. One that was switched off since stays readable.
fn named(chat: &Chat) -> Vec<(DispositionId, String)> {
    let gone = chat.chosen.iter().filter(|one| !chat.statuses.contains(one));
    let title = |one: &DispositionRef| {
        let note = chat.status_notes.iter().find(|note| note.id == one.id);
        match note.map(|note| note.path.join(" › ")).filter(|path| !path.is_empty()) {
            Some(path) => [path.as_str(), " › ", &one.title].concat(),
            None => one.title.clone(),
        }
    };
    chat.statuses.iter().chain(gone).map(|one| (one.id, title(one))).collect()
}

/// A dot in the colour of a status.
fn dot(note: &StatusNote) -> AnyView {
    let tone = match note.colour {
        Colour::Grey => "grey",
        Colour::Green => "green",
        Colour::Amber => "amber",
        Colour::Red => "danger",
        Colour::Blue => "blue",
        Colour::Violet => "violet",
    };
    view! { <span class="dot" data-tone=tone></span> }.into_any()
}
