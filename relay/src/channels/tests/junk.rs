//! No input stops the relay, and none keeps it long: random bytes, random JSON, and samples with any part replaced by any other, as webhooks and as answers of providers (I-35).
//!
//! `SIGNALBOX_ROUNDS` sets how many of each kind are tried; ten thousand are a third of what every parser is to get.

use super::RECEIVED;
use crate::channels::send::{graph_sent, viber_sent};
use crate::channels::transport::Answer;
use crate::channels::{Item, Provider, split, understand};
use proptest::prelude::*;
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::channel::Channel;
use std::time::{Duration, Instant};

/// Inputs of each kind where nobody says how many.
const ROUNDS: u32 = 1_000;

/// One input takes no longer: a thousand times what it usually takes.
const LONGEST: Duration = Duration::from_millis(50);

fn rounds() -> u32 {
    std::env::var("SIGNALBOX_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS)
}

/// Does something within [`LONGEST`]. On a loaded machine its turn may be taken away in the middle: then once more.
fn soon(work: impl Fn()) {
    let quick = || {
        let began = Instant::now();
        work();
        began.elapsed() <= LONGEST
    };
    assert!((0..5).any(|_| quick()), "it takes longer than {LONGEST:?}");
}

/// Samples of every shape, all in one body.
fn samples() -> [(Provider, Value); 4] {
    let page = json!({"object": "page", "entry": [{"id": "1", "messaging": [
        {"sender": {"id": "2"}, "recipient": {"id": "1"}, "timestamp": 1_782_000_000_000_i64, "message": {"mid": "m", "text": "t",
            "attachments": [{"type": "fallback", "payload": null}], "metadata": "x", "is_echo": false}},
        {"sender": {"id": "2"}, "delivery": {"mids": ["m"], "watermark": 1}}, {"sender": {"id": "2"}, "read": {"watermark": 1}}]}]});
    let mut instagram = page.clone();
    instagram["object"] = json!("instagram");
    let whatsapp = json!({"object": "whatsapp_business_account", "entry": [{"id": "w", "changes": [{"field": "messages", "value": {
        "metadata": {"phone_number_id": "1"}, "contacts": [{"profile": {"name": "n", "username": "@n"}, "wa_id": "2", "user_id": "US.1"}],
        "messages": [{"from": "2", "id": "w", "timestamp": "1", "type": "text", "text": {"body": "t"}},
            {"from": "2", "type": "system", "system": {"wa_id": "3"}}, {"type": "interactive", "from": "2", "interactive": {"list_reply": {"title": "x"}}}],
        "statuses": [{"id": "w", "status": "failed", "recipient_id": "2", "errors": [{"code": 131_047}]}]}}]}]});
    let viber = json!({"event": "message", "timestamp": 1, "message_token": 1, "sender": {"id": "a", "name": "n"}, "message": {"type": "text", "text": "t"}});
    [
        (Provider::Meta, page),
        (Provider::Meta, instagram),
        (Provider::Meta, whatsapp),
        (Provider::Viber, viber),
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "text", "id", "message", "read", "entry", "failed", "page", "messages", "\u{202e}", "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 4.0)),
        ".{0,20}".prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..6).prop_map(|all| Value::Object(
                all.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

/// Replaces the `place`-th value of a tree, counted in depth-first order.
fn replace(value: &mut Value, place: &mut usize, by: &Value) {
    if *place == 0 {
        *value = by.clone();
    }
    *place = place.wrapping_sub(1);
    match value {
        Value::Array(all) => all.iter_mut().for_each(|one| replace(one, place, by)),
        Value::Object(all) => all.values_mut().for_each(|one| replace(one, place, by)),
        _ => {}
    }
}

fn survives(provider: Provider, raw: &[u8]) {
    soon(|| read(provider, raw));
}

fn read(provider: Provider, raw: &[u8]) {
    let items = split(provider, "demo", raw);
    assert!(!items.is_empty(), "something always remains of a body");
    for item in items {
        let kept = serde_json::to_string(&item).unwrap();
        let again: Item = serde_json::from_str(&kept).unwrap();
        assert_eq!(understand(&item, RECEIVED), understand(&again, RECEIVED), "the journal changes nothing");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(rounds()) })]

    #[test]
    fn random_bytes(raw in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(Provider::Meta, &raw);
        survives(Provider::Viber, &raw);
    }

    #[test]
    fn random_text(text in "[\\\\ud0-9a-f\"{}:\\[\\], ]{0,60}") {
        survives(Provider::Meta, text.as_bytes());
    }

    #[test]
    fn random_json(value in json()) {
        survives(Provider::Meta, value.to_string().as_bytes());
        survives(Provider::Viber, value.to_string().as_bytes());
    }

    #[test]
    fn samples_with_two_parts_replaced(places in [0_usize..70, 0_usize..70], by in [json(), json()]) {
        for (provider, mut sample) in samples() {
            for (place, by) in places.iter().zip(&by) {
                replace(&mut sample, &mut place.clone(), by);
            }
            survives(provider, sample.to_string().as_bytes());
        }
    }

    #[test]
    fn answers_of_providers(status in prop::sample::select(vec![200, 204, 301, 400, 401, 403, 408, 429, 500, 503]),
                            place in 0_usize..12, by in json(), whole in json()) {
        let refusal = json!({"error": {"code": 131_047, "error_subcode": 1, "is_transient": false, "message": "x"},
            "status": 3, "status_message": "x", "message_token": 1, "message_id": "m", "messages": [{"id": "w"}]});
        let mut bent = refusal;
        replace(&mut bent, &mut place.clone(), &by);
        for body in [bent, whole] {
            let status = StatusCode::from_u16(status).unwrap();
            let answer = Answer { status, body, retry_after: None };
            soon(|| {
                for channel in Channel::ALL {
                    let sent = if channel == Channel::Viber { viber_sent(&answer) } else { graph_sent(channel, &answer) };
                    // What is taken for sent has an id by which it can be told of.
                    assert!(sent.is_err() || status.is_success());
                }
            });
        }
    }
}

#[test]
fn deep_and_wide_bodies_are_read_soon() {
    let many = |part: &str, times: usize| part.repeat(times);
    let wide = |open: &str, part: &str, close: &str| {
        // A tenth of the largest body that is taken: the time for one grows with its length alone.
        format!("{open}{}0{close}", many(part, 400_000 / part.len()))
    };
    let bodies = [
        many("[", 400_000),
        many("{\"a\":", 60_000),
        wide("[", "0,", "]"),
        wide("{\"entry\":[", "{},", "]}"),
        wide("{\"object\":\"page\",\"entry\":[", "{\"messaging\":[]},", "]}"),
        many("\\ud800", 60_000),
        format!("\"{}\"", many("\\ud83d", 60_000)),
    ];
    for body in bodies {
        for provider in [Provider::Meta, Provider::Viber] {
            let began = Instant::now();
            read(provider, body.as_bytes());
            let allowed = LONGEST * 100;
            assert!(began.elapsed() < allowed, "{} bytes took {:?}", body.len(), began.elapsed());
        }
    }
}
