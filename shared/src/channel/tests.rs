//! Tests of limits and windows.

mod fits;
mod rate;

use super::*;
use crate::time::{Span, Timestamp};

#[test]
fn instagram_counts_bytes_and_the_others_characters() {
    let czech = "ř".repeat(500);
    assert!(Channel::Instagram.capabilities().text.allows(&czech), "500 × 2 bytes are exactly the limit");
    assert!(!Channel::Instagram.capabilities().text.allows(&format!("{czech}a")));
    assert!(Channel::Messenger.capabilities().text.allows(&"🙏".repeat(2_000)));
    assert!(!Channel::Messenger.capabilities().text.allows(&"🙏".repeat(2_001)));
    assert!(Channel::WhatsApp.capabilities().text.allows(&"a".repeat(4_096)));
    assert!(!Channel::WhatsApp.capabilities().text.allows(&"a".repeat(4_097)));
    assert!(Channel::Viber.capabilities().text.allows(&"a".repeat(7_000)));
    assert!(!Channel::Viber.capabilities().text.allows(&"a".repeat(7_001)));
}

#[test]
fn a_window_closes_a_margin_before_the_provider_closes_it() {
    let window = Channel::WhatsApp.capabilities().window;
    let wrote = Timestamp(1_000_000);
    let end = wrote.plus(Span::hours(24)).plus(Span::minutes(-3));
    assert_eq!(window.state(Some(wrote), true, Timestamp(end.0 - 1)), WindowState::OpenUntil(end));
    assert_eq!(window.state(Some(wrote), true, end), WindowState::Closed(Some(end)));
    assert_eq!(window.state(None, true, end), WindowState::Closed(None));
}

#[test]
fn viber_asks_for_a_subscription_and_nothing_else() {
    let window = Channel::Viber.capabilities().window;
    assert!(window.state(None, true, Timestamp(0)).is_open());
    assert_eq!(window.state(Some(Timestamp(0)), false, Timestamp(0)), WindowState::Unsubscribed);
}

#[test]
fn every_channel_asks_for_its_messages_once() {
    for channel in Channel::ALL {
        let fields = super::webhook_fields(channel);
        let once: std::collections::BTreeSet<_> = fields.iter().collect();
        assert_eq!(once.len(), fields.len(), "{channel:?}");
        // Viber's messages always come and cannot be asked for.
        assert_eq!(fields.contains(&"messages"), channel != Channel::Viber, "{channel:?}");
    }
}

#[test]
fn an_account_with_the_permission_answers_for_a_week_where_the_channel_knows_such() {
    let wrote = Timestamp(1_000_000);
    let late = wrote.plus(Span::hours(30));
    for channel in [Channel::Messenger, Channel::Instagram] {
        let window = channel.capabilities().window;
        assert!(!window.of_account(false).state(Some(wrote), true, late).is_open());
        let until = wrote.plus(Span::hours(7 * 24)).plus(Span::minutes(-3));
        let state = window.of_account(true).state(Some(wrote), true, late);
        assert_eq!(state, WindowState::OpenUntil(until));
        assert_eq!(window.of_account(true).state(Some(wrote), true, until), WindowState::Closed(Some(until)));
        assert_eq!(window.of_account(true).state(None, true, late), WindowState::Closed(None));
    }
    for channel in [Channel::WhatsApp, Channel::Viber] {
        let window = channel.capabilities().window;
        assert_eq!(window.of_account(true), window, "the permission is Meta's, for two products");
    }
}
