//! Tests of what is said of an account: the word, the sentence, the facts.

use super::lines::{Line, Write, lines};
use super::stand::{Known, headline, outcome, sentence, stand, stand_of};
use crate::language::{Key, t};
use crate::ui::Tone;
use shared::channel::Channel;
use shared::id::ConnectorId;
use shared::interaction::FailureKind;
use shared::time::{Span, Timestamp};
use shared::wire::{CheckBody, ConnectorHealth, ErrorBody, HealthState, PausedBody, TokenState};

const NOW: Timestamp = Timestamp(1_000_000_000_000);

fn plain(at: Timestamp) -> String {
    at.0.to_string()
}

const WRITE: Write = Write { now: NOW, when: plain, day: |_| "Sunday".to_owned() };

fn unseen() -> ConnectorHealth {
    ConnectorHealth {
        connector: ConnectorId::from_u128(1),
        title: "Shop".to_owned(),
        channel: Channel::WhatsApp,
        state: HealthState::Good,
        sentence: None,
        paused: None,
        last_webhook_at: None,
        last_sent_at: None,
        last_error: None,
        checked: None,
    }
}

fn check() -> CheckBody {
    CheckBody {
        at: NOW,
        token: TokenState::Valid,
        expires_at: None,
        missing: Vec::new(),
        name: None,
        quality: None,
        subscribed: None,
        error: None,
    }
}

fn error(code: &str) -> ErrorBody {
    ErrorBody { at: Timestamp(5), kind: FailureKind::Account, code: Some(code.to_owned()) }
}

fn paused(code: &str) -> ConnectorHealth {
    ConnectorHealth {
        state: HealthState::Paused,
        sentence: Some(
            "Shop cannot send: the token has expired. Enter a new token under Connectors.".to_owned(),
        ),
        paused: Some(PausedBody { since: Timestamp(5), next_at: NOW.plus(Span(1)), why: error(code) }),
        last_error: Some(error(code)),
        ..unseen()
    }
}

fn looked(check: CheckBody) -> ConnectorHealth {
    ConnectorHealth { checked: Some(check), ..unseen() }
}

/// A word in English with its tone.
fn said((tone, word): (Tone, Key)) -> (Tone, &'static str) {
    (tone, t(word))
}

fn find(health: &ConnectorHealth, key: &str) -> Option<Line> {
    lines(health, WRITE).into_iter().find(|line| line.key == key)
}

#[test]
fn the_word_is_the_gravest_that_holds() {
    let known = Known { enabled: true, has_token: true, came: true };
    let warned = ConnectorHealth { state: HealthState::Warning, ..unseen() };
    let stand = |known, health: Option<&ConnectorHealth>| said(stand(known, health));
    assert_eq!(stand(known, None), (Tone::Green, "On"));
    assert_eq!(stand(Known { came: false, ..known }, Some(&unseen())), (Tone::Amber, "Nothing yet"));
    assert_eq!(stand(Known { came: false, ..known }, Some(&warned)), (Tone::Amber, "Warning"));
    assert_eq!(stand(known, Some(&paused("190/463"))), (Tone::Danger, "Paused"));
    assert_eq!(stand(Known { has_token: false, ..known }, Some(&paused("no token"))).1, "No token");
    assert_eq!(stand(Known { enabled: false, ..known }, Some(&paused("190/463"))).1, "Off");
    assert_eq!(said(stand_of(&paused("no token"))).1, "No token");
    assert_eq!(said(stand_of(&unseen())).1, "Nothing yet");
}

#[test]
fn a_sentence_beside_the_name_does_not_repeat_it_nor_lead_to_where_one_is() {
    let sentence = |health: &ConnectorHealth| sentence(health, NOW);
    let said = |words: &str| ConnectorHealth { sentence: Some(words.to_owned()), ..unseen() };
    let lacks = said("Shop: the access token lacks x. Make a new one under Connectors.");
    assert_eq!(sentence(&lacks).as_deref(), Some("The access token lacks x. Make a new one."));
    assert_eq!(sentence(&said("Élan is quiet.")).as_deref(), Some("Élan is quiet."));
    assert_eq!(sentence(&unseen()), None);
    let silent =
        said("Shop: no message has come for unusually long after an outage. Test it under Connectors.");
    assert!(sentence(&silent).unwrap().starts_with("No message has come"));
}

#[test]
fn what_is_wrong_is_said_from_the_facts() {
    for (code, words) in [
        ("no token", "Cannot send: no access token is stored. Enter one."),
        ("190/463", "Cannot send: the access token has expired. Enter a new token."),
        ("190/1", "Cannot send: the access token is refused. Enter a new token."),
        ("131042", "Cannot send: a payment is missing. Settle it in WhatsApp Manager."),
        ("1", "Cannot send: the provider refuses the account. Test it."),
    ] {
        assert_eq!(sentence(&paused(code), NOW).as_deref(), Some(words));
    }
    let warned = |check: CheckBody| {
        let said = Some("Shop: something else.".to_owned());
        sentence(&ConnectorHealth { sentence: said, ..looked(check) }, NOW).unwrap()
    };
    let lacks =
        CheckBody { missing: vec!["a".to_owned(), "b".to_owned()], subscribed: Some(false), ..check() };
    assert_eq!(warned(lacks.clone()), "The access token lacks a, b. Make a new one.");
    let refused = CheckBody { token: TokenState::Refused, ..lacks };
    assert!(warned(refused).starts_with("Receives nothing"));
    let at = |hours| CheckBody { expires_at: Some(NOW.plus(Span::hours(hours))), ..check() };
    assert_eq!(warned(at(13 * 24)), "The access token ends soon. Renew it.");
    assert_eq!(
        warned(CheckBody { quality: Some("RED".to_owned()), ..at(15 * 24) }),
        "WhatsApp rates the number's quality as low."
    );
    assert_eq!(warned(at(15 * 24)), "Something else.", "what no fact shows is quoted");
}

#[test]
fn the_page_never_says_more_than_is_known() {
    let headline = |health: &ConnectorHealth| headline(health, NOW);
    let outcome = |health: &ConnectorHealth| t(outcome(health));
    assert_eq!(headline(&unseen()), "Not looked at yet.");
    assert!(lines(&unseen(), WRITE).is_empty(), "no line without something to say");
    assert_eq!(headline(&looked(check())), "The token works. No webhook has come yet.");
    let unknown = looked(CheckBody { token: TokenState::Unknown, ..check() });
    assert!(headline(&unknown).starts_with("The provider could not be asked."));
    assert_eq!(outcome(&unknown), "the provider could not be asked.");
    assert_eq!(outcome(&looked(check())), "it works.");
    let refused = Some(CheckBody { token: TokenState::Refused, ..check() });
    let waits = ConnectorHealth { checked: refused, ..paused("190/463") };
    assert_eq!(outcome(&waits), "still nothing leaves.");
    assert!(
        headline(&ConnectorHealth { state: HealthState::Off, ..looked(check()) }).starts_with("Switched off")
    );
}

#[test]
fn a_pause_says_since_when_why_and_when_it_is_tried_again() {
    let health = paused("190/463");
    let keys: Vec<_> = lines(&health, WRITE).into_iter().map(|line| line.key).collect();
    assert_eq!(keys, ["reason", "paused", "next"], "what it began with is said once");
    let reason = find(&health, "reason").unwrap();
    assert_eq!((reason.code.as_deref(), reason.tone), (Some("190/463"), Tone::Danger));
    assert_eq!(find(&paused("no token"), "reason").unwrap().code, None, "our own codes are words");
    let later =
        ConnectorHealth { last_error: Some(ErrorBody { at: Timestamp(9), ..error("551") }), ..health };
    assert_eq!(find(&later, "error").unwrap().words, "9: The account or its token was refused");
    let mut due = paused("1");
    due.paused.as_mut().unwrap().next_at = NOW;
    assert_eq!(find(&due, "next").unwrap().words, "Any moment now");
}

#[test]
fn the_end_of_a_token_is_pointed_out_within_a_fortnight() {
    let ends = |hours: i64| {
        let at = NOW.plus(Span::hours(hours));
        let line = find(&looked(CheckBody { expires_at: Some(at), ..check() }), "ends").unwrap();
        (line.name, line.words, line.tone)
    };
    assert_eq!(ends(14 * 24), ("Token ends", "Sunday".to_owned(), Tone::Plain));
    assert_eq!(ends(14 * 24 - 1), ("Token ends", "Sunday, in 13 days".to_owned(), Tone::Amber));
    assert_eq!(ends(24), ("Token ends", "Sunday, in a day".to_owned(), Tone::Amber));
    assert_eq!(ends(1), ("Token ends", "Sunday, within a day".to_owned(), Tone::Amber));
    assert_eq!(ends(-1), ("Token ended", "Sunday".to_owned(), Tone::Danger));
}

#[test]
fn what_a_look_found_is_told() {
    let health = looked(CheckBody {
        token: TokenState::Refused,
        name: Some("Shop s.r.o.".to_owned()),
        quality: Some("RED".to_owned()),
        subscribed: Some(false),
        ..check()
    });
    let said: Vec<_> =
        lines(&health, WRITE).into_iter().map(|line| (line.key, line.words, line.tone)).collect();
    let own = |key, words: &str, tone| (key, words.to_owned(), tone);
    assert_eq!(
        said,
        [
            own("token", "Refused", Tone::Danger),
            own("subscribed", "Not subscribed", Tone::Danger),
            own("quality", "Low", Tone::Danger),
            own("name", "Shop s.r.o.", Tone::Plain),
            own("looked", "1000000000000", Tone::Plain),
        ]
    );
    let lacks = |token| looked(CheckBody { token, missing: vec!["a".to_owned(), "b".to_owned()], ..check() });
    let missing = find(&lacks(TokenState::Valid), "missing").unwrap();
    assert_eq!((missing.code.as_deref(), missing.tone), (Some("a, b"), Tone::Amber));
    assert_eq!(find(&lacks(TokenState::Refused), "missing"), None, "a refused token lacks everything");
}
