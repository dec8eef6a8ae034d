//! The control API: customers of all kinds, staging, hand-made webhooks.

use std::time::Duration;

use serde_json::{Value, json};

use crate::sign::hmac_hex;
use crate::tests::{NUMBER, PAGE, Stage, event, value};

const JANA: &str = "7231845690127734";

#[tokio::test]
async fn the_description_names_every_path() {
    let stage = Stage::new().await;
    let described = stage.get("/control").await;
    let source = include_str!("mod.rs");
    let mut routes = 0;
    for route in source.split(".route(").skip(1) {
        let path = route.split('"').nth(1).unwrap();
        if path.contains('*') {
            continue;
        }
        routes += 1;
        assert!(described["paths"][path].is_object(), "{path} is not described");
    }
    assert_eq!(described["paths"].as_object().unwrap().len(), routes + 1, "and /control/events");
}

#[tokio::test]
async fn customers_may_have_any_name() {
    let stage = Stage::new().await;
    let long = "Ž".repeat(10_000);
    for name in [long.as_str(), "שרה כהן", "<img src=x onerror=alert(1)>"] {
        let (status, made) = stage.post("/control/customers", json!({"account": PAGE, "name": name})).await;
        assert_eq!(status, 201);
        assert_eq!(made["name"], name);
        let id = made["id"].as_str().unwrap();
        let mid = stage.writes(id, "Ahoj").await;
        stage.webhook(|a| event(a)["message"]["mid"] == mid.as_str()).await;
        let told = stage
            .get(&format!(
                "/{}?fields=name&access_token=demo-messenger-token",
                made["provider_id"].as_str().unwrap()
            ))
            .await;
        assert_eq!(told["name"], name);
    }
    let (status, _) =
        stage.post("/control/customers", json!({"account": PAGE, "name": "x", "id": "jana"})).await;
    assert_eq!(status, 409);
    assert_eq!(stage.post("/control/customers", json!({"account": "none", "name": "x"})).await.0, 404);
    assert_eq!(stage.post("/control/customers/jana/messages", json!({"text": "  "})).await.0, 400);
    assert_eq!(stage.get("/control/customers").await["customers"].as_array().unwrap().len(), 7);
}

#[tokio::test]
async fn a_hidden_number_leaves_only_the_user_id() {
    let stage = Stage::new().await;
    let new = json!({"account": NUMBER, "name": "Eva", "username": "eva.k", "hide_phone": true});
    let (_, made) = stage.post("/control/customers", new).await;
    let user = made["user_id"].as_str().unwrap();
    stage.writes(made["id"].as_str().unwrap(), "Ahoj").await;
    let arrived = stage.webhook(|a| value(a)["messages"].is_array()).await;
    let (message, contact) = (&value(&arrived)["messages"][0], &value(&arrived)["contacts"][0]);
    assert!(message["from"].is_null() && contact["wa_id"].is_null());
    assert_eq!(
        (message["from_user_id"].as_str(), contact["profile"]["username"].as_str()),
        (Some(user), Some("eva.k"))
    );
    let (status, sent) = stage
        .whatsapp(json!({"messaging_product": "whatsapp", "recipient": user, "type": "text", "text": {"body": "Dobrý den"}}))
        .await;
    assert_eq!((status, sent["contacts"][0]["user_id"].as_str()), (200, Some(user)));
}

#[tokio::test]
async fn pictures_and_stickers_have_the_channels_shapes() {
    let stage = Stage::new().await;
    stage.post("/control/customers/petr/messages", json!({"kind": "image", "text": "Hle"})).await;
    let image = stage.webhook(|a| value(a)["messages"][0]["type"] == "image").await;
    assert_eq!(value(&image)["messages"][0]["image"]["caption"], "Hle");
    let (_, hidden) = stage.post("/control/customers/tomas/messages", json!({"kind": "sticker"})).await;
    assert_eq!(hidden["webhook"], false);
    stage.post("/control/customers/jana/messages", json!({"kind": "sticker"})).await;
    stage
        .webhook(|a| {
            event(a)["message"]["attachments"][0]["payload"]["sticker_id"] == 551_710_548_197_546_u64
        })
        .await;
}

#[tokio::test]
async fn receipts_and_answers_can_be_held() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    stage.post("/control/hold", json!({"what": "receipts", "account": PAGE})).await;
    stage.post("/control/hold", json!({"what": "answers", "account": PAGE, "count": 1})).await;
    let held = async { stage.messenger(JANA, "první").await };
    let watch = async {
        let shown = loop {
            let phone = stage.get("/control/customers/jana/phone").await;
            if phone["messages"][1]["state"] == "delivered" {
                break phone;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        assert_eq!(shown["messages"][1]["text"], "první");
        assert!(stage.arrived().iter().all(|a| event(a)["delivery"].is_null()), "receipts are held");
        let (_, released) = stage.post("/control/release", json!({"account": PAGE})).await;
        assert_eq!(released, json!({"receipts": 1, "sends": 1, "webhooks": 0, "bodies": 0}));
    };
    let (answer, ()) = tokio::join!(held, watch);
    assert_eq!(answer.0, 200);
    stage.webhook(|a| event(a)["delivery"].is_object()).await;
}

#[tokio::test]
async fn sends_fail_as_prepared() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    let fail = |accepted: bool| json!({"account": PAGE, "status": 500, "body": {"error": {"code": 2}}, "accepted": accepted});
    stage.post("/control/fail", fail(false)).await;
    stage.post("/control/fail", fail(true)).await;
    let answers = [
        stage.messenger(JANA, "a").await,
        stage.messenger(JANA, "b").await,
        stage.messenger(JANA, "c").await,
    ];
    assert_eq!(answers.map(|a| a.0), [500, 500, 200]);
    let phone = stage.get("/control/customers/jana/phone").await;
    let texts: Vec<_> = phone["messages"].as_array().unwrap().iter().map(|m| m["text"].clone()).collect();
    assert_eq!(texts, [json!("Ahoj"), json!("b"), json!("c")]);
}

#[tokio::test]
async fn manual_receipts_wait_for_the_customer() {
    let stage = Stage::new().await;
    stage.put("/control/settings", json!({"receipts": "manual"})).await;
    stage.writes("petr", "Ahoj").await;
    let text = json!({"messaging_product": "whatsapp", "to": "+420777120450", "type": "text", "text": {"body": "x"}});
    stage.whatsapp(text).await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert!(stage.arrived().iter().all(|a| value(a)["statuses"].is_null()));
    assert_eq!(stage.post("/control/customers/petr/deliver", json!({})).await.1, json!({"delivered": 1}));
    stage.webhook(|a| value(a)["statuses"][0]["status"] == "sent").await;
    stage.webhook(|a| value(a)["statuses"][0]["status"] == "delivered").await;
    assert_eq!(stage.put("/control/settings", json!({"receipts": "never"})).await.0, 400);
}

#[tokio::test]
async fn webhooks_can_be_made_by_hand_and_repeated() {
    let stage = Stage::new().await;
    let path = format!("/control/accounts/{PAGE}/webhook");
    let post = |body: Value| stage.post(&path, body);
    let (_, answer) = post(json!({"body": {"n": "ž"}})).await;
    assert_eq!(answer["status"], 200);
    post(json!({"raw": "{\"n\":\"ž\"", "signature": "bad"})).await;
    post(json!({"raw": "none", "signature": "missing"})).await;
    let arrived = stage.arrived();
    let signed = |n: usize| format!("sha256={}", hmac_hex("demo-app-secret", arrived[n].raw.as_bytes()));
    assert_eq!(arrived[0].raw, r#"{"n":"\u017e"}"#);
    assert_eq!(arrived[0].headers["x-hub-signature-256"], signed(0).as_str());
    assert_eq!(arrived[1].raw, "{\"n\":\"ž\"");
    assert_ne!(arrived[1].headers["x-hub-signature-256"], signed(1).as_str());
    assert!(!arrived[2].headers.contains_key("x-hub-signature-256"));
    assert_eq!(post(json!({})).await.0, 400);

    let mid = stage.writes("jana", "Ahoj").await;
    let first = stage.webhook(|a| event(a)["message"]["mid"] == mid.as_str()).await;
    stage.post("/control/customers/jana/duplicate", json!({})).await;
    for _ in 0..200 {
        if stage.arrived().len() == 5 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(stage.arrived()[4].raw, first.raw, "the same bytes again");
}

#[tokio::test]
async fn echoes_come_only_when_switched_on() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    stage.messenger(JANA, "tiše").await;
    stage.put(&format!("/control/accounts/{PAGE}"), json!({"echoes": true})).await;
    let (_, sent) = stage.messenger(JANA, "nahlas").await;
    let echo = stage.webhook(|a| event(a)["message"]["is_echo"] == true).await;
    assert_eq!(event(&echo)["message"]["mid"], sent["message_id"]);
    assert_eq!(event(&echo)["sender"]["id"], PAGE);
    assert_eq!(event(&echo)["recipient"]["id"], JANA);
}
