//! WhatsApp's messages, statuses and customers.

use super::{RECEIVED, amends, ignored, items, meanings, noted, one, why, wrote};
use crate::channels::{Form, How, Provider, Step, Understood, understand};
use serde_json::{Value, json};
use shared::id::MessageId;
use shared::interaction::{Direction, Failure, FailureKind, MessageKind, Notice, Pricing};
use shared::time::Timestamp;

fn value(value: &Value) -> Value {
    let mut value = value.clone();
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({"display_phone_number": "15550783881", "phone_number_id": "1065"});
    json!({"object": "whatsapp_business_account", "entry": [{"id": "waba", "changes": [{"field": "messages", "value": value}]}]})
}

fn message(message: &Value) -> Understood {
    let contact = json!({"profile": {"name": "Sheena"}, "wa_id": "16505551234"});
    one(Provider::Meta, &value(&json!({"contacts": [contact], "messages": [message]})))
}

fn status(status: &Value) -> Understood {
    one(Provider::Meta, &value(&json!({"statuses": [status]})))
}

#[test]
fn text_with_a_name_and_a_phone() {
    let said = wrote(message(
        &json!({"from": "16505551234", "id": "wamid.1", "timestamp": "1782000000", "type": "text", "text": {"body": "Hello"}}),
    ));
    assert_eq!(said.external_id, "wamid.1");
    assert_eq!(said.from.all, ["16505551234"]);
    assert_eq!(said.from.address, "16505551234");
    assert_eq!(said.from.handle, "+16505551234");
    assert_eq!(said.name.as_deref(), Some("Sheena"));
    assert_eq!((said.said.kind, said.said.text.as_deref()), (MessageKind::Text, Some("Hello")));
    assert_eq!(said.sent_at, Timestamp(1_782_000_000_000));
}

#[test]
fn a_customer_is_known_by_user_id_first_and_phone_second() {
    let ask = |contact: Value, from: Value| {
        let mut one = json!({"id": "w", "type": "text", "text": {"body": "x"}});
        for (key, value) in from.as_object().unwrap() {
            one[key] = value.clone();
        }
        wrote(super::one(Provider::Meta, &value(&json!({"contacts": [contact], "messages": [one]})))).from
    };
    let both =
        ask(json!({"wa_id": "1650", "user_id": "US.13"}), json!({"from": "1650", "from_user_id": "US.13"}));
    assert_eq!((both.all, both.address.as_str()), (vec!["US.13".into(), "1650".into()], "1650"));
    let hidden = ask(
        json!({"profile": {"name": "N", "username": "@sheena"}, "wa_id": "", "user_id": "US.13"}),
        json!({"from_user_id": "US.13"}),
    );
    assert_eq!(
        (hidden.all, hidden.address.as_str(), hidden.handle.as_str()),
        (vec!["US.13".into()], "US.13", "@sheena")
    );
    let inside = ask(json!({"user_id": "US.13"}), json!({"from": "US.13"}));
    assert_eq!(inside.all, ["US.13"]);
    let learned = ask(json!({"wa_id": "1650", "user_id": "US.13"}), json!({"from": "1650"}));
    assert_eq!(learned.all, ["US.13", "1650"], "the contact beside it knows more");
    let nameless = ask(json!({}), json!({"from": 1650}));
    assert_eq!(nameless.all, ["1650"]);
    assert!(
        why(super::one(Provider::Meta, &value(&json!({"messages": [{"id": "w", "type": "text"}]}))))
            .contains("nobody")
    );
}

#[test]
fn everything_a_customer_sends_is_a_message_and_nothing_else_is() {
    let of = |kind: &str, part: Value| json!({"from": "16505551234", "id": "w", "timestamp": 1_782_000_000, "type": kind, kind: part});
    let drawn = [
        of("image", json!({"caption": "look"})),
        of("sticker", json!({"id": null})),
        of("location", json!({"latitude": 1, "longitude": 200})),
        of("interactive", json!("odd")),
        of("unsupported", json!({"type": "poll"})),
        of("unknown", json!(null)),
        of("hologram", json!({})),
        of("text", json!(null)),
        json!({"from": "16505551234", "id": "w"}),
    ];
    for body in drawn {
        let said = wrote(message(&body)).said;
        assert_eq!(said.kind, MessageKind::Unsupported, "{body}");
        assert_eq!(said.text.as_deref(), body.to_string().contains("look").then_some("look"), "{body}");
    }
    let mut group = of("text", json!({"body": "x"}));
    group["group_id"] = json!("g");
    let edited = of(
        "edit",
        json!({"original_message_id": "w0", "message": {"type": "text", "text": {"body": "new"}}}),
    );
    let amended = [
        (of("reaction", json!({"message_id": "w0", "emoji": "👍"})), How::Reacted(Some("👍".into()))),
        (of("reaction", json!({"message_id": "w0", "emoji": ""})), How::Reacted(None)),
        (of("reaction", json!({"message_id": "w0"})), How::Reacted(None)),
        (edited, How::Edited("new".into())),
        (of("revoke", json!({"original_message_id": "w0"})), How::Unsent),
    ];
    for (body, how) in amended {
        assert_eq!(amends(message(&body)), (Direction::In, "w0".into(), how), "{body}");
    }
    assert!(ignored(message(&of("unsupported", json!({"type": "edit"})))).contains("an edit"));
    assert_eq!(ignored(message(&group)), "a message to a group");
    let changed = of("system", json!({"body": "?", "type": "customer_identity_changed"}));
    assert_eq!(noted(message(&changed)), Notice::IdentityChanged);
    assert!(why(message(&of("reaction", json!("odd")))).contains("which message"));
}

#[test]
fn what_the_phone_of_the_shop_writes_is_from_elsewhere() {
    let echo = |part: Value| {
        let mut echo =
            json!({"from": "15550783881", "to": "16505551234", "id": "w9", "timestamp": "1782000000"});
        for (key, value) in part.as_object().unwrap() {
            echo[key] = value.clone();
        }
        one(Provider::Meta, &value(&json!({"message_echoes": [echo]})))
    };
    let Understood::Elsewhere(elsewhere) = echo(json!({"type": "text", "text": {"body": "ours"}})) else {
        panic!("not from elsewhere")
    };
    assert_eq!(
        (elsewhere.to.address.as_str(), elsewhere.said.text.as_deref()),
        ("16505551234", Some("ours"))
    );
    let revoked = echo(json!({"type": "revoke", "revoke": {"original_message_id": "w8"}}));
    assert_eq!(amends(revoked), (Direction::Out, "w8".into(), How::Unsent));
}

#[test]
fn a_new_number_is_the_same_customer() {
    let body = json!({"messages": [{"from": "1650", "id": "w", "type": "system", "system": {"type": "user_changed_number", "wa_id": "1651"}}]});
    let moved = |body: &Value| match one(Provider::Meta, &value(body)) {
        Understood::Moved { customer, to, notice } => (customer.all, to.all, to.address, notice),
        other => panic!("not moved: {other:?}"),
    };
    let told = Some(Notice::NumberChanged);
    assert_eq!(moved(&body), (vec!["1650".into()], vec!["1651".into()], "1651".into(), told.clone()));
    let hidden = json!({"messages": [{"from_user_id": "US.2", "id": "w", "type": "system", "system":
        {"type": "user_changed_user_id", "previous_user_id": "US.1", "user_id": "US.2"}}]});
    assert_eq!(moved(&hidden), (vec!["US.1".into()], vec!["US.2".into()], "US.2".into(), told));
    let field = json!({"contacts": [{"profile": {"name": "Sheena"}, "wa_id": "16505551234"}], "user_id_update": [{
        "wa_id": "16505551234", "detail": "User id for Sheena has been updated.",
        "user_id": {"previous": "US.1", "current": "US.2"}, "timestamp": "1782000000"}]});
    let (before, after, address, notice) = moved(&field);
    assert_eq!(
        (before, after),
        (vec!["US.1".into(), "16505551234".into()], vec!["US.2".into(), "16505551234".into()])
    );
    assert_eq!(
        (address.as_str(), notice),
        ("16505551234", None),
        "the new number is told by a message of its own"
    );
    let hidden = json!({"contacts": [{"profile": {"username": "@sheena"}}], "user_id_update": [{
        "user_id": {"previous": "US.1", "current": "US.2"}, "parent_user_id": {"previous": "US.ENT.1", "current": "US.ENT.2"}}]});
    assert_eq!(moved(&hidden), (vec!["US.1".into()], vec!["US.2".into()], "US.2".into(), None));
    for odd in [
        json!({"wa_id": "1650"}),
        json!({"user_id": {"current": "US.2"}}),
        json!({"wa_id": "1650", "user_id": {"previous": "US.1"}}),
    ] {
        assert!(
            why(one(Provider::Meta, &value(&json!({"user_id_update": [odd]})))).contains("both ids"),
            "{odd}"
        );
    }
}

#[test]
fn what_a_customer_wants_to_be_sent_is_theirs_to_say() {
    let preference = |part: Value| {
        let mut one = json!({"wa_id": "16505551234", "detail": "User requested to stop marketing messages",
            "category": "marketing_messages", "value": "stop", "timestamp": 1_782_000_000});
        for (key, value) in part.as_object().unwrap() {
            one[key] = value.clone();
        }
        let contact = json!({"profile": {"name": "Sheena"}, "wa_id": "16505551234"});
        super::one(Provider::Meta, &value(&json!({"contacts": [contact], "user_preferences": [one]})))
    };
    let said = |understood: Understood| match understood {
        Understood::Preferred { customer, marketing, at } => (customer.all, marketing, at),
        other => panic!("no preference: {other:?}"),
    };
    let at = Timestamp(1_782_000_000_000);
    assert_eq!(said(preference(json!({}))), (vec!["16505551234".into()], false, at));
    let hidden = json!({"value": "resume", "user_id": "US.1", "wa_id": null});
    assert_eq!(
        said(preference(hidden)),
        (vec!["US.1".into()], true, at),
        "a contact under another id is nobody's"
    );
    assert!(why(preference(json!({"value": "perhaps"}))).contains("does not know"));
    assert!(ignored(preference(json!({"category": "jokes"}))).contains("do not send"));
    let nobody = json!({"user_preferences": [{"category": "marketing_messages", "value": "stop"}]});
    assert!(why(one(Provider::Meta, &value(&nobody))).contains("nobody"));
}

#[test]
fn statuses_climb_and_fail() {
    let key = MessageId::from_u128(9);
    let steps = [
        ("sent", Step::Accepted),
        ("delivered", Step::Delivered),
        ("read", Step::Seen),
        ("played", Step::Seen),
    ];
    for (word, step) in steps {
        let body = json!({"id": "wamid.1", "status": word, "timestamp": "1", "recipient_id": "1650", "biz_opaque_callback_data": key.to_string()});
        let Understood::Receipt(receipt) = status(&body) else { panic!("no receipt") };
        assert_eq!(
            (receipt.step, receipt.external_ids, receipt.ours),
            (step, vec!["wamid.1".into()], Some(key))
        );
        assert_eq!(receipt.customer.unwrap().address, "1650");
    }
    let failed = |errors: Value| match status(&json!({"id": "w", "status": "failed", "errors": errors})) {
        Understood::Receipt(receipt) => receipt.step,
        other => panic!("no receipt: {other:?}"),
    };
    let step = |kind, code: Option<&str>| Step::Failed(Failure { kind, code: code.map(Into::into) });
    assert_eq!(failed(json!([{"code": 131_047, "title": "x"}])), step(FailureKind::Window, Some("131047")));
    assert_eq!(failed(json!([{"code": "131026"}])), step(FailureKind::Unreachable, Some("131026")));
    assert_eq!(failed(json!([])), step(FailureKind::Provider, None));
    assert_eq!(failed(json!("odd")), step(FailureKind::Provider, None));
    let deleted = json!({"id": "w", "status": "deleted", "recipient_id": "1650"});
    assert_eq!(amends(status(&deleted)), (Direction::In, "w".into(), How::Unsent));
    let priced = json!({"id": "w", "status": "sent", "pricing": {"billable": true, "category": "service", "type": "regular"}});
    let Understood::Receipt(receipt) = status(&priced) else { panic!("no receipt") };
    assert_eq!(receipt.pricing, Some(Pricing { billable: true, category: "service".into() }));
    assert!(why(status(&json!({"id": "w", "status": "brand_new"}))).contains("does not know"));
    assert!(why(status(&json!({"status": "read"}))).contains("without the message"));
    let group = json!({"id": "w", "status": "read", "recipient_type": "group"});
    assert!(ignored(status(&group)).contains("group"));
}

#[test]
fn one_body_may_hold_several_numbers_people_and_kinds() {
    let change = |number: &str, value: Value| {
        let mut value = value;
        value["metadata"] = json!({"phone_number_id": number});
        json!({"field": "messages", "value": value})
    };
    let text =
        |from: &str| json!({"from": from, "id": format!("w{from}"), "type": "text", "text": {"body": "x"}});
    let body = json!({"object": "whatsapp_business_account", "entry": [
        {"id": "waba", "changes": [
            change("1", json!({"contacts": [{"profile": {"name": "A"}, "wa_id": "11"}, {"profile": {"name": "B"}, "wa_id": "12"}],
                "messages": [text("12"), 5, text("11")], "statuses": [{"id": "w", "status": "read"}]})),
            change("2", json!({"messages": text("13")})),
            change("3", json!({"errors": [{"code": 130_429}]})),
            {"field": "account_update", "value": "odd"}, 9]},
        {"id": "other"}]});
    let found: Vec<_> =
        items(Provider::Meta, &body).iter().map(|item| (item.account.clone(), item.form)).collect();
    let (said, told, other) = (Form::WhatsAppMessage, Form::WhatsAppStatus, Form::Other);
    let expected = [
        ("1", said),
        ("1", said),
        ("1", said),
        ("1", told),
        ("2", said),
        ("3", other),
        ("waba", other),
        ("waba", other),
        ("other", other),
    ];
    assert_eq!(found, expected.map(|(account, form)| (account.to_owned(), form)));
    let names: Vec<_> = meanings(Provider::Meta, &body)
        .into_iter()
        .filter_map(|one| if let Understood::Wrote(said) = one { Some(said.name) } else { None })
        .collect();
    assert_eq!(names, [Some("B".into()), Some("A".into()), None], "everybody has their own name");
    let kept = serde_json::to_string(&items(Provider::Meta, &body)[0]).unwrap();
    let again = serde_json::from_str(&kept).unwrap();
    assert_eq!(
        wrote(understand(&again, RECEIVED)).name.as_deref(),
        Some("B"),
        "the journal keeps what it takes"
    );
}
