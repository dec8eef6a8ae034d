//! Logging in and out, one's own sessions and password, what a change of rights ends, secrets.

use super::bed::{Bed, PASSWORD};
use crate::config;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use shared::id::UserId;
use shared::time::Span;
use std::time::{Duration, Instant};

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
    for bytes in [1_025, 60_000, 1024 * 1024] {
        let long = json!({ "login": "eva", "password": "x".repeat(bytes) });
        let began = Instant::now();
        let answer = bed.json(Method::POST, "/api/v1/session", None, &long).await;
        // Above what any JSON body may have, nothing looks into it.
        answer.problem(if bytes < 65_000 { StatusCode::BAD_REQUEST } else { StatusCode::PAYLOAD_TOO_LARGE });
        assert!(began.elapsed() < Duration::from_millis(500), "{bytes}: {:?}", began.elapsed());
    }
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

/// A session's name in its owner's list.
async fn names(bed: &Bed, token: &str) -> Vec<(String, bool)> {
    let list = bed.json(Method::GET, "/api/v1/sessions", Some(token), &json!({})).await;
    assert_eq!(list.status, StatusCode::OK);
    let one = |one: &serde_json::Value| (one["id"].as_str().unwrap().to_owned(), one["current"] == true);
    list.value().as_array().unwrap().iter().map(one).collect()
}

#[tokio::test]
async fn people_see_their_own_sessions_and_end_them() {
    let bed = Bed::new().await;
    let (first, second, third) = (bed.token("eva").await, bed.token("eva").await, bed.token("eva").await);
    let admin = bed.token("admin").await;
    let of = async |token: &str| {
        let mine = names(&bed, token).await.into_iter().find(|(_, current)| *current);
        mine.map(|(id, _)| id).unwrap()
    };
    assert_eq!(names(&bed, &first).await.len(), 3);
    assert_eq!(names(&bed, &admin).await.len(), 1, "nobody else's");
    let end = |token: &str, id: &str| {
        let (path, token) = (format!("/api/v1/sessions/{id}"), token.to_owned());
        let bed = &bed;
        async move { bed.json(Method::DELETE, &path, Some(&token), &json!({})).await }
    };
    end(&admin, &of(&first).await).await.problem(StatusCode::NOT_FOUND);
    assert_eq!(end(&first, &of(&second).await).await.status, StatusCode::NO_CONTENT);
    let alive = |token: String| {
        let bed = &bed;
        async move { bed.json(Method::GET, "/api/v1/session", Some(&token), &json!({})).await.status }
    };
    assert_eq!(alive(second).await, StatusCode::UNAUTHORIZED);
    assert_eq!(alive(third.clone()).await, StatusCode::OK);
    let all = bed.json(Method::DELETE, "/api/v1/sessions", Some(&first), &json!({})).await;
    assert_eq!(all.status, StatusCode::NO_CONTENT);
    assert_eq!(alive(third).await, StatusCode::UNAUTHORIZED);
    assert_eq!((alive(first).await, alive(admin).await), (StatusCode::OK, StatusCode::OK));
}

#[tokio::test]
async fn a_new_password_wants_the_old_one_and_ends_the_other_sessions() {
    let bed = Bed::new().await;
    let (mine, other) = (bed.token("eva").await, bed.token("eva").await);
    let put = |current: &str, new: &str| {
        let (body, token, bed) = (json!({ "current": current, "new": new }), mine.clone(), &bed);
        async move { bed.json(Method::PUT, "/api/v1/me/password", Some(&token), &body).await }
    };
    put("wrong", "another password").await.problem(StatusCode::UNPROCESSABLE_ENTITY);
    put(PASSWORD, "short").await.problem(StatusCode::UNPROCESSABLE_ENTITY);
    put(PASSWORD, &"x".repeat(1_025)).await.problem(StatusCode::UNPROCESSABLE_ENTITY);
    let who = |token: String| {
        let bed = &bed;
        async move { bed.json(Method::GET, "/api/v1/session", Some(&token), &json!({})).await.status }
    };
    assert_eq!(who(other.clone()).await, StatusCode::OK, "nothing has changed so far");
    assert_eq!(put(PASSWORD, "another password").await.status, StatusCode::NO_CONTENT);
    assert_eq!((who(mine.clone()).await, who(other).await), (StatusCode::OK, StatusCode::UNAUTHORIZED));
    let log_in = |password: &str| {
        let (body, bed) = (json!({ "login": "eva", "password": password }), &bed);
        async move { bed.json(Method::POST, "/api/v1/session", None, &body).await.status }
    };
    assert_eq!(log_in(PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(log_in("another password").await, StatusCode::OK);
    // Whoever sits at a forgotten screen guesses as slowly as anybody.
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(put("wrong", "another password").await.status);
    }
    assert_eq!(answers.last(), Some(&StatusCode::TOO_MANY_REQUESTS), "{answers:?}");
}

#[tokio::test]
async fn a_login_ends_the_session_that_the_browser_brought_along() {
    let bed = Bed::new().await;
    let log_in = |cookie: String| {
        let body = json!({ "login": "eva", "password": PASSWORD }).to_string();
        let request = Request::post("/api/v1/session").header("content-type", "application/json");
        let request = request.header("cookie", cookie).header("user-agent", "Test/1.0");
        bed.ask(request.body(Body::from(body)).unwrap())
    };
    let cookie =
        |answer: &super::bed::Answer| answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let first = cookie(&log_in("signalbox=planted-by-somebody".into()).await);
    assert!(!first.contains("planted"), "a new id at every login");
    let second = cookie(&log_in(first.clone()).await);
    assert_ne!(first, second);
    let who = |cookie: String| {
        let request = Request::get("/api/v1/session").header("cookie", cookie).body(Body::empty());
        bed.ask(request.unwrap())
    };
    assert_eq!(who(first).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(who(second).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_replaced_app_secret_stays_valid_for_a_while() {
    let bed = Bed::new().await;
    let admin = bed.token("admin").await;
    let put = |body: serde_json::Value| {
        let (bed, admin) = (&bed, &admin);
        async move { bed.json(Method::PUT, "/api/v1/apps/main", Some(admin), &body).await.status }
    };
    let post = |secret: &str| {
        let request =
            Request::post("/webhooks/meta/main").header("x-hub-signature-256", signed(secret, b"{}"));
        let (bed, request) = (&bed, request.body(Body::from("{}")).unwrap());
        async move { bed.ask(request).await.status }
    };
    assert_eq!(put(json!({ "secret": "first" })).await, StatusCode::NO_CONTENT);
    assert_eq!(post("first").await, StatusCode::OK);
    assert_eq!(put(json!({ "secret": "second", "previous_hours": 2 })).await, StatusCode::NO_CONTENT);
    // Kept once more it is no other secret, and the one before is not forgotten for it.
    assert_eq!(put(json!({ "secret": "second" })).await, StatusCode::NO_CONTENT);
    assert_eq!((post("first").await, post("second").await), (StatusCode::OK, StatusCode::OK));
    bed.app.engine.clock().advance(Span::hours(2));
    assert_eq!((post("first").await, post("second").await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
}

/// The header with which Meta signs.
fn signed(secret: &str, raw: &[u8]) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(raw);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}
