//! The workspace's colour and its own sounds with the real relay: in its pages, over restarts, and in a backup.

use serde_json::{Value, json};
use shared::config::{Rgb, contrast};
use tempfile::TempDir;
use tests::Relay;
use tests::command::run;

/// What stands between the last `before` and the next `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.rsplit_once(before)?.1.split_once(after)?.0)
}

async fn text(relay: &Relay, path: &str) -> String {
    relay.http.get(format!("{}{path}", relay.base)).send().await.unwrap().text().await.unwrap()
}

/// The name of the sheet that a page names.
async fn sheet(relay: &Relay, page: &str) -> Option<String> {
    let page = text(relay, page).await;
    assert!(page.contains("</head>"), "the desk and the admin are built: {page}");
    between(&page, "<link rel=\"stylesheet\" href=\"accent-", "\"").map(|rest| format!("accent-{rest}"))
}

/// A token of a sheet in light and in dark.
fn token(sheet: &str, name: &str) -> [Rgb; 2] {
    let pair = between(sheet, &format!("--{name}: light-dark("), ")").unwrap();
    let (light, dark) = pair.split_once(", ").unwrap();
    [light.parse().unwrap(), dark.parse().unwrap()]
}

async fn set(relay: &Relay, login: &str, accent: Value) -> u16 {
    let token = relay.token(login).await;
    let put = relay.http.put(format!("{}/api/v1/look", relay.base)).bearer_auth(token);
    put.json(&json!({ "accent": accent })).send().await.unwrap().status().as_u16()
}

async fn put(relay: &Relay, login: &str, sound: &str, bytes: Vec<u8>) -> u16 {
    let token = relay.token(login).await;
    let put = relay.http.put(format!("{}/api/v1/sounds/{sound}", relay.base)).bearer_auth(token);
    put.body(bytes).send().await.unwrap().status().as_u16()
}

/// The bytes of a sound as a desk gets them, and their type.
async fn heard(relay: &Relay, sound: &str) -> (Vec<u8>, String) {
    let answer = relay.http.get(format!("{}/sounds/{sound}.wav", relay.base)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    (answer.bytes().await.unwrap().to_vec(), kind)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colour_reaches_the_pages_can_be_read_and_outlasts_a_restart() {
    let mut relay = Relay::start_apart().await;
    for page in ["/", "/admin/"] {
        assert_eq!(sheet(&relay, page).await, None);
    }
    assert_eq!(set(&relay, "eva", json!("#ffd400")).await, 403);
    assert_eq!(set(&relay, "admin", json!("yellow")).await, 422);
    assert_eq!(sheet(&relay, "/").await, None);
    assert_eq!(set(&relay, "admin", json!("#ffd400")).await, 200);
    relay.kill_and_restart().await;
    for page in ["/", "/admin/"] {
        let name = sheet(&relay, page).await.unwrap();
        let answer = relay.http.get(format!("{}{page}{name}", relay.base)).send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert!(
            header("content-type").starts_with("text/css") && header("cache-control").contains("immutable")
        );
        assert!(header("content-security-policy").contains("style-src 'self';"));
        let sheet = answer.text().await.unwrap();
        let of = |name: &str| token(&sheet, name);
        assert_eq!(of("accent")[1], Rgb::of(0xff_d4_00), "yellow can be read on dark grounds as it is");
        assert_ne!(of("accent")[0], Rgb::of(0xff_d4_00), "and not on light ones");
        for theme in [0, 1] {
            for (one, ground) in
                [("on-accent", "accent"), ("on-accent", "accent-strong"), ("accent-text", "accent-soft")]
            {
                let found = contrast(of(one)[theme], of(ground)[theme]);
                assert!(found >= 4.5, "{one} on {ground}: {found:.2}\n{sheet}");
            }
            let surface = [Rgb::of(0xff_ff_ff), Rgb::of(0x1a_1a_18)][theme];
            assert!(contrast(of("accent-text")[theme], surface) >= 4.5, "{sheet}");
            assert!(contrast(of("ring")[theme], surface) >= 3.0, "{sheet}");
        }
    }
    // What the desk's worker takes for a name that follows the content.
    let name = sheet(&relay, "/").await.unwrap();
    let digits = between(&name, "-", ".css").unwrap();
    assert!(
        digits.len() >= 8 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')),
        "{name}"
    );
    assert_eq!(set(&relay, "admin", Value::Null).await, 200);
    for page in ["/", "/admin/"] {
        assert_eq!(sheet(&relay, page).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sounds_are_set_by_admins_alone_heard_by_desks_and_outlast_a_restart() {
    let mut relay = Relay::start_apart().await;
    let built_in = heard(&relay, "offer").await;
    assert_eq!(built_in.1, "audio/wav");
    let own = [b"OggS".as_slice(), &[0; 24], b"OpusHead and so on"].concat();
    assert_eq!(put(&relay, "eva", "offer", own.clone()).await, 403);
    for (bytes, status) in
        [(Vec::new(), 422), (b"<!doctype html>".to_vec(), 415), (vec![b'f'; 1024 * 1024 + 1], 413)]
    {
        assert_eq!(put(&relay, "admin", "offer", bytes).await, status);
    }
    assert_eq!(heard(&relay, "offer").await, built_in);
    assert_eq!(put(&relay, "admin", "offer", own.clone()).await, 200);
    let admin = relay.token("admin").await;
    let list = relay.get(&admin, "/api/v1/sounds").await;
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!((&list[0]["sound"], &list[0]["kind"]), (&json!("offer"), &json!("opus")));
    assert_eq!(list[0]["bytes"], json!(own.len()));
    relay.kill_and_restart().await;
    assert_eq!(heard(&relay, "offer").await, (own, "audio/ogg".to_owned()));
    let other = heard(&relay, "message").await;
    assert_eq!((&other.0[..4], &*other.1), (b"RIFF".as_slice(), "audio/wav"), "the other one is as it was");
    let admin = relay.token("admin").await;
    let gone =
        relay.http.delete(format!("{}/api/v1/sounds/offer", relay.base)).bearer_auth(admin).send().await;
    assert_eq!(gone.unwrap().status().as_u16(), 204);
    assert_eq!(heard(&relay, "offer").await, built_in);
    let log = relay.log();
    for words in ["a sound was set", "a sound was removed"] {
        assert!(log.contains(words), "who changes what is heard leaves a trace: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_the_colour_and_the_sounds() {
    let mut relay = Relay::start_apart_on(None).await;
    let own = [b"fLaC".to_vec(), (0..=255).cycle().take(1024 * 1024 - 4).collect()].concat();
    assert_eq!(put(&relay, "admin", "message", own.clone()).await, 200);
    assert_eq!(set(&relay, "admin", json!("#7a1fa2")).await, 200);
    let name = sheet(&relay, "/").await;
    let kept = TempDir::new().unwrap();
    let folder = kept.path().join("backup");
    let taken = run(relay.data(), &["backup", folder.to_str().unwrap()], "").await;
    assert!(taken.well, "{taken:?}");
    assert_eq!(put(&relay, "admin", "message", b"fLaC another".to_vec()).await, 200);
    assert_eq!(set(&relay, "admin", Value::Null).await, 200);
    relay.kill().await;
    let restored = run(relay.data(), &["restore", folder.to_str().unwrap(), "--force"], "").await;
    assert!(restored.well, "{restored:?}");
    relay.restart().await;
    assert_eq!(heard(&relay, "message").await, (own, "audio/flac".to_owned()));
    assert_eq!(sheet(&relay, "/").await, name);
}
