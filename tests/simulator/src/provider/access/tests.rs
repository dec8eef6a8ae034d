//! Tokens, permissions and versions as the Graph API answers for them, and Viber's word for the same.

use serde_json::{Value, json};

use crate::tests::{INSTAGRAM, NUMBER, PAGE, Stage};

const JANA: &str = "7231845690127734";

fn codes(answer: &Value) -> (u64, u64) {
    let code = |name: &str| answer["error"][name].as_u64().unwrap_or(0);
    (code("code"), code("error_subcode"))
}

async fn change(stage: &Stage, account: &str, change: Value) {
    let (status, answer) = stage.put(&format!("/control/accounts/{account}"), change).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn tokens_run_out_and_are_taken_away() {
    let stage = Stage::new().await;
    for customer in ["jana", "petr", "lucie"] {
        stage.writes(customer, "Ahoj").await;
    }
    change(&stage, PAGE, json!({"token": "expired"})).await;
    assert_eq!(codes(&stage.messenger(JANA, "x").await.1), (190, 463));
    change(&stage, PAGE, json!({"token": "revoked"})).await;
    assert_eq!(codes(&stage.messenger(JANA, "x").await.1), (190, 458));
    change(&stage, PAGE, json!({"token": "valid", "restricted": true})).await;
    assert_eq!(codes(&stage.messenger(JANA, "x").await.1), (10, 1_893_063));
    change(&stage, PAGE, json!({"restricted": false, "denied": ["pages_messaging"]})).await;
    assert_eq!(codes(&stage.messenger(JANA, "x").await.1), (200, 0));
    change(&stage, PAGE, json!({"denied": []})).await;
    assert_eq!(stage.messenger(JANA, "x").await.0, 200);
    change(&stage, "demo", json!({"token": "revoked"})).await;
    assert_eq!(stage.viber("get_account_info", json!({})).await["status"], 2);
    change(&stage, NUMBER, json!({"denied": ["whatsapp_business_messaging"]})).await;
    let text =
        json!({"messaging_product": "whatsapp", "to": "420777120450", "type": "text", "text": {"body": "x"}});
    let (status, answer) = stage.whatsapp(text).await;
    assert_eq!((status, codes(&answer)), (403, (10, 0)));
}

#[tokio::test]
async fn a_token_can_be_asked_about() {
    let stage = Stage::new().await;
    let debug =
        |input: &str, token: &str| format!("/v25.0/debug_token?input_token={input}&access_token={token}");
    let ours = "demo-messenger-token";
    let good = stage.get(&debug(ours, ours)).await;
    assert_eq!(
        (&good["data"]["is_valid"], &good["data"]["type"], &good["data"]["profile_id"]),
        (&json!(true), &json!("PAGE"), &json!(PAGE))
    );
    assert!(good["data"]["scopes"].as_array().unwrap().contains(&json!("pages_messaging")));
    let of_app = stage.get(&debug("demo-whatsapp-token", "1517776481860111|demo-app-secret")).await;
    assert_eq!(of_app["data"]["type"], "SYSTEM_USER");
    assert_eq!(codes(&stage.get(&debug(ours, "1|wrong")).await), (190, 0));
    assert_eq!(stage.get(&debug("nobody", ours)).await["data"]["is_valid"], false);
    change(&stage, PAGE, json!({"denied": ["pages_messaging"]})).await;
    let permissions = stage.get(&format!("/v25.0/me/permissions?access_token={ours}")).await;
    let lost = permissions["data"].as_array().unwrap().iter().find(|p| p["permission"] == "pages_messaging");
    assert_eq!(lost.unwrap()["status"], "declined");
    change(&stage, PAGE, json!({"token": "expired"})).await;
    assert_eq!(stage.get(&debug(ours, "1|demo-app-secret")).await["data"]["error"]["subcode"], 463);
    let ledger = stage.get("/control/ledger").await.to_string();
    assert!(!ledger.contains(ours) && !ledger.contains("demo-app-secret"), "no tokens in the ledger");
}

#[tokio::test]
async fn accounts_tell_of_themselves() {
    let stage = Stage::new().await;
    let get = |path: String, token: &'static str| {
        let request = stage.http.get(format!("{}/v25.0/{path}", stage.base)).bearer_auth(token);
        stage.call(request)
    };
    assert_eq!(
        get("me?fields=id,name".to_owned(), "demo-messenger-token").await.1,
        json!({"id": PAGE, "name": "Signalbox"})
    );
    assert_eq!(
        get("me?fields=user_id,username".to_owned(), "demo-instagram-token").await.1["user_id"],
        INSTAGRAM
    );
    let (_, number) = get(NUMBER.to_owned(), "demo-whatsapp-token").await;
    assert_eq!(
        (&number["display_phone_number"], &number["quality_rating"]),
        (&json!("+420 800 100 200"), &json!("GREEN"))
    );
    let (_, numbers) = get("200300400500600/phone_numbers".to_owned(), "demo-whatsapp-token").await;
    assert_eq!(numbers["data"][0]["id"], NUMBER);
    let (_, templates) =
        get("200300400500600/message_templates?name=hello".to_owned(), "demo-whatsapp-token").await;
    assert_eq!(templates["data"].as_array().unwrap().len(), 2);
    assert_eq!(get("me?fields=shoe_size".to_owned(), "demo-messenger-token").await.0, 400);
    let (_, apps) = get("200300400500600/subscribed_apps".to_owned(), "demo-whatsapp-token").await;
    assert!(apps["data"][0]["whatsapp_business_api_data"]["id"].is_string());
}

#[tokio::test]
async fn versions_that_live_are_taken() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    let body = json!({"recipient": {"id": JANA}, "message": {"text": "x"}});
    for (version, status) in [("v21.0", 200), ("v26.0", 200), ("v20.0", 400), ("v27.0", 400), ("", 400)] {
        let path = format!("/{version}/me/messages?access_token=demo-messenger-token").replace("//", "/");
        let (answered, answer) = stage.post(&path, body.clone()).await;
        assert_eq!(answered, status, "{version}: {answer}");
    }
}

#[tokio::test]
async fn users_are_blocked_for_a_day() {
    let stage = Stage::new().await;
    let path = format!("{}/v25.0/{NUMBER}/block_users", stage.base);
    let token = "demo-whatsapp-token";
    let body = json!({"messaging_product": "whatsapp", "block_users": [{"user": "+420777120450"}]});
    let (_, answer) = stage.call(stage.http.post(&path).bearer_auth(token).json(&body)).await;
    assert!(answer["block_users"]["failed_users"].is_array(), "did not write yet: {answer}");
    stage.writes("petr", "Ahoj").await;
    let (_, answer) = stage.call(stage.http.post(&path).bearer_auth(token).json(&body)).await;
    assert_eq!(answer["block_users"]["added_users"][0]["wa_id"], "420777120450");
    let (_, written) = stage.post("/control/customers/petr/messages", json!({"text": "slyšíte?"})).await;
    assert_eq!(written["webhook"], false);
    let (_, listed) = stage.call(stage.http.get(&path).bearer_auth(token)).await;
    assert_eq!(listed["data"][0]["block_users"].as_array().unwrap().len(), 1);
    stage.call(stage.http.delete(&path).bearer_auth(token).json(&body)).await;
    let (_, written) = stage.post("/control/customers/petr/messages", json!({"text": "a teď?"})).await;
    assert_eq!(written["webhook"], true);
}
