//! What another version says: unknown variants are met without a panic and make stale what they touch.

use super::changes::event;
use super::{CHAT, folder};
use crate::command::Command;
use crate::event::Stream;
use crate::id::CommandId;
use crate::refusal::Refusal;
use crate::wire::{
    AccountTrouble, AccountWrong, Bye, DeskFrame, Heard, ListUpdate, Outcome, RelayFrame, decode_desk,
    decode_relay,
};
use serde_json::{Value, json};

#[test]
fn unknown_frames_wishes_lists_and_reasons_are_unknown() {
    let relay = |frame: Value| decode_relay(&frame.to_string()).unwrap();
    let desk = |frame: Value| decode_desk(&frame.to_string()).unwrap();
    let id = CommandId::from_u128(1);
    assert_eq!(relay(json!({"hologram": {"depth": 3}})), Heard::Frame(RelayFrame::Unknown));
    assert_eq!(desk(json!({"typing": {"in": [1]}})), DeskFrame::Unknown);
    let wish = json!({"command": {"id": id, "command": {"postpone": {"until": 1}}}});
    assert_eq!(desk(wish), DeskFrame::Command { id, command: Command::Unknown });
    let list = json!({"list": {"update": {"missed": {"rows": []}}}});
    assert_eq!(relay(list), Heard::Frame(RelayFrame::List { update: ListUpdate::Unknown }));
    let accounts = |update: Value| relay(json!({"list": {"update": {"accounts": update}}}));
    let told = |troubles, sentences| {
        Heard::Frame(RelayFrame::List { update: ListUpdate::Accounts { troubles, sentences } })
    };
    let newer = json!({"troubles": [{"title": "Shop", "wrong": "haunted", "by": {"ghosts": 3}}]});
    let unknown = AccountTrouble { title: "Shop".into(), wrong: AccountWrong::Unknown };
    assert_eq!(accounts(newer), told(vec![unknown], Vec::new()));
    let older = json!({"sentences": ["Shop cannot send."]});
    assert_eq!(accounts(older), told(Vec::new(), vec!["Shop cannot send.".into()]));
    let answer = |outcome: Value| relay(json!({"answer": {"id": id, "outcome": outcome}}));
    let answered = |outcome| Heard::Frame(RelayFrame::Answer { id, outcome });
    assert_eq!(answer(json!({"deferred": {"to": 1}})), answered(Outcome::Unknown));
    let refused = json!({"refused": {"refusal": {"full_moon": {"phase": 4}}}});
    assert_eq!(answer(refused), answered(Outcome::Refused { refusal: Refusal::Unknown }));
    let bye = json!({"bye": {"reason": "holiday", "retry_after": null}});
    assert_eq!(relay(bye), Heard::Frame(RelayFrame::Bye { reason: Bye::Unknown, retry_after: None }));
}

#[test]
fn an_answer_that_cannot_be_understood_still_answers_its_wish() {
    let id = CommandId::from_u128(1);
    let refusal = json!({"too_long": {"unit": "syllables", "size": 3, "max": 2}});
    let answer = json!({"answer": {"id": id, "outcome": {"refused": {"refusal": refusal}}}});
    let heard = decode_relay(&answer.to_string());
    assert_eq!(heard, Ok(Heard::Frame(RelayFrame::Answer { id, outcome: Outcome::Unknown })));
}

#[test]
fn an_unknown_change_makes_its_stream_stale() {
    let known = RelayFrame::Event { event: Box::new(event()), content: vec![] };
    let known = serde_json::to_value(known).unwrap();
    let stale = Ok(Heard::Stale { stream: Stream::Interaction(CHAT), version: 3 });
    let edits: [fn(&mut Value); 5] = [
        |event| event["event"]["change"]["interaction"] = json!({"teleported": {"to": "Mars"}}),
        |event| event["event"]["change"] = json!({"ticket": {"closed": 1}}),
        |event| event["event"]["change"]["interaction"]["customer_wrote"]["kind"] = json!("hologram"),
        |event| event["event"]["actor"] = json!({"robot": 1}),
        |event| event["content"] = json!([{"picture": {"pixels": 3}}]),
    ];
    for edit in edits {
        let mut frame = known.clone();
        edit(&mut frame["event"]);
        assert_eq!(decode_relay(&frame.to_string()), stale, "{frame}");
    }
    assert!(matches!(decode_relay(&known.to_string()), Ok(Heard::Frame(RelayFrame::Event { .. }))));
}

#[test]
fn what_is_no_frame_is_refused_without_its_words() {
    for text in [
        "",
        "secret",
        "[]",
        "{}",
        "null",
        "{\"event\":1}",
        "\"event\"",
        "{\"event\":{}}",
        "\"pong\"",
        "{\"pong\":{}}",
    ] {
        let error = decode_relay(text).expect_err(text);
        assert!(!error.to_string().contains("secret"));
        assert!(decode_desk(text).is_err() || text.contains("event") || text.contains("pong"), "{text}");
    }
    let deep = "[".repeat(100_000);
    assert!(decode_relay(&deep).is_err() && decode_desk(&deep).is_err());
    let deep = format!("{{\"event\":{}", "{\"a\":".repeat(100_000));
    assert!(decode_relay(&deep).is_err());
}

#[test]
fn a_stream_of_an_unknown_kind_is_unreadable() {
    let mut frame =
        serde_json::to_value(RelayFrame::Event { event: Box::new(event()), content: vec![] }).unwrap();
    frame["event"]["event"]["stream"] = json!({"ticket": 1});
    assert!(decode_relay(&frame.to_string()).is_err(), "the desk begins anew");
}

#[test]
fn no_stored_sample_lacks_its_test() {
    let names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let tests = concat!(
        include_str!("admin.rs"),
        include_str!("changes.rs"),
        include_str!("frames.rs"),
        include_str!("rest.rs")
    );
    for name in names {
        let stem = name.strip_suffix(".json").expect("samples are JSON");
        let (kind, variant) = stem.split_once('-').unwrap_or((stem, stem));
        assert!(
            tests.contains(stem) || (tests.contains(kind) && tests.contains(variant)),
            "{name} is left over"
        );
    }
}
