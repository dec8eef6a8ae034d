//! Samples of the bodies of the admin's routes.

use super::{LATER, NOON, golden};
use crate::channel::Channel;
use crate::fixture::connector;
use crate::wire::{
    AppSetup, ConnectorSetup, ItemBody, ItemGroup, ItemPage, ItemRow, ItemState, RetryAnswer, RetryGroup,
    RetryRequest, SetupBody, VerifyToken,
};

fn row() -> ItemRow {
    ItemRow {
        id: 7,
        channel: Some(Channel::Messenger),
        account: "100".into(),
        address: "demo".into(),
        received_at: NOON,
        state: ItemState::Unsupported,
        reason: Some("an edit".into()),
    }
}

#[test]
fn the_set_up_has_a_stored_form() {
    let app = AppSetup {
        app: "demo".into(),
        has_secret: true,
        has_verify: false,
        verified_at: Some(NOON),
        refused_at: None,
    };
    let one = ConnectorSetup {
        connector: connector(Channel::Viber),
        subscribed_at: None,
        webhook_at: Some(NOON),
        message_at: Some(LATER),
        refused_at: None,
    };
    let public_url = Some("https://desk.example".into());
    golden("SetupBody", &SetupBody { public_url, now: LATER, apps: vec![app], connectors: vec![one] });
    golden("VerifyToken", &VerifyToken { verify: "0123456789abcdef".into() });
}

#[test]
fn items_have_a_stored_form() {
    let group = ItemGroup {
        channel: None,
        state: ItemState::Failed,
        reason: "not JSON".into(),
        count: 3,
        newest_at: LATER,
    };
    golden("ItemPage", &ItemPage { groups: vec![group], waiting: 1, items: vec![row()], next: Some(7) });
    golden("ItemBody", &ItemBody { row: row(), raw: "{\n  \"a\": 1\n}".into() });
    let group = RetryGroup { channel: Some(Channel::Viber), reason: "an edit".into() };
    golden("RetryRequest", &RetryRequest { ids: Vec::new(), group: Some(group) });
    golden("RetryAnswer", &RetryAnswer { retried: 3 });
    let unknown: ItemState = serde_json::from_str("\"eaten\"").unwrap();
    assert_eq!(unknown, ItemState::Unknown, "a newer relay may know more");
}
