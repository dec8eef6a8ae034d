//! The workspace's colour in the pages, and sounds of its own: what is taken, what is served under the desk's addresses, and
//! what is said of the rest.

use super::bed::{Answer, Bed};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use shared::wire::SOUND_MAX;

const PAGE: &str = "<!doctype html><head><base href=\"./\"><link rel=\"stylesheet\" href=\"./x.css\"></head>";
const OFFER: &str = "/sounds/offer.wav";

async fn bed(path: &str) -> (Bed, String) {
    let bed = Bed::at(path, false).await;
    let folder = bed.folder.path();
    std::fs::create_dir_all(folder.join("dist/sounds")).unwrap();
    std::fs::create_dir(folder.join("admin")).unwrap();
    std::fs::write(folder.join("dist/index.html"), PAGE).unwrap();
    std::fs::write(folder.join("admin/index.html"), PAGE).unwrap();
    std::fs::write(folder.join("dist/sounds/offer.wav"), "RIFFxxxxWAVE built in").unwrap();
    let root = path.trim_end_matches('/');
    let body = json!({ "login": "admin", "password": super::bed::PASSWORD, "kind": "bearer" });
    let answer = bed.json(Method::POST, &format!("{root}/api/v1/session"), None, &body).await;
    let token = answer.value()["token"].as_str().unwrap().to_owned();
    (bed, token)
}

async fn put(bed: &Bed, token: &str, sound: &str, bytes: impl Into<Body>) -> Answer {
    let request = Request::put(format!("/api/v1/sounds/{sound}"))
        .header("authorization", format!("Bearer {token}"))
        // What the client claims counts for nothing.
        .header("content-type", "text/html");
    bed.ask(request.body(bytes.into()).unwrap()).await
}

async fn tagged(bed: &Bed, tag: &str) -> Answer {
    bed.ask(Request::get(OFFER).header("if-none-match", tag).body(Body::empty()).unwrap()).await
}

/// The first bytes of a file of MP4 with this brand.
fn mp4(brand: &str) -> Vec<u8> {
    [b"\0\0\0\x1cftyp".as_slice(), brand.as_bytes(), &[0; 16]].concat()
}

#[tokio::test]
async fn pages_name_the_sheet_of_the_colour_wherever_they_are_mounted() {
    for root in ["", "/desk"] {
        let (bed, token) = bed(&format!("{root}/")).await;
        let look = format!("{root}/api/v1/look");
        let page = async |path: &str| {
            String::from_utf8(bed.get(&format!("{root}{path}")).await.body.to_vec()).unwrap()
        };
        assert!(!page("/").await.contains("accent-"));
        let body = json!({ "accent": "#7A1FA2" });
        let saved = bed.json(Method::PUT, &look, Some(&token), &body).await;
        assert_eq!(saved.value(), json!({ "accent": "#7a1fa2" }));
        for path in ["/", "/activities/7", "/admin/", "/admin/look"] {
            let text = page(path).await;
            let (_, rest) = text.split_once("./x.css\"><link rel=\"stylesheet\" href=\"").unwrap();
            let (name, _) = rest.split_once("\"></head>").unwrap();
            let folder = if path.starts_with("/admin") { "/admin/" } else { "/" };
            let sheet = bed.get(&format!("{root}{folder}{name}")).await;
            assert_eq!(
                (sheet.status, sheet.header("content-type")),
                (StatusCode::OK, "text/css; charset=utf-8")
            );
            assert!(sheet.header("cache-control").contains("immutable"));
            assert!(String::from_utf8_lossy(&sheet.body).contains("--accent: light-dark(#7a1fa2, "));
        }
        let none = bed.json(Method::PUT, &look, Some(&token), &json!({})).await;
        assert_eq!(none.value()["accent"], Value::Null);
        assert!(!page("/").await.contains("accent-"));
    }
}

#[tokio::test]
async fn what_is_no_colour_is_refused_with_its_field() {
    let (bed, token) = bed("/").await;
    for accent in ["", "petrol", "#7a1fa", "#7a1fa2; }", "</style>"] {
        let body = json!({ "accent": accent });
        let answer = bed.json(Method::PUT, "/api/v1/look", Some(&token), &body).await;
        answer.problem(StatusCode::UNPROCESSABLE_ENTITY);
        let invalid = answer.value()["refusal"].to_string();
        assert!(invalid.contains("\"accent\"") && invalid.contains("must be # and six"), "{invalid}");
    }
}

#[tokio::test]
async fn a_sound_is_known_by_its_first_bytes_and_served_as_what_it_is() {
    let (bed, token) = bed("/").await;
    let opus = [b"OggS".as_slice(), &[0; 24], b"OpusHead", &[0; 4]].concat();
    let kinds: [(&str, &str, Vec<u8>); 11] = [
        ("mp3", "audio/mpeg", b"ID3\x04 a song".to_vec()),
        ("mp3", "audio/mpeg", vec![0xff, 0xfb, 0x90, 0x64, 0]),
        ("m4a", "audio/mp4", mp4("M4A ")),
        ("m4b", "audio/mp4", mp4("M4B ")),
        ("aac", "audio/aac", vec![0xff, 0xf1, 0x50, 0x80, 0]),
        ("aac", "audio/aac", vec![0xff, 0xf9, 0x50, 0x80, 0]),
        ("ogg", "audio/ogg", [b"OggS".as_slice(), &[0; 24], b"\x01vorbis"].concat()),
        ("opus", "audio/ogg", opus),
        ("wav", "audio/wav", b"RIFF\x24\0\0\0WAVEfmt ".to_vec()),
        ("flac", "audio/flac", b"fLaC\0\0\0\x22".to_vec()),
        ("flac", "audio/flac", [b"fLaC".to_vec(), vec![7; SOUND_MAX - 4]].concat()),
    ];
    for (kind, media_type, bytes) in kinds {
        let answer = put(&bed, &token, "offer", bytes.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{kind}: {:?}", answer.body);
        assert_eq!((&answer.value()["kind"], &answer.value()["bytes"]), (&json!(kind), &json!(bytes.len())));
        let served = bed.get(OFFER).await;
        assert_eq!((served.status, &served.body[..]), (StatusCode::OK, &bytes[..]), "{kind}");
        assert_eq!(served.header("content-type"), media_type);
        assert_eq!(served.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn what_is_no_sound_is_refused_and_changes_nothing() {
    let (bed, token) = bed("/").await;
    put(&bed, &token, "offer", "fLaC own").await;
    put(&bed, &token, "offer", "").await.problem(StatusCode::UNPROCESSABLE_ENTITY);
    put(&bed, &token, "offer", vec![b'f'; SOUND_MAX + 1]).await.problem(StatusCode::PAYLOAD_TOO_LARGE);
    let streamed = Body::from_stream(futures_util::stream::iter(
        (0..17).map(|_| Ok::<_, std::io::Error>(vec![b'f'; SOUND_MAX / 16])),
    ));
    put(&bed, &token, "offer", streamed).await.problem(StatusCode::PAYLOAD_TOO_LARGE);
    let others: [&[u8]; 8] = [
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"#!AMR\n12345678",
        b"MThd\0\0\0\x06",
        b"f",
        &mp4("isom"),
        b"%PDF-1.7",
    ];
    for bytes in others {
        put(&bed, &token, "offer", bytes.to_vec()).await.problem(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    put(&bed, &token, "bell", "fLaC").await.problem(StatusCode::NOT_FOUND);
    assert_eq!(&bed.get(OFFER).await.body[..], b"fLaC own");
}

#[tokio::test]
async fn players_ask_every_time_and_are_told_when_nothing_changed() {
    let (bed, token) = bed("/").await;
    let built_in = bed.get(OFFER).await;
    assert_eq!((built_in.status, built_in.header("content-type")), (StatusCode::OK, "audio/wav"));
    assert_eq!(&built_in.body[..], b"RIFFxxxxWAVE built in");
    put(&bed, &token, "offer", "fLaC own").await;
    let own = bed.get(OFFER).await;
    for answer in [&built_in, &own] {
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert!(answer.header("etag").len() > 10, "{}", answer.header("etag"));
    }
    assert_ne!(built_in.header("etag"), own.header("etag"));
    let tag = own.header("etag");
    for known in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let same = tagged(&bed, &known).await;
        assert_eq!((same.status, same.body.len()), (StatusCode::NOT_MODIFIED, 0), "{known}");
        assert_eq!((same.header("etag"), same.header("cache-control")), (tag, "no-cache"));
    }
    assert_eq!(tagged(&bed, built_in.header("etag")).await.status, StatusCode::OK, "it is another one now");
    let list = bed.json(Method::GET, "/api/v1/sounds", Some(&token), &Value::Null).await.value();
    assert_eq!((&list[0]["sound"], &list[0]["bytes"], &list[1]), (&json!("offer"), &json!(8), &Value::Null));
    for _ in 0..2 {
        let gone = bed.json(Method::DELETE, "/api/v1/sounds/offer", Some(&token), &Value::Null).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(bed.get(OFFER).await.body, built_in.body);
    assert_eq!(tagged(&bed, built_in.header("etag")).await.status, StatusCode::NOT_MODIFIED);
    bed.get("/admin/sounds/offer.wav").await.problem(StatusCode::NOT_FOUND);
    bed.get("/sounds/message.wav").await.problem(StatusCode::NOT_FOUND);
}
