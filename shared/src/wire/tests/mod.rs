//! Golden JSON: one stored sample per variant and body, compared exactly and read back by both readers; `SIGNALBOX_GOLDEN=write` renews them.

mod admin;
mod changes;
mod frames;
mod rest;
mod unknown;

use crate::config::{DispositionRef, PauseRef, Posted, QueueRef, Tone, UserRef};
use crate::fixture::{EVA, INACTIVE, SOLVED, Variants, queue};
use crate::id::{ActivityId, InteractionId, MessageId, NoticeId, OfferId};
use crate::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::PathBuf;

const CHAT: InteractionId = InteractionId::from_u128(0xA1);
const WORK: ActivityId = ActivityId::from_u128(0xA2);
const OFFER: OfferId = OfferId::from_u128(0xA3);
const MESSAGE: MessageId = MessageId::from_u128(0xA4);
const NOON: Timestamp = Timestamp(1_800_000_000_000);
const LATER: Timestamp = Timestamp(1_800_000_020_000);

fn eva() -> UserRef {
    UserRef { id: EVA, name: "Eva".into() }
}

fn line() -> QueueRef {
    QueueRef { id: queue(crate::channel::Channel::WhatsApp), number: 101, title: "WhatsApp".into() }
}

fn solved() -> DispositionRef {
    DispositionRef { id: SOLVED, title: "Solved".into() }
}

fn inactive() -> PauseRef {
    PauseRef { id: INACTIVE, title: "Inactive".into(), paid: false }
}

fn notice() -> Posted {
    let (id, text) = (NoticeId::from_u128(0xB1), "The shop is closed on Monday.".into());
    Posted { id, text, tone: Tone::Info, until: None }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Compares one value with its stored form, and reads that back.
fn golden<T: Serialize + DeserializeOwned + PartialEq>(name: &str, value: &T) {
    let path = folder().join(format!("{name}.json"));
    let text = serde_json::to_string_pretty(value).unwrap() + "\n";
    if std::env::var("SIGNALBOX_GOLDEN").is_ok_and(|wish| wish == "write") {
        std::fs::write(&path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(text, stored, "{name}: the form on the wire changed");
    for read in [serde_json::from_str::<T>(&stored).ok(), crate::wire::read::<T>(&stored).ok()] {
        assert!(read.as_ref() == Some(value), "{name} is not read back as it was written");
    }
}

/// One sample per variant; the compiler names a variant missing in [`Variants`], this one missing here.
fn every<T: Serialize + DeserializeOwned + PartialEq + Variants>(samples: &[T]) {
    for name in T::ALL {
        let count = samples.iter().filter(|one| one.variant() == *name).count();
        assert_eq!(count, 1, "{name} needs exactly one sample");
    }
    for one in samples {
        golden(one.variant(), one);
    }
}
