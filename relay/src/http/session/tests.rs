//! Passwords, guesses, cookies and origins, without a server around them.

use super::attempts::Attempts;
use super::carriage::{self, Carriage};
use super::origin::Origins;
use super::password::{NOBODY, Passwords, hash};
use crate::config::Limits;
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
    let passwords = Passwords::new(&Limits::default());
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
    let passwords = Passwords::new(&Limits::default());
    let held = [passwords.turn().await.unwrap(), passwords.turn().await.unwrap()];
    let waiting: Vec<_> = (0..Limits::default().hashes_waiting)
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
    attempts.right("EVA", address, now);
    assert_eq!(attempts.wait("eva", address, now), None, "and so is the right one after success");
}

#[test]
fn ten_thousand_guesses_from_everywhere_come_to_twenty_and_keep_nobody_out() {
    let (attempts, mut now) = (Attempts::default(), Instant::now());
    let (home, begin) = (IpAddr::from([192, 0, 2, 1]), now);
    attempts.right("eva", home, now);
    let mut evaluated = 0;
    for n in 0..10_000_u32 {
        let somewhere = IpAddr::from(n.to_be_bytes());
        if attempts.wait("eva", somewhere, now).is_none() {
            evaluated += 1;
            attempts.wrong("eva", somewhere, now);
        }
        assert_eq!(
            attempts.wait("Eva ", home, now),
            None,
            "who logs in where they always do is not kept out"
        );
        now += Duration::from_millis(60);
    }
    assert_eq!(now - begin, Duration::from_mins(10));
    assert!((10..=20).contains(&evaluated), "{evaluated} of 10,000");
    // Guesses from home count there.
    for _ in 0..6 {
        attempts.wrong("eva", home, now);
    }
    assert!(attempts.wait("eva", home, now).is_some());
}

#[tokio::test]
async fn it_takes_as_long_to_say_no_to_nobody_as_to_somebody() {
    let passwords = Passwords::new(&Limits::default());
    let stored = hash("signalbox-demo").unwrap();
    // The same cost, and everything else as long: nothing that takes time is left out or put in.
    let cost = |hash: &str| hash.rsplitn(3, '$').map(str::len).collect::<Vec<_>>();
    assert_eq!(cost(NOBODY), cost(&stored));
    assert_eq!(NOBODY.rsplitn(3, '$').last(), stored.rsplitn(3, '$').last());
    let mut shortest = [Duration::MAX; 2];
    for _ in 0..25 {
        for (shortest, hash) in shortest.iter_mut().zip([None, Some(stored.clone())]) {
            let began = Instant::now();
            assert!(!passwords.turn().await.unwrap().verify("wrong".into(), hash).await);
            *shortest = began.elapsed().min(*shortest);
        }
    }
    // The best of interleaved tries: whatever else the machine does only makes them longer.
    let ratio = shortest[0].as_secs_f64() / shortest[1].as_secs_f64();
    assert!((0.5..2.0).contains(&ratio), "{shortest:?}");
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
fn a_cookie_counts_only_with_the_name_of_our_page() {
    let set = Origins { configured: vec!["https://desk.example".into()], local: false };
    let host = ("host", "desk.example");
    let vouch = |pairs: &[(&'static str, &str)]| set.vouch(&headers(&[&[host], pairs].concat()));
    assert!(vouch(&[("origin", "https://desk.example")]));
    assert!(vouch(&[("origin", "HTTPS://DESK.EXAMPLE"), ("sec-fetch-site", "same-origin")]));
    assert!(
        vouch(&[("sec-fetch-site", "same-origin")]),
        "no socket, but a page of ours that was asked for nothing else"
    );
    for other in [
        &[][..],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "http://desk.example")],
        &[("origin", "https://desk.example:443")],
        &[("origin", "https://desk.example:8443")],
        &[("origin", "https://www.desk.example")],
        &[("origin", "https://desk.example.evil.example")],
        &[("origin", "https://evil-desk.example")],
        &[("origin", "https://desk.example/")],
        &[("origin", "https://desk.example@evil.example")],
        &[("origin", "https://desk.example https://evil.example")],
        &[("origin", "https://desk.example, https://evil.example")],
        &[("origin", " https://desk.example.")],
        &[("origin", "wss://desk.example")],
        &[("origin", "file://")],
        &[("origin", "chrome-extension://desk.example")],
        &[("origin", "https://xn--dsk-bma.example")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", "https://desk.example"), ("sec-fetch-site", "cross-site")],
        &[("origin", "https://desk.example"), ("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
    ] {
        assert!(!vouch(other), "{other:?}");
    }
    let mut twice = headers(&[host, ("origin", "https://desk.example")]);
    twice.append("origin", HeaderValue::from_static("https://evil.example"));
    assert!(!set.vouch(&twice));
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

#[test]
fn a_report_may_come_without_a_name_from_a_page_of_the_same_origin_alone() {
    let set = Origins { configured: vec!["https://desk.example".into()], local: false };
    let vouch = |pairs: &[(&'static str, &str)]| {
        set.vouch_report(&headers(&[&[("host", "desk.example")], pairs].concat()))
    };
    assert!(vouch(&[("origin", "null"), ("sec-fetch-site", "same-origin")]));
    assert!(vouch(&[("sec-fetch-site", "same-origin")]));
    assert!(vouch(&[("origin", "https://desk.example")]));
    for other in [
        &[][..],
        &[("origin", "null")],
        &[("origin", "null"), ("sec-fetch-site", "cross-site")],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
    ] {
        assert!(!vouch(other), "{other:?}");
    }
}
