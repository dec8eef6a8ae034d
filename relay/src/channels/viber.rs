//! Viber's events, one to a body; never speaks HTTP.

use super::item::{Form, Item};
use super::understood::{Aliases, Media, Receipt, Said, Source, Step, Understood, Wrote};
use super::{meta_parts, read};
use serde_json::Value;
use shared::card::{Card, CardKind, Row};
use shared::interaction::{AttachmentKind, Failure, FailureKind, MessageKind};
use shared::time::Timestamp;

/// What an event says.
pub(super) fn understand(item: &Item, received: Timestamp) -> Understood {
    let body = &item.body;
    let person = |path: &[&str]| read::id(read::at(body, path)).map(Aliases::one);
    let user = || person(&["user", "id"]).or_else(|| person(&["user_id"]));
    match read::at(body, &["event"]).as_str().unwrap_or_default() {
        "message" => match person(&["sender", "id"]) {
            Some(from) => wrote(body, from, received),
            None => NOBODY,
        },
        "delivered" => receipt(body, Step::Delivered, user()),
        "seen" => receipt(body, Step::Seen, user()),
        // The description is free text in any language: nothing to classify by, and not for the log.
        "failed" => {
            receipt(body, Step::Failed(Failure { kind: FailureKind::Unreachable, code: None }), user())
        }
        // Opening the chat does not subscribe; it may tell that the customer is subscribed all the same.
        "conversation_started" if !read::truth(read::at(body, &["subscribed"])) => {
            Understood::Ignored { why: "the chat was opened, nothing was written" }
        }
        "subscribed" | "conversation_started" => match user() {
            Some(customer) => Understood::Subscribed {
                customer,
                name: read::name(read::at(body, &["user", "name"])),
                avatar: read::link(read::at(body, &["user", "avatar"])),
            },
            None => NOBODY,
        },
        "unsubscribed" => user().map_or(NOBODY, |customer| Understood::Left { customer }),
        "webhook" => Understood::Check,
        "action" | "client_status" | "payment" => Understood::Ignored { why: "nothing for a conversation" },
        _ => Understood::Unsupported { why: "an event this version does not know" },
    }
}

/// A customer who opened a conversation, and may be greeted in the answer.
pub struct Opened {
    /// The customer's id.
    pub customer: String,
    /// The id of the opening; receipts of the words that answer it come under it.
    pub token: String,
    /// Whether they can be written to already.
    pub subscribed: bool,
}

/// The opening that an item tells of; none when it tells of something else.
pub fn opened(item: &Item) -> Option<Opened> {
    let part = |path: &[&str]| read::at(&item.body, path);
    if item.form != Form::Viber || part(&["event"]) != "conversation_started" {
        return None;
    }
    let (customer, token) = (read::id(part(&["user", "id"]))?, read::id(part(&["message_token"]))?);
    Some(Opened { customer, token, subscribed: read::truth(part(&["subscribed"])) })
}

const NOBODY: Understood = Understood::Unsupported { why: "nobody is named in it" };

/// One token names the message and everything that becomes of it.
fn receipt(body: &Value, step: Step, customer: Option<Aliases>) -> Understood {
    match read::id(read::at(body, &["message_token"])) {
        Some(token) => Understood::Receipt(Receipt::of(step, vec![token], customer)),
        None => Understood::Unsupported { why: "a receipt without the message it is about" },
    }
}

fn wrote(body: &Value, from: Aliases, received: Timestamp) -> Understood {
    Understood::Wrote(Wrote {
        external_id: read::id(read::at(body, &["message_token"])).unwrap_or_else(|| read::digest(body)),
        from,
        name: read::name(read::at(body, &["sender", "name"])),
        avatar: read::link(read::at(body, &["sender", "avatar"])),
        said: said(read::at(body, &["message"])),
        sent_at: read::instant(read::at(body, &["timestamp"]), received),
        aside: false,
    })
}

/// Where the pictures of stickers are; the event itself carries their number alone.
const STICKERS: &str = "https://viber.github.io/docs/img/stickers";

fn said(message: &Value) -> Said {
    let part = |path: &[&str]| read::at(message, path);
    let mut said = Said::new(MessageKind::Text);
    said.text = read::text(part(&["text"]));
    let file = |kind: AttachmentKind| {
        let url = read::link(part(&["media"]))?;
        Some(Media { kind, source: Source::Url(url), name: read::file_name(part(&["file_name"])) })
    };
    let file =
        match part(&["type"]).as_str().unwrap_or_default() {
            "text" => return said.settled(),
            "picture" => file(AttachmentKind::Image),
            "video" => file(AttachmentKind::Video),
            "file" => file(AttachmentKind::File),
            "sticker" => read::id(part(&["sticker_id"]))
                .filter(|id| id.bytes().all(|b| b.is_ascii_digit()))
                .map(|id| Media {
                    kind: AttachmentKind::Sticker,
                    source: Source::Url(format!("{STICKERS}/{id}.png")),
                    name: None,
                }),
            "url" => {
                let card = Card { url: read::link(part(&["media"])), ..Card::new(CardKind::Share) };
                said.card(MessageKind::Share, card);
                return said;
            }
            "contact" => {
                let phone = read::name(part(&["contact", "phone_number"]));
                let rows = phone.map(Row::of).into_iter().collect();
                let title = read::name(part(&["contact", "name"]));
                said.card(MessageKind::Contact, Card { title, rows, ..Card::new(CardKind::Contact) });
                return said;
            }
            "location" => {
                let degrees = |key: &str| read::decimal(part(&["location", key]));
                if let (Some(latitude), Some(longitude)) = (degrees("lat"), degrees("lon")) {
                    said.card(MessageKind::Location, meta_parts::place(None, None, &latitude, &longitude));
                    return said;
                }
                None
            }
            _ => None,
        };
    if let Some(file) = file {
        said.file(file);
    } else {
        let title = read::name(part(&["type"]));
        said.card(MessageKind::Unsupported, Card { title, ..Card::new(CardKind::Unsupported) });
    }
    said
}
