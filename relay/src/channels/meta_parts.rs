//! What a message of Messenger or Instagram holds: words, files, cards, what it answers; never who wrote it.

use super::read;
use super::understood::{Media, Said, Source};
use serde_json::Value;
use shared::card::{Card, CardKind, Row};
use shared::interaction::{AttachmentKind, MessageKind};
use shared::time::Timestamp;

/// Where reels are that come with a path alone.
const FACEBOOK: &str = "https://www.facebook.com";

/// What a message holds.
pub(super) fn said(message: &Value) -> Said {
    let part = |path: &[&str]| read::at(message, path);
    let mut said = Said::new(MessageKind::Text);
    said.text = read::text(part(&["text"]));
    if part(&["quick_reply"]).is_object() {
        said.kind = MessageKind::Tap;
    }
    said.reply_to = read::id(part(&["reply_to", "mid"]));
    let story = part(&["reply_to", "story"]);
    if story.is_object() {
        said.card(MessageKind::Story, Card::new(CardKind::StoryReply));
        said.media.extend(media(AttachmentKind::Image, story));
    }
    let attachments = read::each(part(&["attachments"]).clone());
    let sticker = attachments.iter().any(|one| kind(one) == "sticker");
    for one in &attachments {
        // For a while a sticker came with a picture of itself.
        let twin = sticker && kind(one) == "image" && one.pointer("/payload/sticker_id").is_some();
        if !twin {
            attachment(one, &mut said);
        }
    }
    ad(part(&["referral"]), &mut said);
    if read::truth(part(&["is_unsupported"])) {
        said.card(MessageKind::Unsupported, Card::new(CardKind::Unsupported));
    }
    said.settled()
}

fn kind(attachment: &Value) -> &str {
    attachment.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn media(kind: AttachmentKind, holder: &Value) -> Option<Media> {
    let url = read::link(holder.get("url")?)?;
    Some(Media { kind, source: Source::Url(url), name: None })
}

fn attachment(one: &Value, said: &mut Said) {
    let payload = read::at(one, &["payload"]);
    let field = |key: &str| read::text(read::at(payload, &[key]));
    let share = || Card { title: field("title"), url: share_link(payload), ..Card::new(CardKind::Share) };
    let file = match kind(one) {
        "image" if payload.get("sticker_id").is_some() => AttachmentKind::Sticker,
        "image" => AttachmentKind::Image,
        "video" => AttachmentKind::Video,
        "audio" => AttachmentKind::Audio,
        "file" => AttachmentKind::File,
        "sticker" => AttachmentKind::Sticker,
        "like_heart" => {
            said.text.get_or_insert_with(|| "❤️".to_owned());
            return;
        }
        "story_mention" => {
            said.card(MessageKind::Story, Card::new(CardKind::StoryMention));
            said.media.extend(media(AttachmentKind::Image, payload));
            return;
        }
        // What is shared comes as a page of the network, or as an address of its picture that expires and is fetched.
        "share" | "ig_reel" | "ig_post" if share().url.as_deref().is_some_and(is_page) => {
            return said.card(MessageKind::Share, share());
        }
        "share" | "ig_reel" | "ig_post" => {
            said.card(MessageKind::Share, Card { url: None, ..share() });
            said.media.extend(media(AttachmentKind::Image, payload));
            return;
        }
        "reel" | "post" => return said.card(MessageKind::Share, share()),
        "fallback" => return fallback(one, said),
        "location" => return location(payload, said),
        "template" => return products(payload, said),
        "appointment_booking" => return appointment(payload, said),
        other => {
            let what = if other == "ephemeral" { "a picture that can be seen once" } else { other };
            let title = (!what.is_empty()).then(|| what.chars().take(60).collect());
            return said.card(MessageKind::Unsupported, Card { title, ..Card::new(CardKind::Unsupported) });
        }
    };
    match media(file, payload) {
        Some(media) => said.file(media),
        None => said.card(MessageKind::Unsupported, Card::new(CardKind::Unsupported)),
    }
}

/// Whether an address leads to a page for people, not to a file.
fn is_page(url: &str) -> bool {
    ["https://www.instagram.com/", "https://www.facebook.com/"].iter().any(|page| url.starts_with(page))
}

fn share_link(payload: &Value) -> Option<String> {
    let url = payload.get("url")?;
    let path = url.as_str().filter(|path| path.starts_with('/') && !path.starts_with("//"));
    match path {
        Some(path) => read::link(&Value::String(format!("{FACEBOOK}{path}"))),
        None => read::link(url),
    }
}

/// The preview of a link; mostly the link stands in the text already. Older ones have their title beside the type.
fn fallback(one: &Value, said: &mut Said) {
    let payload = read::at(one, &["payload"]);
    let field = |key: &str| payload.get(key).or_else(|| one.get(key)).unwrap_or(&Value::Null);
    let (title, url) = (read::text(field("title")), read::link(field("url")));
    if title.is_some() || url.is_some() {
        let card = Card { title, url, ..Card::new(CardKind::Share) };
        // The words are what was written; the preview only decorates them.
        let kind = if said.text.is_some() { MessageKind::Text } else { MessageKind::Share };
        said.card(kind, card);
    }
}

fn location(payload: &Value, said: &mut Said) {
    let part = |key: &str| read::decimal(read::at(payload, &["coordinates", key]));
    match (part("lat"), part("long")) {
        (Some(latitude), Some(longitude)) => {
            said.card(MessageKind::Location, place(None, None, &latitude, &longitude));
        }
        _ => said.card(MessageKind::Unsupported, Card::new(CardKind::Unsupported)),
    }
}

/// The card of a place, with a way to a map.
pub(super) fn place(title: Option<String>, text: Option<String>, latitude: &str, longitude: &str) -> Card {
    let url = format!(
        "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
    );
    let rows = vec![Row::of(format!("{latitude}, {longitude}"))];
    Card { title, text, url: Some(url), rows, kind: CardKind::Location }
}

/// Products of the shop. Their pictures lie on the shop's own hosts, which are not asked.
fn products(payload: &Value, said: &mut Said) {
    let elements = read::each(read::at(payload, &["product", "elements"]).clone());
    for element in &elements {
        let field = |key: &str| read::text(read::at(element, &[key]));
        let card = Card { title: field("title"), text: field("subtitle"), ..Card::new(CardKind::Share) };
        said.card(MessageKind::Share, card);
    }
    if elements.is_empty() {
        let title = Some("template".to_owned());
        said.card(MessageKind::Unsupported, Card { title, ..Card::new(CardKind::Unsupported) });
    }
}

fn appointment(payload: &Value, said: &mut Said) {
    let field = |key: &str| read::text(read::at(payload, &[key]));
    let never = Timestamp(i64::MAX);
    let instant = |key: &str| {
        let at = read::instant(read::at(payload, &[key]), never);
        (at != never).then(|| Row { at: Some(at), ..Row::of(key.replace('_', " ")) })
    };
    let rows = [instant("start_time"), instant("end_time")].into_iter().flatten().collect();
    let card = Card { title: field("status"), rows, ..Card::new(CardKind::Appointment) };
    said.card(MessageKind::Share, card);
}

/// The advertisement or link that brought the customer.
pub(super) fn ad(referral: &Value, said: &mut Said) {
    if !referral.is_object() {
        return;
    }
    let title = read::text(read::at(referral, &["ads_context_data", "ad_title"]));
    let text = read::text(read::at(referral, &["ref"]));
    said.cards.push(Card { title, text, ..Card::new(CardKind::Ad) });
}

/// The emoji of a reaction; older events carry a word instead.
pub(super) fn emoji(reaction: &Value) -> Option<String> {
    const WORDS: [(&str, &str); 9] = [
        ("smile", "😀"),
        ("laugh", "😂"),
        ("angry", "😠"),
        ("sad", "😢"),
        ("wow", "😮"),
        ("love", "❤️"),
        ("like", "👍"),
        ("dislike", "👎"),
        ("other", "✨"),
    ];
    if read::at(reaction, &["action"]) == "unreact" {
        return None;
    }
    let word = read::at(reaction, &["reaction"]).as_str().unwrap_or("other");
    let known = || WORDS.iter().find(|(known, _)| *known == word).map(|(_, emoji)| (*emoji).to_owned());
    read::emoji(read::at(reaction, &["emoji"])).or_else(known).or(Some("✨".to_owned()))
}
