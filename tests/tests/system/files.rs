//! Customers' files on an origin of their own: the whole way from the desk's address over the ticket, hostile files in every form, and nothing of the relay behind the other address.

use super::inbound::{open, settled};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::interaction::AttachmentState;
use tests::command::Served;
use tests::relay::{Database, PASSWORD, Setup};
use tests::{Customer, Desk, Relay};

/// A client that goes nowhere by itself.
fn still() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

async fn get(http: &Client, url: &str, headers: &[(&'static str, &str)]) -> Response {
    let mut request = http.get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

/// What keeps a file from being anything but a file, and tells nobody about the desk.
fn harmless(answer: &Response) {
    let headers = answer.headers();
    for (name, value) in [
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("referrer-policy", "no-referrer"),
        ("set-cookie", ""),
        ("access-control-allow-origin", ""),
    ] {
        assert_eq!(text(headers, name), value, "{name} of {}", answer.url());
    }
}

/// The address of the newest file of a chat at the desk, once it came.
async fn newest(relay: &Relay, eva: &Desk, chat: &shared::wire::InteractionSnapshot, count: usize) -> String {
    let found = settled(eva, chat, count).await;
    let file = &found[count - 1].attachments[0];
    assert!(matches!(file.state, AttachmentState::Ready { .. }), "{file:?}");
    format!("{}/api/v1/attachments/{}", relay.base, file.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_way_of_a_file_with_its_ranges() {
    let relay = Relay::start().await;
    let (eva, customer, chat) = open(&relay, Channel::WhatsApp).await;
    let words = "0123456789".repeat(2_000);
    customer.send_file("file", &json!({ "name": "čísla.txt", "content": words })).await;
    let url = newest(&relay, &eva, &chat, 2).await;
    let (http, token) = (still(), relay.token("eva").await);
    let bearer = format!("Bearer {token}");
    // Browsers ask for ranges at the desk's address, too; there are bytes at the other one alone.
    for range in [None, Some("bytes=0-9"), Some("bytes=19990-"), Some("bytes=-5")] {
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(range.map(|range| ("range", range)));
        let desk = get(&http, &url, &headers).await;
        assert_eq!(desk.status(), StatusCode::TEMPORARY_REDIRECT);
        let to = text(desk.headers(), LOCATION.as_str());
        assert!(to.starts_with(&format!("{}/", relay.files)) && !to.contains(&token), "{to}");
        assert!(desk.bytes().await.unwrap().is_empty());
        // Without any session: the ticket is enough, and nothing else is asked for.
        let headers: Vec<_> = range.map(|range| ("range", range)).into_iter().collect();
        let answer = get(&http, &to, &headers).await;
        harmless(&answer);
        let (status, part) = match range {
            None => (StatusCode::OK, words.as_str()),
            Some("bytes=-5") => (StatusCode::PARTIAL_CONTENT, "56789"),
            Some(_) => (StatusCode::PARTIAL_CONTENT, "0123456789"),
        };
        assert_eq!(answer.status(), status, "{range:?}");
        let saved = text(answer.headers(), "content-disposition");
        assert_eq!(saved, "attachment; filename*=UTF-8''%C4%8D%C3%ADsla.txt");
        assert_eq!(answer.text().await.unwrap(), part, "{range:?}");
    }
    let led = get(&http, &url, &[("authorization", &bearer)]).await;
    let to = text(led.headers(), LOCATION.as_str());
    let out = relay.http.delete(format!("{}/api/v1/session", relay.base)).bearer_auth(&token).send().await;
    assert_eq!(out.unwrap().status(), StatusCode::NO_CONTENT);
    let gone = get(&http, &to, &[]).await;
    harmless(&gone);
    assert_eq!(gone.status(), StatusCode::NOT_FOUND, "logged out");
    assert!(!relay.log().contains("ticket="), "a ticket is in no log");
}

/// Files whose name or content means harm, in the kind under which they come.
async fn hostile(customer: &Customer) -> Vec<&'static str> {
    let files: [(&str, Value); 12] = [
        ("page.html", json!({ "content": "<!doctype html><script>alert(1)</script>" })),
        ("drawing.svg", json!({ "content": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>" })),
        ("photo.jpg", json!({ "content": "<html><body onload=alert(1)>" })),
        ("script.js", json!({ "content": "alert(1)" })),
        ("gif.gif", json!({ "content": "GIF89a/*<script>*/=1;alert(1)" })),
        ("style.css", json!({ "content": "@import url(https://evil.example)" })),
        ("../../../etc/passwd", json!({ "content": "root" })),
        ("..\\..\\evil.exe", json!({ "real_mime": "application/x-msdownload" })),
        ("\u{200b}.htaccess", json!({ "content": "Options +Indexes" })),
        ("\u{202e}gpj.exe", json!({ "real_mime": "application/x-msdownload" })),
        ("a\r\nSet-Cookie: signalbox=x\r\n\r\n<script>", json!({ "content": "x" })),
        ("a\"; filename=\"b.html", json!({ "real_mime": "application/zip" })),
    ];
    let mut names = Vec::new();
    for (name, mut media) in files {
        media["name"] = json!(name);
        customer.send_file("file", &media).await;
        names.push(name);
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_file_holds_or_is_called_it_is_a_download_of_another_origin() {
    let relay = Relay::start().await;
    let (eva, customer, chat) = open(&relay, Channel::WhatsApp).await;
    let names = hostile(&customer).await;
    let found = settled(&eva, &chat, names.len() + 1).await;
    let bearer = format!("Bearer {}", relay.token("eva").await);
    let mut handed = 0;
    for (name, message) in names.iter().zip(&found[1..]) {
        let file = &message.attachments[0];
        let AttachmentState::Ready { .. } = file.state else { panic!("{name:?}: {file:?}") };
        let url = format!("{}/api/v1/attachments/{}", relay.base, file.id);
        let desk = get(&still(), &url, &[("authorization", &bearer)]).await;
        assert_eq!(desk.status(), StatusCode::TEMPORARY_REDIRECT, "{name:?}");
        let to = text(desk.headers(), LOCATION.as_str());
        let answer = get(&still(), &to, &[]).await;
        harmless(&answer);
        assert_eq!(answer.status(), StatusCode::OK, "{name:?}");
        let saved = text(answer.headers(), "content-disposition");
        let plain = saved.strip_prefix("attachment; filename*=UTF-8''").unwrap_or_else(|| panic!("{saved}"));
        assert!(plain.chars().all(|c| c.is_ascii_alphanumeric() || "%.-_".contains(c)), "{saved}");
        let kind = text(answer.headers(), "content-type");
        let runs = ["html", "svg", "xml", "script", "css", "text/"];
        assert!(!runs.iter().any(|word| kind.contains(word)), "{name:?} is handed out as {kind}");
        // No preview is made of what is no picture.
        let preview = get(&still(), &format!("{url}/preview"), &[("authorization", &bearer)]).await;
        let preview = get(&still(), &text(preview.headers(), LOCATION.as_str()), &[]).await;
        assert_eq!(preview.status(), StatusCode::NOT_FOUND, "{name:?}");
        handed += 1;
    }
    assert_eq!(handed, names.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_answers_behind_the_address_of_files() {
    let relay = Relay::start().await;
    let http = still();
    let login = json!({ "login": "admin", "password": PASSWORD });
    let begun = http.post(format!("{}/api/v1/session", relay.base)).json(&login).send().await.unwrap();
    let cookie = text(begun.headers(), "set-cookie").split(';').next().unwrap().to_owned();
    let bearer = format!("Bearer {}", relay.token("admin").await);
    let document: Value =
        get(&http, &format!("{}/api/v1/openapi.json", relay.base), &[]).await.json().await.unwrap();
    let mut routes: Vec<(String, String)> = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let filled: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { "00000000-0000-0000-0000-000000000004" } else { part })
            .collect();
        routes.extend(methods.as_object().unwrap().keys().map(|method| (method.clone(), filled.join("/"))));
    }
    for page in ["/", "/admin/", "/index.html", "/activities/7", "/robots.txt"] {
        routes.push(("get".to_owned(), page.to_owned()));
    }
    assert!(routes.len() > 45, "{routes:?}");
    let names = [relay.files.trim_start_matches("http://"), relay.base.trim_start_matches("http://")];
    for (method, path) in &routes {
        let method: Method = method.to_uppercase().parse().unwrap();
        for carried in [("cookie", &cookie), ("authorization", &bearer)] {
            // Under the name of the files and under the desk's, which is no way around.
            for host in names {
                let request = http.request(method.clone(), format!("{}{path}", relay.files));
                let request = request.header(carried.0, carried.1).header("origin", &relay.base);
                let answer = request.header("host", host).json(&login).send().await.unwrap();
                harmless(&answer);
                assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{method} {path} as {host}");
            }
            // And on the desk's own listener under the name of the files.
            let request = http.request(method.clone(), format!("{}{path}", relay.base));
            let request = request.header(carried.0, carried.1).header("host", names[0]);
            let answer = request.json(&login).send().await.unwrap();
            harmless(&answer);
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{method} {path} on the common listener");
        }
    }
    let who = get(&http, &format!("{}/api/v1/session", relay.base), &[("cookie", &cookie)]).await;
    assert_eq!(who.status(), StatusCode::OK, "nothing of it ended the session");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_served_workspace_tells_the_two_by_the_name_alone() {
    let relay = Relay::start_with(Setup { database: Database::File, ..Setup::default() }).await;
    let (eva, customer, chat) = open(&relay, Channel::WhatsApp).await;
    customer.send_file("image", &json!({ "name": "dog.jpg" })).await;
    let url = newest(&relay, &eva, &chat, 2).await;
    let path = url.strip_prefix(&relay.base).unwrap().to_owned();
    let bearer = format!("Bearer {}", relay.token("eva").await);
    let data = relay.into_data().await;
    let names = [
        ("SIGNALBOX_FILES_URL", "https://Files.example.com"),
        ("SIGNALBOX_ORIGINS", "https://desk.example.com"),
    ];
    let served = Served::start(data.path(), &names).await;
    let http = still();
    let at = |path: &str| format!("{}{path}", served.base);
    let desk = ("host", "desk.example.com");
    let page = get(&http, &at("/"), &[desk]).await;
    let policy = text(page.headers(), "content-security-policy");
    assert!(policy.contains("img-src 'self' data: blob: https://files.example.com;"), "{policy}");
    assert!(policy.contains("media-src 'self' https://files.example.com;"), "{policy}");
    let led = get(&http, &at(&format!("{path}/preview")), &[desk, ("authorization", &bearer)]).await;
    assert_eq!(led.status(), StatusCode::TEMPORARY_REDIRECT);
    let to = text(led.headers(), LOCATION.as_str());
    let to = to.strip_prefix("https://files.example.com").unwrap();
    let picture = get(&http, &at(to), &[("host", "files.example.com")]).await;
    harmless(&picture);
    assert_eq!(
        (picture.status(), text(picture.headers(), "content-type")),
        (StatusCode::OK, "image/jpeg".into())
    );
    let other = get(&http, &at(to), &[desk, ("authorization", &bearer)]).await;
    assert_ne!(other.status(), StatusCode::OK, "the desk's name has no such route");
    let files = [("host", "files.example.com"), ("authorization", bearer.as_str())];
    let session = get(&http, &at("/api/v1/session"), &files).await;
    assert_eq!(session.status(), StatusCode::NOT_FOUND);
    served.stop().await;
    // Nothing is configured: as before there were two origins.
    let served = Served::start(data.path(), &[]).await;
    let answer = get(&http, &format!("{}{path}", served.base), &[("authorization", &bearer)]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(text(answer.headers(), "content-disposition").starts_with("attachment;"));
    served.stop().await;
}
