//! What messages hold, type by type, for each provider: kind, words, cards, files and what they answer.

use super::{one, wrote};
use crate::channels::{Provider, Said, Source};
use serde_json::{Value, json};
use shared::card::CardKind;
use shared::interaction::{AttachmentKind, MessageKind as Kind};

fn meta(object: &str, message: &Value) -> Said {
    let event = json!({"sender": {"id": "8001"}, "recipient": {"id": "100"}, "message": message});
    wrote(one(Provider::Meta, &json!({"object": object, "entry": [{"id": "100", "messaging": [event]}]})))
        .said
}

fn whatsapp(kind: &str, part: &Value) -> Said {
    let message = json!({"from": "1650", "id": "w", "type": kind, kind: part, "context": {"id": "w0", "forwarded": true}});
    let value = json!({"metadata": {"phone_number_id": "1"}, "messages": [message]});
    let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": [{"field": "messages", "value": value}]}]});
    wrote(one(Provider::Meta, &body)).said
}

fn viber(message: &Value) -> Said {
    let body = json!({"event": "message", "message_token": 1, "sender": {"id": "01="}, "message": message});
    wrote(one(Provider::Viber, &body)).said
}

fn files(said: &Said) -> Vec<(AttachmentKind, &str)> {
    said.media
        .iter()
        .map(|file| match &file.source {
            Source::Url(place) | Source::Id(place) => (file.kind, place.as_str()),
        })
        .collect()
}

fn cards(said: &Said) -> Vec<CardKind> {
    said.cards.iter().map(|card| card.kind).collect()
}

#[test]
fn files_of_messenger_and_instagram() {
    let kinds = [
        ("image", AttachmentKind::Image, Kind::Image),
        ("video", AttachmentKind::Video, Kind::Video),
        ("audio", AttachmentKind::Audio, Kind::Audio),
        ("file", AttachmentKind::File, Kind::File),
        ("sticker", AttachmentKind::Sticker, Kind::Sticker),
    ];
    for (word, file, kind) in kinds {
        for object in ["page", "instagram"] {
            let said = meta(
                object,
                &json!({"mid": "m", "text": "look", "reply_to": {"mid": "m_0"},
                "attachments": [{"type": word, "payload": {"url": "https://cdn.example/1"}}]}),
            );
            assert_eq!((said.kind, files(&said)), (kind, vec![(file, "https://cdn.example/1")]), "{word}");
            assert_eq!((said.text.as_deref(), said.reply_to.as_deref()), (Some("look"), Some("m_0")));
        }
    }
    let album = meta(
        "page",
        &json!({"mid": "m", "attachments": [
        {"type": "image", "payload": {"url": "https://a"}}, {"type": "video", "payload": {"url": "https://b"}}]}),
    );
    assert_eq!((album.kind, album.media.len()), (Kind::Image, 2));
    let twin = meta(
        "page",
        &json!({"mid": "m", "attachments": [
        {"type": "image", "payload": {"url": "https://s", "sticker_id": 369_239_263_222_822_i64}},
        {"type": "sticker", "payload": {"url": "https://s", "sticker_id": 369_239_263_222_822_i64}}]}),
    );
    assert_eq!(files(&twin), [(AttachmentKind::Sticker, "https://s")], "a sticker and its twin are one");
    let heart = meta("instagram", &json!({"mid": "m", "attachments": [{"type": "like_heart"}]}));
    assert_eq!((heart.kind, heart.text.as_deref()), (Kind::Text, Some("❤️")));
}

#[test]
fn stories_shares_places_and_products_of_meta() {
    let story = meta(
        "instagram",
        &json!({"mid": "m", "text": "nice", "reply_to": {"story": {"url": "https://cdn/s", "id": "1"}}}),
    );
    assert_eq!((story.kind, cards(&story)), (Kind::Story, vec![CardKind::StoryReply]));
    assert_eq!((story.text.as_deref(), story.media.len()), (Some("nice"), 1));
    let mention = meta(
        "instagram",
        &json!({"mid": "m", "attachments": [{"type": "story_mention", "payload": {"url": "https://cdn/m"}}]}),
    );
    assert_eq!(
        (mention.kind, cards(&mention), mention.media.len()),
        (Kind::Story, vec![CardKind::StoryMention], 1)
    );
    for kind in ["share", "ig_reel", "ig_post"] {
        let share = meta(
            "instagram",
            &json!({"mid": "m", "attachments": [{"type": kind, "payload": {"url": "https://cdn/p", "title": "Post"}}]}),
        );
        assert_eq!(
            (share.kind, share.media.len(), share.cards[0].title.as_deref()),
            (Kind::Share, 1, Some("Post"))
        );
    }
    let reel = meta(
        "page",
        &json!({"mid": "m", "attachments": [{"type": "reel", "payload": {"url": "/reel/1/", "title": "Reel"}}]}),
    );
    assert_eq!(
        (reel.kind, reel.cards[0].url.as_deref()),
        (Kind::Share, Some("https://www.facebook.com/reel/1/"))
    );
    let link = meta(
        "page",
        &json!({"mid": "m", "attachments": [{"type": "fallback", "title": "Page", "url": "https://a.example"}]}),
    );
    assert_eq!((link.kind, link.cards[0].title.as_deref()), (Kind::Share, Some("Page")), "the older form");
    let place = meta(
        "page",
        &json!({"mid": "m", "attachments": [{"type": "location", "payload": {"coordinates": {"lat": 50.0875, "long": 14.4213}}}]}),
    );
    assert_eq!((place.kind, place.cards[0].rows[0].label.as_str()), (Kind::Location, "50.0875, 14.4213"));
    assert!(
        place.cards[0]
            .url
            .as_deref()
            .is_some_and(|url| url.starts_with("https://www.openstreetmap.org/?mlat=50.0875"))
    );
    let product = meta(
        "page",
        &json!({"mid": "m", "attachments": [{"type": "template", "payload": {"product": {"elements":
        [{"id": "1", "title": "Mug", "subtitle": "12 €", "image_url": "https://cdn/mug"}]}}}]}),
    );
    assert_eq!(
        (product.kind, product.cards[0].text.as_deref(), product.media.len()),
        (Kind::Share, Some("12 €"), 0)
    );
    let booked = meta(
        "page",
        &json!({"mid": "m", "attachments": [{"type": "appointment_booking", "payload":
        {"status": "requested", "start_time": 1_782_000_000, "end_time": 1_782_003_600}}]}),
    );
    assert_eq!((booked.cards[0].kind, booked.cards[0].rows.len()), (CardKind::Appointment, 2));
    let ad = meta(
        "page",
        &json!({"mid": "m", "text": "hi", "referral": {"ref": "r", "ads_context_data": {"ad_title": "Sale"}}}),
    );
    assert_eq!((ad.kind, cards(&ad)), (Kind::Text, vec![CardKind::Ad]));
}

#[test]
fn everything_of_whatsapp() {
    let media = json!({"id": "1037", "mime_type": "x/y", "sha256": "z", "caption": "look", "filename": "../../etc/in voice?.pdf"});
    let kinds = [
        ("image", AttachmentKind::Image, Kind::Image),
        ("video", AttachmentKind::Video, Kind::Video),
        ("audio", AttachmentKind::Audio, Kind::Audio),
        ("voice", AttachmentKind::Voice, Kind::Voice),
        ("document", AttachmentKind::File, Kind::File),
        ("sticker", AttachmentKind::Sticker, Kind::Sticker),
    ];
    for (word, file, kind) in kinds {
        let said = whatsapp(word, &media);
        assert_eq!((said.kind, files(&said)), (kind, vec![(file, "1037")]), "{word}");
        assert_eq!((said.text.as_deref(), said.reply_to.as_deref()), (Some("look"), Some("w0")));
        assert_eq!(cards(&said), [CardKind::Forwarded]);
        assert_eq!(said.media[0].name.as_deref(), Some("in voice.pdf"), "a name is never a path");
    }
    assert_eq!(whatsapp("audio", &json!({"id": "1", "voice": true})).kind, Kind::Voice);
    let place = whatsapp(
        "location",
        &json!({"latitude": "50.1", "longitude": 14, "name": "Shop", "address": "Main 1"}),
    );
    assert_eq!(
        (place.kind, place.cards[0].title.as_deref(), place.cards[0].text.as_deref()),
        (Kind::Location, Some("Shop"), Some("Main 1"))
    );
    let contacts = whatsapp(
        "contacts",
        &json!([{"name": {"formatted_name": "Jana"}, "phones": [{"phone": "+420 1"}], "emails": [{"email": "a@b"}]},
        {"vcard": "BEGIN:VCARD", "phones": [{"phone": "+420 2"}]}]),
    );
    assert_eq!((contacts.kind, contacts.cards.len(), contacts.cards[0].rows.len()), (Kind::Contact, 3, 2));
    let tap = whatsapp("button", &json!({"payload": "p", "text": "Yes"}));
    assert_eq!((tap.kind, tap.text.as_deref()), (Kind::Tap, Some("Yes")));
    let button = whatsapp(
        "interactive",
        &json!({"type": "button_reply", "button_reply": {"id": "1", "title": "Yes"}}),
    );
    assert_eq!((button.kind, button.text.as_deref()), (Kind::Tap, Some("Yes")));
    let row = whatsapp(
        "interactive",
        &json!({"type": "list_reply", "list_reply": {"id": "1", "title": "Red", "description": "Size M"}}),
    );
    assert_eq!((row.kind, row.text.as_deref()), (Kind::Tap, Some("Red\nSize M")));
    let form = whatsapp(
        "interactive",
        &json!({"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{\"flow_token\":\"x\",\"name\":\"Jana\",\"size\":4}"}}),
    );
    let fields: Vec<_> =
        form.cards[0].rows.iter().map(|row| (row.label.as_str(), row.value.as_str())).collect();
    assert_eq!((form.cards[0].kind, fields), (CardKind::Form, vec![("name", "Jana"), ("size", "4")]));
    let order = whatsapp(
        "order",
        &json!({"catalog_id": "1", "text": "please", "product_items":
        [{"product_retailer_id": "mug-1", "quantity": 2, "item_price": 12.5, "currency": "EUR"}]}),
    );
    assert_eq!((order.kind, order.text.as_deref()), (Kind::Order, Some("please")));
    assert_eq!(
        (order.cards[0].rows[0].label.as_str(), order.cards[0].rows[0].value.as_str()),
        ("mug-1", "2 × 12.5 EUR")
    );
    let poll = json!({"type": "poll"});
    assert_eq!(whatsapp("unsupported", &poll).cards[0].title.as_deref(), Some("poll"));
    assert_eq!(whatsapp("hologram", &json!({})).cards[0].title.as_deref(), Some("hologram"));
}

#[test]
fn an_advertisement_stands_beside_the_words_it_brought() {
    let message = json!({"from": "1650", "id": "w", "type": "text", "text": {"body": "hi"}, "referral":
        {"source_url": "https://fb.me/1", "headline": "Sale", "body": "Half price"}});
    let value = json!({"metadata": {"phone_number_id": "1"}, "messages": [message]});
    let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": [{"field": "messages", "value": value}]}]});
    let said = wrote(one(Provider::Meta, &body)).said;
    assert_eq!((said.kind, cards(&said)), (Kind::Text, vec![CardKind::Ad]));
    assert_eq!(said.cards[0].url.as_deref(), Some("https://fb.me/1"));
}

#[test]
fn everything_of_viber() {
    let url = "https://dl-media.viber.com/1";
    let picture = viber(&json!({"type": "picture", "text": "look", "media": url}));
    assert_eq!(
        (picture.kind, files(&picture), picture.text.as_deref()),
        (Kind::Image, vec![(AttachmentKind::Image, url)], Some("look"))
    );
    assert_eq!(viber(&json!({"type": "video", "media": url})).kind, Kind::Video);
    let file = viber(&json!({"type": "file", "media": url, "file_name": "a.pdf", "file_size": 9}));
    assert_eq!((file.kind, file.media[0].name.as_deref()), (Kind::File, Some("a.pdf")));
    for id in [json!("40129"), json!(40_129)] {
        let sticker = viber(&json!({"type": "sticker", "sticker_id": id}));
        assert_eq!(
            files(&sticker),
            [(AttachmentKind::Sticker, "https://viber.github.io/docs/img/stickers/40129.png")]
        );
    }
    let contact = viber(&json!({"type": "contact", "contact": {"name": "Jana", "phone_number": "+420 1"}}));
    assert_eq!((contact.kind, contact.cards[0].rows[0].label.as_str()), (Kind::Contact, "+420 1"));
    let place = viber(&json!({"type": "location", "location": {"lat": 50.1, "lon": 14.4}}));
    assert_eq!((place.kind, cards(&place)), (Kind::Location, vec![CardKind::Location]));
    let link = viber(&json!({"type": "url", "media": "https://a.example"}));
    assert_eq!((link.kind, link.cards[0].url.as_deref()), (Kind::Share, Some("https://a.example")));
}
