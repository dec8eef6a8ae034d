//! Where a reply is written: grows with it, counts it, says why it cannot be sent. It sends nothing the domain forbids.

use super::words;
use crate::desk::{Chat, Desk};
use crate::language::t;
use crate::reading::{Reading, follow, live, told};
use crate::sentences;
use crate::ui::{Button, Counter, Device, Icon, Kind, Sign};
use leptos::html;
use leptos::prelude::*;
use shared::channel::Unit;
use shared::id::InteractionId;
use shared::refusal::Refusal;
use web_sys::{KeyboardEvent, SubmitEvent};

/// The key code browsers give to keys an input method has taken.
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// Whether this key sends: Enter alone, and not the one that ends a composition.
fn sends(event: &KeyboardEvent, coarse: bool) -> bool {
    let held = event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key();
    let composing = event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD;
    event.key() == "Enter" && !held && !composing && !coarse
}

/// The composer.
#[component]
pub fn Composer(desk: Desk, id: InteractionId, chat: Reading<Option<Chat>>) -> impl IntoView {
    let device = Device::here();
    let field = NodeRef::<html::Textarea>::new();
    let draft = desk.draft(id);
    let may_write = desk.may_write(id);
    let may_send = desk.may_send(id);
    let blocked = Reading::of(move || may_write.get().err().map(|refusal| sentences::refusal(&refusal)));
    let too_long = Reading::of(move || match may_send.get() {
        Err(refusal @ Refusal::TooLong { .. }) => Some(sentences::refusal(&refusal)),
        _ => None,
    });
    let lost = desk.holds_back();
    let send = move || {
        if lost.get_untracked().is_some() {
            return;
        }
        // What forbids it is shown beside the field already.
        let _ = desk.send_draft(id);
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    };
    follow(move || {
        if let Some(field) = field.get().filter(|_| !(device.coarse)()) {
            let _ = field.focus();
        }
    });
    let keys = move |event: KeyboardEvent| {
        if sends(&event, (device.coarse)()) {
            event.prevent_default();
            send();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    view! {
        <form class="composer" data-blocked=told(move || blocked.get().map(|_| "")) on:submit=submit>
            <textarea
                class="composer-text"
                node_ref=field
                rows="1"
                dir=told(move || draft.with(|text| (!text.is_empty()).then_some("auto")))
                data-testid="composer"
                aria-label=t(words::MESSAGE)
                aria-describedby="composer-note"
                placeholder=t(words::WRITE)
                readonly=told(move || blocked.get().is_some())
                aria-disabled=told(move || blocked.get().map(|_| "true"))
                aria-invalid=told(move || too_long.get().map(|_| "true"))
                prop:value=move || draft.get()
                on:input:target=move |event| desk.set_draft(id, event.target().value())
                on:keydown=keys
            ></textarea>
            <div id="composer-note" aria-live="polite">
                <Note desk id blocked too_long />
            </div>
            <div class="composer-bar">
                <span class="hint">{(!(device.coarse)()).then(|| t(words::KEYS))}</span>
                <span class="grow"></span>
                <Count draft chat />
                <SendButton may_send lost />
            </div>
        </form>
    }
}

/// Why nothing can be sent, and what can be done about a text that is too long.
#[component]
fn Note(
    desk: Desk,
    id: InteractionId,
    blocked: Reading<Option<String>>,
    too_long: Reading<Option<String>>,
) -> impl IntoView {
    let pieces = desk.pieces(id);
    let split = move || {
        pieces.get().map(|count| {
            view! {
                <Button kind=Kind::Link on_press=move |()| desk.send_pieces(id) testid="send-pieces">
                    {words::pieces(count)}
                </Button>
            }
        })
    };
    live(move || {
        if let Some(words) = blocked.get() {
            view! {
                <p class="composer-note" data-testid="composer-note">
                    {words}
                </p>
            }
            .into_any()
        } else if let Some(words) = too_long.get() {
            view! {
                <p class="composer-note" data-tone="danger" data-testid="composer-note">
                    {words}
                    {live(split)}
                </p>
            }
            .into_any()
        } else {
            ().into_any()
        }
    })
}

/// What is left of the channel's limit, in the channel's own unit.
#[component]
fn Count(draft: Reading<String>, chat: Reading<Option<Chat>>) -> impl IntoView {
    let channel = Reading::of(move || chat.with(|chat| chat.as_ref().map(|chat| chat.channel)));
    live(move || {
        channel.get().map(|channel| {
            let limit = channel.capabilities().text;
            let used = Signal::derive(move || draft.with(|text| limit.measure(text)));
            let words = match limit.unit {
                Unit::Bytes => words::bytes,
                Unit::Characters => words::characters,
            };
            view! { <Counter used limit=limit.max words /> }
        })
    })
}

/// Sends the draft, or says why not.
#[component]
fn SendButton(may_send: Reading<Result<(), Refusal>>, lost: Reading<Option<&'static str>>) -> impl IntoView {
    let refused = Signal::derive(move || match may_send.get() {
        Err(refusal) => Some(sentences::refusal(&refusal)),
        // Said instead of claiming that it waits.
        Ok(()) => lost.get().map(str::to_owned),
    });
    view! {
        <Button kind=Kind::Primary submit=true testid="send" refused=refused>
            {t(words::SEND)}
            <Icon sign=Sign::Send mirror=true />
        </Button>
    }
}
