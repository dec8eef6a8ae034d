//! What is sent, and what the end of a call means, against a small server that only tests transport and codes.

use crate::channels::{Pace, Providers, SendError, Sending, Sent};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::channel::{Channel, Outgoing};
use shared::config::Connector;
use shared::id::{ConnectorId, MessageId};
use shared::interaction::{Failure, FailureKind};
use shared::time::Span;
use std::sync::{Arc, Mutex};

pub(super) type Asked = (Method, String, HeaderMap, Value);

/// One answer, and what was asked.
#[derive(Clone)]
pub(super) struct Server {
    answer: Arc<(u16, Value, Option<&'static str>)>,
    pub(super) asked: Arc<Mutex<Vec<Asked>>>,
}

async fn serve(
    State(server): State<Server>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response {
    let body = serde_json::from_str(&body).unwrap_or_default();
    server.asked.lock().unwrap().push((method, uri.to_string(), headers, body));
    let (status, body, retry) = &*server.answer;
    let text = if body.is_null() { "<html>".to_owned() } else { body.to_string() };
    let retry = retry.map(|retry| [("retry-after", retry)]);
    (StatusCode::from_u16(*status).unwrap(), retry.into_iter().flatten().collect::<HeaderMapOf>(), text)
        .into_response()
}

/// Headers from pairs.
struct HeaderMapOf(HeaderMap);

impl FromIterator<(&'static str, &'static str)> for HeaderMapOf {
    fn from_iter<I: IntoIterator<Item = (&'static str, &'static str)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.parse().unwrap(), value.parse().unwrap())).collect())
    }
}

impl axum::response::IntoResponseParts for HeaderMapOf {
    type Error = std::convert::Infallible;
    fn into_response_parts(
        self,
        mut parts: axum::response::ResponseParts,
    ) -> Result<axum::response::ResponseParts, Self::Error> {
        parts.headers_mut().extend(self.0);
        Ok(parts)
    }
}

pub(super) async fn server(status: u16, body: Value, retry: Option<&'static str>) -> (String, Server) {
    let server = Server { answer: Arc::new((status, body, retry)), asked: Arc::default() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(serve).with_state(server.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (base, server)
}

pub(super) fn connector(channel: Channel, base: &str) -> Connector {
    Connector {
        id: ConnectorId::from_u128(1),
        channel,
        title: "The shop with a very long name on Viber".into(),
        account: "106".into(),
        app: "demo".into(),
        base_url: Some(format!("{base}/")),
        queue: None,
        enabled: true,
        human_agent: false,
        business: None,
        welcome: None,
    }
}

async fn send_to(connector: &Connector, address: &str) -> Result<Sent, SendError> {
    post(connector, address, &Outgoing::text("Dobrý den"), None, false).await
}

pub(super) async fn post(
    connector: &Connector,
    address: &str,
    content: &Outgoing,
    bytes: Option<&[u8]>,
    tag: bool,
) -> Result<Sent, SendError> {
    let key = MessageId::from_u128(5);
    let out = Sending { connector, token: "secret-token", address, content, bytes, key, tag };
    Providers::new("v25.0").unwrap().send(&out).await
}

async fn answered(channel: Channel, status: u16, body: Value) -> Result<Sent, SendError> {
    let (base, _) = server(status, body, None).await;
    send_to(&connector(channel, &base), "8001").await
}

#[tokio::test]
async fn each_channel_is_spoken_to_in_its_own_way() {
    let key = MessageId::from_u128(5).to_string();
    let taken = json!({"message_id": "m_1", "messages": [{"id": "m_1"}], "status": 0, "message_token": 4_987_381_194_038_857_789_u64});
    let cases = [
        (
            Channel::Messenger,
            "8001",
            "/v25.0/106/messages",
            json!({"recipient": {"id": "8001"}, "messaging_type": "RESPONSE", "message": {"text": "Dobrý den", "metadata": key}}),
        ),
        (
            Channel::Instagram,
            "8001",
            "/v25.0/106/messages",
            json!({"recipient": {"id": "8001"}, "message": {"text": "Dobrý den"}}),
        ),
        (
            Channel::WhatsApp,
            "1650",
            "/v25.0/106/messages",
            json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+1650", "type": "text",
                "text": {"body": "Dobrý den"}, "biz_opaque_callback_data": key}),
        ),
        (
            Channel::WhatsApp,
            "US.13",
            "/v25.0/106/messages",
            json!({"messaging_product": "whatsapp", "recipient_type": "individual", "recipient": "US.13", "type": "text",
                "text": {"body": "Dobrý den"}, "biz_opaque_callback_data": key}),
        ),
        (
            Channel::Viber,
            "01=",
            "/pa/send_message",
            json!({"receiver": "01=", "min_api_version": 1, "sender": {"name": "The shop with a very long na"},
                "tracking_data": key, "type": "text", "text": "Dobrý den"}),
        ),
    ];
    for (channel, address, path, body) in cases {
        let (base, server) = server(200, taken.clone(), None).await;
        let sent = send_to(&connector(channel, &base), address).await.unwrap();
        let viber = channel == Channel::Viber;
        assert_eq!(sent.external_id, if viber { "4987381194038857789" } else { "m_1" });
        let asked = server.asked.lock().unwrap();
        let (method, uri, headers, said) = &asked[0];
        assert_eq!((method, uri.as_str(), said), (&Method::POST, path, &body));
        let (name, value) = if viber {
            ("x-viber-auth-token", "secret-token")
        } else {
            ("authorization", "Bearer secret-token")
        };
        assert_eq!(headers[name], value);
    }
}

#[tokio::test]
async fn refusals_are_told_apart_by_code() {
    use FailureKind::{Account, Content, Limit, Provider, Unreachable, Window};
    let never = |kind, code: &str| Err(SendError::Rejected(Failure { kind, code: Some(code.into()) }));
    let broken = |kind, code: &str| Err(SendError::Broken(Failure { kind, code: Some(code.into()) }));
    let outside = |code: &str| Err(SendError::Outside(Failure { kind: Window, code: Some(code.into()) }));
    let later = |kind, code: &str, retry_after| {
        let pace = match (kind, code) {
            (Limit, "131056" | "12") => Pace::Person,
            (Limit, _) => Pace::Account,
            _ => Pace::Usual,
        };
        Err(SendError::Temporary { retry_after, pace, failure: Failure { kind, code: Some(code.into()) } })
    };
    let graph = |code: i64, subcode: i64| json!({"error": {"message": "lokalisiert", "type": "OAuthException", "code": code, "error_subcode": subcode}});
    let cases = [
        (Channel::Messenger, 403, graph(10, 2_018_278), outside("10/2018278")),
        (Channel::Instagram, 403, graph(10, 2_534_022), outside("10/2534022")),
        (Channel::Messenger, 400, graph(551, 1_545_041), never(Unreachable, "551/1545041")),
        (Channel::Messenger, 400, graph(200, 1_545_041), never(Unreachable, "200/1545041")),
        (Channel::Instagram, 400, graph(200, 2_534_041), broken(Account, "200/2534041")),
        (Channel::Messenger, 401, graph(190, 463), broken(Account, "190/463")),
        (Channel::Messenger, 400, graph(100, 0), never(Content, "100")),
        (Channel::Messenger, 400, graph(613, 0), later(Limit, "613", None)),
        (Channel::Messenger, 500, graph(2, 0), later(Provider, "2", None)),
        (Channel::Messenger, 500, graph(424_242, 0), later(Provider, "424242", None)),
        (Channel::Messenger, 400, graph(424_242, 0), never(Provider, "424242")),
        (Channel::WhatsApp, 400, graph(131_047, 0), never(Window, "131047")),
        (Channel::WhatsApp, 400, graph(131_026, 0), never(Unreachable, "131026")),
        (Channel::WhatsApp, 400, graph(130_429, 0), later(Limit, "130429", None)),
        (Channel::WhatsApp, 400, graph(131_056, 0), later(Limit, "131056", None)),
        (Channel::WhatsApp, 400, graph(100, 0), never(Content, "100")),
        (Channel::WhatsApp, 401, graph(0, 0), broken(Account, "0")),
        (Channel::Viber, 200, json!({"status": 6, "status_message": "x"}), never(Unreachable, "6")),
        (Channel::Viber, 200, json!({"status": 2}), broken(Account, "2")),
        (Channel::Viber, 200, json!({"status": 12, "message_token": "1"}), later(Limit, "12", None)),
        (Channel::Viber, 200, json!({"status": 99}), later(Provider, "99", None)),
        (Channel::Messenger, 401, Value::Null, broken(Account, "http 401")),
        (Channel::Messenger, 307, Value::Null, never(Provider, "http 307")),
        (Channel::Messenger, 429, Value::Null, later(Limit, "http 429", None)),
        (Channel::Messenger, 502, Value::Null, Err(SendError::Unknown)),
        (Channel::Messenger, 200, Value::Null, Err(SendError::Unknown)),
        (Channel::Viber, 200, Value::Null, Err(SendError::Unknown)),
        (Channel::Viber, 503, Value::Null, Err(SendError::Unknown)),
    ];
    for (channel, status, body, expected) in cases {
        assert_eq!(answered(channel, status, body.clone()).await, expected, "{channel:?} {status} {body}");
    }
    let (base, _) = server(429, graph(4, 0), Some("17")).await;
    let patience = send_to(&connector(Channel::Messenger, &base), "1").await;
    assert_eq!(patience, later(Limit, "4", Some(Span::seconds(17))));
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_a_closed_door_is_not() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let hang_up = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut some = [0; 64];
        tokio::io::AsyncReadExt::read(&mut stream, &mut some).await.unwrap();
    });
    let one = connector(Channel::Messenger, &base);
    assert_eq!(send_to(&one, "1").await, Err(SendError::Unknown));
    hang_up.await.unwrap();
    let failure = Failure { kind: FailureKind::Provider, code: Some("unreachable".into()) };
    assert_eq!(
        send_to(&one, "1").await,
        Err(SendError::Temporary { retry_after: None, pace: Pace::Usual, failure }),
        "nobody listens any more"
    );
    let nowhere = connector(Channel::Messenger, "not an address");
    assert!(matches!(
        send_to(&nowhere, "1").await,
        Err(SendError::Broken(Failure { kind: FailureKind::Account, .. }))
    ));
}

#[tokio::test]
async fn names_are_asked_for_without_the_token_in_the_address() {
    let (base, server) =
        server(200, json!({"first_name": "Eva", "last_name": "Nová", "username": "eva", "name": null}), None)
            .await;
    let providers = Providers::new("v25.0").unwrap();
    let found =
        providers.profile(&connector(Channel::Instagram, &base), "secret-token", "../8").await.unwrap();
    assert_eq!((found.name.as_deref(), found.handle.as_deref()), (Some("Eva Nová"), Some("@eva")));
    assert_eq!(server.asked.lock().unwrap()[0].1, "/v25.0/%2E%2E%2F8?fields=name%2Cusername%2Cprofile_pic");
    assert_eq!(providers.profile(&connector(Channel::Viber, &base), "t", "8").await, None);
    let (base, _) =
        self::server(400, json!({"error": {"code": 100, "error_subcode": 2_018_218}}), None).await;
    assert_eq!(providers.profile(&connector(Channel::Messenger, &base), "t", "8").await, None);
}
