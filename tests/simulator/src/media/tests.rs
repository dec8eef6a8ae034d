//! Samples are what they say, addresses run out, faults are counted.

use super::*;
use crate::tests::PAGE;

fn store() -> Store {
    Store::new("http://sim".to_owned())
}

fn file(of: serde_json::Value) -> File {
    serde_json::from_value(of).unwrap()
}

#[test]
fn samples_have_the_bytes_of_their_type() {
    for mime in [
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "application/pdf",
        "audio/ogg",
        "audio/amr",
        "audio/mpeg",
        "audio/aac",
        "audio/wav",
        "video/mp4",
    ] {
        let bytes = sample::of(mime, 3).unwrap();
        assert_eq!(sniff::sniff(&bytes), Some(mime));
        assert!(sniff::agrees(mime, &bytes));
    }
    assert!(!sniff::agrees("image/png", &sample::of("image/jpeg", 0).unwrap()));
    assert!(!sniff::agrees("image/png", &sample::of("text/html", 0).unwrap()));
    assert!(sniff::agrees("audio/mp4", &sample::of("audio/mp4", 0).unwrap()));
    assert!(sample::of("model/stl", 0).is_none());
}

#[test]
fn sizes_and_digests_are_the_bytes() {
    let mut store = store();
    let large = store
        .add(PAGE, Channel::Whatsapp, &file(serde_json::json!({"size": 200_000})), "image/jpeg", 0)
        .unwrap();
    let mut bytes = large.head.to_vec();
    bytes.resize(200_000, 0);
    assert_eq!(large.sha256_hex, hex::encode(Sha256::digest(&bytes)));
    let short = file(serde_json::json!({"size": 10, "told_size": 99}));
    let short = store.add(PAGE, Channel::Viber, &short, "image/jpeg", 0).unwrap();
    assert_eq!((short.head.len(), short.size, short.told_size), (10, 10, 99));
    let huge = file(serde_json::json!({"size": LARGEST + 1}));
    assert!(store.add(PAGE, Channel::Viber, &huge, "image/jpeg", 0).is_err());
}

#[test]
fn addresses_run_out() {
    let mut store = store();
    let file = store.add(PAGE, Channel::Viber, &File::default(), "image/jpeg", 0).unwrap();
    let until = 60 * MINUTE_MS / 1_000;
    let mac = store.signature(&file.id, until);
    assert!(store.address(Channel::Viber, &file, 0).contains(&mac));
    assert!(store.opens(&file.id, until, &mac, 60 * MINUTE_MS - 1));
    assert!(!store.opens(&file.id, until, &mac, 60 * MINUTE_MS));
    assert!(!store.opens(&file.id, until + 60, &mac, 0), "the end is signed");
}

#[test]
fn faults_are_counted() {
    let mut store = store();
    let twice = file(serde_json::json!({"fault": "missing", "fault_times": 2}));
    let id = store.add(PAGE, Channel::Viber, &twice, "image/jpeg", 0).unwrap().id;
    let struck: Vec<_> = (0..3).map(|_| store.stumble(&id)).collect();
    assert_eq!(struck, [Some(Fault::Missing), Some(Fault::Missing), None]);
}

#[test]
fn only_uploads_of_the_account_may_be_sent() {
    let mut store = store();
    let inbound = store.add(PAGE, Channel::Whatsapp, &File::default(), "image/jpeg", 0).unwrap();
    let upload = store.upload(PAGE, Channel::Whatsapp, "image/png", "a.png", Bytes::from_static(b"x"), 0);
    assert!(store.sendable(PAGE, &inbound.id, 1).is_none());
    assert!(store.sendable(PAGE, &upload.id, 1).is_some());
    assert!(store.sendable("other", &upload.id, 1).is_none());
    assert!(store.sendable(PAGE, &upload.id, 30 * DAY_MS).is_none());
}

#[test]
fn bytes_are_bounded() {
    let mut store = store();
    let block = Bytes::from(vec![7; BYTES / 4]);
    let ids: Vec<_> =
        (0..6).map(|_| store.upload(PAGE, Channel::Whatsapp, "a/b", "a", block.clone(), 0).id).collect();
    assert!(store.bytes <= BYTES);
    assert!(store.get(&ids[0]).unwrap().head.is_empty());
    assert_eq!(store.get(&ids[5]).unwrap().head.len(), BYTES / 4);
}
