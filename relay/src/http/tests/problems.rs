//! Every error is a problem, every answer carries the safety headers, every route but the open ones wants a session.

use super::bed::Bed;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

/// The safety headers as they are meant to be; whoever changes one changes it here too.
const SAFE: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
         base-uri 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default; \
         report-uri /api/v1/policy-reports; report-to policy",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), usb=()",
    ),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
];

#[tokio::test]
async fn every_answer_of_every_route_carries_every_safety_header() {
    let bed = Bed::at("/", true).await;
    let token = bed.token("admin").await;
    let document = bed.get("/api/v1/openapi.json").await.value();
    let mut answers = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let filled = match path.split_once('{') {
            Some((before, rest)) => format!("{before}x{}", rest.split_once('}').unwrap().1),
            None => path.clone(),
        };
        for method in
            methods.as_object().unwrap().keys().map(String::as_str).chain(["patch", "options", "head"])
        {
            // Logging out would end the session of the others.
            let as_admin = (method != "delete").then_some(token.as_str());
            for token in [None, as_admin] {
                let method: Method = method.to_uppercase().parse().unwrap();
                let answer = bed.json(method.clone(), &filled, token, &json!({})).await;
                answers.push((format!("{method} {path} {}", answer.status), answer));
            }
        }
    }
    for path in
        ["/", "/tickets", "/nothing.js", "/api/v1/nothing", "/webhooks/x", "/robots.txt", "//", "/%00"]
    {
        answers.push((path.to_owned(), bed.get(path).await));
    }
    let large = Request::post("/api/v1/session")
        .header("content-length", "70000")
        .body(Body::from(" ".repeat(70_000)));
    answers.push(("too large".into(), bed.ask(large.unwrap()).await));
    assert!(answers.len() > 200, "only {}", answers.len());
    for (what, answer) in answers {
        for (name, value) in SAFE {
            assert_eq!(answer.header(name), value, "{what}: {name}");
        }
        let kept = answer.header("cache-control");
        assert!(!kept.is_empty() && (kept == "no-store" || !what.contains("/api/")), "{what}: {kept}");
        assert_eq!(answer.header("server"), "", "{what}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{what}");
    }
    let plain = Bed::new().await.get("/health").await;
    assert_eq!(plain.header("strict-transport-security"), "", "without https nobody is told to use it alone");
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
            if operation["security"].is_array() {
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
