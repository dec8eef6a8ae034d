//! Customers' files on an origin of their own: who may read a chat is led there, a ticket opens one file for one session for a while, and nothing else answers there; long because every way around a ticket is tried.

use super::bed::{Answer, Bed, PASSWORD};
use super::foreign;
use super::matrix::people::{self, Kind};
use crate::media::Part;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use shared::command::Occurrence;
use shared::config::ConfigChange;
use shared::id::{AttachmentId, QueueId};
use shared::time::Span;
use tower::ServiceExt;

const DESK: &str = "desk.example";
const FILES: &str = "files.example";
const BYTES: &[u8] = b"\xff\xd8\xff";

/// A bed with a content origin and a file of the first queue.
struct Place {
    bed: Bed,
    file: AttachmentId,
}

impl Place {
    async fn new() -> Self {
        let bed = people::in_bed(Bed::with_files("/", "https://files.example").await).await;
        let (interaction, ..) = people::waiting(&bed, 0).await;
        let file = people::file(&bed, interaction).await;
        Self { bed, file }
    }

    /// A session of somebody.
    async fn token(&self, kind: Kind) -> String {
        people::session(&self.bed, kind).await.0
    }

    /// Asks the desk for a file of this place, as whoever has the token.
    async fn desk(&self, token: &str, end: &str) -> Answer {
        let path = format!("/api/v1/attachments/{}{end}", self.file);
        ask(&self.bed.router, DESK, &path, &[("authorization", &format!("Bearer {token}"))]).await
    }

    /// Where the desk leads whoever has the token.
    async fn led(&self, token: &str, end: &str) -> String {
        let answer = self.desk(token, end).await;
        assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
        answer.header("location").strip_prefix("https://files.example").unwrap().to_owned()
    }

    /// Asks the content origin.
    async fn content(&self, path: &str) -> Answer {
        ask(&self.bed.router, FILES, path, &[]).await
    }

    async fn occur(&self, change: ConfigChange) {
        let change = Occurrence::Configure { by: None, change };
        self.bed.app.engine.occur(change, crate::log::Beside::default()).await.unwrap();
    }
}

async fn ask(router: &Router, host: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    send(router, Method::GET, host, path, headers, Body::empty()).await
}

async fn send(
    router: &Router,
    method: Method,
    host: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Body,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("host", host);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, body }
}

/// What every answer of the content origin carries, and what it never does.
fn harmless(answer: &Answer) {
    let policy = "default-src 'none'; frame-ancestors 'none'; sandbox";
    for (name, value) in [
        ("content-security-policy", policy),
        ("cross-origin-resource-policy", "cross-origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("set-cookie", ""),
        ("access-control-allow-origin", ""),
        ("access-control-allow-credentials", ""),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
}

/// Nothing is there, whatever the reason.
fn nothing(answer: &Answer, why: &str) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{why}");
    assert_eq!(answer.value()["detail"], "There is nothing at this address.", "{why}");
    assert_eq!(answer.header("cache-control"), "no-store", "{why}");
    harmless(answer);
}

#[tokio::test]
async fn whoever_may_read_the_chat_is_led_to_its_file_and_gets_it_there() {
    let place = Place::new().await;
    let token = place.token(Kind::Agent).await;
    for end in ["", "/preview"] {
        let desk = place.desk(&token, end).await;
        assert_eq!(desk.status, StatusCode::TEMPORARY_REDIRECT);
        assert!(desk.body.is_empty(), "the desk's origin hands out no bytes");
        assert_eq!(
            (desk.header("cache-control"), desk.header("referrer-policy")),
            ("no-store", "no-referrer")
        );
        let to = desk.header("location").to_owned();
        assert!(to.starts_with("https://files.example/") && !to.contains(&token), "{to}");
        let file = place.content(&to["https://files.example".len()..]).await;
        assert_eq!((file.status, &file.body[..]), (StatusCode::OK, BYTES));
        harmless(&file);
        assert_eq!(file.header("content-type"), "image/jpeg");
        let saved = file.header("content-disposition");
        assert_eq!(
            saved.starts_with("attachment;"),
            end.is_empty(),
            "only what was drawn anew is shown: {saved}"
        );
        let kept = file.header("cache-control").strip_prefix("private, max-age=").unwrap();
        assert!((30..=120).contains(&kept.parse::<u32>().unwrap()), "no longer than the ticket: {kept}");
    }
    for kind in [Kind::OtherAgent, Kind::Admin] {
        let token = place.token(kind).await;
        for end in ["", "/preview"] {
            place.desk(&token, end).await.problem(StatusCode::NOT_FOUND);
        }
    }
    place.desk("nobody", "").await.problem(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_range_is_handed_out_on_the_content_origin_and_a_head_has_no_body() {
    let place = Place::new().await;
    let to = place.led(&place.token(Kind::Agent).await, "").await;
    let part = ask(&place.bed.router, FILES, &to, &[("range", "bytes=1-")]).await;
    assert_eq!((part.status, &part.body[..]), (StatusCode::PARTIAL_CONTENT, &BYTES[1..]));
    assert_eq!(part.header("content-range"), "bytes 1-2/3");
    harmless(&part);
    let head = send(&place.bed.router, Method::HEAD, FILES, &to, &[], Body::empty()).await;
    assert_eq!((head.status, head.body.len(), head.header("content-length")), (StatusCode::OK, 0, "3"));
}

#[tokio::test]
async fn a_customers_picture_has_a_ticket_of_its_own() {
    let place = Place::new().await;
    let token = place.token(Kind::Agent).await;
    let id = people::picture(&place.bed, 0).await;
    let bearer = format!("Bearer {token}");
    let router = &place.bed.router;
    let led = ask(router, DESK, &format!("/api/v1/avatars/{id}"), &[("authorization", &bearer)]).await;
    assert_eq!(led.status, StatusCode::TEMPORARY_REDIRECT);
    let to = led.header("location").strip_prefix("https://files.example").unwrap().to_owned();
    let picture = place.content(&to).await;
    assert_eq!((picture.status, &picture.body[..]), (StatusCode::OK, BYTES));
    harmless(&picture);
    nothing(&place.content(&to.replace("/avatar", "/preview")).await, "another form");
    // A file of a message is no customer's picture, here as there.
    let message = format!("/api/v1/avatars/{}", place.file);
    ask(router, DESK, &message, &[("authorization", &bearer)]).await.problem(StatusCode::NOT_FOUND);
    ask(router, DESK, &format!("/api/v1/avatars/{id}"), &[]).await.problem(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nothing_but_the_ticket_made_for_it_opens_a_file() {
    let place = Place::new().await;
    let token = place.token(Kind::Agent).await;
    let to = place.led(&token, "").await;
    let (path, ticket) = to.split_once("?ticket=").unwrap();
    let other = Bytes::from_static(BYTES);
    let elsewhere = AttachmentId::from_u128(0xFACE);
    place.bed.app.blobs.put(elsewhere, Part::Preview, other).await.unwrap();
    for (why, path) in [
        ("no ticket", path.to_owned()),
        ("an empty one", format!("{path}?ticket=")),
        ("under another name", format!("{path}?token={ticket}")),
        ("another form", to.replace("/file?", "/preview?")),
        ("another form", to.replace("/file?", "/avatar?")),
        ("no form", to.replace("/file?", "/original?")),
        ("another file", to.replace(&place.file.to_string(), &elsewhere.to_string())),
        ("no file", to.replace(&place.file.to_string(), "../file")),
        ("one digit more", format!("{to}0")),
        ("one digit less", to[..to.len() - 1].to_owned()),
        ("later", to.replace("?ticket=", "?ticket=9")),
        ("a path below", to.replace("/file?", "/file/x?")),
        ("the API", format!("/api/v1/attachments/{}?ticket={ticket}", place.file)),
    ] {
        nothing(&place.content(&path).await, why);
    }
    // The desk's origin does not know the route.
    let desk = ask(&place.bed.router, DESK, &to, &[("authorization", &format!("Bearer {token}"))]).await;
    assert!(desk.status != StatusCode::OK && !desk.body.windows(3).any(|part| part == BYTES));
    assert_eq!(place.content(&to).await.status, StatusCode::OK, "and the right one still opens it");
}

#[tokio::test]
async fn a_ticket_ends_with_its_time() {
    let place = Place::new().await;
    let to = place.led(&place.token(Kind::Agent).await, "").await;
    assert_eq!(place.content(&to).await.status, StatusCode::OK);
    place.bed.app.wall.advance(Span::minutes(2));
    nothing(&place.content(&to).await, "two minutes later");
}

/// What ends the right to a file though the ticket's time is not up.
#[derive(Clone, Copy, Debug)]
enum End {
    LogsOut,
    IsDeactivated,
    GetsARole,
    LeavesTheQueue,
}

#[tokio::test]
async fn a_ticket_ends_with_its_session_and_with_the_right_to_the_chat() {
    for end in [End::LogsOut, End::IsDeactivated, End::GetsARole, End::LeavesTheQueue] {
        let place = Place::new().await;
        let token = place.token(Kind::Agent).await;
        let (to, drawn) = (place.led(&token, "").await, place.led(&token, "/preview").await);
        // Another session of the same person stays what it is.
        let other = place.token(Kind::Agent).await;
        let others = place.led(&other, "").await;
        assert_eq!(place.content(&to).await.status, StatusCode::OK);
        let bed = &place.bed;
        let admin = place.token(Kind::Admin).await;
        let person = |role: &str, active: bool| json!({ "login": "eva", "name": "EVA", "role": role, "active": active });
        let path = format!("/api/v1/users/{}", Kind::Agent.user());
        match end {
            End::LogsOut => {
                bed.json(Method::DELETE, "/api/v1/session", Some(&token), &json!({})).await;
            }
            End::IsDeactivated => {
                bed.json(Method::PUT, &path, Some(&admin), &person("agent", false)).await;
            }
            End::GetsARole => {
                bed.json(Method::PUT, &path, Some(&admin), &person("supervisor", true)).await;
            }
            End::LeavesTheQueue => {
                let id: QueueId = people::QUEUES[0];
                let mut queue = bed.app.engine.look(|world| world.config.queues[&id].clone());
                queue.members.remove(&Kind::Agent.user());
                place.occur(ConfigChange::QueueSaved(queue)).await;
            }
        }
        for to in [&to, &drawn] {
            nothing(&place.content(to).await, &format!("{end:?}"));
        }
        let left = place.content(&others).await.status;
        let stays = matches!(end, End::LogsOut);
        assert_eq!(left == StatusCode::OK, stays, "{end:?}: the other session");
    }
}

#[tokio::test]
async fn no_route_of_the_relay_answers_on_the_content_origin() {
    let place = Place::new().await;
    let bed = &place.bed;
    let login = json!({ "login": "admin", "password": PASSWORD });
    let cookie = bed.json(Method::POST, "/api/v1/session", None, &login).await;
    let cookie = cookie.header("set-cookie").split(';').next().unwrap().to_owned();
    let admin = format!("Bearer {}", bed.token("admin").await);
    let before = bed.app.engine.look(|world| world.config.version);
    let mut routes = foreign::routes(bed).await;
    for page in
        ["/", "/admin", "/admin/", "/index.html", "/activities/7", "/robots.txt", "/files", "/metrics"]
    {
        routes.push(("GET".to_owned(), page.to_owned()));
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        routes.push((method.to_owned(), format!("/{}/file", place.file)));
    }
    let alone = crate::http::files(&bed.app);
    let mut tried = 0;
    for (method, path) in &routes {
        let method: Method = method.parse().unwrap();
        for carried in [("cookie", cookie.as_str()), ("authorization", admin.as_str()), ("x-none", "")] {
            let page = [carried, ("origin", "https://files.example"), ("content-type", "application/json")];
            // By its name on the common listener, and by whatever name on its own.
            for (router, host) in [(&bed.router, FILES), (&alone, FILES), (&alone, DESK)] {
                let body = Body::from(login.to_string());
                let answer = send(router, method.clone(), host, path, &page, body).await;
                nothing(&answer, &format!("{method} {path} as {host}"));
                tried += 1;
            }
        }
    }
    assert!(tried > 400, "only {tried} tries");
    assert_eq!(bed.app.engine.look(|world| world.config.version), before, "nothing was changed");
    let there = bed.json(Method::GET, "/api/v1/queues", Some(&admin[7..]), &json!({})).await;
    assert_eq!(there.status, StatusCode::OK, "on the desk's origin they all are there");
}

#[tokio::test]
async fn a_listener_of_its_own_hands_out_files_by_any_name() {
    let place = Place::new().await;
    let to = place.led(&place.token(Kind::Agent).await, "").await;
    let alone = crate::http::files(&place.bed.app);
    for host in [FILES, "127.0.0.1:8083", DESK] {
        assert_eq!(ask(&alone, host, &to, &[]).await.status, StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn below_a_path_the_content_origin_has_no_path() {
    let bed = people::in_bed(Bed::with_files("/desk/", "https://files.example").await).await;
    let (interaction, ..) = people::waiting(&bed, 0).await;
    let file = people::file(&bed, interaction).await;
    let bearer = format!("Bearer {}", people::session(&bed, Kind::Agent).await.0);
    let path = format!("/desk/api/v1/attachments/{file}");
    let led = ask(&bed.router, DESK, &path, &[("authorization", &bearer)]).await;
    let to = led.header("location").strip_prefix("https://files.example").unwrap().to_owned();
    assert_eq!(ask(&bed.router, FILES, &to, &[]).await.status, StatusCode::OK);
    nothing(&ask(&bed.router, FILES, "/desk/api/v1/session", &[]).await, "the API below the path");
}

#[tokio::test]
async fn without_a_content_origin_the_desk_hands_out_files_itself() {
    let bed = people::bed().await;
    let (interaction, ..) = people::waiting(&bed, 0).await;
    let file = people::file(&bed, interaction).await;
    let bearer = format!("Bearer {}", people::session(&bed, Kind::Agent).await.0);
    for end in ["", "/preview"] {
        let path = format!("/api/v1/attachments/{file}{end}");
        let answer = ask(&bed.router, FILES, &path, &[("authorization", &bearer)]).await;
        assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, BYTES));
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert!(answer.header("content-security-policy").contains("sandbox"));
    }
}
