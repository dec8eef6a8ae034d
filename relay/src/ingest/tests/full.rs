//! A gate that is full, and bodies that are too deep: 503 with the time to come back, nothing lost, no neighbour harmed.

use super::{Bed, bed, bed_with, page, sign, text};
use crate::config::{Limits, WEBHOOK_LIMIT};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use futures_util::stream;
use std::time::Duration;
use tower::ServiceExt;

async fn post(bed: &Bed, raw: Vec<u8>, body: Body) -> (StatusCode, HeaderMap) {
    let signature = format!("sha256={}", sign("meta-secret", &raw));
    let request = Request::post("/webhooks/meta/demo").header("x-hub-signature-256", signature);
    let answer = bed.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    (answer.status(), answer.headers().clone())
}

async fn said(bed: &Bed, mid: &str) -> (StatusCode, HeaderMap) {
    let raw = page(&text("8001", mid, "hi")).to_string().into_bytes();
    post(bed, raw.clone(), Body::from(raw)).await
}

#[tokio::test]
async fn a_backlog_that_is_too_long_is_said_before_anything_is_read_and_ends_with_it() {
    let mut bed = bed_with(Limits { backlog: 3, ..Limits::default() }).await;
    let stopped =
        crate::ingest::Running { stop: tokio_util::sync::CancellationToken::new(), tasks: Vec::new() };
    std::mem::replace(&mut bed.running, stopped).stop().await;
    for n in 0..3 {
        assert_eq!(said(&bed, &format!("m{n}")).await.0, StatusCode::OK);
    }
    let (status, headers) = said(&bed, "m3").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
    assert_eq!(bed.engine.log().new_items(10).await.unwrap().len(), 3, "what was refused is not kept");
    assert_eq!(bed.engine.log().new_item_count(10).await.unwrap(), 3);
}

#[tokio::test]
async fn a_backlog_that_is_understood_lets_the_next_in() {
    let bed = bed_with(Limits { backlog: 2, ..Limits::default() }).await;
    let mut taken = 0;
    for n in 0..40 {
        let mut tries = 0;
        while said(&bed, &format!("m{n}")).await.0 != StatusCode::OK {
            tries += 1;
            assert!(tries < 500, "it never opens again");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        taken += 1;
    }
    bed.ends(taken, "done").await;
    assert_eq!(bed.chats().len(), 1);
}

#[tokio::test]
async fn memory_for_bodies_is_bounded_and_given_back() {
    let bed = bed_with(Limits { webhook_bytes: WEBHOOK_LIMIT, ..Limits::default() }).await;
    // A body that holds nearly all of the room and does not end; whether it is signed nobody knows yet.
    let held = stream::once(async { Ok::<_, std::io::Error>(Bytes::from(vec![b' '; WEBHOOK_LIMIT - 10])) });
    let held = Body::from_stream(futures_util::StreamExt::chain(held, stream::pending()));
    let router = bed.router.clone();
    let request = Request::post("/webhooks/meta/demo").body(held).unwrap();
    let holding = tokio::spawn(async move { router.oneshot(request).await.map(drop) });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(said(&bed, "m1").await.0, StatusCode::SERVICE_UNAVAILABLE);
    holding.abort();
    let _ = holding.await;
    assert_eq!(said(&bed, "m1").await.0, StatusCode::OK);
    let large = stream::iter((0..5).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 1024 * 1024]))));
    assert_eq!(post(&bed, Vec::new(), Body::from_stream(large)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_is_too_deep_is_kept_and_costs_no_neighbour() {
    let bed = bed().await;
    for depth in [65, 200, 20_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let events = format!(
            "{{\"sender\":{{\"id\":\"9\"}},\"message\":{{\"mid\":\"deep{depth}\",\"text\":{deep}}}}},{}",
            text("8001", &format!("m{depth}"), "beside it")
        );
        let raw = format!("{{\"object\":\"page\",\"entry\":[{{\"id\":\"100\",\"messaging\":[{events}]}}]}}")
            .into_bytes();
        assert_eq!(post(&bed, raw.clone(), Body::from(raw)).await.0, StatusCode::OK, "{depth}");
    }
    for id in [2, 4, 6] {
        bed.ends(id, "done").await;
    }
    let mut words = Vec::new();
    for chat in bed.chats() {
        words.extend(bed.words(chat.id).await);
    }
    assert_eq!(words.iter().filter(|words| *words == "beside it").count(), 3, "{words:?}");
}
