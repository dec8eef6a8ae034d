//! The admin's routes: what was not understood and another try of it, and how far accounts are connected.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::channel::Channel;
use tests::wait::until;
use tests::{Desk, Phones, Relay};

/// A page that no connector knows yet.
const STRANGER: &str = "900800700600";

async fn call(relay: &Relay, token: &str, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let url = format!("{}/api/v1/{path}", relay.base);
    let answer = relay.http.request(method, url).bearer_auth(token).json(body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or(Value::Null))
}

fn event(page: &str, what: &Value) -> Value {
    let mut event =
        json!({ "sender": { "id": "77" }, "recipient": { "id": page }, "timestamp": 1_800_000_000_000_i64 });
    event.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    json!({ "body": { "object": "page", "entry": [{ "id": page, "time": 1, "messaging": [event] }] } })
}

/// Waits until nothing waits to be looked at, and gives the first page.
async fn settled(relay: &Relay, token: &str) -> Value {
    until("the journal to settle", || async {
        let page = relay.get(token, "/api/v1/journal").await;
        (page["waiting"] == 0).then_some(page)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_rule_understood_is_listed_and_understood_once_it_can_be() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let admin = relay.token("admin").await;
    let mut eva = Desk::open(&relay, "eva").await;
    assert_eq!(settled(&relay, &admin).await["groups"], json!([]), "an empty list at first");

    let unknown = json!({ "of_a_later_version": { "words": "very secret words" } });
    let message = json!({ "message": { "mid": "m_stranger", "text": "Is anybody there?" } });
    for (page, what) in [
        (Phones::account(Channel::Messenger), &unknown),
        (Phones::account(Channel::Messenger), &unknown),
        (STRANGER, &message),
    ] {
        assert_eq!(phones.webhook(Channel::Messenger, &event(page, what)).await, 200);
    }
    let page = settled(&relay, &admin).await;
    let groups = page["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 2, "{page}");
    assert_eq!((&groups[0]["state"], &groups[0]["count"]), (&json!("failed"), &json!(1)), "the newest first");
    assert_eq!((&groups[1]["state"], &groups[1]["count"]), (&json!("unsupported"), &json!(2)));
    assert!(groups.iter().all(|group| group["channel"] == "messenger"));
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    assert_eq!(page["items"][0]["account"], STRANGER);
    assert!(!page.to_string().contains("secret words"), "lists hold no words");

    // Narrowed, in pages, each item once.
    let mut seen = Vec::new();
    let mut path = "/api/v1/journal?state=unsupported&channel=messenger&limit=1".to_owned();
    loop {
        let page = relay.get(&admin, &path).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()));
        let Some(next) = page["next"].as_i64() else { break };
        path = format!("/api/v1/journal?state=unsupported&channel=messenger&limit=1&before={next}");
    }
    assert_eq!(seen.len(), 2);
    assert!(seen[0] > seen[1], "newest first");
    let none = relay.get(&admin, "/api/v1/journal?channel=viber").await;
    assert_eq!(none["items"], json!([]));

    // Raw, for admins alone, kept by no cache.
    let url = format!("{}/api/v1/journal/{}", relay.base, seen[0]);
    let raw = relay.http.get(&url).bearer_auth(&admin).send().await.unwrap();
    assert_eq!(raw.headers()["cache-control"], "no-store");
    let raw: Value = raw.json().await.unwrap();
    assert!(raw["raw"].as_str().unwrap().contains("very secret words"));
    let refused = relay.http.get(&url).bearer_auth(&eva.token).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);

    // Once the page is connected, another try makes the chat, and only once.
    let queues = relay.get(&admin, "/api/v1/queues").await;
    let queue = queues.as_array().unwrap().iter().find(|queue| queue["channel"] == "messenger").unwrap();
    let connector = json!({ "channel": "messenger", "title": "Stranger", "account": STRANGER, "app": "demo",
        "queue": queue["id"], "enabled": true, "token": "t", "base_url": relay.simulator });
    let (made, connector) = call(&relay, &admin, Method::POST, "connectors", &connector).await;
    assert_eq!(made, StatusCode::CREATED, "{connector}");
    let (status, answer) = call(&relay, &admin, Method::POST, "journal/retry", &json!({})).await;
    assert_eq!((status, &answer["retried"]), (StatusCode::OK, &json!(3)));
    eva.card().await;
    let page = settled(&relay, &admin).await;
    assert_eq!(page["groups"].as_array().unwrap().len(), 1, "two are not understood still: {page}");
    let (_, again) = call(&relay, &admin, Method::POST, "journal/retry", &json!({ "ids": [seen[0]] })).await;
    assert_eq!(again["retried"], 1);
    let group = json!({ "group": { "channel": "messenger", "reason": groups[0]["reason"] } });
    let (_, gone) = call(&relay, &admin, Method::POST, "journal/retry", &group).await;
    assert_eq!(gone["retried"], 0, "what was understood is never taken twice");
    settled(&relay, &admin).await;
    let chats = relay.get(&admin, "/api/v1/setup").await;
    let own = |facts: &&Value| facts["connector"] == connector["id"];
    let facts = chats["connectors"].as_array().unwrap().iter().find(own).unwrap().clone();
    assert!(facts["message_at"].is_i64() && facts["webhook_at"].is_i64(), "{facts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_set_up_shows_what_was_seen_and_no_secret() {
    let relay = Relay::start().await;
    let admin = relay.token("admin").await;
    let (status, made) = call(&relay, &admin, Method::POST, "apps/shop/verify", &Value::Null).await;
    assert_eq!(status, StatusCode::CREATED);
    let verify = made["verify"].as_str().unwrap().to_owned();
    assert_eq!(verify.len(), 32);
    let setup = relay.get(&admin, "/api/v1/setup").await;
    assert_eq!(setup["public_url"], relay.base, "the demo's own address");
    assert!(!setup.to_string().contains(&verify), "a verify token is told once");
    let app = |setup: &Value| {
        setup["apps"].as_array().unwrap().iter().find(|app| app["app"] == "shop").unwrap().clone()
    };
    assert_eq!((&app(&setup)["has_verify"], &app(&setup)["has_secret"]), (&json!(true), &json!(false)));
    assert!(app(&setup)["verified_at"].is_null());

    let ask = |token: String| {
        let url = format!(
            "{}/webhooks/meta/shop?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=42",
            relay.base
        );
        relay.http.get(url).send()
    };
    assert_eq!(ask("wrong".to_owned()).await.unwrap().status(), StatusCode::FORBIDDEN);
    assert!(app(&relay.get(&admin, "/api/v1/setup").await)["verified_at"].is_null());
    let answer = ask(verify).await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "42");
    assert!(app(&relay.get(&admin, "/api/v1/setup").await)["verified_at"].is_i64());

    // A signature that does not fit is told to whoever sets the app up.
    let (status, _) = call(&relay, &admin, Method::PUT, "apps/shop", &json!({ "secret": "right" })).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let forged = relay.http.post(format!("{}/webhooks/meta/shop", relay.base));
    let forged = forged.header("x-hub-signature-256", "sha256=00").body("{}").send().await.unwrap();
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
    let setup = relay.get(&admin, "/api/v1/setup").await;
    assert!(app(&setup)["refused_at"].is_i64() && !setup.to_string().contains("right"), "{setup}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admins_routes_are_for_admins_alone() {
    let relay = Relay::start().await;
    for login in ["eva", "dana"] {
        let token = relay.token(login).await;
        let nobody = "00000000-0000-0000-0000-000000000000";
        for (method, path) in [
            (Method::GET, "setup".to_owned()),
            (Method::GET, "journal".to_owned()),
            (Method::GET, "journal/1".to_owned()),
            (Method::POST, "journal/retry".to_owned()),
            (Method::POST, "apps/demo/verify".to_owned()),
            (Method::PUT, "apps/demo".to_owned()),
            (Method::POST, format!("connectors/{nobody}/subscribe")),
        ] {
            let (status, problem) = call(&relay, &token, method, &path, &json!({})).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{login} {path}: {problem}");
        }
    }
    let admin = relay.token("admin").await;
    let (status, _) = call(&relay, &admin, Method::POST, "apps/a%20b/verify", &json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "no app has such a name");
    let (status, problem) = call(&relay, &admin, Method::GET, "journal?channel=pigeon", &json!({})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
}
