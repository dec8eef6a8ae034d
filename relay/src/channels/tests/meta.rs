//! Messenger's and Instagram's events.

use super::{RECEIVED, amends, ignored, items, meanings, noted, one, why, wrote};
use crate::channels::{Aliases, Form, How, Provider, Step, Understood};
use serde_json::{Value, json};
use shared::card::CardKind;
use shared::id::MessageId;
use shared::interaction::{Direction, MessageKind, Notice};
use shared::time::Timestamp;

fn event(object: &str, event: &Value) -> Value {
    let mut event = event.clone();
    let fields = event.as_object_mut().unwrap();
    fields.entry("sender").or_insert(json!({"id": "8001"}));
    fields.entry("recipient").or_insert(json!({"id": "100"}));
    fields.entry("timestamp").or_insert(json!(1_782_000_000_123_i64));
    json!({"object": object, "entry": [{"id": "100", "time": 1_782_000_000_500_i64, "messaging": [event]}]})
}

fn page(body: &Value) -> Understood {
    one(Provider::Meta, &event("page", body))
}

fn instagram(body: &Value) -> Understood {
    one(Provider::Meta, &event("instagram", body))
}

#[test]
fn text_is_a_message_on_both() {
    for understand in [page, instagram] {
        let said = wrote(understand(
            &json!({"message": {"mid": "m_1", "text": "Dobrý den", "quick_reply": {"payload": "x"}}}),
        ));
        assert_eq!(said.external_id, "m_1");
        assert_eq!(said.from, Aliases::one("8001".into()));
        assert_eq!(said.said.kind, MessageKind::Tap);
        assert_eq!(said.said.text.as_deref(), Some("Dobrý den"));
        assert_eq!(said.name, None);
        assert_eq!(said.sent_at, Timestamp(1_782_000_000_123));
    }
}

#[test]
fn what_is_not_drawn_is_still_a_message() {
    let messages = [
        json!({"mid": "m", "attachments": [{"type": "image", "payload": {"url": "javascript:alert(1)"}}]}),
        json!({"mid": "m", "attachments": [{"type": "ephemeral"}]}),
        json!({"mid": "m", "attachments": [{"type": "hologram", "payload": null}], "text": "look"}),
        json!({"mid": "m", "is_unsupported": true}),
        json!({"mid": "m", "text": ""}),
        json!({"mid": "m", "text": {"not": "text"}}),
        json!({"mid": "m"}),
    ];
    for message in messages {
        for understand in [page, instagram] {
            let said = wrote(understand(&json!({"message": message}))).said;
            assert_eq!(said.kind, MessageKind::Unsupported, "{message}");
            assert_eq!(said.text.is_some(), message["text"] == "look", "a caption is kept: {message}");
        }
    }
    let link = json!({"message": {"mid": "m", "text": "https://a.b", "attachments": [{"type": "fallback", "payload": null}]}});
    assert_eq!(wrote(page(&link)).said.kind, MessageKind::Text, "a link with its preview is text");
}

#[test]
fn a_message_without_an_id_is_known_by_its_contents() {
    let body = json!({"message": {"text": "hi"}});
    let (first, again) = (wrote(page(&body)), wrote(page(&body)));
    assert_eq!(first.external_id, again.external_id);
    let later = json!({"message": {"text": "hi"}, "timestamp": 1_782_000_000_999_i64});
    assert_ne!(first.external_id, wrote(page(&later)).external_id);
}

#[test]
fn receipts_name_messages_or_an_instant() {
    let receipt = |understood| match understood {
        Understood::Receipt(receipt) => receipt,
        other => panic!("no receipt: {other:?}"),
    };
    let delivered =
        receipt(page(&json!({"delivery": {"mids": ["m_1", "m_2"], "watermark": 1_782_000_000_000_i64}})));
    assert_eq!(
        (delivered.step, delivered.external_ids, delivered.until),
        (Step::Delivered, vec!["m_1".into(), "m_2".into()], None)
    );
    let up_to = receipt(page(&json!({"delivery": {"watermark": 1_782_000_000_000_i64}})));
    assert_eq!((up_to.step, up_to.until), (Step::Delivered, Some(Timestamp(1_782_000_000_000))));
    assert_eq!(up_to.customer, Some(Aliases::one("8001".into())));
    let read = receipt(page(&json!({"read": {"watermark": "1782000000000"}})));
    assert_eq!((read.step, read.until), (Step::Seen, Some(Timestamp(1_782_000_000_000))));
    let seen = receipt(instagram(&json!({"read": {"mid": "aWdf"}})));
    assert_eq!((seen.step, seen.external_ids), (Step::Seen, vec!["aWdf".to_owned()]));
    for empty in
        [json!({"read": {}}), json!({"delivery": {"watermark": "junk"}}), json!({"read": {"mid": null}})]
    {
        assert_eq!(why(page(&empty)), "a receipt without the message it is about");
        assert_eq!(why(instagram(&empty)), "a receipt without the message it is about");
    }
}

#[test]
fn our_own_echo_settles_the_message_and_others_are_kept() {
    let ours = MessageId::from_u128(7);
    let echo = |metadata: Value| {
        page(&json!({"sender": {"id": "100"}, "recipient": {"id": "8001"},
            "message": {"is_echo": true, "app_id": 1, "mid": "m_9", "metadata": metadata, "text": "ours"}}))
    };
    let Understood::Receipt(receipt) = echo(json!(ours.to_string())) else { panic!("no receipt") };
    assert_eq!(
        (receipt.step, receipt.ours, receipt.external_ids),
        (Step::Accepted, Some(ours), vec!["m_9".into()])
    );
    assert_eq!(receipt.customer, Some(Aliases::one("8001".into())));
    let Understood::Elsewhere(elsewhere) = echo(Value::Null) else { panic!("not from elsewhere") };
    assert_eq!((elsewhere.external_id.as_str(), elsewhere.said.text.as_deref()), ("m_9", Some("ours")));
    assert_eq!(elsewhere.to, Aliases::one("8001".into()));
    let unmarked =
        json!({"sender": {"id": "100"}, "recipient": {"id": "8001"}, "message": {"mid": "m", "text": "x"}});
    assert!(
        matches!(page(&unmarked), Understood::Elsewhere(_)),
        "what the account says is never a customer's"
    );
}

#[test]
fn what_starts_no_chat() {
    let customers = |how| (Direction::In, "m".to_owned(), how);
    let table = [
        (json!({"message": {"mid": "m", "is_deleted": true}}), How::Unsent),
        (
            json!({"reaction": {"mid": "m", "action": "react", "emoji": "❤️"}}),
            How::Reacted(Some("❤️".into())),
        ),
        (
            json!({"reaction": {"mid": "m", "action": "react", "reaction": "wow"}}),
            How::Reacted(Some("😮".into())),
        ),
        (json!({"reaction": {"mid": "m", "action": "unreact"}}), How::Reacted(None)),
        (json!({"message_edit": {"mid": "m", "text": "new", "num_edit": "1"}}), How::Edited("new".into())),
    ];
    for (body, how) in table {
        for understand in [page, instagram] {
            assert_eq!(amends(understand(&body)), customers(how.clone()), "{body}");
        }
    }
    let referral = Notice::Referral { source: "SHORTLINK".into() };
    let notices = [
        (json!({"referral": {"ref": "x", "source": "SHORTLINK"}}), referral),
        (json!({"optin": {"ref": "x"}}), Notice::OptedIn),
        (json!({"take_thread_control": {}}), Notice::HandedOver),
        (json!({"pass_thread_control": {}}), Notice::HandedBack),
    ];
    for (body, notice) in notices {
        assert_eq!(noted(page(&body)), notice, "{body}");
    }
    assert_eq!(ignored(page(&json!({"policy-enforcement": {"action": "block"}}))), "a notice of a policy");
    let unknown = [
        (json!({"brand_new": 1}), "an event this version does not know"),
        (json!({"sender": {"user_ref": "x"}, "optin": {}}), "nobody is named as its sender"),
        (json!({"reaction": {"action": "react"}}), "it does not say which message it is about"),
    ];
    for (body, expected) in unknown {
        assert_eq!(why(page(&body)), expected, "{body}");
        assert_eq!(why(instagram(&body)), expected, "{body}");
    }
}

#[test]
fn a_tap_is_a_message_and_words_to_another_app_are_told_apart() {
    let tap = json!({"postback": {"mid": "m_7", "title": "Get started", "payload": "START",
        "referral": {"ref": "spring", "source": "ADS", "ads_context_data": {"ad_title": "Sale"}}}});
    let wrote = wrote(page(&tap));
    assert_eq!((wrote.external_id.as_str(), wrote.said.kind), ("m_7", MessageKind::Tap));
    assert_eq!(wrote.said.text.as_deref(), Some("Get started"));
    assert_eq!(
        (wrote.said.cards[0].kind, wrote.said.cards[0].title.as_deref()),
        (CardKind::Ad, Some("Sale"))
    );
    assert!(!wrote.aside);
    let aside = json!({"object": "page", "entry": [{"id": "100", "standby":
        [{"sender": {"id": "8001"}, "recipient": {"id": "100"}, "message": {"mid": "m", "text": "to the bot"}}]}]});
    assert!(super::wrote(one(Provider::Meta, &aside)).aside);
}

#[test]
fn each_entry_belongs_to_its_own_account_and_one_bad_one_costs_nobody() {
    let body = json!({"object": "page", "entry": [
        {"id": "100", "messaging": [
            {"sender": {"id": "1"}, "message": {"mid": "a", "text": "one"}}, "junk", null,
            {"sender": {"id": 2}, "timestamp": "1782000000", "message": {"mid": "b", "text": "two"}}]},
        17,
        {"id": 200, "messaging": [{"sender": {"id": "3"}, "message": {"mid": "c", "text": "three"}}]},
        {"messaging": [{"sender": {"id": "4"}, "recipient": {"id": 300}, "message": {"mid": "d", "text": "four"}}]},
        {"id": "400", "standby": [{"sender": {"id": "5"}}]},
        {"id": "500", "changes": [{"field": "feed", "value": {}}]},
    ]});
    let found: Vec<_> =
        items(Provider::Meta, &body).into_iter().map(|item| (item.form, item.account)).collect();
    let expected = [
        ("100", Form::Messenger),
        ("100", Form::Messenger),
        ("100", Form::Messenger),
        ("100", Form::Messenger),
        ("", Form::Other),
        ("200", Form::Messenger),
        ("300", Form::Messenger),
        ("400", Form::Messenger),
        ("500", Form::Other),
    ];
    assert_eq!(found, expected.map(|(account, form)| (form, account.to_owned())));
    let texts: Vec<_> = meanings(Provider::Meta, &body)
        .into_iter()
        .filter_map(|one| {
            if let Understood::Wrote(said) = one {
                said.said.text.map(|text| (said.from.address, text))
            } else {
                None
            }
        })
        .collect();
    let said = |id: &str, text: &str| (id.to_owned(), text.to_owned());
    assert_eq!(texts, [said("1", "one"), said("2", "two"), said("3", "three"), said("4", "four")]);
}

#[test]
fn what_is_no_envelope_is_one_item() {
    for body in [
        json!({}),
        json!([]),
        json!(null),
        json!({"object": "permissions", "entry": []}),
        json!({"object": "page"}),
    ] {
        let all = items(Provider::Meta, &body);
        assert_eq!(all.len(), 1, "{body}");
        assert_eq!(all[0].form, Form::Other, "{body}");
    }
    let junk = crate::channels::split(Provider::Meta, "demo", b"\xff\xfe not JSON");
    assert_eq!(junk[0].form, Form::Unreadable);
    assert_eq!(
        crate::channels::understand(&junk[0], RECEIVED),
        Understood::Unsupported { why: "not JSON that can be read" }
    );
}
