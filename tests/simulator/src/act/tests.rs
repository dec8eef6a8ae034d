//! Actions beside writing, in the providers' shapes, and what each refuses.

use serde_json::{Value, json};

use crate::tests::{NUMBER, PAGE, Stage, event, value};

const JANA: &str = "7231845690127734";

async fn acts(stage: &Stage, customer: &str, action: Value) -> (u16, Value) {
    stage.post(&format!("/control/customers/{customer}/act"), action).await
}

#[tokio::test]
async fn reactions_come_and_go() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    let (_, sent) = stage.messenger(JANA, "Dobrý den").await;
    let mid = &sent["message_id"];
    assert_eq!(acts(&stage, "jana", json!({"do": "react", "message_id": mid, "emoji": "❤️"})).await.0, 200);
    let reaction = stage.webhook(|a| event(a)["reaction"]["action"] == "react").await;
    assert_eq!(
        event(&reaction)["reaction"],
        json!({"mid": mid, "action": "react", "reaction": "love", "emoji": "❤️"})
    );
    acts(&stage, "jana", json!({"do": "unreact", "message_id": mid, "bare": true})).await;
    let gone = stage.webhook(|a| event(a)["reaction"]["action"] == "unreact").await;
    assert_eq!(event(&gone)["reaction"], json!({"mid": mid, "action": "unreact"}));

    let wamid = stage.writes("petr", "Ahoj").await;
    acts(&stage, "petr", json!({"do": "react", "message_id": wamid, "emoji": "👍"})).await;
    let reaction = stage.webhook(|a| value(a)["messages"][0]["type"] == "reaction").await;
    assert_eq!(value(&reaction)["messages"][0]["reaction"], json!({"message_id": wamid, "emoji": "👍"}));
    acts(&stage, "petr", json!({"do": "unreact", "message_id": wamid})).await;
    stage.webhook(|a| value(a)["messages"][0]["reaction"]["emoji"] == "").await;
    let token = stage.writes("lucie", "Ahoj").await;
    let (status, answer) =
        acts(&stage, "lucie", json!({"do": "react", "message_id": token, "emoji": "👍"})).await;
    assert_eq!((status, answer["error"].as_str().unwrap().contains("Viber")), (400, true));
}

#[tokio::test]
async fn edits_and_unsends() {
    let stage = Stage::new().await;
    let mid = stage.writes("jana", "Ahoj").await;
    for n in 1..=6 {
        let (status, _) =
            acts(&stage, "jana", json!({"do": "edit", "message_id": mid, "text": format!("Ahoj {n}")})).await;
        assert_eq!(status, if n <= 5 { 200 } else { 400 }, "Messenger allows five edits");
    }
    let edit = stage.webhook(|a| event(a)["message_edit"]["num_edit"] == 5).await;
    assert_eq!(event(&edit)["message_edit"], json!({"mid": mid, "text": "Ahoj 5", "num_edit": 5}));
    acts(&stage, "jana", json!({"do": "unsend", "message_id": mid})).await;
    let gone = stage.webhook(|a| event(a)["message"]["is_deleted"] == true).await;
    assert_eq!(event(&gone)["message"], json!({"mid": mid, "is_deleted": true}));

    let wamid = stage.writes("petr", "Ahoj").await;
    acts(&stage, "petr", json!({"do": "edit", "message_id": wamid, "text": "Nazdar"})).await;
    let edit = stage.webhook(|a| value(a)["messages"][0]["type"] == "edit").await;
    assert_eq!(value(&edit)["messages"][0]["edit"]["original_message_id"], wamid.as_str());
    acts(&stage, "petr", json!({"do": "unsend", "message_id": wamid})).await;
    let gone = stage.webhook(|a| value(a)["messages"][0]["type"] == "revoke").await;
    assert_eq!(value(&gone)["messages"][0]["revoke"]["original_message_id"], wamid.as_str());

    stage.put(&format!("/control/accounts/{NUMBER}"), json!({"coexistence": false})).await;
    acts(&stage, "petr", json!({"do": "edit", "message_id": wamid, "text": "Čau"})).await;
    stage.webhook(|a| value(a)["messages"][0]["unsupported"]["type"] == "edit").await;
    assert_eq!(acts(&stage, "petr", json!({"do": "unsend", "message_id": wamid})).await.0, 400);

    let other = stage.writes("tomas", "Ahoj").await;
    assert_eq!(acts(&stage, "tomas", json!({"do": "edit", "message_id": other, "text": "x"})).await.0, 400);
    assert_eq!(acts(&stage, "tomas", json!({"do": "unsend", "message_id": other})).await.0, 200);
    let phone = stage.get("/control/customers/tomas/phone").await;
    assert_eq!(phone["messages"][0]["unsent"], true);
}

#[tokio::test]
async fn taps_links_and_handovers() {
    let stage = Stage::new().await;
    acts(&stage, "jana", json!({"do": "postback", "payload": "START", "title": "Začít"})).await;
    let tap = stage.webhook(|a| event(a)["postback"].is_object()).await;
    assert_eq!(
        (&event(&tap)["postback"]["payload"], &event(&tap)["postback"]["title"]),
        (&json!("START"), &json!("Začít"))
    );
    assert!(event(&tap)["postback"]["mid"].is_string());
    // A tap opens the window.
    assert_eq!(stage.messenger(JANA, "Dobrý den").await.0, 200);
    acts(&stage, "tomas", json!({"do": "refer", "fields": {"ref": "leto"}})).await;
    let link = stage.webhook(|a| event(a)["referral"].is_object()).await;
    assert_eq!(
        event(&link)["referral"],
        json!({"ref": "leto", "source": "SHORTLINK", "type": "OPEN_THREAD"})
    );
    acts(&stage, "jana", json!({"do": "refer", "fields": {"ad_id": "5"}})).await;
    let ad = stage.webhook(|a| event(a)["referral"]["ad_id"] == "5").await;
    assert!(event(&ad)["referral"]["ads_context_data"].is_object());
    acts(&stage, "jana", json!({"do": "optin", "ref": "kasa"})).await;
    stage.webhook(|a| event(a)["optin"]["ref"] == "kasa").await;
    acts(&stage, "jana", json!({"do": "handover", "what": "pass", "app_id": 5})).await;
    stage.webhook(|a| event(a)["pass_thread_control"]["new_owner_app_id"] == 5).await;
    acts(&stage, "jana", json!({"do": "policy", "action": "block"})).await;
    stage.webhook(|a| event(a)["policy-enforcement"]["action"] == "block").await;
    for customer in ["petr", "lucie"] {
        assert_eq!(acts(&stage, customer, json!({"do": "postback", "payload": "x"})).await.0, 400);
    }
    assert_eq!(acts(&stage, "jana", json!({"do": "dance"})).await.0, 400);
}

#[tokio::test]
async fn a_new_number_is_told_from_the_old_one() {
    let stage = Stage::new().await;
    stage.writes("petr", "Ahoj").await;
    acts(&stage, "petr", json!({"do": "change_number", "phone": "+420777000111"})).await;
    let notice = stage.webhook(|a| value(a)["messages"][0]["type"] == "system").await;
    let system = &value(&notice)["messages"][0];
    assert_eq!(
        (&system["from"], &system["system"]["wa_id"]),
        (&json!("420777120450"), &json!("420777000111"))
    );
    assert!(value(&notice).get("contacts").is_none());
    let id = stage.writes("petr", "z nového").await;
    let next = stage.webhook(|a| value(a)["messages"][0]["id"] == id.as_str()).await;
    assert_eq!(value(&next)["messages"][0]["from"], "420777000111");
    assert_ne!(value(&next)["messages"][0]["from_user_id"], system["from_user_id"]);
    acts(&stage, "petr", json!({"do": "change_user_id"})).await;
    stage.webhook(|a| value(a)["messages"][0]["system"]["type"] == "user_changed_user_id").await;
    acts(&stage, "petr", json!({"do": "update_user_id"})).await;
    let told = stage.webhook(|a| value(a)["user_id_update"][0]["user_id"]["current"].is_string()).await;
    let update = &value(&told)["user_id_update"][0];
    assert_ne!(update["user_id"]["previous"], update["user_id"]["current"]);
    assert_eq!(
        (&update["wa_id"], &value(&told)["contacts"][0]["wa_id"]),
        (&json!("420777000111"), &json!("420777000111"))
    );
    let id = stage.writes("petr", "a ještě").await;
    let next = stage.webhook(|a| value(a)["messages"][0]["id"] == id.as_str()).await;
    assert_eq!(value(&next)["messages"][0]["from_user_id"], update["user_id"]["current"]);
    for (marketing, word) in [(false, "stop"), (true, "resume")] {
        acts(&stage, "petr", json!({"do": "prefer", "marketing": marketing})).await;
        let told = stage.webhook(|a| value(a)["user_preferences"][0]["value"] == word).await;
        assert_eq!(value(&told)["user_preferences"][0]["category"], "marketing_messages");
        assert!(value(&told)["user_preferences"][0]["timestamp"].is_number());
    }
    assert_eq!(acts(&stage, "jana", json!({"do": "prefer", "marketing": true})).await.0, 400);
    acts(&stage, "petr", json!({"do": "trouble", "code": 130_429, "title": "Rate limit hit"})).await;
    stage.webhook(|a| value(a)["errors"][0]["code"] == 130_429).await;
}

#[tokio::test]
async fn failures_come_after_success_and_devices_repeat() {
    let stage = Stage::new().await;
    stage.put("/control/settings", json!({"receipts": "manual"})).await;
    stage.writes("petr", "Ahoj").await;
    let text = json!({"messaging_product": "whatsapp", "to": "420777120450", "type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "k"});
    let (_, sent) = stage.whatsapp(text).await;
    let id = &sent["messages"][0]["id"];
    let failed =
        json!({"do": "status", "message_id": id, "status": "failed", "code": 131_049, "title": "Ecosystem"});
    acts(&stage, "petr", failed).await;
    let told = stage.webhook(|a| value(a)["statuses"][0]["status"] == "failed").await;
    let status = &value(&told)["statuses"][0];
    assert_eq!(
        (&status["errors"][0]["code"], &status["biz_opaque_callback_data"]),
        (&json!(131_049), &json!("k"))
    );
    assert_eq!(stage.post("/control/customers/petr/deliver", json!({})).await.1, json!({"delivered": 0}));
    acts(&stage, "petr", json!({"do": "status", "message_id": id, "status": "played"})).await;
    stage.webhook(|a| value(a)["statuses"][0]["status"] == "played").await;

    stage.writes("lucie", "Ahoj").await;
    let body = json!({"receiver": "dXJ0bmV6YWhvcmFrb3Zh+A==", "sender": {"name": "Desk"}, "type": "text", "text": "x"});
    let token = stage.viber("send_message", body).await["message_token"].as_u64().unwrap();
    let twice = json!({"do": "status", "message_id": token.to_string(), "status": "delivered", "times": 2});
    acts(&stage, "lucie", twice).await;
    let arrived = |stage: &Stage| stage.arrived().iter().filter(|a| a.body["event"] == "delivered").count();
    stage.until(|| arrived(&stage) == 2).await;
    acts(
        &stage,
        "lucie",
        json!({"do": "status", "message_id": token.to_string(), "status": "failed", "title": "no device"}),
    )
    .await;
    let failed = stage.webhook(|a| a.body["event"] == "failed").await;
    assert_eq!(
        (&failed.body["desc"], failed.body["message_token"].as_u64()),
        (&json!("no device"), Some(token))
    );
    stage.writes("jana", "Ahoj").await;
    let (_, sent) = stage.messenger(JANA, "x").await;
    let (status, _) =
        acts(&stage, "jana", json!({"do": "status", "message_id": sent["message_id"], "status": "failed"}))
            .await;
    assert_eq!(status, 400, "Messenger tells of no failures afterwards");
}

#[tokio::test]
async fn the_business_writes_elsewhere() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    acts(&stage, "jana", json!({"do": "echo", "from": "inbox", "text": "z inboxu"})).await;
    let echo = stage.webhook(|a| event(a)["message"]["text"] == "z inboxu").await;
    assert_eq!(event(&echo)["message"]["app_id"], 26_390_203_743_090_u64);
    assert_eq!(
        (&event(&echo)["sender"]["id"], &event(&echo)["recipient"]["id"]),
        (&json!(PAGE), &json!(JANA))
    );
    acts(&stage, "jana", json!({"do": "echo", "from": "app", "text": "z jiné", "metadata": "theirs"})).await;
    let echo = stage.webhook(|a| event(a)["message"]["text"] == "z jiné").await;
    assert_eq!(event(&echo)["message"]["metadata"], "theirs");
    let (_, made) =
        acts(&stage, "petr", json!({"do": "echo", "from": "business_app", "text": "z telefonu"})).await;
    let echo = stage.webhook(|a| a.body["entry"][0]["changes"][0]["field"] == "smb_message_echoes").await;
    let told = &value(&echo)["message_echoes"][0];
    assert_eq!(
        (&told["id"], &told["to"], &told["text"]["body"]),
        (&made["id"], &json!("420777120450"), &json!("z telefonu"))
    );
    assert_eq!(value(&echo)["metadata"]["phone_number_id"], NUMBER);
    assert_eq!(acts(&stage, "lucie", json!({"do": "echo", "from": "inbox", "text": "x"})).await.0, 400);
    // Our own echo carries our metadata and attachments as a list.
    stage.put(&format!("/control/accounts/{PAGE}"), json!({"echoes": true})).await;
    stage.put("/control/settings", json!({"fetch": false})).await;
    let path = format!("/v25.0/{PAGE}/messages?access_token=demo-messenger-token");
    let body = json!({"recipient": {"id": JANA}, "messaging_type": "RESPONSE", "message": {
        "attachment": {"type": "image", "payload": {"url": "https://example.com/a.png"}}, "metadata": "ours-9",
    }});
    assert_eq!(stage.post(&path, body).await.0, 200);
    let echo = stage.webhook(|a| event(a)["message"]["metadata"] == "ours-9").await;
    assert_eq!(event(&echo)["message"]["attachments"][0]["type"], "image");
    assert_eq!(stage.get("/control/ledger/taken?key=ours-9").await["times"], 1);
}
