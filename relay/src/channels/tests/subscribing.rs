//! How each provider is asked to tell us of an account's messages, and what its no becomes.

use super::sending::{connector, server};
use crate::channels::{Providers, SubscribeError};
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::config::Connector;

async fn subscribe(connector: &Connector, callback: Option<&str>) -> Result<(), SubscribeError> {
    Providers::new("v25.0").unwrap().subscribe(connector, "secret-token", callback).await
}

#[tokio::test]
async fn each_account_is_subscribed_where_its_provider_wants_it() {
    let page = |business: Option<&str>, channel: Channel| (channel, business.map(str::to_owned));
    for ((channel, business), path) in [
        (page(None, Channel::Messenger), "/v25.0/106/subscribed_apps?subscribed_fields=messages%2C"),
        (page(None, Channel::Instagram), "/v25.0/me/subscribed_apps?subscribed_fields=messages%2C"),
        (page(Some("55"), Channel::Instagram), "/v25.0/55/subscribed_apps?subscribed_fields=messages%2C"),
        (page(Some("55"), Channel::WhatsApp), "/v25.0/55/subscribed_apps"),
        (page(None, Channel::Viber), "/pa/set_webhook"),
    ] {
        let (base, server) = server(200, json!({"success": "true", "status": 0}), None).await;
        let connector = Connector { business, ..connector(channel, &base) };
        assert_eq!(subscribe(&connector, Some("https://desk.example/webhooks/viber/shop")).await, Ok(()));
        let asked = server.asked.lock().unwrap();
        let (_, uri, headers, body) = asked.first().unwrap();
        assert!(uri.starts_with(path) && !uri.contains("secret-token"), "{uri}");
        if channel == Channel::Viber {
            assert_eq!(headers.get("x-viber-auth-token").unwrap(), "secret-token");
            assert_eq!(body["url"], "https://desk.example/webhooks/viber/shop");
            assert_eq!((&body["send_name"], &body["send_photo"]), (&json!(true), &json!(true)));
        } else {
            assert_eq!(headers.get("authorization").unwrap(), "Bearer secret-token");
        }
    }
}

#[tokio::test]
async fn a_no_says_why() {
    let error =
        json!({"error": {"message": "(#200) Requires pages_manage_metadata permission.", "code": 200}});
    let viber = json!({"status": 1, "status_message": "Result from webhook with error"});
    for (channel, status, body, words) in [
        (
            Channel::Messenger,
            403,
            error,
            "The provider refused it: (#200) Requires pages_manage_metadata permission (code 200).",
        ),
        (Channel::Viber, 200, viber, "The provider refused it: Result from webhook with error (status 1)."),
        (Channel::Instagram, 502, Value::Null, "The provider refused it: no reason given (HTTP 502)."),
    ] {
        let (base, _) = server(status, body, None).await;
        let error = subscribe(&connector(channel, &base), Some("https://desk.example")).await.unwrap_err();
        assert_eq!(error.to_string(), words);
    }
    let (base, _) = server(200, json!({}), None).await;
    let lacking = subscribe(&connector(Channel::WhatsApp, &base), None).await;
    assert_eq!(lacking, Err(SubscribeError::NoBusiness));
    let lacking = subscribe(&connector(Channel::Viber, &base), None).await;
    assert_eq!(lacking, Err(SubscribeError::NoAddress));
    let away = subscribe(&connector(Channel::Messenger, "http://127.0.0.1:1"), None).await;
    assert_eq!(away, Err(SubscribeError::Unreachable));
}
