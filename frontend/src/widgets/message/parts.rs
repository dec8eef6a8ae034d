//! What a message holds beside its words: what it answers, files, cards, reactions. Files are drawn from the relay alone, links lead out in a tab of their own.

use super::links::lead;
use super::viewer::Gallery;
use super::words;
use crate::desk::Desk;
use crate::language::keys::kind;
use crate::language::t;
use crate::sentences;
use crate::ui::{Device, Icon, Sign, link};
use leptos::prelude::*;
use shared::card::{Card, CardKind, Row};
use shared::id::{AttachmentId, InteractionId};
use shared::interaction::{Attachment, AttachmentState, ReplyTo};
use shared::thread::Message;

/// Whether there is anything but words.
pub fn any(message: &Message) -> bool {
    message.reply_to.is_some() || !message.attachments.is_empty() || !message.cards.is_empty()
}

/// Everything above the words of a message.
#[component]
pub fn Parts(desk: Desk, id: InteractionId, message: Message) -> impl IntoView {
    let Message { reply_to, attachments, names, cards, .. } = message;
    let name = |id: AttachmentId| names.iter().find(|one| one.attachment == id).map(|one| one.name.clone());
    let files: Vec<AnyView> = attachments
        .into_iter()
        .map(|file| {
            let name = name(file.id);
            drawn(desk, file, name)
        })
        .collect();
    let cards: Vec<AnyView> = cards.into_iter().map(card).collect();
    view! {
        {reply_to.map(|reply_to| view! { <p class="quote" dir="auto">{quoted(desk, id, reply_to)}</p> })}
        {files}
        {cards}
    }
}

/// The beginning of the message that is answered, as far as it is here.
fn quoted(desk: Desk, id: InteractionId, reply_to: ReplyTo) -> String {
    let ReplyTo::Message(answered) = reply_to else { return t(words::EARLIER).to_owned() };
    let Some(message) = desk.message(id, answered) else { return t(words::EARLIER).to_owned() };
    message.text.unwrap_or_else(|| t(sentences::kind(message.kind)).to_owned())
}

/// Where the relay has a file.
pub fn address(id: AttachmentId, end: &str) -> String {
    ["api/v1/attachments/", &id.to_string(), end].concat()
}

/// A file, whatever state it is in.
fn drawn(desk: Desk, file: Attachment, name: Option<String>) -> AnyView {
    let id = file.id;
    let show = Gallery::show(id);
    match file.state {
        AttachmentState::Pending => view! {
            <p class="file" data-state="pending" data-testid="file">
                <Icon sign=Sign::Pending />
                {t(words::FETCHING)}
            </p>
        }
        .into_any(),
        AttachmentState::Failed { why } => view! {
            <p class="file" data-state="failed" data-testid="file">
                <Icon sign=Sign::Alert />
                <span>{t(sentences::fault(why))}</span>
                {link("file-retry", t(words::AGAIN).to_owned(), Callback::new(move |()| desk.fetch_again(id)))}
            </p>
        }
        .into_any(),
        AttachmentState::Ready { pixels: Some(pixels), .. } => view! {
            <button class="photo" type="button" data-testid="photo" on:click=move |_| show()>
                <img
                    src=address(id, "/preview")
                    width=pixels.width.to_string()
                    height=pixels.height.to_string()
                    loading="lazy"
                    alt=name.unwrap_or_else(|| t(kind::IMAGE).to_owned())
                />
            </button>
        }
        .into_any(),
        AttachmentState::Ready { media_type, size, .. } => played(id, &media_type, size, name),
    }
}

/// A file that is no picture: played where browsers can, else to be saved.
fn played(id: AttachmentId, media_type: &str, size: u64, name: Option<String>) -> AnyView {
    let source = address(id, "");
    if media_type.starts_with("audio/") {
        view! { <audio class="player" controls=true preload="none" src=source data-testid="audio" /> }
            .into_any()
    } else if media_type.starts_with("video/") {
        view! { <video class="player" controls=true preload="metadata" src=source data-testid="video" /> }
            .into_any()
    } else {
        view! {
            <a class="file" href=source download="" data-testid="file">
                <Icon sign=Sign::Paperclip />
                <span class="clip" dir="auto">
                    {name.unwrap_or_else(|| t(kind::FILE).to_owned())}
                </span>
                <span class="num">{words::size(size)}</span>
            </a>
        }
        .into_any()
    }
}

/// A card: a headline, lines, and where it leads.
fn card(card: Card) -> AnyView {
    let device = Device::here();
    let Card { kind, title, text, url, rows } = card;
    let label = words::card(kind);
    // What was forwarded or answers a story says so in a word and shows no box.
    let quiet = matches!(kind, CardKind::Forwarded | CardKind::StoryReply | CardKind::StoryMention);
    let head = title.filter(|_| kind != CardKind::Unsupported);
    let lines: Vec<AnyView> = rows.into_iter().map(|row| line(row, &device)).collect();
    view! {
        <div class="card" data-quiet=quiet.then_some("") data-testid="card">
            <p class="card-label">{label.map(t)}</p>
            {head.map(|head| view! { <p class="card-title" dir="auto">{head}</p> })}
            {text.map(|text| view! { <p dir="auto">{text}</p> })}
            {lines}
            {url.map(|url| {
                view! { <p>{lead(&url)}</p> }
            })}
        </div>
    }
    .into_any()
}

fn line(row: Row, device: &Device) -> AnyView {
    let at = row.at.map(|at| [&(device.day)(at.0, at.0), " ", &(device.time_of_day)(at.0)].concat());
    view! {
        <p class="card-row">
            <span dir="auto">{row.label}</span>
            <span dir="auto">{at.unwrap_or(row.value)}</span>
        </p>
    }
    .into_any()
}
