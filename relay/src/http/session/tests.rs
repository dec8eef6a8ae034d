//! Passwords, guesses, cookies and origins, without a server around them.

use super::attempts::Attempts;
use super::carriage::{self, Carriage};
use super::origin::Origins;
use super::password::{Passwords, hash};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::net::IpAddr;
use std::time::{Duration, Instant};

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
    };
    pairs.iter().map(pair).collect()
}

#[tokio::test]
async fn only_the_right_password_is_right() {
    let passwords = Passwords::default();
    let stored = hash("signalbox-demo").unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    let turn = || async { passwords.turn().await.unwrap() };
    assert!(turn().await.verify("signalbox-demo".into(), Some(stored.clone())).await);
    assert!(!turn().await.verify("signalbox-dem".into(), Some(stored)).await);
    assert!(!turn().await.verify("signalbox-demo".into(), Some("no hash".into())).await);
    // Nobody's hash is one that can be checked, so that it costs as much as a real one.
    let began = Instant::now();
    assert!(!turn().await.verify("signalbox-demo".into(), None).await);
    assert!(began.elapsed() > Duration::from_millis(2), "it took {:?}", began.elapsed());
    assert_ne!(hash("same").unwrap(), hash("same").unwrap(), "each with a salt of its own");
}

#[tokio::test]
async fn who_comes_when_too_many_wait_is_sent_away() {
    let passwords = Passwords::default();
    let held = [passwords.turn().await.unwrap(), passwords.turn().await.unwrap()];
    let waiting: Vec<_> = (0..crate::config::HASHES_WAITING)
        .map(|_| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.turn().await.is_some() })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(passwords.turn().await.is_none());
    drop(held);
    for one in waiting {
        assert!(one.await.unwrap());
    }
}

#[test]
fn guessing_slows_down_and_is_never_locked() {
    let (attempts, address) = (Attempts::default(), IpAddr::from([192, 0, 2, 1]));
    let mut now = Instant::now();
    let (mut tried, end) = (0, now + Duration::from_mins(10));
    while now < end {
        match attempts.wait("Eva", address, now) {
            None => {
                tried += 1;
                attempts.wrong("eva", address, now);
            }
            Some(wait) => now += wait,
        }
    }
    assert!((10..=20).contains(&tried), "{tried} tries in ten minutes");
    assert_eq!(attempts.wait("petr", address, now), None, "another login is free");
    attempts.right("EVA");
    assert_eq!(attempts.wait("eva", address, now), None, "and so is the right one after success");
}

#[test]
fn one_address_is_slowed_down_for_all_logins() {
    let (attempts, now) = (Attempts::default(), Instant::now());
    let host = |last: u16| IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, last]);
    for n in 0..40 {
        attempts.wrong(&format!("login{n}"), host(n), now);
    }
    assert!(attempts.wait("new", host(99), now).is_some(), "the same /64");
    assert!(attempts.wait("new", IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, 1]), now).is_none());
}

#[test]
fn a_header_goes_before_the_cookie_and_never_beside_it() {
    let both = headers(&[("authorization", "bearer abc"), ("cookie", "a=b; signalbox=def")]);
    assert_eq!(carriage::of(&both, false), Some(("abc".into(), Carriage::Bearer)));
    let basic = headers(&[("authorization", "Basic abc"), ("cookie", "signalbox=def")]);
    assert_eq!(carriage::of(&basic, false), None);
    let cookie = headers(&[("cookie", "a=b; signalbox=def")]);
    assert_eq!(carriage::of(&cookie, false), Some(("def".into(), Carriage::Cookie)));
    assert_eq!(carriage::of(&cookie, true), None, "over https only the cookie bound to its host counts");
}

#[test]
fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
    let plain = carriage::cookie("t", false, 60).unwrap();
    assert_eq!(plain, "signalbox=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    let secure = carriage::cookie("t", true, 60).unwrap();
    assert_eq!(secure, "__Host-signalbox=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
    let (one, two) = (carriage::token().unwrap(), carriage::token().unwrap());
    assert!(one.len() == 64 && one != two && carriage::digest(&one) != one);
}

#[test]
fn other_origins_are_turned_away() {
    let any = Origins::default();
    let host = ("host", "desk.example:8080");
    for own in ["http://desk.example:8080", "https://Desk.example:8080"] {
        assert!(any.admit(&headers(&[host, ("origin", own)])), "{own}");
    }
    for other in [
        "https://evil.example",
        "http://desk.example",
        "http://desk.example:8080.evil.example",
        "null",
        "",
        "desk.example:8080",
        "file://",
    ] {
        assert!(!any.admit(&headers(&[host, ("origin", other)])), "{other}");
    }
    assert!(any.admit(&headers(&[host])), "no browser at all");
    for site in ["cross-site", "same-site", "none"] {
        assert!(!any.admit(&headers(&[host, ("sec-fetch-site", site)])), "{site}");
    }
    let set = Origins { configured: vec!["https://desk.example".into()], local: false };
    assert!(set.admit(&headers(&[host, ("origin", "https://desk.example")])));
    assert!(!set.admit(&headers(&[host, ("origin", "http://desk.example:8080")])), "only what is configured");
}

#[test]
fn the_demo_is_reached_under_names_of_this_machine_alone() {
    let demo = Origins { configured: Vec::new(), local: true };
    for host in ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "127.8.8.8"] {
        assert!(demo.reached_as(Some(host)), "{host}");
    }
    for host in ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "0.0.0.0:8080", ""] {
        assert!(!demo.reached_as(Some(host)), "{host}");
    }
    assert!(Origins::default().reached_as(Some("desk.example")));
}
