//! Refusals of the providers: tokens, limits, windows.

use serde_json::{Value, json};

use crate::ids::now_ms;
use crate::tests::{PAGE, Stage};

const JANA: &str = "7231845690127734";
const TOMAS: &str = "1784902365571208";
const LUCIE: &str = "dXJ0bmV6YWhvcmFrb3Zh+A==";
const DAY_MS: u64 = 24 * 3_600_000;

fn codes(answer: &Value) -> (u64, u64) {
    let code = |name: &str| answer["error"][name].as_u64().unwrap_or(0);
    (code("code"), code("error_subcode"))
}

fn text(body: &str) -> Value {
    json!({"messaging_product": "whatsapp", "to": "+420777120450", "type": "text", "text": {"body": body}})
}

fn viber(text: &str) -> Value {
    json!({"receiver": LUCIE, "sender": {"name": "Desk"}, "type": "text", "text": text})
}

#[tokio::test]
async fn tokens_open_only_their_own_account() {
    let stage = Stage::new().await;
    let body = json!({"recipient": {"id": JANA}, "message": {"text": "x"}});
    let at = |token: &str| format!("/v25.0/{PAGE}/messages?access_token={token}");
    assert_eq!(codes(&stage.post(&at("wrong"), body.clone()).await.1), (190, 0));
    assert_eq!(codes(&stage.post(&at("demo-instagram-token"), body.clone()).await.1), (100, 33));
    assert_eq!(codes(&stage.post(&at(""), body.clone()).await.1), (104, 0));
    let (status, answer) = stage.post("/v25.0/106540352242922/messages?access_token=wrong", text("x")).await;
    assert_eq!((status, codes(&answer)), (401, (190, 0)));
    assert_eq!(
        codes(&stage.post("/v19.0/me/messages?access_token=demo-messenger-token", body).await.1),
        (2500, 0)
    );
    let (_, answer) = stage.post("/pa/send_message", json!({"auth_token": "wrong", "receiver": LUCIE})).await;
    assert_eq!(answer["status"], 2);
    let ledger = stage.get("/control/ledger").await.to_string();
    assert!(!ledger.contains("demo-instagram-token") && !ledger.contains("auth_token"), "{ledger}");
}

#[tokio::test]
async fn outside_the_window_nothing_goes() {
    let stage = Stage::new().await;
    assert_eq!(codes(&stage.messenger(JANA, "Dobrý den").await.1), (10, 2_018_278));
    assert_eq!(codes(&stage.instagram(TOMAS, "Dobrý den").await.1), (10, 2_534_022));
    let (status, answer) = stage.whatsapp(text("Dobrý den")).await;
    assert_eq!((status, codes(&answer)), (400, (131_047, 0)));
    assert_eq!(stage.viber("send_message", viber("Dobrý den")).await["status"], 6);
    let template = json!({"messaging_product": "whatsapp", "to": "420777120450", "type": "template",
        "template": {"name": "hello", "language": {"code": "cs"}}});
    assert_eq!(stage.whatsapp(template).await.0, 200);
    // The message's own time counts, not the time it was received.
    let past = |hours: u64| json!({"text": "Ahoj", "at_ms": now_ms() - hours * 3_600_000});
    stage.post("/control/customers/jana/messages", past(25)).await;
    assert_eq!(codes(&stage.messenger(JANA, "Dobrý den").await.1), (10, 2_018_278));
    stage.post("/control/customers/jana/messages", past(23)).await;
    assert_eq!(stage.messenger(JANA, "Dobrý den").await.0, 200);
}

#[tokio::test]
async fn the_human_agents_week_needs_its_feature() {
    let stage = Stage::new().await;
    stage
        .post("/control/customers/jana/messages", json!({"text": "Ahoj", "at_ms": now_ms() - 3 * DAY_MS}))
        .await;
    let path = format!("/v25.0/{PAGE}/messages?access_token=demo-messenger-token");
    let body = |tag: &str| json!({"recipient": {"id": JANA}, "messaging_type": "MESSAGE_TAG", "tag": tag, "message": {"text": "x"}});
    assert_eq!(codes(&stage.post(&path, body("HUMAN_AGENT")).await.1), (10, 0));
    stage.put(&format!("/control/accounts/{PAGE}"), json!({"human_agent": true})).await;
    assert_eq!(stage.post(&path, body("HUMAN_AGENT")).await.0, 200);
    assert_eq!(codes(&stage.post(&path, body("ACCOUNT_UPDATE")).await.1), (100, 0));
}

#[tokio::test]
async fn limits_are_the_providers_own() {
    let stage = Stage::new().await;
    for customer in ["jana", "tomas", "petr", "lucie"] {
        stage.writes(customer, "Ahoj").await;
    }
    assert_eq!(stage.messenger(JANA, &"ž".repeat(2_000)).await.0, 200);
    assert_eq!(codes(&stage.messenger(JANA, &"ž".repeat(2_001)).await.1), (100, 0));
    assert_eq!(codes(&stage.messenger(JANA, " \n ").await.1), (100, 0));
    assert_eq!(codes(&stage.messenger("1", "x").await.1), (100, 2_018_001));
    assert_eq!(stage.instagram(TOMAS, &"ž".repeat(500)).await.0, 200);
    assert_eq!(codes(&stage.instagram(TOMAS, &"ž".repeat(501)).await.1), (100, 0));
    assert_eq!(stage.whatsapp(text(&"ž".repeat(4_096))).await.0, 200);
    assert_eq!(codes(&stage.whatsapp(text(&"ž".repeat(4_097))).await.1), (100, 0));
    assert_eq!(codes(&stage.whatsapp(text("  ")).await.1), (100, 0));
    assert_eq!(stage.viber("send_message", viber(&"ž".repeat(7_000))).await["status"], 0);
    assert_eq!(stage.viber("send_message", viber(&"z".repeat(7_001))).await["status"], 3);
    // Few characters, many bytes: over 30 KB.
    let mut large = viber("x");
    large["tracking_data"] = json!("ž".repeat(16_000));
    assert_eq!(stage.viber("send_message", large).await["status"], 3);
    assert_eq!(stage.viber("send_message", json!({"receiver": LUCIE})).await["status"], 4);
}

#[tokio::test]
async fn viber_stops_after_a_hundred_without_a_reply() {
    let stage = Stage::new().await;
    stage.writes("lucie", "Ahoj").await;
    for _ in 0..100 {
        assert_eq!(stage.viber("send_message", viber("x")).await["status"], 0);
    }
    assert_eq!(stage.viber("send_message", viber("x")).await["status"], 12);
    stage.writes("lucie", "Ano").await;
    assert_eq!(stage.viber("send_message", viber("x")).await["status"], 0);
    stage.post("/control/customers/lucie/unsubscribe", json!({})).await;
    stage.webhook(|a| a.body["event"] == "unsubscribed" && a.body["user_id"] == LUCIE).await;
    assert_eq!(stage.viber("send_message", viber("x")).await["status"], 6);
}

#[tokio::test]
async fn whatsapp_refusals_may_come_as_statuses() {
    let stage = Stage::new().await;
    stage.put("/control/settings", json!({"whatsapp_refusals": "status"})).await;
    let (status, sent) = stage.whatsapp(text("Dobrý den")).await;
    assert_eq!(status, 200);
    let failed = stage.webhook(|a| crate::tests::value(a)["statuses"][0]["status"] == "failed").await;
    let body = &crate::tests::value(&failed)["statuses"][0];
    assert_eq!(body["id"], sent["messages"][0]["id"]);
    assert_eq!(body["errors"][0]["code"], 131_047);
}

#[tokio::test]
async fn profiles_are_told_to_those_who_were_written_to() {
    let stage = Stage::new().await;
    let messenger = format!("/{JANA}?fields=first_name,last_name&access_token=demo-messenger-token");
    assert_eq!(codes(&stage.get(&messenger).await), (100, 33));
    let instagram = format!("/v25.0/{TOMAS}?fields=name,username&access_token=demo-instagram-token");
    assert_eq!(codes(&stage.get(&instagram).await), (230, 0));
    stage.writes("jana", "Ahoj").await;
    stage.writes("tomas", "Ahoj").await;
    assert_eq!(stage.get(&messenger).await, json!({"first_name": "Jana", "last_name": "Malá", "id": JANA}));
    assert_eq!(stage.get(&instagram).await["name"], "Tomáš Dvořák");
    assert_eq!(codes(&stage.get(&messenger.replace("first_name", "shoe_size")).await), (100, 0));
}

#[tokio::test]
async fn viber_webhook_is_called_back_before_it_is_set() {
    let stage = Stage::new().await;
    stage.writes("lucie", "Ahoj").await;
    let accounts = stage.get("/control/accounts").await;
    let url = accounts["accounts"][2]["webhook"].clone();
    let set =
        stage.viber("set_webhook", json!({"url": url, "event_types": ["seen"], "send_name": false})).await;
    assert_eq!(set["status"], 0, "{set}");
    assert_eq!(set["event_types"], json!(["seen"]));
    stage
        .webhook(|a| a.body["event"] == "webhook" && a.headers.contains_key("x-viber-content-signature"))
        .await;
    assert_eq!(stage.viber("set_webhook", json!({"url": "http://127.0.0.1:1/nobody"})).await["status"], 1);
    assert_eq!(stage.viber("set_webhook", json!({"url": ""})).await["status"], 0);
    assert_eq!(stage.viber("send_message", viber("x")).await["status"], 10);
    let info = stage.viber("get_account_info", json!({})).await;
    assert_eq!((info["name"].clone(), info["subscribers_count"].clone()), (json!("Signalbox"), json!(1)));
    for expected in [0, 0, 12] {
        let details = stage.viber("get_user_details", json!({"id": LUCIE})).await;
        assert_eq!(details["status"], expected, "{details}");
    }
}
