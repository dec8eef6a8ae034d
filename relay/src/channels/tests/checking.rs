//! Looking at an account: what the answers mean, and that who does not say is not blamed.

use super::sending::connector;
use crate::channels::{Check, Providers, Token};
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde_json::{Value, json};
use shared::channel::Channel::{self, Instagram, Messenger, Viber, WhatsApp};
use shared::config::Connector;
use shared::time::Timestamp;
use std::sync::Arc;

/// Answers by the last part of the path.
#[derive(Clone, Default)]
struct Account {
    answers: Arc<Vec<(&'static str, u16, Value)>>,
}

async fn serve(State(account): State<Account>, uri: Uri) -> (StatusCode, String) {
    let last = uri.path().rsplit('/').next().unwrap().to_owned();
    match account.answers.iter().find(|(end, ..)| *end == last) {
        Some((_, status, body)) => (StatusCode::from_u16(*status).unwrap(), body.to_string()),
        None => (StatusCode::BAD_REQUEST, json!({"error": {"code": 100}}).to_string()),
    }
}

async fn account(answers: Vec<(&'static str, u16, Value)>) -> String {
    let account = Account { answers: Arc::new(answers) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(serve).with_state(account);
    tokio::spawn(async move { axum::serve(listener, app).await });
    base
}

fn with_business(channel: Channel, base: &str) -> Connector {
    let business = (channel == WhatsApp).then(|| "55".to_owned());
    Connector { business, ..connector(channel, base) }
}

async fn check(channel: Channel, answers: Vec<(&'static str, u16, Value)>) -> Check {
    let base = account(answers).await;
    let providers = Providers::new("v25.0").unwrap();
    providers.check(&with_business(channel, &base), "secret-token", Some("https://desk/hook")).await
}

fn refused(code: i64) -> Value {
    json!({"error": {"code": code}})
}

fn fields(names: &[&str]) -> Value {
    json!({"data": [{"id": "1", "subscribed_fields": names}]})
}

const MESSENGER: &[&str] =
    &["messages", "messaging_postbacks", "message_echoes", "message_deliveries", "message_reads"];

#[tokio::test]
async fn a_page_that_works_says_its_name_its_tokens_end_and_its_fields() {
    let data = json!({"data": {"is_valid": true, "expires_at": 1_900_000_000, "data_access_expires_at": 0,
        "scopes": ["pages_messaging", "pages_manage_metadata"]}});
    let found = check(
        Messenger,
        vec![
            ("106", 200, json!({"name": "Shop"})),
            ("debug_token", 200, data),
            ("subscribed_apps", 200, fields(MESSENGER)),
        ],
    )
    .await;
    let expected = Check {
        token: Token::Valid,
        expires_at: Some(Timestamp(1_900_000_000_000)),
        name: Some("Shop".into()),
        subscribed: Some(true),
        ..Check::default()
    };
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_is_wrong_is_found() {
    let invalid = json!({"data": {"is_valid": false, "error": {"code": 190, "subcode": 463}}});
    let poor = json!({"data": {"is_valid": true, "scopes": ["pages_messaging"]}});
    let page = || ("106", 200, json!({"name": "Shop"}));
    let found = check(Messenger, vec![("106", 400, refused(190))]).await;
    assert_eq!((found.token, found.failure.unwrap().code.as_deref()), (Token::Refused, Some("190")));
    let found = check(Messenger, vec![page(), ("debug_token", 200, invalid)]).await;
    assert_eq!((found.token, found.failure.unwrap().code.as_deref()), (Token::Refused, Some("190/463")));
    let found = check(Messenger, vec![page(), ("debug_token", 200, poor)]).await;
    assert_eq!((found.token, found.missing), (Token::Valid, vec!["pages_manage_metadata".to_owned()]));
    let found =
        check(Messenger, vec![page(), ("subscribed_apps", 200, fields(MESSENGER.split_at(3).0))]).await;
    assert_eq!(found.subscribed, Some(false), "half of the fields is not enough");
    let found = check(Messenger, vec![page(), ("subscribed_apps", 200, json!({"data": []}))]).await;
    assert_eq!(found.subscribed, Some(false));
    let found = check(Messenger, vec![page()]).await;
    assert_eq!((found.token, found.subscribed), (Token::Valid, None), "who does not say is not blamed");
    let found = check(Messenger, vec![("106", 500, refused(2))]).await;
    assert_eq!(found.token, Token::Unknown, "a provider that does not work says nothing of the token");
}

#[tokio::test]
async fn each_channel_is_looked_at_in_its_own_way() {
    let number = json!({"verified_name": "Shop", "quality_rating": "YELLOW"});
    let app = json!({"data": [{"whatsapp_business_api_data": {"id": "1"}}]});
    let found = check(WhatsApp, vec![("106", 200, number), ("subscribed_apps", 200, app)]).await;
    assert_eq!(
        (found.name.as_deref(), found.quality.as_deref(), found.subscribed),
        (Some("Shop"), Some("YELLOW"), Some(true))
    );
    let found = check(Instagram, vec![("me", 200, json!({"user_id": "106", "username": "shop"}))]).await;
    assert_eq!((found.token, found.name.as_deref()), (Token::Valid, Some("shop")));
    for (webhook, subscribed) in [("https://desk/hook", true), ("https://elsewhere/", false), ("", false)] {
        let info = json!({"status": 0, "name": "Bot", "webhook": webhook});
        let found = check(Viber, vec![("get_account_info", 200, info)]).await;
        assert_eq!((found.token, found.subscribed), (Token::Valid, Some(subscribed)));
    }
    let found = check(Viber, vec![("get_account_info", 200, json!({"status": 2}))]).await;
    assert_eq!(found.token, Token::Refused);
}
