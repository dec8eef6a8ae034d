//! Sockets are opened by our own pages alone: twenty origins, and none at all, with a cookie and with a token.

use serde_json::json;
use tests::Relay;
use tests::relay::PASSWORD;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// The status with which a socket is answered; 101 when it opens.
async fn open(relay: &Relay, headers: &[(&'static str, &str)]) -> u16 {
    let mut request = relay.base.replace("http://", "ws://").into_client_request().unwrap();
    *request.uri_mut() = format!("{}/api/v1/socket", relay.base.replace("http://", "ws://")).parse().unwrap();
    for (name, value) in headers {
        request.headers_mut().append(*name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((_, answer)) => answer.status().as_u16(),
        Err(Error::Http(answer)) => answer.status().as_u16(),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_with_a_cookie_wants_the_name_of_our_own_page() {
    let relay = Relay::start().await;
    let body = json!({ "login": "eva", "password": PASSWORD });
    let answer = relay.http.post(format!("{}/api/v1/session", relay.base)).json(&body).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let cookie = ("cookie", cookie.as_str());
    let host = relay.base.trim_start_matches("http://").to_owned();
    let port = host.split(':').next_back().unwrap();
    assert_eq!(open(&relay, &[cookie, ("origin", &relay.base)]).await, 101, "our own page");
    let foreign = [
        "https://evil.example".to_owned(),
        "null".to_owned(),
        "file://".to_owned(),
        String::new(),
        format!("http://127.0.0.1.evil.example:{port}"),
        format!("http://evil.example:{port}"),
        format!("http://sub.{host}"),
        "http://127.0.0.1".to_owned(),
        "http://127.0.0.1:1".to_owned(),
        format!("http://127.0.0.2:{port}"),
        format!("http://localhost:{port}"),
        format!("http://[::1]:{port}"),
        format!("ws://{host}"),
        format!("http://{host}/"),
        format!("http://{host}@evil.example"),
        format!("http://evil.example/{host}"),
        format!("http://{host}, http://evil.example"),
        format!("http://evil.example http://{host}"),
        format!("chrome-extension://{host}"),
        format!("HTTP://EVIL.EXAMPLE:{port}"),
        format!("http://2130706433:{port}"),
    ];
    for origin in &foreign {
        assert_eq!(open(&relay, &[cookie, ("origin", origin)]).await, 403, "{origin}");
    }
    assert_eq!(open(&relay, &[cookie]).await, 403, "browsers name the page: no name is no browser's page");
    assert_eq!(open(&relay, &[cookie, ("origin", &relay.base), ("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(
        open(&relay, &[cookie, ("origin", &relay.base), ("origin", "https://evil.example")]).await,
        403
    );
    assert_eq!(open(&relay, &[("origin", &relay.base)]).await, 401, "nobody");
    let upper = format!("HTTP://{}", host.to_uppercase());
    assert_eq!(open(&relay, &[cookie, ("origin", &upper)]).await, 101, "the same name in capitals");
    let token = format!("Bearer {}", relay.token("eva").await);
    assert_eq!(open(&relay, &[("authorization", &token)]).await, 101, "a program with a token has no page");
    assert_eq!(open(&relay, &[("authorization", &token), ("origin", "https://evil.example")]).await, 403);
    let query = format!("{}/api/v1/socket?token={}", relay.base, &token[7..]);
    assert_eq!(relay.http.get(query).send().await.unwrap().status(), 401, "never in the address");
}
