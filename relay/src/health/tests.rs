//! How an account's standing moves: pauses that double, trials, looks, silence; and what is said of it.

use super::standing::{Gate, Standing};
use super::words;
use crate::channels::{Check, Token};
use shared::channel::Channel;
use shared::config::Connector;
use shared::id::ConnectorId;
use shared::interaction::{Failure, FailureKind};
use shared::time::{Span, Timestamp};
use shared::wire::AccountWrong;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn failure(kind: FailureKind, code: &str) -> Failure {
    Failure { kind, code: Some(code.into()) }
}

fn token() -> Failure {
    failure(FailureKind::Account, "190/463")
}

fn valid() -> Check {
    Check { token: Token::Valid, ..Check::default() }
}

fn shop() -> Connector {
    Connector {
        id: ConnectorId::from_u128(1),
        channel: Channel::WhatsApp,
        title: "WhatsApp Support".into(),
        account: "1".into(),
        app: "demo".into(),
        base_url: None,
        queue: None,
        enabled: true,
        human_agent: false,
        business: None,
        welcome: None,
    }
}

#[test]
fn a_broken_account_is_tried_after_pauses_that_double_up_to_a_quarter_of_an_hour() {
    let (mut one, mut now, mut pauses) = (Standing::default(), NOW, Vec::new());
    one.broke(&token(), now);
    for _ in 0..7 {
        assert_eq!(one.gate(), Gate::Paused);
        let next = one.kept.pause.as_ref().unwrap().next_at;
        pauses.push(next.since(now).whole_seconds() / 60);
        now = next;
        // The token is taken, and the first message is refused all the same: a restriction.
        one.checked(valid(), now);
        assert_eq!(one.gate(), Gate::Trial);
        one.broke(&token(), now);
    }
    assert_eq!(pauses, [1, 2, 4, 8, 15, 15, 15]);
    assert_eq!(one.kept.pause.as_ref().unwrap().since, NOW, "it never worked in between");
    one.checked(valid(), now);
    one.sent(now);
    assert_eq!(one.gate(), Gate::Open);
    one.broke(&token(), now);
    assert_eq!(one.kept.pause.unwrap().next_at, now.plus(Span::minutes(1)), "and begins anew");
}

#[test]
fn calls_that_were_under_way_together_count_once() {
    let mut one = Standing::default();
    one.broke(&token(), NOW);
    let before = one.kept.pause.clone();
    one.broke(&token(), NOW.plus(Span::seconds(1)));
    assert_eq!(one.kept.pause, before);
}

#[test]
fn a_look_that_finds_the_token_refused_pauses_and_one_that_finds_nobody_does_not() {
    let mut one = Standing::default();
    one.checked(Check::default(), NOW);
    assert_eq!(one.gate(), Gate::Open, "nobody could be asked");
    one.checked(Check { token: Token::Refused, failure: Some(token()), ..Check::default() }, NOW);
    assert_eq!(one.gate(), Gate::Paused);
    let first = one.kept.pause.clone().unwrap().next_at;
    one.checked(Check::default(), first);
    assert_eq!(one.kept.pause.clone().unwrap().next_at, first.plus(Span::minutes(2)));
    one.mended(first);
    assert_eq!((one.gate(), one.open_since, one.checked.is_none()), (Gate::Open, Some(first), true));
}

#[test]
fn what_failed_for_now_proves_nothing_and_a_refused_message_proves_that_the_account_works() {
    let mut one = Standing::default();
    one.broke(&token(), NOW);
    one.checked(valid(), NOW);
    one.stumbled(&failure(FailureKind::Provider, "unreachable"), NOW);
    assert_eq!(one.gate(), Gate::Trial);
    one.refused(&failure(FailureKind::Content, "100"), NOW);
    assert_eq!(one.gate(), Gate::Open);
    assert_eq!(one.kept.last_error.unwrap().1.code.as_deref(), Some("100"));
}

#[test]
fn silence_after_an_outage_is_suspicious_once_it_is_far_longer_than_usual() {
    let mut one = Standing::default();
    let mut now = NOW;
    for _ in 0..30 {
        one.heard(now);
        now = now.plus(Span::minutes(20));
    }
    let last = one.kept.last_webhook_at;
    assert_eq!(one.silent_since(now.plus(Span::hours(9))), None, "without an outage it is a quiet night");
    one.outage = Some(now);
    assert_eq!(one.silent_since(now.plus(Span::minutes(200))), None);
    assert_eq!(one.silent_since(now.plus(Span::minutes(201))), last);
    one.heard(now.plus(Span::minutes(202)));
    assert_eq!(one.silent_since(now.plus(Span::hours(9))), None);
}

#[test]
fn admins_read_what_to_mend_and_agents_that_their_messages_wait() {
    let (shop, mut one) = (shop(), Standing::default());
    let told = |one: &Standing| words::for_admins(&shop, one, NOW);
    let said = |one: &Standing| told(one).map(|(_, sentence)| sentence);
    assert_eq!(said(&one), None);
    one.broke(&token(), NOW);
    assert_eq!(
        said(&one).as_deref(),
        Some(
            "WhatsApp Support cannot send: the access token has expired. Enter a new token under Connectors."
        )
    );
    assert!(words::for_agents(&shop, &one).unwrap().starts_with("WhatsApp Support cannot send"));
    one.checked(valid(), NOW);
    assert_eq!((said(&one), words::for_agents(&shop, &one)), (None, None));
    let looks = [
        (
            Check { missing: vec!["pages_messaging".into()], ..valid() },
            AccountWrong::Rights,
            "lacks pages_messaging",
        ),
        (Check { subscribed: Some(false), ..valid() }, AccountWrong::Unsubscribed, "not subscribed"),
        (
            Check { expires_at: Some(NOW.plus(Span::hours(14 * 24 - 1))), ..valid() },
            AccountWrong::Ending,
            "ends soon",
        ),
        (Check { quality: Some("RED".into()), ..valid() }, AccountWrong::Quality, "quality"),
    ];
    for (check, wrong, words) in looks {
        one.checked(check, NOW);
        let (code, sentence) = told(&one).unwrap();
        assert!(code == wrong && sentence.contains(words), "{words}");
        assert_eq!(words::for_agents(&shop, &one), None, "agents can do nothing about it");
    }
    one.checked(Check { expires_at: Some(NOW.plus(Span::hours(14 * 24))), ..valid() }, NOW);
    assert_eq!(said(&one), None);
}

#[test]
fn every_reason_has_a_sentence_with_an_end() {
    use AccountWrong::{Limit, Refused, Token};
    for (kind, code, wrong) in [
        (FailureKind::Account, "190", Token),
        (FailureKind::Account, "190/460", Token),
        (FailureKind::Account, "190/458", Token),
        (FailureKind::Account, "2", Token),
        (FailureKind::Account, words::NO_TOKEN, Token),
        (FailureKind::Account, "address", Refused),
        (FailureKind::Account, "200/2534041", Refused),
        (FailureKind::Account, "131042", Refused),
        (FailureKind::Account, "131031", Refused),
        (FailureKind::Account, "200", Refused),
        (FailureKind::Limit, "131048", Refused),
        (FailureKind::Limit, "10/1893063", Refused),
        (FailureKind::Limit, "x", Limit),
    ] {
        let mut one = Standing::default();
        one.broke(&failure(kind, code), NOW);
        let (told, said) = words::for_admins(&shop(), &one, NOW).unwrap();
        assert_eq!(told, wrong, "{code}");
        assert!(said.ends_with('.') && said.contains(" cannot send: "), "{said}");
    }
}

#[test]
fn webhooks_are_looked_at_anew_once_a_provider_is_reached_again() {
    let mut one = Standing::default();
    one.checked(valid(), NOW);
    one.sent(NOW);
    assert!(one.checked.is_some(), "nothing was wrong");
    one.stumbled(&failure(FailureKind::Provider, "unreachable"), NOW.plus(Span::minutes(1)));
    one.sent(NOW.plus(Span::minutes(9)));
    assert!(one.checked.is_none());
    one.checked(valid(), NOW.plus(Span::minutes(10)));
    one.sent(NOW.plus(Span::minutes(11)));
    assert!(one.checked.is_some(), "once is enough");
}
