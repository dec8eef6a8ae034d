//! The REST API: sessions, rights, configuration, the document generated from the code, health.

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::channel::Channel;
use tests::{Desk, Phones, Relay};

#[tokio::test(flavor = "multi_thread")]
async fn every_route_but_the_open_ones_wants_a_session() {
    let relay = Relay::start().await;
    let document: Value = relay
        .http
        .get(format!("{}/api/v1/openapi.json", relay.base))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap();
    let mut tried = 0;
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let open = path.ends_with("/session") && method == "post"
                || ["/health", "/ready", "/api/v1/openapi.json", "/api/v1/policy-reports"]
                    .contains(&path.as_str())
                || path.starts_with("/webhooks")
                || path.starts_with("/api/v1/demo");
            if open {
                continue;
            }
            let path = path.replace("{id}", "00000000-0000-0000-0000-000000000000");
            let method: reqwest::Method = method.to_uppercase().parse().unwrap();
            let request = relay.http.request(method.clone(), format!("{}{path}", relay.base));
            let answer = request.header("content-type", "application/json").body("{}").send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(answer.headers()["content-type"], "application/problem+json", "{method} {path}");
            tried += 1;
        }
    }
    assert!(tried >= 15, "only {tried} routes found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_session_is_http_only_and_ends() {
    let relay = Relay::start().await;
    let body = json!({ "login": "eva", "password": tests::relay::PASSWORD });
    let url = format!("{}/api/v1/session", relay.base);
    let answer = relay.http.post(&url).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite"), "{cookie}");
    let body: Value = answer.json().await.unwrap();
    assert!(body.get("token").is_none_or(Value::is_null), "no token for scripts");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let who = relay.http.get(&url).header("cookie", &cookie).send().await.unwrap();
    assert_eq!(who.status(), StatusCode::OK);
    let foreign = relay.http.delete(&url).header("cookie", &cookie).header("origin", "https://evil.example");
    assert_eq!(
        foreign.send().await.unwrap().status(),
        StatusCode::FORBIDDEN,
        "another site may not log me out"
    );
    let out =
        relay.http.delete(&url).header("cookie", &cookie).header("origin", &relay.base).send().await.unwrap();
    assert!(out.status().is_success());
    let after = relay.http.get(&url).header("cookie", &cookie).send().await.unwrap();
    assert_eq!(after.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_edit_and_agents_do_not() {
    let relay = Relay::start().await;
    let (admin, eva) = (relay.token("admin").await, relay.token("eva").await);
    let queues = relay.get(&admin, "/api/v1/queues").await;
    let queues = queues.as_array().or(queues["queues"].as_array()).unwrap().clone();
    assert_eq!(queues.len(), 4);
    let mut queue = queues[0].clone();
    let url = format!("{}/api/v1/queues/{}", relay.base, queue["id"].as_str().unwrap());
    queue["title"] = json!("Renamed");
    let put = |token: String, body: Value| {
        let (http, url) = (relay.http.clone(), url.clone());
        async move { http.put(url).bearer_auth(token).json(&body).send().await.unwrap() }
    };
    assert_eq!(put(eva.clone(), queue.clone()).await.status(), StatusCode::FORBIDDEN);
    let saved = put(admin.clone(), queue.clone()).await;
    assert!(saved.status().is_success(), "{}", saved.text().await.unwrap());
    let again = relay.get(&admin, &format!("/api/v1/queues/{}", queue["id"].as_str().unwrap())).await;
    assert_eq!(again["title"], "Renamed");
    queue["ring"] = json!(1);
    let refused = put(admin.clone(), queue).await;
    assert!(refused.status().is_client_error());
    let problem: Value = refused.json().await.unwrap();
    assert!(problem["detail"].as_str().unwrap().contains("ring"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_written_and_never_read() {
    let relay = Relay::start().await;
    let admin = relay.token("admin").await;
    let text = relay.get(&admin, "/api/v1/connectors").await.to_string();
    assert!(text.contains("has_token"));
    for secret in [
        "demo-viber-token",
        "demo-whatsapp-token",
        "demo-messenger-token",
        "demo-app-secret",
        "demo-verify-token",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_handshake_echoes_the_challenge_only_with_the_right_token() {
    let relay = Relay::start().await;
    let url = |token: &str, challenge: &str| {
        format!(
            "{}/webhooks/meta/demo?hub.mode=subscribe&hub.verify_token={token}&hub.challenge={challenge}",
            relay.base
        )
    };
    let right = relay.http.get(url("demo-verify-token", "1158201444")).send().await.unwrap();
    assert_eq!(right.status(), StatusCode::OK);
    assert!(right.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    assert_eq!(right.text().await.unwrap(), "1158201444");
    assert_eq!(relay.http.get(url("wrong", "1")).send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let script = relay.http.get(url("demo-verify-token", "%3Cscript%3E")).send().await.unwrap();
    assert!(script.status().is_client_error());
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_paged_by_seq_without_holes() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.customer(Channel::Messenger);
    for n in 0..30 {
        customer.write(&format!("line {n}")).await;
    }
    let card = eva.card().await;
    let id = card.ringing.interaction;
    eva.accept(&card).await;
    let last = tests::wait::until("all lines", || async {
        let seq = eva.interaction(id).await.interaction.seq;
        (seq >= 33).then_some(seq)
    })
    .await;
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let query = before.map_or(String::new(), |seq: u64| format!("&before={seq}"));
        let page = relay.get(&eva.token, &format!("/api/v1/interactions/{id}/history?limit=10{query}")).await;
        let seqs: Vec<u64> =
            page["entries"].as_array().unwrap().iter().map(|e| e["seq"].as_u64().unwrap()).collect();
        all.splice(0..0, seqs);
        before = page["before"].as_u64();
        if before.is_none() {
            break;
        }
    }
    assert_eq!(all, (1..=last).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_safety_headers() {
    let relay = Relay::start().await;
    for path in ["/", "/health", "/api/v1/desk", "/api/v1/nothing", "/webhooks/meta/demo"] {
        let answer = relay.http.get(format!("{}{path}", relay.base)).send().await.unwrap();
        let headers = answer.headers();
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "cross-origin-opener-policy",
        ] {
            assert!(headers.contains_key(name), "{path} lacks {name}");
        }
    }
}
