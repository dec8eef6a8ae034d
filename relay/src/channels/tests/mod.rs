//! Tests of the adapters: signatures, splitting, understanding, junk, and what the end of a call means.

mod checking;
mod junk;
mod meta;
mod parts;
mod reading;
mod sending;
mod signing;
mod spelling;
mod subscribing;
mod verdicts;
mod viber;
mod whatsapp;

use super::{How, Item, Provider, Understood, Wrote, split, understand};
use serde_json::Value;
use shared::interaction::{Direction, Notice};
use shared::time::Timestamp;

/// When the samples were received: 2026-11-01.
const RECEIVED: Timestamp = Timestamp(1_793_500_000_000);

fn items(provider: Provider, body: &Value) -> Vec<Item> {
    split(provider, "demo", body.to_string().as_bytes())
}

fn meanings(provider: Provider, body: &Value) -> Vec<Understood> {
    items(provider, body).iter().map(|item| understand(item, RECEIVED)).collect()
}

fn one(provider: Provider, body: &Value) -> Understood {
    let mut all = meanings(provider, body);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn wrote(understood: Understood) -> Wrote {
    match understood {
        Understood::Wrote(wrote) => wrote,
        other => panic!("not a message: {other:?}"),
    }
}

/// What is passed over, with its reason.
fn ignored(understood: Understood) -> &'static str {
    match understood {
        Understood::Ignored { why } => why,
        other => panic!("not passed over: {other:?}"),
    }
}

/// What happens to a message, in short: whose doing, to which, what.
fn amends(understood: Understood) -> (Direction, String, How) {
    match understood {
        Understood::Amends(amends) => (amends.by, amends.about, amends.how),
        other => panic!("no amendment: {other:?}"),
    }
}

fn noted(understood: Understood) -> Notice {
    match understood {
        Understood::Noted { notice, .. } => notice,
        other => panic!("no notice: {other:?}"),
    }
}

fn why(understood: Understood) -> &'static str {
    match understood {
        Understood::Unsupported { why } => why,
        other => panic!("not unsupported: {other:?}"),
    }
}
