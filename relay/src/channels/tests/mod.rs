//! Tests of the adapters: signatures, splitting, understanding, junk, and what the end of a call means.

mod junk;
mod meta;
mod reading;
mod sending;
mod signing;
mod viber;
mod whatsapp;

use super::{Item, Provider, Understood, Wrote, split, understand};
use serde_json::Value;
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

fn why(understood: Understood) -> &'static str {
    match understood {
        Understood::Unsupported { why } => why,
        other => panic!("not unsupported: {other:?}"),
    }
}
