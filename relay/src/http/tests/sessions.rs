//! Logging in and out, who may what, and pages of other sites.

use super::bed::{Bed, PASSWORD};
use crate::config;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use shared::id::UserId;
use shared::time::Span;

async fn cookie(bed: &Bed) -> String {
    let body = json!({ "login": "Admin", "password": PASSWORD });
    let answer = bed.json(Method::POST, "/api/v1/session", None, &body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.value().get("token").is_none(), "scripts get no token");
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_begins_is_known_and_ends() {
    let bed = Bed::new().await;
    let token = bed.token("eva").await;
    let nothing = json!({});
    let who = || bed.json(Method::GET, "/api/v1/session", Some(&token), &nothing);
    assert_eq!(who().await.value()["user"]["login"], "eva");
    let out = bed.json(Method::DELETE, "/api/v1/session", Some(&token), &json!({})).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    who().await.problem(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_wrong_login_gets_the_same_answer() {
    let bed = Bed::new().await;
    let mut bodies = Vec::new();
    for (login, password) in [("eva", "wrong"), ("nobody", "wrong"), ("nobody", PASSWORD), ("", "")] {
        let answer = bed
            .json(Method::POST, "/api/v1/session", None, &json!({ "login": login, "password": password }))
            .await;
        answer.problem(StatusCode::UNAUTHORIZED);
        bodies.push(answer.body);
    }
    assert!(bodies.windows(2).all(|two| two.first() == two.last()));
    let long = json!({ "login": "eva", "password": "x".repeat(1_025) });
    bed.json(Method::POST, "/api/v1/session", None, &long).await.problem(StatusCode::BAD_REQUEST);
    for _ in 0..6 {
        bed.json(Method::POST, "/api/v1/session", None, &json!({ "login": "eva", "password": "no" })).await;
    }
    let slow =
        bed.json(Method::POST, "/api/v1/session", None, &json!({ "login": "eva", "password": "no" })).await;
    slow.problem(StatusCode::TOO_MANY_REQUESTS);
    assert!(slow.header("retry-after").parse::<u64>().unwrap() <= 61);
}

#[tokio::test]
async fn a_session_is_over_after_its_time_and_when_nobody_was_there() {
    let bed = Bed::new().await;
    for by in [config::SESSION_IDLE_MS, config::SESSION_LIFE_MS] {
        let token = bed.token("eva").await;
        bed.app.wall.advance(Span(by + 1_000));
        bed.json(Method::GET, "/api/v1/session", Some(&token), &json!({}))
            .await
            .problem(StatusCode::UNAUTHORIZED);
    }
    // Who is there every now and then stays logged in, but not for ever.
    let token = bed.token("eva").await;
    let mut hours = 0;
    while bed.json(Method::GET, "/api/v1/session", Some(&token), &json!({})).await.status == StatusCode::OK {
        bed.app.wall.advance(Span::hours(11));
        hours += 11;
    }
    assert_eq!(hours, 176, "seven days are 168 hours");
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing_with_a_cookie() {
    let bed = Bed::new().await;
    let cookie = cookie(&bed).await;
    let document = bed.get("/api/v1/openapi.json").await.value();
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|method| *method != "get") {
            for (name, value) in [
                ("origin", "https://evil.example"),
                ("origin", "null"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
            ] {
                let path = path.replace("{id}", "00000000-0000-0000-0000-000000000004");
                let request = Request::builder().method(method.to_uppercase().as_str()).uri(path);
                let request =
                    request.header("cookie", &cookie).header("host", "desk.example").header(name, value);
                // Well-formed for the one route that reads its body before it knows who asks.
                let body = json!({ "login": "eva", "password": PASSWORD }).to_string();
                let request =
                    request.header("content-type", "application/json").body(Body::from(body)).unwrap();
                bed.ask(request).await.problem(StatusCode::FORBIDDEN);
                tried += 1;
            }
        }
    }
    assert!(tried >= 40, "only {tried} tries");
    let own = Request::put("/api/v1/dispositions/00000000-0000-0000-0000-000000000003")
        .header("cookie", &cookie)
        .header("host", "desk.example")
        .header("origin", "https://desk.example")
        .header("content-type", "application/json")
        .body(Body::from(json!({ "title": "Done", "enabled": true }).to_string()));
    assert_eq!(bed.ask(own.unwrap()).await.status, StatusCode::OK, "our own page may");
}

#[tokio::test]
async fn agents_edit_nothing_and_a_changed_role_ends_sessions() {
    let bed = Bed::new().await;
    let (admin, eva) = (bed.token("admin").await, bed.token("eva").await);
    let body = json!({ "title": "New", "enabled": true });
    bed.json(Method::POST, "/api/v1/dispositions", Some(&eva), &body).await.problem(StatusCode::FORBIDDEN);
    bed.json(Method::GET, "/api/v1/users", Some(&eva), &json!({})).await.problem(StatusCode::FORBIDDEN);
    let made = bed.json(Method::POST, "/api/v1/dispositions", Some(&admin), &body).await;
    assert_eq!((made.status, made.value()["title"].as_str()), (StatusCode::CREATED, Some("New")));
    let bad = json!({ "title": " ", "enabled": true });
    bed.json(Method::POST, "/api/v1/dispositions", Some(&admin), &bad)
        .await
        .problem(StatusCode::UNPROCESSABLE_ENTITY);
    let path = format!("/api/v1/users/{}", UserId::from_u128(2));
    let body = json!({ "login": "eva", "name": "Eva", "role": "supervisor", "active": true });
    assert_eq!(bed.json(Method::PUT, &path, Some(&admin), &body).await.status, StatusCode::OK);
    bed.json(Method::GET, "/api/v1/session", Some(&eva), &json!({})).await.problem(StatusCode::UNAUTHORIZED);
    let again = bed.token("eva").await;
    assert_eq!(bed.json(Method::GET, "/api/v1/users", Some(&again), &json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn secrets_go_in_and_never_come_out() {
    let bed = Bed::new().await;
    let admin = bed.token("admin").await;
    let body = json!({ "channel": "viber", "title": "Bot", "account": "bot", "enabled": true,
        "queue": "00000000-0000-0000-0000-000000000004", "token": "very-secret" });
    let made = bed.json(Method::POST, "/api/v1/connectors", Some(&admin), &body).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(made.value()["has_token"], true);
    let id = made.value()["id"].as_str().unwrap().to_owned();
    let stored = bed.app.engine.log().secret(&format!("connector:{id}:token")).await.unwrap();
    assert_eq!(stored.unwrap().expose(), "very-secret");
    let app = json!({ "secret": "app-secret", "verify": "app-verify" });
    let kept = bed.json(Method::PUT, "/api/v1/apps/main", Some(&admin), &app).await;
    assert_eq!(kept.status, StatusCode::NO_CONTENT);
    let kept = bed.app.engine.log().secret("app:main:secret").await.unwrap();
    assert_eq!(kept.unwrap().expose(), "app-secret");
    let all = bed.json(Method::GET, "/api/v1/connectors", Some(&admin), &json!({})).await;
    let one = bed.json(Method::GET, &format!("/api/v1/connectors/{id}"), Some(&admin), &json!({})).await;
    for answer in [made, all, one] {
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
    }
}
