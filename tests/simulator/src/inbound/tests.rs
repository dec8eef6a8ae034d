//! Every kind of every provider in its wire shape; long because the shapes of four providers are checked one by one.

use serde_json::{Value, json};

use crate::tests::{INSTAGRAM, NUMBER, PAGE, Stage, event, value};

/// Writes as the customer and gives the `message` object that arrived.
async fn written(stage: &Stage, customer: &str, draft: Value) -> Value {
    let (status, answer) =
        stage.post(&format!("/control/customers/{customer}/messages"), draft.clone()).await;
    assert_eq!(status, 201, "{draft}: {answer}");
    let id = answer["message_id"].as_str().unwrap().to_owned();
    let found = |a: &crate::tests::Arrived| {
        event(a)["message"]["mid"] == id.as_str()
            || value(a)["messages"][0]["id"] == id.as_str()
            || a.body["message_token"].as_u64().is_some_and(|token| token.to_string() == id)
    };
    let arrived = stage.webhook(found).await;
    match customer {
        "petr" => value(&arrived)["messages"][0].clone(),
        "lucie" => arrived.body["message"].clone(),
        _ => event(&arrived)["message"].clone(),
    }
}

#[tokio::test]
async fn messenger_shapes() {
    let stage = Stage::new().await;
    for (kind, wire) in
        [("image", "image"), ("video", "video"), ("audio", "audio"), ("file", "file"), ("sticker", "sticker")]
    {
        let message = written(&stage, "jana", json!({"kind": kind})).await;
        let attachment = &message["attachments"][0];
        assert_eq!(attachment["type"], wire);
        assert!(attachment["payload"]["url"].as_str().unwrap().starts_with(&stage.base));
        assert!(message.get("text").is_none());
    }
    let like = written(&stage, "jana", json!({"kind": "like"})).await;
    assert_eq!(like["attachments"][0]["payload"]["sticker_id"], 369_239_263_222_822_u64);
    let place = written(&stage, "jana", json!({"kind": "location", "latitude": 1.5, "longitude": 2.5})).await;
    assert_eq!(place["attachments"][0]["payload"]["coordinates"], json!({"lat": 1.5, "long": 2.5}));
    let reel = written(&stage, "jana", json!({"kind": "reel"})).await;
    assert_eq!(reel["attachments"][0]["payload"]["url"], "/reel/123456789/");
    let share = written(&stage, "jana", json!({"kind": "share", "url": "https://example.com/a"})).await;
    assert_eq!(
        share["attachments"][0],
        json!({"type": "fallback", "payload": {"url": "https://example.com/a", "title": "Boots"}})
    );
    let product = written(&stage, "jana", json!({"kind": "product"})).await;
    assert!(product.pointer("/attachments/0/payload/product/elements/0/retailer_id").is_some());
    let booking = written(&stage, "jana", json!({"kind": "appointment"})).await;
    assert_eq!(booking["attachments"][0]["payload"]["status"], "requested");
    let tap = written(&stage, "jana", json!({"kind": "quick_reply", "text": "Red", "payload": "R"})).await;
    assert_eq!((&tap["text"], &tap["quick_reply"]["payload"]), (&json!("Red"), &json!("R")));
    let first = written(&stage, "jana", json!({"text": "jedna"})).await;
    let quote = written(&stage, "jana", json!({"text": "dva", "reply_to": first["mid"]})).await;
    assert_eq!(quote["reply_to"], json!({"mid": first["mid"], "is_self_reply": true}));
    let several = written(&stage, "jana", json!({"kind": "image", "count": 3, "text": "tři"})).await;
    assert_eq!((several["attachments"].as_array().unwrap().len(), &several["text"]), (3, &json!("tři")));
    let ad = written(&stage, "jana", json!({"text": "z reklamy", "ad": {"ad_id": "7"}})).await;
    assert_eq!((&ad["referral"]["ad_id"], &ad["referral"]["source"]), (&json!("7"), &json!("ADS")));
    assert_eq!(written(&stage, "jana", json!({"kind": "unsupported"})).await["is_unsupported"], true);
}

#[tokio::test]
async fn instagram_shapes() {
    let stage = Stage::new().await;
    let story = written(&stage, "tomas", json!({"kind": "story_reply", "text": "Hezké"})).await;
    assert!(story["reply_to"]["story"]["url"].is_string() && story["reply_to"]["story"]["id"].is_string());
    let mention = written(&stage, "tomas", json!({"kind": "story_mention"})).await;
    assert_eq!(mention["attachments"][0]["type"], "story_mention");
    assert!(mention["attachments"][0]["payload"]["url"].is_string());
    for (kind, wire) in [("reel", "ig_reel"), ("post", "ig_post"), ("share", "share")] {
        let message = written(&stage, "tomas", json!({"kind": kind})).await;
        assert_eq!(message["attachments"][0]["type"], wire);
    }
    for kind in ["like_heart", "ephemeral"] {
        let message = written(&stage, "tomas", json!({"kind": kind})).await;
        assert_eq!(message["attachments"][0], json!({"type": kind}), "neither has a payload");
    }
    let odd = written(&stage, "tomas", json!({"kind": "unsupported_type"})).await;
    assert!(odd["attachments"][0]["payload"]["url"].is_string());
    let first = written(&stage, "tomas", json!({"text": "jedna"})).await;
    let quote = written(&stage, "tomas", json!({"text": "dva", "reply_to": first["mid"]})).await;
    assert_eq!(quote["reply_to"], json!({"mid": first["mid"]}));
    let (_, hidden) = stage.post("/control/customers/tomas/messages", json!({"kind": "sticker"})).await;
    assert_eq!(hidden["webhook"], false, "stickers are not told");
}

#[tokio::test]
async fn whatsapp_shapes() {
    let stage = Stage::new().await;
    for (kind, wire, mime) in [
        ("image", "image", "image/jpeg"),
        ("video", "video", "video/mp4"),
        ("audio", "audio", "audio/mpeg"),
        ("voice", "audio", "audio/ogg; codecs=opus"),
        ("sticker", "sticker", "image/webp"),
        ("file", "document", "application/pdf"),
    ] {
        let message = written(&stage, "petr", json!({"kind": kind, "text": "popis"})).await;
        assert_eq!(message["type"], wire);
        let part = &message[wire];
        assert_eq!(part["mime_type"], mime);
        assert!(part["id"].is_string() && part["sha256"].is_string() && part["url"].is_string());
        assert_eq!(part["caption"].is_string(), matches!(wire, "image" | "video" | "document"), "{kind}");
        assert_eq!(part["voice"], if wire == "audio" { json!(kind == "voice") } else { Value::Null });
    }
    let place = json!({"kind": "location", "latitude": 50.1, "longitude": 14.4, "name": "Náměstí", "address": "Praha"});
    let place = written(&stage, "petr", place).await;
    assert_eq!(
        place["location"],
        json!({"latitude": 50.1, "longitude": 14.4, "name": "Náměstí", "address": "Praha"})
    );
    let card = written(&stage, "petr", json!({"kind": "contact", "name": "Jan Malý"})).await;
    assert_eq!(card["contacts"][0]["name"]["formatted_name"], "Jan Malý");
    let vcard = written(&stage, "petr", json!({"kind": "contact_vcard"})).await;
    assert!(vcard["contacts"][0]["vcard"].as_str().unwrap().starts_with("BEGIN:VCARD"));
    assert!(vcard["contacts"][0].get("name").is_none());
    let (_, sent) = stage
        .whatsapp(json!({"messaging_product": "whatsapp", "to": "420777120450", "type": "interactive", "interactive": {
            "type": "button", "body": {"text": "Vyberte"},
            "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "Ano"}}]},
        }}))
        .await;
    let tap = written(&stage, "petr", json!({"kind": "button_reply", "payload": "a", "title": "Ano"})).await;
    assert_eq!(
        tap["interactive"],
        json!({"type": "button_reply", "button_reply": {"id": "a", "title": "Ano"}})
    );
    assert_eq!(tap["context"], json!({"from": "420800100200", "id": sent["messages"][0]["id"]}));
    let row = json!({"kind": "list_reply", "payload": "b", "title": "Boty", "description": "Modré"});
    let row = written(&stage, "petr", row).await;
    assert_eq!(row["interactive"]["list_reply"], json!({"id": "b", "title": "Boty", "description": "Modré"}));
    let button = written(&stage, "petr", json!({"kind": "button", "payload": "STOP", "title": "Stop"})).await;
    assert_eq!(
        (&button["type"], &button["button"]),
        (&json!("button"), &json!({"payload": "STOP", "text": "Stop"}))
    );
    let form = written(&stage, "petr", json!({"kind": "form_reply", "text": "ano"})).await;
    let answers = form.pointer("/interactive/nfm_reply/response_json").unwrap().as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(answers).unwrap()["answer"], "ano");
    let order = written(&stage, "petr", json!({"kind": "order", "text": "Prosím"})).await;
    assert_eq!(order["order"]["product_items"][0]["quantity"], 1);
    let forwarded = written(&stage, "petr", json!({"text": "x", "forwarded": "once"})).await;
    assert_eq!(forwarded["context"], json!({"forwarded": true}));
    let ad = written(&stage, "petr", json!({"text": "x", "ad": {}})).await;
    assert_eq!(ad["referral"]["source_type"], "ad");
    let odd = written(&stage, "petr", json!({"kind": "unsupported", "unsupported": "poll"})).await;
    assert_eq!((&odd["errors"][0]["code"], &odd["unsupported"]["type"]), (&json!(131_051), &json!("poll")));
    let group = written(&stage, "petr", json!({"text": "x", "group_id": "g1"})).await;
    assert_eq!(group["group_id"], "g1");
}

#[tokio::test]
async fn viber_shapes() {
    let stage = Stage::new().await;
    stage.writes("lucie", "Ahoj").await;
    let body = json!({"receiver": "dXJ0bmV6YWhvcmFrb3Zh+A==", "sender": {"name": "Desk"}, "type": "text", "text": "x", "tracking_data": "ours-7"});
    assert_eq!(stage.viber("send_message", body).await["status"], 0);
    let picture = written(&stage, "lucie", json!({"kind": "image", "text": "Hle"})).await;
    assert_eq!((&picture["type"], &picture["text"]), (&json!("picture"), &json!("Hle")));
    assert_eq!(picture["tracking_data"], "ours-7", "of our newest message");
    let file =
        written(&stage, "lucie", json!({"kind": "file", "media": {"name": "faktura.pdf", "told_size": 99}}))
            .await;
    assert_eq!((&file["file_name"], &file["file_size"]), (&json!("faktura.pdf"), &json!(99)));
    assert_eq!(written(&stage, "lucie", json!({"kind": "video"})).await["duration"], 12);
    assert!(written(&stage, "lucie", json!({"kind": "sticker"})).await["sticker_id"].is_u64());
    let contact = written(&stage, "lucie", json!({"kind": "contact", "phone": "+420601"})).await;
    assert_eq!(contact["contact"]["phone_number"], "+420601");
    let place =
        written(&stage, "lucie", json!({"kind": "location", "latitude": 1.0, "longitude": 2.0})).await;
    assert_eq!(place["location"], json!({"lat": 1.0, "lon": 2.0}));
    let url = written(&stage, "lucie", json!({"kind": "url", "url": "https://example.com"})).await;
    assert_eq!(url["media"], "https://example.com");
    let tap = written(&stage, "lucie", json!({"kind": "button", "payload": "yes"})).await;
    assert_eq!((&tap["type"], &tap["text"]), (&json!("text"), &json!("yes")));
    // The avatar is told and can be fetched.
    let arrived = stage.webhook(|a| a.body["message"]["text"] == "yes").await;
    let avatar = arrived.body["sender"]["avatar"].as_str().unwrap();
    assert_eq!(stage.http.get(avatar).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn what_a_provider_cannot_is_refused_in_words() {
    let stage = Stage::new().await;
    for (customer, draft, word) in [
        ("jana", json!({"kind": "order"}), "send text"),
        ("tomas", json!({"kind": "location"}), "send text"),
        ("petr", json!({"kind": "reel"}), "send text"),
        ("lucie", json!({"kind": "voice"}), "send text"),
        ("lucie", json!({"text": "x", "reply_to": "1"}), "quotes"),
        ("petr", json!({"text": "x", "standby": true}), "standby"),
        ("jana", json!({"kind": "image", "media": {"mime": "model/stl"}}), "sample"),
        ("jana", json!({"text": " "}), "blank"),
    ] {
        let (status, answer) =
            stage.post(&format!("/control/customers/{customer}/messages"), draft.clone()).await;
        assert_eq!(status, 400, "{draft}");
        assert!(answer["error"].as_str().unwrap().contains(word), "{answer}");
    }
}

#[tokio::test]
async fn webhooks_bend_and_standby_stands_apart() {
    let stage = Stage::new().await;
    let wire = json!({"ids": "number", "time": "seconds", "extra": true, "twice": true});
    stage.post("/control/customers/jana/messages", json!({"text": "x", "wire": wire})).await;
    let bent = stage.webhook(|a| a.body["entry"][0]["id"].is_u64()).await;
    let events = bent.body["entry"][0]["messaging"].as_array().unwrap();
    assert_eq!((events.len(), &events[0]), (2, &events[1]));
    assert!(events[0]["timestamp"].as_u64().unwrap() < 10_000_000_000);
    let (status, answer) =
        stage.post("/control/customers/lucie/messages", json!({"text": "x", "wire": {"twice": true}})).await;
    assert_eq!(status, 400, "{answer}");
    stage.post("/control/customers/tomas/messages", json!({"text": "x", "standby": true})).await;
    let standby = stage.webhook(|a| a.body["entry"][0]["standby"].is_array()).await;
    assert_eq!(standby.body["entry"][0]["standby"][0]["message"]["text"], "x");
    assert!(standby.body["entry"][0].get("messaging").is_none());
}

#[tokio::test]
async fn several_accounts_share_one_body() {
    let stage = Stage::new().await;
    let (status, _) = stage.post("/control/accounts", json!({"channel": "messenger", "id": "777"})).await;
    assert_eq!(status, 201);
    let (_, other) = stage.post("/control/customers", json!({"account": "777", "name": "Olga"})).await;
    stage.post("/control/hold", json!({"what": "webhooks"})).await;
    stage.writes("jana", "jedna").await;
    stage.writes(other["id"].as_str().unwrap(), "dva").await;
    stage.writes("tomas", "tři").await;
    stage.writes("petr", "čtyři").await;
    let text =
        json!({"messaging_product": "whatsapp", "to": "420777120450", "type": "text", "text": {"body": "x"}});
    stage.whatsapp(text).await;
    stage.post("/control/customers/petr/read", json!({})).await;
    assert!(stage.arrived().is_empty(), "everything is held");
    let (_, released) = stage.post("/control/release", json!({"batch": "changes"})).await;
    assert_eq!(released["bodies"], 3, "{released}");
    let page = stage.webhook(|a| a.body["object"] == "page").await;
    let ids: Vec<_> = page.body["entry"].as_array().unwrap().iter().map(|e| e["id"].clone()).collect();
    assert_eq!(ids, [json!(PAGE), json!("777")]);
    let expected = format!("sha256={}", crate::sign::hmac_hex("demo-app-secret", page.raw.as_bytes()));
    assert_eq!(page.headers["x-hub-signature-256"], expected.as_str());
    let number = stage.webhook(|a| a.body["object"] == "whatsapp_business_account").await;
    let whole = value(&number);
    assert_eq!(whole["messages"].as_array().unwrap().len(), 1);
    assert!(whole["statuses"].as_array().unwrap().len() >= 2, "statuses beside messages: {whole}");
    assert_eq!(whole["metadata"]["phone_number_id"], NUMBER);
    stage.webhook(|a| a.body["entry"][0]["id"] == INSTAGRAM).await;
    let told = stage.get("/control/ledger/told").await;
    let messages = told["rows"].as_array().unwrap().iter().filter(|row| row["kind"] == "message");
    assert!(messages.clone().count() == 4 && messages.clone().all(|row| row["webhooks"] == 1));
}
