//! Every error is a problem, every answer carries the safety headers, every route but the open ones wants a session.

use super::bed::Bed;
use crate::http::headers;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

#[tokio::test]
async fn every_answer_carries_every_safety_header() {
    let bed = Bed::at("/", true).await;
    let token = bed.token("eva").await;
    let mut answers = Vec::new();
    for path in [
        "/",
        "/health",
        "/ready",
        "/api/v1/desk",
        "/api/v1/nothing",
        "/api/v1/openapi.json",
        "/nothing.js",
        "/webhooks/x",
    ] {
        answers.push((path, bed.get(path).await));
    }
    answers.push(("PATCH", bed.json(Method::PATCH, "/api/v1/desk", Some(&token), &json!({})).await));
    answers.push(("desk", bed.json(Method::GET, "/api/v1/desk", Some(&token), &json!({})).await));
    for (what, answer) in answers {
        for (name, value) in headers::ALL {
            assert_eq!(answer.header(name.as_str()), value, "{what}: {name}");
        }
        assert!(answer.header("strict-transport-security").starts_with("max-age="), "{what}");
        assert!(!answer.header("cache-control").is_empty(), "{what}");
    }
    let desk = bed.json(Method::GET, "/api/v1/desk", Some(&token), &json!({})).await;
    assert_eq!((desk.status, desk.header("cache-control")), (StatusCode::OK, "no-store"));
    let policy = desk.header("content-security-policy");
    assert!(!policy.contains("unsafe-inline") && policy.contains("default-src 'none'"), "{policy}");
}

#[tokio::test]
async fn errors_of_the_frame_are_problems_too() {
    let bed = Bed::new().await;
    bed.get("/api/v1/nothing").await.problem(StatusCode::NOT_FOUND);
    bed.get("/webhooks/nobody").await.problem(StatusCode::NOT_FOUND);
    bed.get("/nothing.js").await.problem(StatusCode::NOT_FOUND);
    bed.json(Method::PATCH, "/api/v1/session", None, &json!({}))
        .await
        .problem(StatusCode::METHOD_NOT_ALLOWED);
    bed.json(Method::POST, "/tickets", None, &json!({})).await.problem(StatusCode::METHOD_NOT_ALLOWED);
    let post = |kind: &str, body: String| {
        let request = Request::post("/api/v1/session").header("content-type", kind);
        bed.ask(request.body(Body::from(body)).unwrap())
    };
    post("text/plain", "{}".into()).await.problem(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    post("application/json", "{".into()).await.problem(StatusCode::BAD_REQUEST);
    post("application/json", "{\"login\":\"secret-word\"}".into())
        .await
        .problem(StatusCode::UNPROCESSABLE_ENTITY);
    post("application/json", " ".repeat(70_000)).await.problem(StatusCode::PAYLOAD_TOO_LARGE);
    let echo = post("application/json", "{\"login\":\"a\",\"password\":[\"secret-word\"]}".into()).await;
    assert!(!String::from_utf8_lossy(&echo.body).contains("secret-word"), "what was sent is not repeated");
}

#[tokio::test]
async fn every_documented_route_but_the_open_ones_wants_a_session() {
    let bed = Bed::new().await;
    let document = bed.get("/api/v1/openapi.json").await.value();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let default = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert_eq!(default["schema"]["$ref"], "#/components/schemas/Problem", "{method} {path}");
            let open = ["/health", "/ready"].contains(&path.as_str());
            if open || (path == "/api/v1/session" && method == "post") {
                continue;
            }
            let path = path.replace("{id}", "00000000-0000-0000-0000-000000000004");
            let method: Method = method.to_uppercase().parse().unwrap();
            bed.json(method, &path, None, &json!({})).await.problem(StatusCode::UNAUTHORIZED);
            tried += 1;
        }
    }
    assert!(tried >= 25, "only {tried} routes");
    assert!(document["components"]["schemas"]["QueueBody"].is_object());
}

#[tokio::test]
async fn json_travels_compressed_where_it_is_taken() {
    let bed = Bed::new().await;
    for (takes, coding) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "")] {
        let request = Request::get("/api/v1/openapi.json").header("accept-encoding", takes);
        let answer = bed.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("content-encoding"), coding, "{takes}");
    }
}
