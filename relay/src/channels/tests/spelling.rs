//! How each provider spells files, answers to tap and templates, and what is refused before any call.

use super::sending::{connector, post, server};
use crate::channels::SendError;
use serde_json::{Value, json};
use shared::channel::Channel::{self, Instagram, Messenger, Viber, WhatsApp};
use shared::channel::{Choice, Gap, Media, MediaForm, Outgoing, Template, TemplateButton};
use shared::time::Span;

const KEY: &str = "00000000-0000-0000-0000-000000000005";
const AT: &str = "https://files.example/a.png";

fn taken() -> Value {
    json!({"message_id": "m_1", "messages": [{"id": "m_1"}], "status": 0, "message_token": 1, "id": "77", "attachment_id": "78"})
}

/// The bodies that were posted, with their paths.
async fn posted(
    channel: Channel,
    content: &Outgoing,
    bytes: Option<&[u8]>,
    tag: bool,
) -> (Result<(), SendError>, Vec<(String, String, Value)>) {
    let (base, server) = server(200, taken(), None).await;
    let result = post(&connector(channel, &base), "8001", content, bytes, tag).await.map(drop);
    let asked = server.asked.lock().unwrap();
    let bodies = asked.iter().map(|(_, uri, headers, body)| {
        let kind = headers["content-type"].to_str().unwrap().to_owned();
        (uri.clone(), kind, body.clone())
    });
    (result, bodies.collect())
}

/// A file at an address.
fn media(form: MediaForm, caption: Option<&str>) -> Outgoing {
    placed(form, caption, Some(AT))
}

fn placed(form: MediaForm, caption: Option<&str>, address: Option<&str>) -> Outgoing {
    let mime = "image/png".to_owned();
    let plays = Some(Span::seconds(9));
    let address = address.map(Into::into);
    let media = Media { form, mime, size: 5, name: "a \"b\".png".into(), plays, address };
    Outgoing::Media { media, caption: caption.map(Into::into) }
}

fn choices(count: usize, described: bool) -> Outgoing {
    let one = |n| Choice {
        id: format!("id{n}"),
        title: format!("Title {n}"),
        description: described.then(|| "More".into()),
    };
    let choices = (0..count).map(one).collect();
    Outgoing::Choices { text: "Pick".into(), choices, opens: Some("Choose".into()) }
}

fn conversation(message: &Value, typed: bool) -> Value {
    let mut body = json!({"recipient": {"id": "8001"}, "message": message});
    if typed {
        body["messaging_type"] = json!("RESPONSE");
    }
    body
}

fn whatsapp(kind: &str, part: Value) -> Value {
    let mut body = json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+8001",
        "type": kind, "biz_opaque_callback_data": KEY});
    body[kind] = part;
    body
}

fn viber(part: &Value) -> Value {
    let mut body = json!({"receiver": "8001", "min_api_version": 1, "tracking_data": KEY,
        "sender": {"name": "The shop with a very long na"}});
    for (key, value) in part.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

/// A template with every part, and how WhatsApp spells them.
fn template() -> (Outgoing, Value) {
    let template = Outgoing::Template(Template {
        name: "order".into(),
        language: "en_US".into(),
        body: vec![
            Gap { name: None, text: "Jana".into() },
            Gap { name: Some("sum".into()), text: "5".into() },
        ],
        header: Some(Gap { name: None, text: "Hello".into() }),
        buttons: vec![
            TemplateButton::Reply { payload: "yes".into() },
            TemplateButton::Link { ending: "x".into() },
        ],
    });
    let components = json!([
        {"type": "header", "parameters": [{"type": "text", "text": "Hello"}]},
        {"type": "body", "parameters": [{"type": "text", "text": "Jana"},
            {"type": "text", "parameter_name": "sum", "text": "5"}]},
        {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "yes"}]},
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "x"}]}]);
    (template, components)
}

#[tokio::test]
async fn everything_is_spelt_as_its_provider_documents_it() {
    let replies = json!([
        {"content_type": "text", "title": "Title 0", "payload": "id0"},
        {"content_type": "text", "title": "Title 1", "payload": "id1"}]);
    let buttons = json!([{"type": "reply", "reply": {"id": "id0", "title": "Title 0"}},
        {"type": "reply", "reply": {"id": "id1", "title": "Title 1"}}]);
    let rows = json!([{"id": "id0", "title": "Title 0", "description": "More"}]);
    let key = |n: u8| json!({"Columns": 6, "Rows": 1, "ActionType": "reply", "ActionBody": format!("id{n}"), "Text": format!("Title {n}")});
    let image = |kind: &str| json!({"attachment": {"type": kind, "payload": {"url": AT}}});
    let echoed = |mut message: Value| {
        message["metadata"] = json!(KEY);
        message
    };
    let (template, components) = template();
    let name = "a \"b\".png";
    let cases: Vec<(Channel, Outgoing, Value)> = vec![
        (Messenger, media(MediaForm::Image, None), conversation(&echoed(image("image")), true)),
        (Messenger, media(MediaForm::File, None), conversation(&echoed(image("file")), true)),
        (
            Messenger,
            choices(2, false),
            conversation(&echoed(json!({"text": "Pick", "quick_replies": replies})), true),
        ),
        (Instagram, media(MediaForm::Video, None), conversation(&image("video"), false)),
        (
            Instagram,
            choices(2, false),
            conversation(&json!({"text": "Pick", "quick_replies": replies}), false),
        ),
        (
            WhatsApp,
            media(MediaForm::Image, Some("Look")),
            whatsapp("image", json!({"link": AT, "caption": "Look"})),
        ),
        (WhatsApp, media(MediaForm::File, None), whatsapp("document", json!({"link": AT, "filename": name}))),
        (WhatsApp, media(MediaForm::Audio, None), whatsapp("audio", json!({"link": AT}))),
        (WhatsApp, media(MediaForm::Sticker, None), whatsapp("sticker", json!({"link": AT}))),
        (
            WhatsApp,
            choices(2, false),
            whatsapp(
                "interactive",
                json!({"type": "button", "body": {"text": "Pick"}, "action": {"buttons": buttons}}),
            ),
        ),
        (
            WhatsApp,
            choices(1, true),
            whatsapp(
                "interactive",
                json!({"type": "list", "body": {"text": "Pick"},
                    "action": {"button": "Choose", "sections": [{"title": "Choose", "rows": rows}]}}),
            ),
        ),
        (
            WhatsApp,
            template,
            whatsapp(
                "template",
                json!({"name": "order", "language": {"code": "en_US"}, "components": components}),
            ),
        ),
        (
            Viber,
            media(MediaForm::Image, Some("Look")),
            viber(&json!({"type": "picture", "text": "Look", "media": AT})),
        ),
        (
            Viber,
            media(MediaForm::Video, None),
            viber(&json!({"type": "video", "media": AT, "size": 5, "duration": 9})),
        ),
        (
            Viber,
            media(MediaForm::Audio, None),
            viber(&json!({"type": "file", "media": AT, "size": 5, "file_name": name})),
        ),
        (
            Viber,
            choices(2, false),
            viber(&json!({"type": "text", "text": "Pick",
                "keyboard": {"Type": "keyboard", "DefaultHeight": false, "Buttons": [key(0), key(1)]}})),
        ),
    ];
    for (channel, content, body) in cases {
        let (result, posted) = posted(channel, &content, None, false).await;
        assert_eq!(result, Ok(()));
        assert_eq!(posted.len(), 1, "{channel:?}");
        assert_eq!(posted[0].2, body, "{channel:?}");
    }
}

#[tokio::test]
async fn the_human_agents_tag_takes_the_place_of_the_response() {
    for channel in [Messenger, Instagram] {
        let (result, posted) = posted(channel, &Outgoing::text("x"), None, true).await;
        assert_eq!(result, Ok(()));
        let body = &posted[0].2;
        assert_eq!((&body["messaging_type"], &body["tag"]), (&json!("MESSAGE_TAG"), &json!("HUMAN_AGENT")));
    }
}

#[tokio::test]
async fn bytes_without_an_address_are_brought_to_the_provider_first() {
    let cases = [
        (Messenger, "/v25.0/106/message_attachments"),
        (Instagram, "/v25.0/106/message_attachments"),
        (WhatsApp, "/v25.0/106/media"),
    ];
    for (channel, path) in cases {
        let (result, posted) =
            posted(channel, &placed(MediaForm::Image, None, None), Some(b"12345"), false).await;
        assert_eq!(result, Ok(()));
        assert_eq!(posted.len(), 2);
        assert_eq!(posted[0].0, path);
        assert!(posted[0].1.starts_with("multipart/form-data; boundary="), "{}", posted[0].1);
        let sent = &posted[1].2;
        match channel {
            WhatsApp => assert_eq!(sent["image"], json!({"id": "77"})),
            _ => assert_eq!(sent["message"]["attachment"]["payload"], json!({"attachment_id": "78"})),
        }
    }
}

#[tokio::test]
async fn what_a_channel_does_not_have_is_refused_without_a_call() {
    let bytes: &[u8] = b"1";
    let template = Outgoing::Template(Template {
        name: "a".into(),
        language: "en".into(),
        body: Vec::new(),
        header: None,
        buttons: Vec::new(),
    });
    let long = Outgoing::Choices { text: "x".repeat(31_000), choices: Vec::new(), opens: None };
    let cases = [
        (Viber, placed(MediaForm::Image, None, None), Some(bytes)),
        (Viber, media(MediaForm::Sticker, None), None),
        (Viber, template.clone(), None),
        (Viber, long, None),
        (Messenger, template.clone(), None),
        (Instagram, template, None),
        (WhatsApp, placed(MediaForm::Image, None, None), None),
    ];
    for (channel, content, bytes) in cases {
        let (result, posted) = posted(channel, &content, bytes, false).await;
        assert!(matches!(result, Err(SendError::Rejected(_))), "{channel:?} {content:?}");
        assert!(posted.is_empty());
    }
}
