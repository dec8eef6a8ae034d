//! What a WhatsApp message holds: words, files, cards, what it answers; never who wrote it.

use super::understood::{Media, Said, Source};
use super::{meta_parts, read};
use serde_json::Value;
use shared::card::{Card, CardKind, Row};
use shared::interaction::{AttachmentKind, MessageKind};

/// Most lines of a card: an order of a hundred products is read in its own system.
const ROWS: usize = 100;

/// What a message of this kind holds.
pub(super) fn said(body: &Value, kind: &str) -> Said {
    let part = |path: &[&str]| read::at(body, path);
    let mut said = Said::new(MessageKind::Text);
    said.text = words(body, kind);
    said.reply_to = read::id(part(&["context", "id"]));
    match kind {
        "text" => {}
        "image" => file(AttachmentKind::Image, part(&["image"]), &mut said),
        "video" => file(AttachmentKind::Video, part(&["video"]), &mut said),
        "voice" => file(AttachmentKind::Voice, part(&["voice"]), &mut said),
        "audio" if read::truth(part(&["audio", "voice"])) => {
            file(AttachmentKind::Voice, part(&["audio"]), &mut said);
        }
        "audio" => file(AttachmentKind::Audio, part(&["audio"]), &mut said),
        "document" => file(AttachmentKind::File, part(&["document"]), &mut said),
        "sticker" => file(AttachmentKind::Sticker, part(&["sticker"]), &mut said),
        "location" => location(part(&["location"]), &mut said),
        "contacts" => contacts(part(&["contacts"]), &mut said),
        "button" => said.kind = MessageKind::Tap,
        "interactive" => interactive(part(&["interactive"]), &mut said),
        "order" => order(part(&["order"]), &mut said),
        _ => unsupported(body, kind, &mut said),
    }
    let forwarded = ["forwarded", "frequently_forwarded"];
    if forwarded.into_iter().any(|how| read::truth(part(&["context", how]))) {
        said.cards.push(Card::new(CardKind::Forwarded));
    }
    let ad = part(&["referral"]);
    if ad.is_object() {
        let field = |key: &str| read::text(read::at(ad, &[key]));
        let (title, text, url) =
            (field("headline"), field("body"), read::link(read::at(ad, &["source_url"])));
        said.cards.push(Card { title, text, url, ..Card::new(CardKind::Ad) });
    }
    said.settled()
}

/// The words of a message: its text, or its caption or title.
pub(super) fn words(body: &Value, kind: &str) -> Option<String> {
    let part = |path: &[&str]| read::text(read::at(body, path));
    match kind {
        "text" => part(&["text", "body"]),
        "button" => part(&["button", "text"]),
        "order" => part(&["order", "text"]),
        "interactive" => part(&["interactive", "button_reply", "title"])
            .or_else(|| part(&["interactive", "list_reply", "title"])),
        "" => None,
        _ => part(&[kind, "caption"]),
    }
}

fn file(kind: AttachmentKind, holder: &Value, said: &mut Said) {
    let name = read::file_name(read::at(holder, &["filename"]));
    match read::id(read::at(holder, &["id"])) {
        Some(id) => said.file(Media { kind, source: Source::Id(id), name }),
        None => said.card(MessageKind::Unsupported, Card::new(CardKind::Unsupported)),
    }
}

fn location(location: &Value, said: &mut Said) {
    let degrees = |key: &str| read::decimal(read::at(location, &[key]));
    let field = |key: &str| read::text(read::at(location, &[key]));
    match (degrees("latitude"), degrees("longitude")) {
        (Some(latitude), Some(longitude)) => {
            let card = meta_parts::place(field("name"), field("address"), &latitude, &longitude);
            said.card(MessageKind::Location, card);
        }
        _ => said.card(MessageKind::Unsupported, Card::new(CardKind::Unsupported)),
    }
}

/// Contact cards; a newer form has phone numbers without a name.
fn contacts(contacts: &Value, said: &mut Said) {
    for contact in read::each(contacts.clone()).iter().take(ROWS) {
        let name = read::at(contact, &["name"]);
        let field = |key: &str| read::name(read::at(name, &[key]));
        let list = |key: &str, value: &str| -> Vec<Row> {
            let all = read::each(read::at(contact, &[key]).clone());
            all.iter().filter_map(|one| read::name(read::at(one, &[value]))).map(Row::of).collect()
        };
        let rows = [list("phones", "phone"), list("emails", "email")].concat();
        let title = field("formatted_name").or_else(|| field("first_name"));
        said.card(MessageKind::Contact, Card { title, rows, ..Card::new(CardKind::Contact) });
    }
}

/// A tap on a button or a row of a list, or a form that was filled in.
fn interactive(interactive: &Value, said: &mut Said) {
    let kind = read::at(interactive, &["type"]).as_str().unwrap_or_default();
    match kind {
        "button_reply" => said.kind = MessageKind::Tap,
        "list_reply" => {
            said.kind = MessageKind::Tap;
            if let Some(text) = read::text(read::at(interactive, &["list_reply", "description"])) {
                said.text = said.text.take().map(|title| format!("{title}\n{text}"));
            }
        }
        "nfm_reply" => {
            let reply = read::at(interactive, &["nfm_reply"]);
            let fields = read::at(reply, &["response_json"]).as_str();
            let fields: Option<Value> = fields.and_then(|json| serde_json::from_str(json).ok());
            let rows = fields.as_ref().and_then(Value::as_object).into_iter().flatten();
            let rows = rows.filter(|(name, _)| *name != "flow_token").map(|(name, value)| {
                let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
                Row { value, ..Row::of(name.clone()) }
            });
            let (title, rows) = (read::text(read::at(reply, &["body"])), rows.take(ROWS).collect());
            said.card(MessageKind::Tap, Card { title, rows, ..Card::new(CardKind::Form) });
        }
        _ => unsupported(interactive, kind, said),
    }
}

fn order(order: &Value, said: &mut Said) {
    let row = |item: &Value| {
        let field = |key: &str| read::at(item, &[key]);
        let product = read::id(field("product_retailer_id"))?;
        let count = read::number(field("quantity")).unwrap_or(1);
        let price = match field("item_price") {
            Value::Number(number) => number.to_string(),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        let currency = field("currency").as_str().unwrap_or_default();
        let value = format!("{count} × {price} {currency}");
        Some(Row { value: value.trim().to_owned(), ..Row::of(product) })
    };
    let items = read::each(read::at(order, &["product_items"]).clone());
    let rows = items.iter().filter_map(row).take(ROWS).collect();
    said.card(MessageKind::Order, Card { rows, ..Card::new(CardKind::Order) });
}

/// What the provider does not hand on, or this version does not know; what it is, where that is said.
fn unsupported(body: &Value, kind: &str, said: &mut Said) {
    let told = read::name(read::at(body, &["unsupported", "type"]));
    let own = (!matches!(kind, "unsupported" | "unknown" | "")).then(|| kind.chars().take(60).collect());
    let card = Card { title: told.or(own), ..Card::new(CardKind::Unsupported) };
    said.kind = MessageKind::Text;
    said.card(MessageKind::Unsupported, card);
}
