//! Notices that admins write: on every desk's dashboard at once, until their time or until they are taken down.

use serde_json::{Value, json};
use shared::config::Tone;
use shared::id::NoticeId;
use shared::wire::RelayFrame;
use tests::{Desk, Relay};

async fn asks(relay: &Relay, desk: &Desk, method: &str, id: NoticeId, body: Option<Value>) -> (u16, Value) {
    let url = format!("{}/api/v1/notices/{id}", relay.base);
    let mut request = relay.http.request(method.parse().unwrap(), url).bearer_auth(&desk.token);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

/// Waits until a desk is told that the configuration changed.
async fn told(desk: &mut Desk) {
    desk.next("a new configuration", |frame| matches!(frame, RelayFrame::ConfigChanged { .. }).then_some(()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_on_every_desk_until_it_is_taken_down() {
    let mut relay = Relay::start().await;
    let admin = Desk::open(&relay, "admin").await;
    let mut eva = Desk::open(&relay, "eva").await;
    let id = NoticeId::from_u128(7);
    let body = json!({ "text": "Closed on Monday.", "tone": "warning" });
    let (status, made) = asks(&relay, &admin, "PUT", id, Some(body.clone())).await;
    assert_eq!(
        (status, &made),
        (200, &json!({ "id": id, "text": "Closed on Monday.", "tone": "warning", "until": null }))
    );
    told(&mut eva).await;
    let notices = eva.snapshot().await.config.notices;
    assert!(
        matches!(notices.as_slice(), [one] if one.id == id && one.tone == Tone::Warning && one.until.is_none())
    );
    let now = eva.snapshot().await.now.0;
    let changed = json!({ "text": "Open again.", "tone": "info", "until": now + 3_600_000 });
    assert_eq!(asks(&relay, &admin, "PUT", id, Some(changed)).await.0, 200);
    told(&mut eva).await;
    assert_eq!(asks(&relay, &admin, "GET", id, None).await.1["text"], "Open again.");
    // Only admins, and only what is right.
    assert_eq!(asks(&relay, &eva, "PUT", id, Some(body)).await.0, 403);
    assert_eq!(asks(&relay, &eva, "DELETE", id, None).await.0, 403);
    for wrong in [
        json!({ "text": " ", "tone": "info" }),
        json!({ "text": "x".repeat(501), "tone": "info" }),
        json!({ "text": "x", "tone": "loud" }),
        json!({ "text": "x", "tone": "info", "until": 1 }),
    ] {
        assert_eq!(asks(&relay, &admin, "PUT", id, Some(wrong.clone())).await.0, 422, "{wrong}");
    }
    relay.kill_and_restart().await;
    let admin = Desk::open(&relay, "admin").await;
    let mut eva = Desk::open(&relay, "eva").await;
    assert_eq!(eva.snapshot().await.config.notices.len(), 1);
    assert_eq!(asks(&relay, &admin, "DELETE", id, None).await.0, 204);
    told(&mut eva).await;
    assert!(eva.snapshot().await.config.notices.is_empty());
    assert_eq!(asks(&relay, &admin, "DELETE", id, None).await.0, 404);
    assert_eq!(relay.get(&admin.token, "/api/v1/notices").await, json!([]));
}
