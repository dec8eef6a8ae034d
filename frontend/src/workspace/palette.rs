//! The command palette: screens, open chats, those who wait and everything that can be done, found by a few letters.

use super::actions::{Action, actions, run as perform};
use super::panels::Panels;
use super::way::Way;
use super::words;
use crate::browser::fold::{fold, has};
use crate::desk::Desk;
use crate::language::t;
use crate::reading::{Local, Reading, follow, live, told};
use crate::ui::{Icon, Kbd, When, open_while};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Entries shown at a time; a longer list is searched, not read.
const SHOWN: usize = 12;
/// The list's id, by which the field names it to screen readers.
const LIST: &str = "palette-list";

/// The palette, over everything while it is open.
#[component]
pub fn Palette(desk: Desk, way: Way, panels: Panels) -> impl IntoView {
    let open = panels.palette;
    let dialog = NodeRef::<html::Dialog>::new();
    open_while(dialog, open.into());
    let outside = move |event: leptos::ev::MouseEvent| {
        // A click on the dialog itself, and on nothing inside of it, is one on what is around it.
        let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        if target.is_some_and(|target| target.tag_name() == "DIALOG") {
            open.set(false);
        }
    };
    view! {
        <dialog
            class="palette"
            node_ref=dialog
            aria-label=t(words::PALETTE)
            data-testid="palette"
            on:close=move |_| open.set(false)
            on:click=outside
        >
            <When is=move || open.get()>
                <Search desk way panels />
            </When>
        </dialog>
    }
}

/// The field and what it finds.
#[component]
fn Search(desk: Desk, way: Way, panels: Panels) -> impl IntoView {
    let open = panels.palette;
    let text = RwSignal::new(String::new());
    let at = Local::new(0_usize);
    let all = actions(desk, way);
    let found = Reading::of(move || {
        let words: Vec<String> = fold(&text.get()).split_whitespace().map(str::to_owned).collect();
        let fits = |one: &&Action| words.iter().all(|word| has(&one.folded, word));
        all.with(|all| all.iter().filter(fits).take(SHOWN).cloned().collect::<Vec<_>>())
    });
    let chosen = Reading::of(move || at.get().min(found.with(Vec::len).saturating_sub(1)));
    let run = Callback::new(move |number: usize| {
        if let Some(action) = found.with_untracked(|found| found.get(number).cloned()) {
            open.set(false);
            perform(desk, way, panels, action.deed);
        }
    });
    let key = move |event: KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        let now = chosen.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => at.set(if now == last { 0 } else { now + 1 }),
            "ArrowUp" => at.set(now.checked_sub(1).unwrap_or(last)),
            "Enter" if !event.is_composing() => run.run(now),
            _ => return,
        }
        event.prevent_default();
    };
    let field = NodeRef::<html::Input>::new();
    follow(move || {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    view! {
        <input
            class="palette-field"
            node_ref=field
            type="text"
            role="combobox"
            autocomplete="off"
            spellcheck="false"
            aria-expanded="true"
            aria-controls=LIST
            aria-activedescendant=told(move || option_id(chosen.get()))
            aria-label=t(words::PALETTE)
            placeholder=t(words::PALETTE_HINT)
            data-testid="palette-field"
            on:input=move |event| {
                text.set(event_target_value(&event));
                at.set(0);
            }
            on:keydown=key
        />
        <ul class="palette-list" id=LIST role="listbox" aria-label=t(words::PALETTE)>
            {live(move || {
                let list = found.get();
                let options = list.into_iter().enumerate().map(|(number, action)| option(number, action, chosen, at, run));
                options.collect_view()
            })}
        </ul>
        <p class="palette-none quiet" role="status">
            {live(move || found.with(Vec::is_empty).then(|| t(words::PALETTE_NONE)))}
        </p>
    }
}

fn option_id(number: usize) -> String {
    ["palette-", &number.to_string()].concat()
}

fn option(
    number: usize,
    action: Action,
    chosen: Reading<usize>,
    at: Local<usize>,
    run: Callback<usize>,
) -> AnyView {
    let Action { sign, label, note, shortcut, .. } = action;
    view! {
        <li
            class="palette-item"
            id=option_id(number)
            role="option"
            data-testid="palette-item"
            aria-selected=told(move || if chosen.get() == number { "true" } else { "false" })
            on:pointermove=move |_| at.set(number)
            on:click=move |_| run.run(number)
        >
            <Icon sign />
            <span class="clip grow" dir="auto">{label}</span>
            <span class="quiet clip" dir="auto">{note}</span>
            {(!shortcut.is_empty()).then(|| view! { <Kbd keys=shortcut /> })}
        </li>
    }
    .into_any()
}
