//! Pages of other sites change nothing with somebody's cookie, whatever kind of request they can make, and open no socket.

use super::bed::{Bed, PASSWORD};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

/// What a page elsewhere can make a browser send, and what older browsers and tools leave out.
const SHAPES: [&[(&str, &str)]; 10] = [
    // fetch and forms of another site, with all that browsers say today.
    &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("content-type", "text/plain")],
    &[("origin", "https://evil.example"), ("content-type", "application/x-www-form-urlencoded")],
    &[("origin", "https://evil.example"), ("content-type", "multipart/form-data; boundary=x")],
    &[("origin", "https://evil.example"), ("content-type", "application/json")],
    // A sandboxed frame, a redirect.
    &[("origin", "null"), ("content-type", "application/json")],
    // Another site of the same domain.
    &[
        ("origin", "https://shop.desk.example"),
        ("sec-fetch-site", "same-site"),
        ("content-type", "application/json"),
    ],
    &[("sec-fetch-site", "cross-site"), ("content-type", "application/json")],
    &[("sec-fetch-site", "none"), ("content-type", "application/json")],
    // A browser that says nothing, with each kind of body.
    &[("content-type", "application/json")],
    &[("content-type", "text/plain")],
];

async fn cookie(bed: &Bed) -> String {
    let body = json!({ "login": "Admin", "password": PASSWORD });
    let answer = bed.json(Method::POST, "/api/v1/session", None, &body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.value().get("token").is_none(), "scripts get no token");
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// Every route of the document, with something in place of what is to be filled in.
pub async fn routes(bed: &Bed) -> Vec<(String, String)> {
    let document = bed.get("/api/v1/openapi.json").await.value();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let filled = match path.split_once('{') {
            Some((before, rest)) => {
                let after = rest.split_once('}').unwrap().1;
                format!("{before}00000000-0000-0000-0000-000000000004{after}")
            }
            None => path.clone(),
        };
        all.extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), filled.clone())));
    }
    all
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing_with_a_cookie() {
    let bed = Bed::new().await;
    let cookie = cookie(&bed).await;
    let version = || bed.app.engine.look(|world| world.config.version);
    let before = version();
    let mut tried = 0;
    for (method, path) in routes(&bed).await {
        // Webhooks look at no session, see the mutations of signed bodies.
        if path.starts_with("/webhooks") {
            continue;
        }
        for shape in SHAPES {
            let names_page = shape.iter().any(|(name, _)| *name != "content-type");
            let json = shape.contains(&("content-type", "application/json"));
            let login = path == "/api/v1/session" && method == "POST";
            if login && json && !names_page {
                // A program that logs in; it has no session that a page could use.
                continue;
            }
            let mut request = Request::builder().method(method.as_str()).uri(&path);
            for (name, value) in [("cookie", cookie.as_str()), ("host", "desk.example")].iter().chain(shape) {
                request = request.header(*name, *value);
            }
            let body = json!({ "login": "admin", "password": PASSWORD, "title": "x", "enabled": true });
            let body = if method == "GET" { Body::empty() } else { Body::from(body.to_string()) };
            let answer = bed.ask(request.body(body).unwrap()).await;
            if method == "GET" {
                // Reading is not writing, and other sites cannot read what browsers do not show them.
                let socket = path.ends_with("/socket");
                assert_eq!(
                    answer.status == StatusCode::FORBIDDEN,
                    socket,
                    "{path} {shape:?}: {}",
                    answer.status
                );
            } else if login && !json {
                answer.problem(StatusCode::UNSUPPORTED_MEDIA_TYPE);
            } else {
                answer.problem(StatusCode::FORBIDDEN);
            }
            tried += 1;
        }
    }
    assert!(tried >= 300, "only {tried} tries");
    assert_eq!(version(), before, "nothing was changed, by reading neither");
    let own = Request::put("/api/v1/dispositions/00000000-0000-0000-0000-000000000003")
        .header("cookie", &cookie)
        .header("host", "desk.example")
        .header("origin", "https://desk.example")
        .header("content-type", "application/json")
        .body(Body::from(json!({ "title": "Done", "enabled": true }).to_string()));
    assert_eq!(bed.ask(own.unwrap()).await.status, StatusCode::OK, "our own page may");
    assert_eq!(version(), before + 1);
}
