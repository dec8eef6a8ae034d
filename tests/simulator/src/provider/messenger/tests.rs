//! What Messenger, Instagram and Viber take beside plain text, whom they cannot reach, and their rates.

use serde_json::{Value, json};

use crate::tests::{PAGE, Stage};

const JANA: &str = "7231845690127734";
const LUCIE: &str = "dXJ0bmV6YWhvcmFrb3Zh+A==";

async fn send(stage: &Stage, message: Value) -> (u16, Value) {
    let path = format!("/v25.0/{PAGE}/messages?access_token=demo-messenger-token");
    stage
        .post(&path, json!({"recipient": {"id": JANA}, "messaging_type": "RESPONSE", "message": message}))
        .await
}

fn replies(count: usize, title: &str) -> Value {
    let reply = json!({"content_type": "text", "title": title, "payload": "P"});
    json!({"text": "Vyberte", "quick_replies": vec![reply; count]})
}

#[tokio::test]
async fn quick_replies_and_templates() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    assert_eq!(send(&stage, replies(13, "Ano")).await.0, 200);
    assert_eq!(send(&stage, replies(14, "Ano")).await.0, 400);
    assert_eq!(send(&stage, replies(1, &"a".repeat(21))).await.0, 400);
    let buttons = json!({"attachment": {"type": "template", "payload": {
        "template_type": "button", "text": "Vyberte", "buttons": [{"type": "postback", "title": "Ano", "payload": "YES"}],
    }}});
    assert_eq!(send(&stage, buttons).await.0, 200);
    assert_eq!(
        send(&stage, json!({"attachment": {"type": "template", "payload": {"template_type": "airline"}}}))
            .await
            .0,
        400
    );
    let phone = stage.get("/control/customers/jana/phone").await;
    assert_eq!(phone["messages"][1]["choices"].as_array().unwrap().len(), 13);
    assert_eq!(
        phone["messages"][2]["choices"][0],
        json!({"kind": "postback", "title": "Ano", "payload": "YES"})
    );
}

#[tokio::test]
async fn who_blocked_is_not_reached() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    stage.writes("lucie", "Ahoj").await;
    stage.put("/control/customers/jana", json!({"blocked": true})).await;
    stage.put("/control/customers/lucie", json!({"blocked": true})).await;
    let (status, answer) = send(&stage, json!({"text": "x"})).await;
    assert_eq!(
        (status, &answer["error"]["code"], &answer["error"]["error_subcode"]),
        (400, &json!(551), &json!(1_545_041))
    );
    let body = json!({"receiver": LUCIE, "sender": {"name": "Desk"}, "type": "text", "text": "x"});
    assert_eq!(stage.viber("send_message", body).await["status"], 6);
}

#[tokio::test]
async fn files_are_paced_at_ten_a_second() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    stage.put("/control/settings", json!({"fetch": false})).await;
    let image = json!({"attachment": {"type": "image", "payload": {"url": "https://example.com/a.png"}}});
    let all = futures_util::future::join_all((0..60).map(|_| send(&stage, image.clone()))).await;
    let taken = all.iter().filter(|(status, _)| *status == 200).count();
    assert!((10..60).contains(&taken), "{taken}");
    assert!(all.iter().any(|(_, answer)| answer["error"]["code"] == 613));
    stage.post("/control/clock", json!({"advance_ms": 2_000})).await;
    assert_eq!(send(&stage, image).await.0, 200);
}

#[tokio::test]
async fn viber_keyboards_and_files_are_measured() {
    let stage = Stage::new().await;
    stage.writes("lucie", "Ahoj").await;
    stage.put("/control/settings", json!({"fetch": false})).await;
    let button = |columns: u64, rows: u64| json!({"Columns": columns, "Rows": rows, "ActionType": "reply", "ActionBody": "ano", "Text": "Ano"});
    let with = |buttons: Vec<Value>| {
        json!({"receiver": LUCIE, "sender": {"name": "Desk"}, "type": "text", "text": "x",
        "keyboard": {"Type": "keyboard", "DefaultHeight": false, "Buttons": buttons}})
    };
    for (body, status) in [
        (with(vec![button(6, 1); 12]), 0),
        (with(vec![button(6, 1); 13]), 3),
        (with(vec![button(7, 1)]), 3),
        (with(Vec::new()), 3),
        (
            json!({"receiver": LUCIE, "sender": {"name": "Desk"}, "type": "video", "media": "https://x/y.mp4", "size": 27_262_977}),
            3,
        ),
        (
            json!({"receiver": LUCIE, "sender": {"name": "Desk"}, "type": "file", "media": "https://x/y.pdf", "size": 5}),
            4,
        ),
        (
            json!({"receiver": LUCIE, "sender": {"name": "Desk"}, "type": "location", "location": {"lat": 1, "lon": 2}}),
            0,
        ),
        (
            json!({"receiver": LUCIE, "sender": {"name": "Desk"}, "type": "contact", "contact": {"name": "x"}}),
            4,
        ),
    ] {
        assert_eq!(stage.viber("send_message", body.clone()).await["status"], status, "{body}");
    }
}
