//! The message widget: the conversation with a customer, the composer and the work bar. It decides nothing by itself.

mod bubble;
mod composer;
mod divider;
mod events;
mod header;
mod history;
mod leaving;
mod links;
mod parts;
mod rows;
mod scroll;
mod status;
mod steps;
#[cfg(test)]
mod tests;
mod viewer;
mod words;
mod workbar;

use crate::desk::{Desk, Look};
use crate::language::t;
use crate::reading::{Reading, live};
use crate::sentences;
use crate::ui::{BubbleBones, ErrorState, Mark, When};
use leptos::prelude::*;
use shared::channel::Channel;
use shared::id::InteractionId;

/// The mark of a channel.
#[must_use]
pub const fn mark(channel: Channel) -> Mark {
    match channel {
        Channel::Messenger => Mark::Messenger,
        Channel::WhatsApp => Mark::WhatsApp,
        Channel::Viber => Mark::Viber,
        Channel::Instagram => Mark::Instagram,
    }
}

/// Draws the widget; nothing outside of a desk.
#[must_use]
pub fn draw(id: InteractionId) -> AnyView {
    view! { <Message id /> }.into_any()
}

/// The conversation of an interaction, as far as it is here.
#[component]
fn Message(id: InteractionId) -> impl IntoView {
    let desk = Desk::here()?;
    let look = desk.look(id);
    let body = move || match look.get() {
        Look::Loading => view! { <Loading /> }.into_any(),
        Look::Failed(why) => view! {
            <ErrorState title=t(words::NOT_FETCHED) text=why on_retry=move |()| desk.open(id) />
        }
        .into_any(),
        Look::Here => view! { <Conversation desk id /> }.into_any(),
    };
    Some(view! {
        <section class="widget message" aria-label=t(words::WIDGET)>
            {live(body)}
        </section>
    })
}

/// Bubbles of the final size.
#[component]
fn Loading() -> impl IntoView {
    view! {
        <div class="history-wrap">
            <div class="history">
                <div class="history-in">
                    <BubbleBones />
                </div>
            </div>
        </div>
    }
}

/// The parts from top to bottom; what only an owner needs is left out for everybody else.
#[component]
fn Conversation(desk: Desk, id: InteractionId) -> impl IntoView {
    let chat = desk.chat(id);
    let open = Reading::of(move || chat.with(|chat| chat.as_ref().is_some_and(|chat| chat.open)));
    let worked =
        Reading::of(move || chat.with(|chat| chat.as_ref().is_some_and(|chat| chat.activity.is_some())));
    view! {
        <header::Header desk id chat />
        <history::History desk id chat />
        {live(move || {
            if open.get() {
                view! { <composer::Composer desk id chat /> }.into_any()
            } else {
                view! { <Closed desk id /> }.into_any()
            }
        })}
        <When is=move || worked.get()>
            <workbar::Workbar desk id chat />
        </When>
    }
}

/// Why there is nothing to write in.
#[component]
fn Closed(desk: Desk, id: InteractionId) -> impl IntoView {
    let may = desk.may_write(id);
    view! {
        <p class="closed-note" role="status">
            {live(move || may.get().err().map(|refusal| sentences::refusal(&refusal)))}
        </p>
    }
}
